import RealModule
import Statistics

/// The Brier score with its exact decomposition by isotonic recalibration ("CORP": Dimitriadis, Gneiting and Jordan,
/// PNAS 118, 2021): score = miscalibration - discrimination + uncertainty.
package struct BrierScore: Sendable, Equatable {
    /// The mean of (c - y)^2.
    package let score: UncertainValue
    /// The gain from isotonic recalibration, in sample; never negative.
    package let miscalibration: Double
    /// The gain of the recalibrated confidences over the base rate; never negative.
    package let discrimination: Double
    /// The score of the base rate, which is ȳ(1 - ȳ) if all answers are right or wrong.
    package let uncertainty: Double
    /// (c - y)^2 of each sorted row.
    package let terms: [Double]

    init(_ rows: PreparedRows) {
        let count = Double(rows.rows.count)
        terms = rows.residuals.map { $0 * $0 }
        score = rows.inference.mean(terms)
        let outcome = rows.rows.outcome
        let mean = outcome.reduce(0, +) / count
        uncertainty = outcome.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let fit = IsotonicFit(rows.rows)
        // Levels are means, so Σ(y - level)^2 = Σ(y - ȳ)^2 - Σ size (level - ȳ)^2.
        discrimination = zip(fit.level, fit.size).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / count
        miscalibration = max(0, score.value - uncertainty + discrimination)
    }
}

/// The log loss, -(y ln c + (1-y) ln(1-c)), in nats.
package struct LogLoss: Sendable, Equatable {
    /// The mean; nil if a row was certain and wrong, because its loss is infinite.
    package let value: UncertainValue?
    /// The mean with confidences clipped to [1e-12, 1 - 1e-12].
    package let clipped: UncertainValue
    /// The number of rows with a confidence of 1 that were not right, or with a confidence of 0 that were not wrong.
    package let certainAndWrong: Int
    /// The clipped loss of each sorted row.
    package let terms: [Double]

    init(_ rows: PreparedRows) {
        let (confidence, outcome) = (rows.rows.confidence, rows.rows.outcome)
        certainAndWrong = confidence.indices.count {
            (confidence[$0] == 1 && outcome[$0] < 1) || (confidence[$0] == 0 && outcome[$0] > 0)
        }
        func terms(from low: Double) -> [Double] {
            confidence.indices.map { row in
                let (c, y) = (min(max(confidence[row], low), 1 - low), outcome[row])
                // One logarithm suffices if the other has no weight; 0 ln 0 is 0.
                if y == 1 { return -.log(c) }
                if y == 0 { return -.log(onePlus: -c) }
                return -(y * .log(c) + (1 - y) * .log(onePlus: -c))
            }
        }
        let smallest = 1e-12
        self.terms = terms(from: smallest)
        clipped = rows.inference.mean(self.terms)
        let isUncut = confidence[0] >= smallest && confidence[confidence.count - 1] <= 1 - smallest
        value = certainAndWrong > 0 ? nil : isUncut ? clipped : rows.inference.mean(terms(from: 0))
    }
}
