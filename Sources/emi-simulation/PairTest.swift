import Information
import LinearAlgebra

/// Two sets and the relabellings of their design, which all tests of them share.
struct TestedPair: Sendable {
    let first: SampleSet
    let second: SampleSet
    let relabellings: [Relabelling]

}

extension TestedPair {
    init(_ first: SampleSet, _ second: SampleSet, permutations: Int, seed: UInt64) {
        self.init(
            first: first, second: second,
            relabellings: SampleDesign(first, second).relabellings(count: permutations, seed: seed))
    }
}

/// A test whose rate of rejections is measured: a name, and a p-value of two sets. A test of one set takes the first.
struct PairTest: Sendable {
    let name: String
    let pValue: @Sendable (TestedPair) throws -> Double?

    /// EMID = 0.
    static func gap(_ name: String, _ estimator: Estimator) -> PairTest {
        PairTest(name: "EMID \(name)") { pair in
            let estimates = try estimator.estimate([pair.first, pair.second])
            return try estimator.gap(
                pair.first, pair.second, estimates: (estimates[0], estimates[1]), relabellings: pair.relabellings
            ).pValue
        }
    }

    /// J = 0 of some modalities, the joint query where there are several.
    static func divergence(_ name: String, _ kernel: Kernel, modalities: [Int]) -> PairTest {
        PairTest(name: "J \(name)") { pair in
            try JensenShannonDivergence(kernel: kernel).estimate(
                pair.first.rows(modalities, kernel), pair.second.rows(modalities, kernel), relabellings: pair.relabellings
            ).pValue
        }
    }

    /// All tests that there are, on sets with an image and a text. To add one, add a closure.
    static func all(estimators: [(name: String, estimator: Estimator)], kernel: Kernel) -> [PairTest] {
        estimators.map { gap($0.name, $0.estimator) }
            + [
                divergence("visual", kernel, modalities: [0]), divergence("text", kernel, modalities: [1]),
                divergence("joint", kernel, modalities: [0, 1]),
            ]
    }
}

extension SampleSet {
    /// The rows of some modalities, as a divergence takes them. The product of linear kernels is the linear kernel of the products of
    /// all columns: the same values, from covariances in the place of Gram matrices.
    fileprivate func rows(_ chosen: [Int], _ kernel: Kernel) -> [Matrix] {
        let rows = chosen.map { modalities[$0].rows }
        guard kernel == .linear else { return rows }
        return [
            rows.dropFirst().reduce(rows[0]) { left, right in
                Matrix(rowCount: left.rowCount, columnCount: left.columnCount * right.columnCount) { row, column in
                    left[row, column / right.columnCount] * right[row, column % right.columnCount]
                }
            }
        ]
    }
}
