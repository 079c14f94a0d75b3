import EmbeddingFiles
import Information
import LinearAlgebra

/// How the model chose the answers whose log probabilities come with the rows.
public enum AnswerChoice: String, Codable, Sendable, CaseIterable {
    /// Drawn at the temperature at which they were scored: the expectation of -log p is then the entropy.
    case sampled
    /// The likeliest answer was taken, or nobody said how: -log p of the likeliest answer is at most the entropy, so it falls short.
    case greedy
}

/// The largest entropy that the model's answers have for any query of a set, in nats: for each query the mean of -log P_theta(y|x) over
/// its rows, then the maximum over queries. Nil when the settings do not ask for it.
///
/// For sampled answers each mean is unbiased, and the expectation of the largest is at least the largest of the expectations.
/// - Parameter modalities: the parts of the query, a row each; rows that are equal in all parts are one query.
/// - Throws: `RunError` for rows without log probabilities, and for values above 0.
func largestModelEntropy(_ table: SampleTable, modalities: [Modality], settings: StudySettings) throws -> Double? {
    guard settings.entropyScale.usesLogProbabilities else { return nil }
    if let reason = table.unusable["log_prob"] { throw reason }
    guard let logProbabilities = table.logProbabilities else {
        throw RunError(
            code: "missing_log_prob",
            message: "\(table.response.file): expected a log_prob for every row with --entropy-scale log-prob, found none",
            hint: "export the summed log probability of each answer as log_prob, or choose --entropy-scale alphabet:K or kernel")
    }
    if let row = logProbabilities.firstIndex(where: { !($0 <= 0) }) {
        throw RunError(
            code: "bad_log_prob",
            message: "\(table.response.file): array 'log_prob', row \(row) (from 0): expected a natural logarithm of a probability, "
                + "at most 0, found \(logProbabilities[row])",
            hint: "add up the log probabilities of all tokens of the answer, its end token among them")
    }
    let fingerprints = modalities.map(\.fingerprints)
    let rowsOfQuery = Dictionary(grouping: logProbabilities.indices) { row in fingerprints.map { $0[row] } }
    return rowsOfQuery.values.map { rows in -rows.reduce(0) { $0 + logProbabilities[$1] } / Double(rows.count) }.max()
}

/// Throws when `--log-prob` says how answers were chosen but no setting uses their log probabilities.
func checkLogProbabilities(_ settings: StudySettings) throws {
    guard let choice = settings.logProb, !settings.entropyScale.usesLogProbabilities else { return }
    throw RunError(
        code: "unused_setting",
        message: "--log-prob \(choice.rawValue): expected --entropy-scale log-prob beside it, found \(settings.entropyScale.text)",
        hint: "leave --log-prob out, or give --entropy-scale log-prob")
}

extension SampleSet {
    /// Whether every row of every array is one-hot: one column is 1, the others are 0. Then kernel entropies and divergences are exactly
    /// those of the category counts.
    var isOneHot: Bool {
        (modalities.map(\.rows) + [response, reference]).allSatisfy { rows in
            (0..<rows.rowCount).allSatisfy { row in
                let values = rows.row(row).filter { $0 != 0 }
                return values.count == 1 && values.allSatisfy { abs($0 - 1) < 1e-9 }
            }
        }
    }

    /// The effective number of independent rows, n^2 / sum n_g^2 over groups of dependent rows: frequencies from these rows are at least
    /// as certain as frequencies from this many independent draws.
    var independentDrawCount: Double {
        guard let labels = groups ?? identifiers else { return Double(rowCount) }
        var counts: [String: Double] = [:]
        for label in labels { counts[label, default: 0] += 1 }
        return Double(rowCount * rowCount) / counts.values.reduce(0) { $0 + $1 * $1 }
    }
}
