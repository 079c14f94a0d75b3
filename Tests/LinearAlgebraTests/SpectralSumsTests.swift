import RealModule
import Testing

@testable import LinearAlgebra

/// The sums without eigenvalues against those over LAPACK's eigenvalues.
@Suite struct SpectralSumsTests {
    /// Kinds of spectra, before division by their sum.
    enum Spectrum: CaseIterable {
        case decaying, equal, twoClusters, rankDeficient, oneLarge, geometric

        func eigenvalues(_ order: Int) -> [Double] {
            (0..<order).map { index in
                let position = Double(index)
                return switch self {
                case .decaying: 1 / (1 + position)
                case .equal: 1
                case .twoClusters: index.isMultiple(of: 2) ? 1 : 1e-6 * (1 + 1e-9 * position)
                case .rankDeficient: index < (order + 1) / 2 ? 1 + position : 0
                case .oneLarge: index == 0 ? 1 : 1e-9
                // Down to 1e-18: some are rounding.
                case .geometric: .pow(10, -18 * position / Double(order))
                }
            }
        }
    }

    static let orders = Array(2...24) + [31, 32, 33, 63, 64, 65, 90, 127, 180, 300]

    /// Q diag(l) Q^T with a random orthogonal Q.
    private func matrix(_ eigenvalues: [Double], seed: UInt64) throws -> Matrix {
        let order = eigenvalues.count
        let vectors = try randomMatrix(order, order, seed: seed).gram.symmetricEigendecomposition().vectors
        let scaled = vectors.scalingRows(by: eigenvalues)
        let product = vectors.transposedTimes(scaled)
        return Matrix(rowCount: order, columnCount: order) { (product[$0, $1] + product[$1, $0]) / 2 }
    }

    private func expectClose(_ found: SpectralSums, _ expected: SpectralSums, _ comment: Comment) {
        let order = Double(expected.order)
        #expect(abs(found.entropy - expected.entropy) < 2e-12, comment)
        let smallest = expected.rank == expected.order ? 1 / expected.inverseSum : 0
        for (index, ridge) in RidgeGrid.ridges.enumerated() {
            // Sums of up to order terms; and eigenvalues are off by order times the rounding of their sum, which moves t/(l + t).
            let moved = 4 * order * order * 0x1p-53 * (1 + 1 / max(ridge, smallest))
            // What is rounding counts as 0 in what is expected.
            let rounding = expected.rank == expected.order ? 0 : order * min(1, SpectralSums.rankTolerance / ridge)
            #expect(abs(found.inside[index] - expected.inside[index]) < moved + rounding, comment)
            #expect(abs(found.outside[index] - expected.outside[index]) < moved + rounding, comment)
            #expect(abs(found.slopes[index] - expected.slopes[index]) < 2 * (moved + rounding), comment)
        }
    }

    @Test(arguments: Spectrum.allCases) func sumsAreThoseOfLAPACKsEigenvalues(_ spectrum: Spectrum) throws {
        for order in Self.orders {
            let matrices = try (0..<3).map { try matrix(spectrum.eigenvalues(order), seed: UInt64(order + $0)) }
            for (found, matrix) in zip(try SpectralSums.of(matrices), matrices) {
                let expected = SpectralSums(eigenvalues: try matrix.symmetricEigenvalues())
                expectClose(found, expected, "\(spectrum), order \(order)")
                // Those within rounding of the tolerance may count or not.
                let values = try matrix.symmetricEigenvalues()
                let tolerance = SpectralSums.rankTolerance * values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                let ranks = (values.count { $0 > 1.2 * tolerance })...(values.count { $0 > tolerance / 1.2 })
                #expect(ranks.contains(found.rank), "\(spectrum), order \(order)")
                guard found.rank == order, expected.rank == order else { continue }
                // Eigenvalues are off by order times the rounding of the largest.
                let smallest = 1 / expected.inverseSum
                let moved = 4 * Double(order) * 0x1p-53 / smallest
                #expect(abs(found.inverseSum / expected.inverseSum - 1) < moved, "\(spectrum), order \(order)")
                #expect(abs(found.inverseSquareSum / expected.inverseSquareSum - 1) < 2 * moved, "\(spectrum), order \(order)")
            }
        }
    }

