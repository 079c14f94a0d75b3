import EmbeddingFiles
import Information
import LinearAlgebra
import TextFeatures

/// I(X; Y) of two arrays with its uncertainty, in nats.
public struct MutualInformationResult: Sendable {
    /// The estimate, its standard error and interval.
    public let estimate: UncertainValue
    /// n.
    public let sampleCount: Int
}

/// The mutual information of the paired rows of two arrays.
///
/// - Throws: `RunError` or an error of the estimator.
public func runMutualInformation(
    x: Column, y: Column, settings: RunSettings, threadCount: Int
) throws -> MutualInformationResult {
    guard x.values.rowCount == y.values.rowCount else {
        throw RunError(
            code: "row_count_mismatch",
            message: "\(y.file): array '\(y.key)': expected \(x.values.rowCount) rows, as in '\(x.key)' of \(x.file), "
                + "found \(y.values.rowCount)",
            hint: "row i of both arrays has to belong to the same item")
    }
    let answers = try matrix(y, settings: settings)
    let set = SampleSet(
        name: x.file, modalities: [Modality(name: "x", rows: try matrix(x, settings: settings))], response: answers,
        reference: answers)
    try checkReferencesDiffer(set, y)
    let estimates = try settings.makeEstimator().estimate([set], threadCount: threadCount)
    return MutualInformationResult(
        estimate: estimates[0].uncertainReferenceValue(confidence: settings.confidence), sampleCount: set.rowCount)
}

/// The divergence of the rows of two arrays.
///
/// - Parameter paired: whether row i of both arrays is the same item.
/// - Throws: `RunError`, or `LinearAlgebraError` when eigenvalues do not converge.
public func runDivergence(
    p: Column, q: Column, paired: Bool, settings: RunSettings, threadCount: Int
) throws -> DivergenceEstimate {
    try checkWidths(p, q)
    let (n, m) = (p.values.rowCount, q.values.rowCount)
    guard !paired || n == m else {
        throw RunError(
            code: "row_count_mismatch",
            message: "\(q.file): array '\(q.key)': expected \(n) rows for --paired, found \(m)",
            hint: "leave --paired out where rows are not the same items")
    }
    let names = paired ? (0..<n).map(String.init) : nil
    let design = SampleDesign(firstCount: n, secondCount: m, firstIdentifiers: names, secondIdentifiers: names)
    let count = settings.paperCompatibility ? 0 : settings.permutations
    return try settings.makeDivergence().estimate(
        [try matrix(p, settings: settings)], [try matrix(q, settings: settings)],
        relabellings: design.relabellings(count: count, seed: settings.seed),
        balancedDraws: design.balancedDraws(count: count, seed: settings.seed), threadCount: threadCount)
}

private func matrix(_ column: Column, settings: RunSettings) throws -> Matrix {
    switch column.values {
    case .texts(let texts): return TextFeaturizer().embeddings(of: texts)
    case .vectors(let rows):
        guard settings.normalize else { return rows }
        try checkNorms(rows, column)
        return rows.rowsNormalized
    }
}
