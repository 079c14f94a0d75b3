import RealModule

/// The confidences, outcomes and losses that option scores imply at a temperature, row by row in the order of the input.
package struct OptionOutcomes: Sendable, Equatable {
    /// The largest probability of each row.
    package var confidence: [Double] = []
    /// 1 if the option with the largest score (the first of several) is the right one, else 0.
    package var outcome: [Double] = []
    /// -ln of the probability of the right option, in nats; infinite if that option was excluded.
    package var negativeLogLikelihood: [Double] = []
    /// The Brier score as lm-eval defines it: the sum over options of (p - 1)^2 for the right one and p^2 for the others, at most 2.
    package var brier: [Double] = []
    /// The entropy divided by ln K, in [0, 1].
    package var entropy: [Double] = []

    /// - Parameter temperature: gives the temperature of each row.
    package init(_ scores: OptionScores, temperature: (Int) -> Double = { _ in 1 }) {
        for keyPath in [\Self.confidence, \.outcome, \.negativeLogLikelihood, \.brier, \.entropy] {
            self[keyPath: keyPath].reserveCapacity(scores.count)
        }
        for row in 0..<scores.count {
            let options = scores.options(row)
            let scale = 1 / temperature(row)
            let label = Int(scores.starts[row]) + Int(scores.labels[row])
            var (sum, weighted, squares, best) = (0.0, 0.0, 0.0, options.lowerBound)
            var labelWeight = 0.0
            for index in options {
                let score = scores.scores[index]
                if score == 0, scores.scores[best] < 0 { best = index }
                guard score > -.infinity else { continue }
                let weight = score == 0 ? 1 : Double.exp(score * scale)
                sum += weight
                squares += weight * weight
                weighted += weight * score * scale
                if index == label { labelWeight = weight }
            }
            let right = labelWeight / sum
            let logSum = Double.log(sum)
            confidence.append(1 / sum)
            outcome.append(best == label ? 1 : 0)
            negativeLogLikelihood.append(logSum - scores.scores[label] * scale)
            brier.append(squares / (sum * sum) - 2 * right + 1)
            entropy.append(min(1, max(0, (logSum - weighted / sum) / .log(Double(options.count)))))
        }
    }
}
