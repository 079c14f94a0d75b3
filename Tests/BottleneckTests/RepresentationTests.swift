import LinearAlgebra
import Statistics
import Testing

@testable import Bottleneck

private struct Expected: Decodable {
    let relative_shift, own_nearest, centroid_distance, cka, mean_cosine, rankme_clean, rankme_shifted: Double
    let participation_clean, participation_shifted, alignment, uniformity: Double
}

@Suite(.enabled(if: Golden.exists, "../shared/bottleneck/golden is not here"))
struct GoldenRepresentationTests {
    @Test func everyMeasureIsTheTwins() throws {
        let (arrays, expected) = (
            try Golden.arrays("representation"), try Golden.expected("representation", as: Expected.self)
        )
        let (clean, shifted) = (try #require(arrays["clean"]), try #require(arrays["shifted"]))
        let found = RepresentationShift(clean: clean, shifted: shifted)
        #expect(isClose(try #require(found.relativeShift), expected.relative_shift))
        #expect(isClose(found.ownNearest, expected.own_nearest))
        #expect(isClose(found.centroidDistance, expected.centroid_distance))
        #expect(isClose(try #require(found.alignment), expected.cka))
        #expect(isClose(found.meanCosine, expected.mean_cosine))
        #expect(isClose(try EffectiveRank.rankMe(clean), expected.rankme_clean))
        #expect(isClose(try EffectiveRank.rankMe(shifted), expected.rankme_shifted))
        #expect(isClose(try #require(EffectiveRank.participation(clean)), expected.participation_clean))
        #expect(isClose(try #require(EffectiveRank.participation(shifted)), expected.participation_shifted))
        let both = AlignmentUniformity(clean: clean, shifted: shifted)
        let uniformity = try #require(both.uniformity)
        #expect(isClose(both.alignment, expected.alignment) && isClose(uniformity, expected.uniformity))
    }
}

@Suite struct RepresentationTests {
    private static func normals(_ n: Int, _ d: Int, _ index: Int) -> Matrix {
        var generator = SeededGenerator(seed: 3, stream: "representation", index: index)
        return generator.normals(n, d)
    }

    @Test func unchangedRowsAreNotShifted() throws {
        let rows = Self.normals(20, 6, 0)
        let found = RepresentationShift(clean: rows, shifted: rows)
        #expect(found.relativeShift == 0 && found.ownNearest == 1 && found.centroidDistance == 0)
        let alignment = try #require(found.alignment)
        #expect(abs(alignment - 1) < 1e-12 && abs(found.meanCosine - 1) < 1e-12)
    }

    @Test func independentRowsAreAlignedByChanceAlone() throws {
        let values = try (0..<200).map { index in
            try #require(unbiasedAlignment(Self.normals(32, 16, 2 * index), Self.normals(32, 16, 2 * index + 1)))
        }
        let mean = values.reduce(0, +) / 200
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
        #expect(abs(mean) < 4 * spread / 200.0.squareRoot())
    }

    @Test func rowsThatDoNotVaryHaveNoMeasureAndNoNaN() throws {
        let constant = Matrix(rowCount: 6, columnCount: 3) { _, column in Double(column) / 3 }
        let found = RepresentationShift(clean: constant, shifted: constant)
        #expect(found.relativeShift == nil && found.alignment == nil && EffectiveRank.participation(constant) == nil)
        #expect(try EffectiveRank.rankMe(.zeros(4, 3)) == 0)
        let rows = Self.normals(6, 3, 9)
        #expect(RepresentationShift(clean: rows, shifted: constant).alignment == nil)
        #expect(RepresentationShift(clean: Self.normals(1, 3, 0), shifted: Self.normals(1, 3, 1)).relativeShift == nil)
    }

    @Test func theModalityGapNeedsOneSpace() throws {
        #expect(modalityGap(Self.normals(5, 3, 0), Self.normals(5, 4, 0)) == nil)
        let gap = try #require(modalityGap(Matrix(rows: [[2, 0], [3, 0]]), Matrix(rows: [[0, 1]])))
        #expect(abs(gap - 2.0.squareRoot()) < 1e-15)
    }

    @Test func directionsOfEqualSpreadParticipateEqually() throws {
        let rows = Matrix(rows: [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]])
        let rank = try #require(EffectiveRank.participation(rows))
        #expect(abs(rank - 2) < 1e-12)
    }
}
