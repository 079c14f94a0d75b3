import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Information

@Suite struct DeviationBoundTests {
    private func law(_ generator: inout SeededGenerator, _ count: Int, shape: Double) -> [Double] {
        let draws = (0..<count).map { _ in generator.gamma(shape: shape) }
        let sum = draws.reduce(0, +)
        return sum > 0 ? draws.map { $0 / sum } : [1] + [Double](repeating: 0, count: count - 1)
    }

    @Test func noRandomWorldExceedsIt() {
        var generator = SeededGenerator(seed: 7)
        for index in 0..<20_000 {
            let count = 2 + generator.index(below: 6)
            let shape = [0.05, 0.3, 1, 5][index % 4]
            var ood = law(&generator, count, shape: shape)
            let id = law(&generator, count, shape: shape)
            if index % 3 == 0 { ood = zip(id, ood).map { 0.9 * $0 + 0.1 * $1 } }
            let values = (0..<count).map { _ in index % 2 == 0 ? generator.normal() : Double(generator.index(below: 2)) }
            let bound = DeviationBound(id: id, ood: ood, values: values)
            let slack = 1e-12 * max(1, bound.range)
            #expect(bound.change <= bound.bySeparation + slack)
            #expect(bound.bySeparation <= bound.byDivergence + 1e-9)
            // Popoviciu's step needs one range of g on both supports.
            if (id + ood).allSatisfy({ $0 > 0 }) {
                #expect(bound.byDivergence <= bound.range * Discrete.totalVariationBound(bound.divergence) + 1e-9)
            }
        }
    }

    @Test func aSeesawAttainsAllOfIt() {
        for t in [0.1, 0.5, 0.9] {
            let bound = DeviationBound(id: [(1 + t) / 2, (1 - t) / 2], ood: [(1 - t) / 2, (1 + t) / 2], values: [1, -1])
            #expect(abs(bound.change - 2 * t) < 1e-12)
            #expect(abs(bound.bySeparation - 2 * t) < 1e-12)
            #expect(abs(bound.byDivergence - 2 * t) < 1e-7)
        }
    }

    /// The worst g for given laws is delta itself: then the first step is an equality, and nothing climbs above it.
    @Test func theWorstFunctionMakesTheFirstStepAnEquality() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let (id, ood) = (law(&generator, 5, shape: 0.5), law(&generator, 5, shape: 0.5))
            let worst = zip(id, ood).map { $0 + $1 > 0 ? ($0 - $1) / ($0 + $1) : 0 }
            let bound = DeviationBound(id: id, ood: ood, values: worst)
            #expect(abs(bound.change - bound.bySeparation) < 1e-12)
        }
    }
}

@Suite struct SetSeparationTests {
    private func set(_ name: String, _ generator: inout SeededGenerator, rows: Int, shift: Double, groupSize: Int = 1) -> SampleSet {
        func modality(_ shift: Double) -> Matrix {
            let common = generator.normals((rows + groupSize - 1) / groupSize, 6)
            return Matrix(rowCount: rows, columnCount: 6) { i, j in
                common[i / groupSize, j] + 0.5 * generator.normal() + (j == 0 ? shift : 0)
            }
        }
        let (visual, text) = (modality(shift), modality(0))
        return SampleSet(
            name: name, modalities: [Modality(name: "visual", rows: visual), Modality(name: "text", rows: text)],
            response: text, reference: text, groups: (0..<rows).map { "\(name) \($0 / groupSize)" })
    }

    private func separation(_ a: SampleSet, _ b: SampleSet) throws -> SetSeparation {
        try SetSeparation(a, b, groups: (a.groups ?? [], b.groups ?? []))
    }

    @Test func setsWithoutAShiftAreNotTakenApart() throws {
        var generator = SeededGenerator(seed: 11)
        var values: [Double] = []
        for index in 0..<40 {
            let counts = index % 2 == 0 ? (60, 60) : (90, 30)
            let groupSize = index % 4 < 2 ? 1 : 3
            let a = set("a", &generator, rows: counts.0, shift: 0, groupSize: groupSize)
            let b = set("b", &generator, rows: counts.1, shift: 0, groupSize: groupSize)
            values.append(try separation(a, b).joint.value)
        }
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(mean < 0.01, "mean R^2 \(mean)")
        #expect(values.filter { $0 > 0.1 }.count <= 2)
    }

