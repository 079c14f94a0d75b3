import RealModule
import Testing

@testable import LinearAlgebra

/// Exponentials of whole rows against those of the library, one by one.
@Suite struct ExponentialTests {
    private func exponentials(_ values: [Double], instructions: VectorInstructions = .best) -> (values: [Double], sum: Double) {
        var row = Matrix(rowCount: 1, columnCount: values.count, elements: values)
        let sums = row.exponentiate(minus: .zeros(1, values.count), rows: [0], shifts: [0], instructions: instructions)
        return (row.elements, sums[0])
    }

    /// From 1e-17 to the ends of the range, on both sides of 0, and near every change of the power of two.
    private var arguments: [Double] {
        var values: [Double] = [0, -0.0, 690, -708]
        for k in -1_020...995 {
            let turn = (Double(k) + 0.5) * .log(2)
            for value in [turn.nextDown, turn, turn.nextUp] where (-708...690).contains(value) { values.append(value) }
        }
        var state: UInt64 = 7
        for _ in 0..<200_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let uniform = Double(state >> 11) * 0x1p-53
            values += [1_398 * uniform - 708, .exp(-40 * uniform), -.exp(7 * uniform - 1)].filter { (-708...690).contains($0) }
        }
        return values
    }

    #if arch(x86_64)
        /// In 80 bits the true value is known to a 2,000th of a unit in the last place.
        @Test(arguments: VectorInstructions.available) func eachIsWithinTwoUnitsInTheLastPlace(_ instructions: VectorInstructions) {
            let values = arguments
            var worst = 0.0
            for (value, found) in zip(values, exponentials(values, instructions: instructions).values) {
                let exact = Float80.exp(Float80(value))
                worst = max(worst, Double(((Float80(found) - exact) / Float80(Double(exact).ulp)).magnitude))
            }
            #expect(worst < 2)
        }
    #endif

    @Test func eachAgreesWithTheLibrarys() {
        let values = arguments
        for (value, found) in zip(values, exponentials(values).values) {
            let expected = Double.exp(value)
            #expect(abs(found - expected) <= 3 * expected.ulp)
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 1_000, 1_003]) func sumsAreThoseOfTheRow(_ count: Int) {
        let values = randomMatrix(1, count, seed: 3).elements.map { 5 * $0 }
        let (found, sum) = exponentials(values)
        #expect(abs(sum - found.reduce(0, +)) <= 1e-14 * max(sum, 1))
        // Where a row ends changes none of its elements.
        #expect(exponentials(values + [1, 2, 3]).values.prefix(count).elementsEqual(found))
    }

    @Test func everyKernelWithAFusedMultiplyAddGivesTheSameBits() {
        let values = arguments
        let fused = VectorInstructions.available.filter { $0 != .plain }.map { exponentials(values, instructions: $0) }
        #expect(fused.allSatisfy { $0.sum == fused[0].sum && $0.values == fused[0].values })
    }

    @Test(arguments: VectorInstructions.available) func whatLiesBeyondIsCutAndNoNumberStaysNone(_ instructions: VectorInstructions) {
        let (found, sum) = exponentials([-708.5, -1e9, -.infinity, 691, .infinity, .nan, 0, 1e300, -1e300], instructions: instructions)
        #expect(found[0...2].allSatisfy { $0 == 0 } && found[8] == 0)
        #expect(found[3] == found[4] && found[3] == found[7] && abs(found[3] / .exp(690.0) - 1) < 1e-15)
        #expect(found[5].isNaN && sum.isNaN && found[6] == 1)
    }

    @Test func everyRowHasItsOwnOffsetsAndShift() {
        let (values, offsets) = (randomMatrix(5, 11, seed: 1), randomMatrix(3, 11, seed: 2))
        let (rows, shifts) = ([2, 0, 1, 1, 2], [0.5, -1, 0, 2, 30])
        var found = values
        let sums = found.exponentiate(minus: offsets, rows: rows[...], shifts: shifts[...])
        for i in 0..<5 {
            for j in 0..<11 {
                let expected = Double.exp(values[i, j] - offsets[rows[i], j] - shifts[i])
                #expect(abs(found[i, j] - expected) <= 4 * expected.ulp)
            }
            #expect(abs(sums[i] - found.row(i).reduce(0, +)) <= 1e-14 * sums[i])
        }
    }

    /// Four rows are hashed side by side; each hash is that of its row alone.
    @Test(arguments: 1...9) func fingerprintsAndMagnitudesAreThoseOfSingleRows(_ count: Int) {
        for width in [1, 7, 8, 19] {
            let rows = randomMatrix(count, width, seed: UInt64(count * 100 + width))
            let hashes = (0..<count).map { index in
                rows.row(index).reduce(UInt64(width)) { hash, value in
                    let mixed = (hash ^ value.bitPattern) &* 0xff51_afd7_ed55_8ccd
                    return mixed ^ mixed &>> 32
                }
            }
            #expect(rows.rowFingerprints == hashes)
            #expect(rows.largestRowMagnitudes == (0..<count).map { rows.row($0).map(\.magnitude).max() ?? 0 })
        }
    }
}
