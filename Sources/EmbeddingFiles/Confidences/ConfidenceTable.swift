/// The rows of a file of confidences, column by column. Every row that was read is used, excluded or at fault; none is lost.
package struct ConfidenceTable: Sendable {
    /// How a file says what the model's confidence was.
    package enum Layout: String, Sendable {
        /// Rows in emi's own format: JSON lines, csv or tsv.
        case rows
        /// Option scores logged by lm-eval or lmms-eval.
        case evaluationSamples = "evaluation_samples"
        /// Log-probabilities in OpenAI's chat format, which vLLM writes too.
        case chatLogProbabilities = "chat_log_probabilities"
        /// Texts in which the model states its confidence.
        case statedConfidence = "stated_confidence"
        /// Several answers to one question.
        case sampledAnswers = "sampled_answers"
        /// A VLMEvalKit table, which has no confidences.
        case vlmEvalKit = "vlmevalkit"
    }

    /// The kind of scores that options have.
    package enum ScoreKind: String, Sendable, CaseIterable {
        /// Sums of log-likelihoods; the option with the largest is the answer.
        case logLikelihood = "loglikelihood"
        /// Losses; the option with the smallest is the answer.
        case loss
        /// Numbers of any sign; their softmax gives the probabilities.
        case logit
        /// Probabilities that sum to 1.
        case probability
    }

    /// The file's path.
    package let file: String
    package internal(set) var layout: Layout
    /// The identifier of each row; the row's number from 0 if the file has none.
    package internal(set) var ids: [String] = []
    /// Whether the file names its rows.
    package internal(set) var hasIdentifiers = false
    /// The line on which each row starts.
    package internal(set) var lines: [Int32] = []
    package internal(set) var states: [RowState] = []
    /// The confidence of each row; NaN if it has none.
    package internal(set) var confidence: [Double] = []
    /// The correctness of each row in [0, 1]; NaN if unknown. Many excluded rows have one too.
    package internal(set) var outcome: [Double] = []
    /// The number of each row's group, an index into `groupLabels`; empty if the file has no groups.
    package internal(set) var groups: [Int32] = []
    package internal(set) var groupLabels: [String] = []
    /// The position in `optionScores` at which each row starts, and the end; empty if the file has no options.
    package internal(set) var optionStarts: [Int32] = []
    /// Log-probabilities up to a constant; -infinity for options that count as impossible.
    package internal(set) var optionScores: [Double] = []
    /// The right option of each row with options; -1 if it is unknown.
    package internal(set) var labels: [Int32] = []
    /// The kind of the option scores, given by the user or told by their signs; nil without options.
    package internal(set) var scoreKind: ScoreKind?
    /// The probability of the answer's token among all tokens, NaN if unknown; empty if the file has none.
    package internal(set) var tokenProbability: [Double] = []
    /// Whether each question can be answered; empty if the file does not say.
    package internal(set) var answerable: [Bool] = []
    /// A key that joins a question with its unanswerable version; empty if the file has none.
    package internal(set) var pairKeys: [String?] = []
    /// How many used rows have each remark.
    package internal(set) var remarks: [RowRemark: Int] = [:]
    /// The number of rows whose logged correctness differs from what their scores say.
    package internal(set) var disagreementCount = 0

    init(file: String, layout: Layout) {
        (self.file, self.layout) = (file, layout)
    }

    /// The number of rows that were read, whatever their state.
    package var count: Int { states.count }
    /// The positions of the rows that are used.
    package var usedRows: [Int] { states.indices.filter { states[$0] == .used } }
    /// Whether every used row has option scores with a known right option.
    package var hasOptions: Bool {
        !optionStarts.isEmpty && states.indices.allSatisfy { states[$0] != .used || labels[$0] >= 0 }
    }

    /// The number of rows of each state that occurs.
    package var stateCounts: [RowState: Int] {
        var counts = [Int](repeating: 0, count: RowState.allCases.count)
        for state in states { counts[Int(state.rawValue)] += 1 }
        return Dictionary(uniqueKeysWithValues: RowState.allCases.map { ($0, counts[Int($0.rawValue)]) }.filter { $0.1 > 0 })
    }

    /// The option scores of a row.
    package func options(_ row: Int) -> ArraySlice<Double> {
        optionStarts.isEmpty ? [] : optionScores[Int(optionStarts[row])..<Int(optionStarts[row + 1])]
    }
}

/// How to read a file of confidences.
package struct ConfidenceRequest: Sendable {
    /// The kind of the option scores; nil lets their signs tell.
    package var scoreKind: ConfidenceTable.ScoreKind?
    /// Whether to count rows at fault instead of refusing the file.
    package var skipsFaults = false
    /// The path of a table with `id`, `answer` and `options` (their number), for files without right answers.
    package var answers: String?
    /// Phrases, in lower case, with which abstaining answers begin, in addition to the usual ones.
    package var abstentions: [String] = []
    /// The name of the column of confidences.
    package var confidenceKey: String?
    /// The column that clusters rows and the column that names them, if their names are not the usual ones.
    package var groupKey: String?
    package var identifierKey: String?
    /// The rows to read, by their places from 0; nil reads all.
    package var keptRows: Set<Int>?
    /// Whether to divide the log-likelihood of each option by its length in characters, as lm-eval's `acc_norm` does.
    package var normalisesByLength = false

    package init() {}
}
