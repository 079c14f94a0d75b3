/// What a detector says of N pairs, in the order of their rows.
package struct MisalignmentDetection: Sendable {
    /// One ridge that was tried, and how well pairs stand apart from decoys under it.
    package struct RidgeTrial: Sendable, Equatable {
        /// The penalty; infinite for the cosine prior alone.
        package let ridge: Double
        /// In the first pass.
        package let pairAUROC: Double
    }

    /// How the heads of the folds were fitted, in the last pass.
    package struct FitSummary: Sendable, Equatable {
        /// The scale of the cosine prior of each fold; 0 where cosines say nothing or do not exist.
        package let priorScales: [Double]
        /// The mean contrastive loss a training pair, penalty included, averaged over folds; nil for the cosine prior alone.
        package let loss: Double?
        /// The largest norm of a gradient over that at W = 0.
        package let relativeGradient: Double?
        /// Steps of Newton's method, and products with the curvature, of all folds.
        package let newtonSteps: Int
        /// Products with the curvature in those steps.
        package let curvatureProducts: Int
        /// Rows that a fold was fitted to, at most.
        package let trainingRows: Int
    }

    /// The fold that each row was held out in.
    package let folds: [Int]
    /// t, how far above random partners a pair scores: only ranks within one run mean something.
    package let scores: [Double]
    /// p, q, share and what is said of each pair.
    package let statistics: RelatednessStatistics
    /// An interval of the share by resampling groups; nil for fewer than two groups.
    package let shareInterval: ClosedRange<Double>?
    /// The number of decoys behind every p-value.
    package let decoyCount: Int
    /// Scores of pairs beside those of decoys.
    package let histogram: ScoreHistogram
    /// The ridge that was used.
    package let ridge: Double
    /// All that were tried, in order; one where it was given.
    package let ridgeTrials: [RidgeTrial]
    /// Fits of the last pass.
    package let fit: FitSummary
    /// 2, or 1 where a second pass would have nothing to leave out or too little to fit to.
    package let passCount: Int
    /// Rows that the second pass was not fitted to.
    package let leftOutCount: Int
    /// Whether pairs stand apart from decoys so little that no flag means anything.
    package let hasNoSignal: Bool
    /// q <= alpha: related, with an expected share of false confirmations of at most alpha.
    package let isConfirmed: [Bool]
    /// `unrelated` above the threshold: looks no better than a random partner. None where there is no signal.
    package let isFlagged: [Bool]
    /// For flagged rows, the other row whose right side fits best, and by how much: S_nj - lse_i S_ij.
    package let partners: [Partner?]
    /// Cosine of the sides of each pair; nil without a shared width.
    package let cosine: [Double]?
    /// Softmax cosine of each pair at temperature 0.05; nil without a shared width.
    package let softmaxCosine: [Double]?
    /// The probability that a pair's cosine is above a decoy's.
    package let cosinePairAUROC: Double?

    /// A better partner of a flagged row.
    package struct Partner: Sendable, Equatable {
        /// The row whose right side it is.
        package let row: Int
        /// log of the share that the flagged row's left side has in that right side's softmax.
        package let score: Double
    }

    /// Rows with the least evidence of a relation first.
    package var order: [Int] {
        scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    }
}
