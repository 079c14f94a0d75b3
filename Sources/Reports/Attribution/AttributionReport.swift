import Attribution
import EmbeddingFiles
import Studies

/// What `emi attribute` writes: which pairs look misaligned, which help and which harm, which stand behind wrong answers.
///
/// Numbers that do not exist are absent. Losses and influences on them are in nats a validation pair, margins in score units.
package struct AttributionReport: Codable, Sendable, Equatable {
    /// The version of this form; the first number changes where readers have to.
    package static let currentSchemaVersion = "1.0"
    /// Rows that the JSON holds, at most; the CSV has all.
    package static let mostRows = 1_000

    /// `attribution`: what tells it from other reports.
    package var kind = "attribution"
    package var schemaVersion = Self.currentSchemaVersion
    package var tool = Report.Tool()
    package var pairs: Pairs
    package var fit: Fit
    package var detection: Detection
    package var valuation: Valuation?
    package var trace: Trace?
    /// The least related first.
    package var rows: [Row]
    package var notes: [Note]
    package var settings: Settings
    package var environment: Report.Environment?
    package var provenance: Report.Provenance?

    /// The pairs.
    package struct Pairs: Codable, Sendable, Equatable {
        package var name: String
        package var rows: Int
        package var left: Side
        package var right: Side
        /// Whether cosines between the sides mean something: the prior's scale is above 0 in some fold.
        package var sharedSpace: Bool
        /// The number of groups of dependent rows, where the files have any.
        package var groups: Int?
        /// Rows whose side stands in another row too.
        package var duplicates: Duplicates
    }

    /// One side of the pairs.
    package struct Side: Codable, Sendable, Equatable {
        package var name: String
        package var dims: Int
    }

    /// Rows whose side stands in another row too.
    package struct Duplicates: Codable, Sendable, Equatable {
        package var left: Int
        package var right: Int
    }

    /// How the heads were fitted.
    package struct Fit: Codable, Sendable, Equatable {
        package var rank: Int
        /// Absent where the cosine alone, W = 0, was best.
        package var ridge: Double?
        package var ridgeChoice: [RidgeTrial]
        /// s of the cosine prior in each fold; 0 where cosines say nothing.
        package var priorScale: [Double]
        /// The mean contrastive loss of a training pair, penalty included, over folds: nats.
        package var loss: Double?
        /// The largest norm of a gradient over that at W = 0.
        package var gradientNorm: Double?
        /// Newton steps of all folds.
        package var newton: Int
        /// Products with the curvature in them.
        package var cg: Int
        package var trainingRows: Int
    }

    /// A ridge that was tried.
    package struct RidgeTrial: Codable, Sendable, Equatable {
        /// Absent for the cosine alone.
        package var ridge: Double?
        package var pairAuroc: Double
    }

    /// What the detector says of all pairs.
    package struct Detection: Codable, Sendable, Equatable {
        /// The probability that a pair scores above a decoy: near 0.5 no flag means anything.
        package var pairAuroc: Double
        package var pairAurocCosine: Double?
        /// The share of pairs that look no better than random partners: about an upper bound of the mismatched.
        package var share: Double
        package var shareInterval: [Double]?
        package var confirmed: Confirmed
        package var flagged: Flagged
        package var decoys: Int
        package var passes: Int
        /// Rows that the second pass was not fitted to.
        package var leftOut: Int
        /// Scores of pairs beside those of decoys.
        package var histogram: Histogram
    }

    /// Rows with q <= alpha: related, with an expected share of false ones of at most alpha.
    package struct Confirmed: Codable, Sendable, Equatable {
        package var alpha: Double
        package var count: Int
    }

    /// Rows with `unrelated` of at least the threshold.
    package struct Flagged: Codable, Sendable, Equatable {
        package var threshold: Double
        package var count: Int
    }

    /// Counts in equal bins of t.
    package struct Histogram: Codable, Sendable, Equatable {
        package var start: Double
        package var width: Double
        package var pairs: [Int]
        package var decoys: [Int]
    }

    /// What removing the most harmful pairs does to a validation loss.
    package struct Valuation: Codable, Sendable, Equatable {
        package var target: String
        package var validation: String
        package var validationRows: Int
        package var ridge: Double
        /// Nats a validation pair, before.
        package var loss: Double
        package var predictedChangeIfRemoved: Double
        /// After a refit without them.
        package var measuredChangeIfRemoved: Double
        /// The mean of refits without as many pairs chosen at random.
        package var randomChange: Double
        package var rowsRemoved: Int
        /// Pairs whose removal lowers the loss.
        package var harmful: Int
        package var cg: Int
    }

    /// Wrong answers and what stands behind them.
    package struct Trace: Codable, Sendable, Equatable {
        package var queries: Int
        package var wrong: Int
        package var traced: [Answer]
        /// The share of traced answers that a refit without their causes corrects.
        package var correctedShare: Double?
    }

    /// One wrong answer.
    package struct Answer: Codable, Sendable, Equatable {
        package var query: String
        package var answer: String
        package var right: String
        /// The score of the answer less that of the right one.
        package var margin: Double
        package var top: [Cause]
        package var predictedMarginChange: Double
        package var measuredMarginChange: Double
        package var answerAfter: String
        package var corrected: Bool
    }

    /// A training pair behind an answer.
    package struct Cause: Codable, Sendable, Equatable {
        package var id: String
        /// The change of the margin when the pair is removed: below 0, removing it moves the answer towards the right one.
        package var influence: Double
        package var unrelated: Double
    }

    /// What is said of one pair.
    package struct Row: Codable, Sendable, Equatable {
        package var rank: Int
        package var id: String
        package var group: String?
        /// t: how far above random partners the pair scores. Low is suspicious; compare only within one report.
        package var score: Double
        package var p: Double
        package var q: Double
        /// About an upper bound of the probability that the pair is no better than a random one.
        package var unrelated: Double
        package var flagged: Bool
        package var confirmed: Bool
        package var cosine: Double?
        package var softmaxCosine: Double?
        /// The other row whose right side fits best, of flagged rows.
        package var partner: String?
        package var partnerScore: Double?
        /// The change of the validation loss when the pair is removed, nats a validation pair.
        package var influence: Double?
        package var relativeInfluence: Double?
        /// The sign of the influence in words.
        package var effect: String?
        package var left: String?
        package var right: String?
    }

    /// Something to know.
    package struct Note: Codable, Sendable, Equatable {
        package var code: String
        package var text: String
    }

    /// What decided the numbers.
    package struct Settings: Codable, Sendable, Equatable {
        package var rank: Int
        /// `auto`, or the number that was given.
        package var ridge: String
        package var folds: Int
        package var alpha: Double
        package var flagThreshold: Double
        package var remove: Double
        package var seed: UInt64
    }
}
