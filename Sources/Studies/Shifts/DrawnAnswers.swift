import Information
import LinearAlgebra

/// The largest entropy, in nats, that the model's answers have for any query, when the rows of a set are several draws for each query.
/// Counts of equal responses give an upper bound for each query (`Discrete.drawnEntropyBound`); all of them hold together at the
/// confidence of the run.
///
/// - Returns: nil when the settings do not ask for it.
/// - Throws: `RunError` for more answers than the alphabet has, and when no query has two rows.
func largestDrawnEntropy(_ set: SampleSet, file: String, settings: StudySettings) throws -> Double? {
    guard case .draws(let answerCount) = settings.entropyScale else { return nil }
    let responses = set.responseFingerprints
    let distinct = Set(responses).count
    guard distinct <= answerCount else {
        throw RunError(
            code: "bad_setting",
            message:
                "\(file): expected at most \(answerCount) different responses with --entropy-scale draws:\(answerCount), found \(distinct)",
            hint: "give the number of answers that there are, seen or not")
    }
    let queries = set.modalities.map(\.fingerprints)
    let rowsOfQuery = Dictionary(grouping: responses.indices) { row in queries.map { $0[row] } }.values
    guard rowsOfQuery.contains(where: { $0.count > 1 }) else {
        throw RunError(
            code: "missing_draws",
            message: "\(file): expected several rows with equal queries with --entropy-scale draws:\(answerCount), found none",
            hint: "give a row to each response that was drawn for a query, or choose --entropy-scale alphabet:\(answerCount)")
    }
    // The probability that any bound fails is split evenly over the queries.
    let miss = (1 - settings.confidence) / Double(rowsOfQuery.count)
    return rowsOfQuery.map { rows in
        let counts = Dictionary(rows.map { (responses[$0], 1) }, uniquingKeysWith: +)
        // Sorted, so that sums have the same digits every time.
        return Discrete.drawnEntropyBound(counts: counts.values.sorted(), outcomeCount: answerCount, miss: miss)
    }.max()
}
