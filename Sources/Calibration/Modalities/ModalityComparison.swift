import RealModule
import Statistics

/// Compares how a model answers from the text alone, from the image alone, and from both: option scores of the same items, row by
/// row, under the three inputs.
///
/// These are our own definitions, because the published code of the study of multimodal calibration (arXiv 2412.14660) has none. Entropies
/// are relative to ln K, divergences in bits, likelihoods in nats; all comparisons are paired by item.
package struct ModalityComparison: Sendable, Equatable {
    /// A value for each of text, image and both.
    package struct Each: Sendable, Equatable {
        package let text: UncertainValue
        package let image: UncertainValue
        package let both: UncertainValue
    }

    /// The normalised entropy, and the negative log-likelihood of the right option.
    package let entropy: Each
    package let negativeLogLikelihood: Each
    /// H(image) - H(text): above 0 if images leave the model more uncertain than texts.
    package let imageMinusText: UncertainValue
    /// The mean over items of min(H(text), H(image)) - H(both).
    package let integrationGain: UncertainValue
    /// The NLL of the better single modality minus that of both.
    package let likelihoodGain: UncertainValue
    /// The Jensen-Shannon divergences between the answers from two inputs, in bits.
    package let textAndBoth: UncertainValue
    package let imageAndBoth: UncertainValue
    package let textAndImage: UncertainValue
    /// JSD(image, both) / (JSD(image, both) + JSD(text, both)): 1 if the answer from both is that from the text, 0 if it is that from the
    /// image; nil when all three agree.
    package let relianceOnText: UncertainValue?
    /// The NLL of the product of experts softmax(ln p(text) + ln p(image)), and that minus the NLL of both. Above 0 the model makes more of
    /// both than independent evidence would.
    package let pooledNegativeLogLikelihood: UncertainValue
    package let synergy: UncertainValue

    /// - Throws: `CalibrationError` if the three differ in the number of rows, or of options in a row.
    package init(
        text: OptionScores, image: OptionScores, both: OptionScores, level: Double = 0.95
    ) throws(CalibrationError) {
        for other in [text, image] where other.starts != both.starts {
            throw .unequalLengths(expected: both.scores.count, found: other.scores.count)
        }
        let inference = Inference(clusters: both.clusters, confidence: level)
        let outcomes = [text, image, both].map { OptionOutcomes($0) }
        func each(_ values: KeyPath<OptionOutcomes, [Double]>) -> Each {
            let means = outcomes.map { inference.mean($0[keyPath: values]) }
            return Each(text: means[0], image: means[1], both: means[2])
        }
        func mean(_ value: (Int) -> Double) -> UncertainValue { inference.mean((0..<both.count).map(value)) }
        let entropies = outcomes.map(\.entropy)
        let losses = outcomes.map(\.negativeLogLikelihood)
        entropy = each(\.entropy)
        negativeLogLikelihood = each(\.negativeLogLikelihood)
        imageMinusText = mean { entropies[1][$0] - entropies[0][$0] }
        integrationGain = mean { min(entropies[0][$0], entropies[1][$0]) - entropies[2][$0] }
        let better = negativeLogLikelihood.text.value <= negativeLogLikelihood.image.value ? losses[0] : losses[1]
        likelihoodGain = mean { better[$0] - losses[2][$0] }

        var divergences: [[Double]] = [[], [], []]
        var pooled: [Double] = []
        for row in 0..<both.count {
            let p = [text, image, both].map { $0.probabilities(row) }
            divergences[0].append(Self.divergence(p[0], p[2]))
            divergences[1].append(Self.divergence(p[1], p[2]))
            divergences[2].append(Self.divergence(p[0], p[1]))
            pooled.append(Self.pooledLoss(text, image, row, label: Int(both.labels[row])))
        }
        textAndBoth = inference.mean(divergences[0])
        imageAndBoth = inference.mean(divergences[1])
        textAndImage = inference.mean(divergences[2])
        let (a, b) = (imageAndBoth.value, textAndBoth.value)
        // This is a ratio of means, so the influences come from the delta method.
        relianceOnText =
            a + b > 0
            ? inference.value(
                a / (a + b),
                influences: (0..<both.count).map { (divergences[1][$0] * b - divergences[0][$0] * a) / ((a + b) * (a + b)) })
            : nil
        pooledNegativeLogLikelihood = inference.mean(pooled)
        synergy = mean { pooled[$0] - losses[2][$0] }
    }

    /// The Jensen-Shannon divergence of two distributions, in bits.
    private static func divergence(_ p: [Double], _ q: [Double]) -> Double {
        func term(_ x: Double, _ m: Double) -> Double { x > 0 ? x * .log(x / m) : 0 }
        let sum = zip(p, q).reduce(0.0) { sum, pair in
            let m = (pair.0 + pair.1) / 2
            return sum + term(pair.0, m) + term(pair.1, m)
        }
        return max(0, sum / 2 / .log(2))
    }

    private static func pooledLoss(_ text: OptionScores, _ image: OptionScores, _ row: Int, label: Int) -> Double {
        let scores = zip(text.scores[text.options(row)], image.scores[image.options(row)]).map { $0 + $1 }
        guard let best = scores.max(), best > -.infinity else { return .infinity }
        return best + .log(scores.reduce(0) { $0 + .exp($1 - best) }) - scores[label]
    }
}
