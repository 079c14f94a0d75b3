/// The rows of a file of confidences, column by column: each row that was read is used, excluded or at fault, and none
/// is lost.
package struct ConfidenceTable: Sendable {
    /// How a file says what the model's confidence was.
    package enum Layout: String, Sendable {
        /// Rows of our own, in JSON lines, csv or tsv.
        case rows
        /// Option scores logged by lm-eval or lmms-eval.
        case evaluationSamples = "evaluation_samples"
        /// Log-probabilities of OpenAI's chat format, which vLLM writes too.
        case chatLogProbabilities = "chat_log_probabilities"
        /// Texts in which the model states its confidence.
        case statedConfidence = "stated_confidence"
        /// Several answers to one question.
        case sampledAnswers = "sampled_answers"
        /// A VLMEvalKit table, which has no confidences.
        case vlmEvalKit = "vlmevalkit"
    }

    /// What option scores are.
    package enum ScoreKind: String, Sendable, CaseIterable {
        /// Sums of log-likelihoods: the largest is the answer.
        case logLikelihood = "loglikelihood"
        /// Losses: the smallest is the answer.
        case loss
        /// Numbers of any sign whose softmax is meant.
        case logit
        /// Probabilities that sum to 1.
        case probability
    }

    /// The path.
    package let file: String
    package internal(set) var layout: Layout
    /// The identifier of each row, its number from 0 where the file has none.
    package internal(set) var ids: [String] = []
    /// Whether the file names its rows.
    package internal(set) var hasIdentifiers = false
    /// The line on which each row starts.
    package internal(set) var lines: [Int32] = []
    package internal(set) var states: [RowState] = []
    /// NaN where there is none.
    package internal(set) var confidence: [Double] = []
    /// In [0, 1], NaN where unknown: also known of many rows that are excluded.
    package internal(set) var outcome: [Double] = []
    /// The number of each row's group in `groupLabels`; empty where the file has no groups.
    package internal(set) var groups: [Int32] = []
    package internal(set) var groupLabels: [String] = []
    /// Where the option scores of each row start; empty where the file has none.
    package internal(set) var optionStarts: [Int32] = []
    /// Log-probabilities up to a constant, -infinity for options that are taken as impossible.
    package internal(set) var optionScores: [Double] = []
    /// The right option of each row with options, -1 where it is unknown.
    package internal(set) var labels: [Int32] = []
    /// What the option scores were told to be; nil without options.
    package internal(set) var scoreKind: ScoreKind?
    /// The probability of the answer's token among all tokens, NaN where unknown; empty where the file has none.
    package internal(set) var tokenProbability: [Double] = []
    /// Whether each question can be answered; empty where the file does not say.
    package internal(set) var answerable: [Bool] = []
    /// A key that joins a question with its unanswerable version; empty where the file has none.
    package internal(set) var pairKeys: [String?] = []
    /// How many used rows have each remark.
    package internal(set) var remarks: [RowRemark: Int] = [:]
    /// Rows of a log whose `acc` is another than the scores say.
    package internal(set) var disagreementCount = 0

    init(file: String, layout: Layout) {
        (self.file, self.layout) = (file, layout)
    }

    /// Rows read: those used and those of each other state.
    package var count: Int { states.count }
    /// The positions of rows that are used.
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

/// How files of confidences are read.
package struct ConfidenceRequest: Sendable {
    /// What option scores are; told by their signs where nil.
    package var scoreKind: ConfidenceTable.ScoreKind?
    /// Counts rows at fault instead of refusing the file.
    package var skipsFaults = false
    /// A table with `id`, `answer` and `options` (their number), for files that hold no right answers.
    package var answers: String?
    /// Beginnings of answers, in lower case, that abstain, beside the usual ones.
    package var abstentions: [String] = []
    /// The name of the column of confidences.
    package var confidenceKey: String?
    /// The column that clusters rows, and the one that names them, under other names than the usual ones.
    package var groupKey: String?
    package var identifierKey: String?
    /// The rows that are read, by their places from 0; nil for all.
    package var keptRows: Set<Int>?
    /// Divides log-likelihoods of options by their length in characters, as lm-eval's `acc_norm` does.
    package var normalisesByLength = false

    package init() {}
}
