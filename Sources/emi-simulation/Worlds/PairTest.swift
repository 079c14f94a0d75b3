import Information
import LinearAlgebra

/// Two sets with the relabellings of their design, which all tests of the pair share.
struct TestedPair: Sendable {
    let first: SampleSet
    let second: SampleSet
    let relabellings: [Relabelling]
    let seed: UInt64
}

extension TestedPair {
    init(_ first: SampleSet, _ second: SampleSet, permutations: Int, seed: UInt64) {
        self.init(
            first: first, second: second,
            relabellings: ExchangeDesign(first, second).relabellings(count: permutations, seed: seed), seed: seed)
    }
}

/// Tests whose rejection rates are measured and that share their work: their names, and their p-values for two sets. A p-value is nil if a
/// design does not allow the test.
struct PairTest: Sendable {
    let names: [String]
    let pValues: @Sendable (TestedPair) throws -> [Double?]

    /// Tests EMID = 0.
    static func gap(_ name: String, _ estimator: any Estimator) -> PairTest {
        PairTest(names: ["EMID \(name)"]) { pair in
            let estimates = try estimator.estimate([pair.first, pair.second])
            return [
                try estimator.gap(
                    pair.first, pair.second, estimates: (estimates[0], estimates[1]), relabellings: pair.relabellings
                ).pValue
            ]
        }
    }

    /// Tests I = 0 while the model, and the references, answer the queries of another set; not for sets that share items.
    static func independence(_ name: String, _ estimator: any Estimator) -> PairTest {
        PairTest(names: ["I(X;Yθ) \(name)", "I(X;Y) \(name)"]) { pair in
            guard pair.first.identifiers == nil || Set(pair.first.identifiers ?? []).isDisjoint(with: pair.second.identifiers ?? [])
            else { return [nil, nil] }
            let rows = Array(0..<min(pair.first.rowCount, pair.second.rowCount))
            let (own, other) = (pair.first.selectingRows(rows), pair.second.selectingRows(rows))
            func test(response: Matrix, reference: Matrix) throws -> Independence? {
                let set = SampleSet(
                    name: "mixed", modalities: own.modalities, response: response, reference: reference,
                    identifiers: own.identifiers, groups: own.groups)
                return try estimator.estimate([set])[0]
                    .independenceTest(pairingCount: pair.relabellings.count, seed: pair.seed)
            }
            return [
                try test(response: other.response, reference: own.reference)?.modelPValue,
                try test(response: own.response, reference: other.reference)?.referencePValue,
            ]
        }
    }

    /// Tests J = 0 for some modalities (the joint query if there are several), and the same by comparing means.
    static func divergence(_ name: String, _ kernel: Kernel, modalities: [Int]) -> PairTest {
        PairTest(names: ["J \(name)", "MMD \(name)"]) { pair in
            let found = try JensenShannonDivergence(kernel: kernel).estimate(
                pair.first.rows(modalities, kernel), pair.second.rows(modalities, kernel), relabellings: pair.relabellings)
            return [found.pValue, found.meanDiscrepancy.pValue]
        }
    }

    /// All tests, on sets with an image and a text. To add one, add a closure here.
    static func all(estimators: [(name: String, estimator: any Estimator)], kernel: Kernel) -> [PairTest] {
        estimators.map { gap($0.name, $0.estimator) } + estimators.map { independence($0.name, $0.estimator) }
            + [
                divergence("visual", kernel, modalities: [0]), divergence("text", kernel, modalities: [1]),
                divergence("joint", kernel, modalities: [0, 1]),
            ]
    }
}

extension SampleSet {
    /// The rows of some modalities, in the form that a divergence takes. For linear kernels the product of kernels is the linear kernel of
    /// the products of all columns, so covariances give the same values as Gram matrices.
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
