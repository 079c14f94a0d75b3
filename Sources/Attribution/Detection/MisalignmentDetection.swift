/// What a detector says about N pairs, in the order of their rows.
package struct MisalignmentDetection: Sendable {
    /// A ridge that was tried, and how well it separates pairs from decoys.
    package struct RidgeTrial: Sendable, Equatable {
        /// The penalty; infinite stands for the cosine prior alone.
        package let ridge: Double
        /// The probability that a pair scores above a decoy, in the first pass.
        package let pairAUROC: Double
    }

    /// How the heads of the folds were fitted in the last pass.
    package struct FitSummary: Sendable, Equatable {
        /// The scale of each fold's cosine prior; 0 if cosines tell nothing or do not exist.
        package let priorScales: [Double]
        /// The mean contrastive loss per training pair, penalty included, averaged over folds; nil for the cosine prior alone.
        package let loss: Double?
        /// The largest norm of a final gradient over its norm at W = 0; nil for the cosine prior alone.
        package let relativeGradient: Double?
        /// The number of Newton steps of all folds.
        package let newtonSteps: Int
        /// The number of products with the curvature in those steps.
        package let curvatureProducts: Int
        /// The number of rows of the largest training set of a fold.
        package let trainingRows: Int
    }

    /// The fold in which each row was held out.
    package let folds: [Int]
    /// The score t, which says how far a pair scores above random partners. Only the ranks within one run have a meaning.
    package let scores: [Double]
    /// The p-value, q-value, share and `unrelated` of each pair.
    package let statistics: RelatednessStatistics
    /// An interval of the share from resampling groups; nil for fewer than two groups.
    package let shareInterval: ClosedRange<Double>?
    /// The number of decoys behind every p-value.
    package let decoyCount: Int
    /// The scores of pairs beside those of decoys.
    package let histogram: ScoreHistogram
    /// The ridge that was used.
    package let ridge: Double
    /// All ridges that were tried, in order; a single one if the user gave it.
    package let ridgeTrials: [RidgeTrial]
    /// The fits of the last pass.
    package let fit: FitSummary
    /// 2, or 1 if the first pass found no signal or left too few rows to fit to.
    package let passCount: Int
    /// The number of rows that the second pass was not fitted to.
    package let leftOutCount: Int
    /// Whether pairs differ so little from decoys that no flag means anything.
    package let hasNoSignal: Bool
    /// Whether q <= alpha: the pair is related, with an expected share of false confirmations of at most alpha.
    package let isConfirmed: [Bool]
    /// Whether `unrelated` is at or above the threshold: the pair looks no better than a random one. Always false without a signal.
    package let isFlagged: [Bool]
    /// For each flagged row, the other row whose right side fits best, with its score S_nj - lse_i S_ij.
    package let partners: [Partner?]
    /// The cosine between the sides of each pair; nil if their widths differ.
    package let cosine: [Double]?
    /// The softmax cosine of each pair at temperature 0.05; nil if the widths differ.
    package let softmaxCosine: [Double]?
    /// The probability that a pair's cosine is above a decoy's.
    package let cosinePairAUROC: Double?

    /// A better partner of a flagged row.
    package struct Partner: Sendable, Equatable {
        /// The row to which the better right side belongs.
        package let row: Int
        /// The log of the share that the flagged row's left side has in the softmax of that right side.
        package let score: Double
    }

    /// The rows, those with the least evidence of a relation first.
    package var order: [Int] {
        scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    }
}