    /// Rounding would explain 1e-15 of it, with a sign of its own.
    @Test func queriesThatAreAllAlikeTellNothing() throws {
        func set(_ name: String) -> SampleSet {
            let rows = Matrix(rowCount: 31, columnCount: 3, elements: (0..<93).map { [0.1, 0.7, -0.3][$0 % 3] })
            return SampleSet(
                name: name, modalities: [Modality(name: "text", rows: rows)], response: rows, reference: rows,
                groups: (0..<31).map { "\(name) \($0)" })
        }
        let found = try separation(set("a"), set("b"))
        #expect(found.joint.rows == ([Double](repeating: 0, count: 31), [Double](repeating: 0, count: 31)))
        #expect(found.modalities[0].value == 0)
    }

    @Test func whatIsApartIsFoundInItsModality() throws {
        var generator = SeededGenerator(seed: 12)
        let (a, b) = (set("a", &generator, rows: 80, shift: 0), set("b", &generator, rows: 80, shift: 3))
        let found = try separation(a, b)
        #expect(found.joint.value > 0.3)
        #expect(found.modalities[0].value > 0.3)
        #expect(found.modalities[1].value < 0.05)
        let shares = try #require(ChannelBound.shares(found))
        #expect(shares[0] > 0.9)
    }

    /// The oracle: kernel ridge fitted anew without a fold.
    @Test func foldsAreLeftOutExactly() throws {
        var generator = SeededGenerator(seed: 13)
        let rows = generator.normals(24, 3)
        let labels = (0..<24).map { "\($0 / 2)" }
        let design = SeparationDesign(counts: (14, 10), groups: labels)
        let kernel = rows.squaredDistances.mapElements { Double.exp(-$0) }
        let losses = try design.losses([kernel])[0]
        let part = design.part([losses[1]])
        let weights = (0..<24).map { $0 < 14 ? 0.5 / 14 : 0.5 / 10 }
        let signs = (0..<24).map { $0 < 14 ? 1.0 : -1 }
        let trace = weights.reduce(0, +)
        let ridge = SetSeparation.ridges[1] * trace / 24
        let found = part.rows.first + part.rows.second
        for rows in design.folds {
            let kept = (0..<24).filter { !rows.contains($0) }
            var penalised = kernel.selectingRowsAndColumns(kept)
            // f = K a with (K + ridge W^-1) a = s: the same as ridge on weighted rows.
            for (index, row) in kept.enumerated() { penalised[index, index] += ridge / weights[row] }
            let right = Matrix(rowCount: kept.count, columnCount: 1, elements: kept.map { signs[$0] })
            let coefficients = try penalised.solve(right).elements
            for row in rows where found[row] != 0 {
                let prediction = kept.enumerated().reduce(0) { $0 + kernel[row, $1.element] * coefficients[$1.offset] }
                #expect(abs(found[row] - (1 - (signs[row] - prediction) * (signs[row] - prediction))) < 1e-8)
            }
        }
    }
}

@Suite struct ChannelBoundTests {
    @Test func theGapIsBelowTheBoundAndItsPartsAddUp() throws {
        var world = ChannelWorld(seed: 21)
        let sets = [world.set("clean", rows: 90, wrong: 0.05), world.set("night", rows: 90, wrong: 0.6)]
        let (_, rows) = try ReferenceChannel().judged(sets)
        // The queries of the shifted set are elsewhere.
        let moved = sets[1].modalities[0].rows.mapElements { $0 + 0.2 }
        let shifted = SampleSet(
            name: "night", modalities: [Modality(name: "text", rows: moved)], response: sets[1].response, reference: sets[1].reference,
            groups: sets[1].groups)
        let separation = try SetSeparation(sets[0], shifted, groups: (rows[0].groups, rows[1].groups))
        let pair = ChannelPair(rows[0], rows[1])
        let estimates = (rows[0].estimate, rows[1].estimate)
        let own = (try #require(estimates.0.contributions), try #require(estimates.1.contributions))
        let bound = ChannelBound(pair, own: own, separation: separation, divergence: 0.3)
        #expect(estimates.0.value - estimates.1.value <= bound.value.value)
        #expect(try #require(bound.byDivergence) <= #require(bound.byRange))
        let interval = try #require(bound.value.interval)
        #expect(interval.contains(bound.value.value))
        let both = pair.contributionsUnderBoth()
        let change = both.first.reduce(0, +) / 90 - both.second.reduce(0, +) / 90
        #expect(abs(change + bound.normaliser - (estimates.0.value - estimates.1.value)) < 1e-9)
    }
}
