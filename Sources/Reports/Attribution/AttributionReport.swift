import Attribution
import EmbeddingFiles
import Studies

/// What `emi attribute` writes: which pairs look misaligned, which help and which harm, and which lie behind wrong answers.
///
/// Numbers that do not exist are absent. Losses and influences on them are in nats per validation pair, margins in score units.
package struct AttributionReport: Codable, Sendable, Equatable {
    /// The version of this format; its first number changes when readers must change.
    package static let currentSchemaVersion = "1.0"
    /// The largest number of rows in the JSON; the CSV has all.
    package static let mostRows = 1_000

    /// `attribution`, which distinguishes it from other reports.
    package var kind = "attribution"
    package var schemaVersion = Self.currentSchemaVersion
    package var tool = Report.Tool()
    package var pairs: Pairs
    /// How the heads of the detector were fitted.
    package var fit: Fit
    /// What the detector says about all pairs.
    package var detection: Detection
    /// The effect of pairs on a validation loss; absent without validation pairs.
    package var valuation: Valuation?
    /// Wrong answers and their causes; absent without queries.
    package var trace: Trace?
    /// The rows, the least related first.
    package var rows: [Row]
    /// What the reader should know.
    package var notes: [Note]
    package var settings: Settings
    package var environment: Report.Environment?
    package var provenance: Report.Provenance?

    /// The pairs.
    package struct Pairs: Codable, Sendable, Equatable {
        /// The name of the file.
        package var name: String
        /// The number of pairs.
        package var rows: Int
        package var left: Side
        package var right: Side
        /// Whether cosines between the sides tell something, that is, whether the prior's scale is above 0 in some fold.
        package var sharedSpace: Bool
        /// The number of groups of dependent rows, if the files have any.
        package var groups: Int?
        /// The numbers of rows whose side occurs in another row too.
        package var duplicates: Duplicates
    }

    /// One side of the pairs.
    package struct Side: Codable, Sendable, Equatable {
        /// The side's role, or its key in the file.
        package var name: String
        /// The width of its vectors.
        package var dims: Int
    }

    /// The numbers of rows whose side occurs in another row too.
    package struct Duplicates: Codable, Sendable, Equatable {
        package var left: Int
        package var right: Int
    }

    /// How the heads were fitted.
    package struct Fit: Codable, Sendable, Equatable {
        /// The number of axes per side.
        package var rank: Int
        /// The penalty; absent if the cosine alone, W = 0, was best.
        package var ridge: Double?
        /// The ridges that were tried.
        package var ridgeChoice: [RidgeTrial]
        /// The scale s of the cosine prior in each fold; 0 if cosines tell nothing.
        package var priorScale: [Double]
        /// The mean contrastive loss per training pair over folds, penalty included, in nats.
        package var loss: Double?
        /// The largest norm of a final gradient over its norm at W = 0.
        package var gradientNorm: Double?
        /// The number of Newton steps of all folds.
        package var newton: Int
        /// The number of products with the curvature in these steps.
        package var cg: Int
        /// The number of rows of the largest training set of a fold.
        package var trainingRows: Int
    }

    /// A ridge that was tried.
    package struct RidgeTrial: Codable, Sendable, Equatable {
        /// The penalty; absent for the cosine alone.
        package var ridge: Double?
        /// The probability that a pair scores above a decoy, in the first pass.
        package var pairAuroc: Double
    }

    /// What the detector says about all pairs.
    package struct Detection: Codable, Sendable, Equatable {
        /// The probability that a pair scores above a decoy; near 0.5 no flag means anything.
        package var pairAuroc: Double
        /// The same probability if pairs are scored by their cosine.
        package var pairAurocCosine: Double?
        /// The share of pairs that look no better than random ones; approximately an upper bound of the share of mismatched pairs.
        package var share: Double
        /// The interval of the share, from resampling groups.
        package var shareInterval: [Double]?
        /// The pairs that are confirmed as related, and those that are flagged as unrelated.
        package var confirmed: Confirmed
        package var flagged: Flagged
        /// The number of decoys behind every p-value.
        package var decoys: Int
        /// The number of passes, 1 or 2.
        package var passes: Int
        /// The number of rows that the second pass was not fitted to.
        package var leftOut: Int
        /// The scores of pairs beside those of decoys.
        package var histogram: Histogram
    }

    /// The rows with q <= alpha: related, with an expected share of false ones of at most alpha.
    package struct Confirmed: Codable, Sendable, Equatable {
        /// The level.
        package var alpha: Double
        /// The number of confirmed rows.
        package var count: Int
    }

    /// The rows with `unrelated` at or above the threshold.
    package struct Flagged: Codable, Sendable, Equatable {
        /// The threshold.
        package var threshold: Double
        /// The number of flagged rows.
        package var count: Int
    }

    /// The counts in equal bins of the score t.
    package struct Histogram: Codable, Sendable, Equatable {
        /// The lower end of the first bin, and the width of a bin.
        package var start: Double
        package var width: Double
        /// The numbers of pairs and of decoys in each bin.
        package var pairs: [Int]
        package var decoys: [Int]
    }

    /// What removing the most harmful pairs does to a validation loss.
    package struct Valuation: Codable, Sendable, Equatable {
        /// What the influences are on, in words.
        package var target: String
        /// The name of the validation set, and its number of pairs.
        package var validation: String
        package var validationRows: Int
        /// The penalty of the head that gives the influences.
        package var ridge: Double
        /// The loss before the removal, in nats per validation pair.
        package var loss: Double
        /// The change that the influences predict for the removal, in nats per validation pair.
        package var predictedChangeIfRemoved: Double
        /// The change in a refit without these pairs.
        package var measuredChangeIfRemoved: Double
        /// The mean change in refits without as many pairs chosen at random.
        package var randomChange: Double
        /// The number of pairs that are removed.
        package var rowsRemoved: Int
        /// The number of pairs whose removal lowers the loss.
        package var harmful: Int
        /// The number of iterations of the solve.
        package var cg: Int
    }

    /// Wrong answers, and the pairs behind them.
    package struct Trace: Codable, Sendable, Equatable {
        /// The numbers of queries, and of those that the head answers wrongly.
        package var queries: Int
        package var wrong: Int
        /// The worst wrong answers.
        package var traced: [Answer]
        /// The share of traced answers that become right in a refit without their causes.
        package var correctedShare: Double?
    }

    /// One wrong answer.
    package struct Answer: Codable, Sendable, Equatable {
        /// The names of the query, of the candidate that the head chose, and of the right one.
        package var query: String
        package var answer: String
        package var right: String
        /// The score of the answer minus that of the right one.
        package var margin: Double
        /// The pairs that caused the answer, strongest first.
        package var top: [Cause]
        /// The change of the margin without these pairs, as predicted and as measured by a refit.
        package var predictedMarginChange: Double
        package var measuredMarginChange: Double
        /// The candidate that the head chooses after the refit, and whether it is right.
        package var answerAfter: String
        package var corrected: Bool
    }

    /// A training pair that contributed to an answer.
    package struct Cause: Codable, Sendable, Equatable {
        /// The name of the pair.
        package var id: String
        /// The change of the margin when the pair is removed; below 0, removing it moves the answer towards the right one.
        package var influence: Double
        /// Approximately an upper bound of the probability that the pair is no better than a random one.
        package var unrelated: Double
    }

    /// The results for one pair.
    package struct Row: Codable, Sendable, Equatable {
        /// The position in this list, from 1.
        package var rank: Int
        /// The name of the pair.
        package var id: String
        /// Its group, if the file has any.
        package var group: String?
        /// The score t, which says how far above random partners the pair scores. Low values are suspicious; compare only within one
        /// report.
        package var score: Double
        /// The share of decoys that score at least as high.
        package var p: Double
        /// Benjamini and Hochberg's q-value of `p`.
        package var q: Double
        /// Approximately an upper bound of the probability that the pair is no better than a random one.
        package var unrelated: Double
        /// Whether the pair is flagged as unrelated, and whether it is confirmed as related.
        package var flagged: Bool
        package var confirmed: Bool
        /// The cosine between the sides; absent if their widths differ.
        package var cosine: Double?
        /// The softmax cosine at temperature 0.05; absent if the widths differ.
        package var softmaxCosine: Double?
        /// For a flagged row, the other row whose right side fits best.
        package var partner: String?
        /// The log of the share that this row's left side has in the softmax of the partner's right side.
        package var partnerScore: Double?
        /// The change of the validation loss when the pair is removed, in nats per validation pair.
        package var influence: Double?
        /// The influence divided by the size of the change of the weights.
        package var relativeInfluence: Double?
        /// The meaning of the influence's sign, in words.
        package var effect: String?
        /// The texts of the sides; absent for vectors.
        package var left: String?
        package var right: String?
    }

    /// A note for the reader, with its code.
    package struct Note: Codable, Sendable, Equatable {
        package var code: String
        package var text: String
    }

    /// The settings that decided the numbers.
    package struct Settings: Codable, Sendable, Equatable {
        /// The number of axes per side.
        package var rank: Int
        /// `auto`, or the number that the user gave.
        package var ridge: String
        /// The number of held-out folds.
        package var folds: Int
        /// The level up to which q-values are confirmed.
        package var alpha: Double
        /// The level of `unrelated` from which rows are flagged.
        package var flagThreshold: Double
        /// The share of harmful pairs that is removed.
        package var remove: Double
        /// The seed of every random step.
        package var seed: UInt64
    }
}