    /// Known eigenvalues, without LAPACK between.
    @Test func diagonalMatricesHaveTheirEntropy() throws {
        for order in [2, 5, 40] {
            let values = (1...order).map(Double.init)
            let total = values.reduce(0, +)
            let expected = values.reduce(0) { $0 - $1 / total * .log($1 / total) }
            let matrix = Matrix(rowCount: order, columnCount: order) { $0 == $1 ? values[$0] : 0 }
            for sums in try SpectralSums.of([matrix, matrix, matrix]) { #expect(abs(sums.entropy - expected) < 5e-13) }
            // A single state has no entropy, n equal ones ln n.
            let pure = Matrix(rowCount: order, columnCount: order) { _, _ in 1 }
            for sums in try SpectralSums.of([pure, pure, pure]) { #expect(sums.entropy < 5e-13 && sums.rank == 1) }
            for sums in try SpectralSums.of([Matrix](repeating: .identity(order), count: 3)) {
                #expect(abs(sums.entropy - .log(Double(order))) < 5e-13)
            }
        }
    }

    @Test(arguments: [1e-300, 1e-160, 1e160, 1e300]) func scaleDoesNotMatter(_ scale: Double) throws {
        let matrix = try matrix(Spectrum.decaying.eigenvalues(17), seed: 3)
        let power = Double(sign: .plus, exponent: scale.exponent, significand: 1)
        let scaled = matrix.mapElements { $0 * power }
        for count in [1, 3] {
            #expect(
                try SpectralSums.of([Matrix](repeating: scaled, count: count))
                    == SpectralSums.of([Matrix](repeating: matrix, count: count)))
        }
    }

    @Test func zerosHaveNoEntropy() throws {
        for count in [1, 4] {
            let sums = try SpectralSums.of([Matrix](repeating: .zeros(5, 5), count: count))
            #expect(sums.allSatisfy { $0.entropy == 0 && $0.rank == 0 && $0.inside.allSatisfy { $0 == 0 } })
        }
        #expect(try SpectralSums.of([.zeros(0, 0)])[0].order == 0)
    }

    @Test func aMatrixInABatchHasTheSameSumsAtEveryPlace() throws {
        let matrices = try (0..<13).map { try matrix(Spectrum.decaying.eigenvalues(30), seed: UInt64($0)) }
        let together = try SpectralSums.of(matrices)
        #expect(try SpectralSums.of(matrices.reversed()) == together.reversed())
        #expect(try SpectralSums.of(Array(matrices[5...])) == Array(together[5...]))
    }

    /// Needs a processor with AVX2, and for all of it AVX-512.
    @Test func everyWidthOfVectorsGivesTheSameBits() throws {
        let matrices = try (0..<9).map { try matrix(Spectrum.allCases[$0 % 6].eigenvalues(47), seed: UInt64($0)) }
        let fused = VectorInstructions.available.filter { $0 != .plain }
        let best = try SpectralSums.of(matrices)
        for instructions in fused { #expect(try SpectralSums.of(matrices, instructions: instructions) == best) }
        // Without a fused multiply-add (x86-64) the last digits differ.
        for (found, expected) in zip(try SpectralSums.of(matrices, instructions: .plain), best) {
            expectClose(found, expected, "plain")
        }
    }

    /// Orders at and beside multiples of the width; above 256 matrices are always taken one by one.
    @Test(arguments: [1, 2, 7, 8, 9, 16, 31, 33, 90, 257, 300])
    func oneMatrixAtATimeHasTheSumsOfTheBatchAndTheBitsOfEveryProcessor(order: Int) throws {
        for spectrum in Spectrum.allCases {
            let matrix = try matrix(spectrum.eigenvalues(order), seed: UInt64(order))
            let reduced = try matrix.symmetricTridiagonal()
            let invariants = (
                trace: reduced.diagonal.reduce(0, +) / reduced.scale,
                squares: (zip(reduced.diagonal, reduced.squares).reduce(0) { $0 + $1.0 * $1.0 + 2 * $1.1 }) / reduced.scale / reduced.scale
            )
            #expect(abs(invariants.trace / matrix.trace - 1) < 1e-13)
            #expect(abs(invariants.squares / matrix.elements.reduce(0) { $0 + $1 * $1 } - 1) < 1e-13)
            for instructions in VectorInstructions.available where instructions != .plain {
                let other = try matrix.symmetricTridiagonal(instructions: instructions)
                #expect(other.diagonal == reduced.diagonal && other.squares == reduced.squares)
            }
            let one = try SpectralSums.of([matrix])[0]
            let batch = try SpectralSums.of([Matrix](repeating: matrix, count: 8))[0]
            expectClose(one, batch, "\(spectrum), order \(order)")
            expectClose(try SpectralSums.of([matrix], instructions: .plain)[0], batch, "\(spectrum), order \(order), plain")
            let values = try matrix.symmetricEigenvalues()
            let expected = try matrix.symmetricEigendecomposition().values
            let largest = expected.reduce(0) { max($0, abs($1)) }
            for (a, b) in zip(values, expected) { #expect(abs(a - b) < 1e-14 * Double(order + 10) * largest) }
        }
    }

    @Test func submatricesAreTakenByRowsAndWeights() throws {
        let gram = randomMatrix(40, 60, seed: 4).gram
        let subsets = (0..<5).map { start in (0..<20).map { (start + 2 * $0) % 40 }.sorted() }
        let roots = subsets.map { $0.map { 1 + Double($0 % 3) } }
        let blocks = zip(subsets, roots).map { rows, roots in
            Matrix(rowCount: 20, columnCount: 20) { gram[rows[$0], rows[$1]] * (roots[$0] * roots[$1]) }
        }
        for (found, expected) in zip(try gram.spectralSums(ofSubmatrices: subsets, roots: roots), try SpectralSums.of(blocks)) {
            expectClose(found, expected, "weights")
        }
        let plain = subsets.map { gram.selectingRowsAndColumns($0) }
        #expect(try gram.spectralSums(ofSubmatrices: subsets) == SpectralSums.of(plain))
        // The reduction of few matrices of one order differs in rounding only.
        expectClose(try gram.spectralSums(ofSubmatrices: [subsets[0]])[0], try SpectralSums.of(plain)[0], "one")
    }

    @Test func elementsThatAreNotNumbersAreRefused() throws {
        var matrix = Matrix.identity(6)
        matrix[4, 2] = .nan
        matrix[2, 4] = .nan
        for count in [1, 3] {
            #expect(throws: LinearAlgebraError.nonFiniteElement(routine: "symmetricTridiagonal", row: 2, column: 4)) {
                try SpectralSums.of([Matrix](repeating: matrix, count: count))
            }
        }
    }
}
