import RealModule
import Statistics

/// Whether the temperature of one set also suits another: the test that ID's temperature survives the shift.
package struct TemperatureTransfer: Sendable, Equatable {
    /// ln T of the second set minus ln T of the first. If the sets share items, the standard error comes from paired influences. Nil when
    /// a temperature is at a limit.
    package let logRatio: Change?
    /// The negative log-likelihood at the first set's temperature minus that at the second's own, cross-fitted, in nats per row: the cost
    /// of keeping the first temperature, which it takes as given. Nil for fewer than two groups.
    package let regret: UncertainValue?

    /// - Parameters:
    ///   - first: the option scores and the fit of the set that gives the temperature.
    ///   - pairs: the pairs of rows that are the same item; nil if there are none.
    package init(
        first: (scores: OptionScores, fit: TemperatureFit), second: (scores: OptionScores, fit: TemperatureFit),
        pairs: RowPairs?, confidence: Double
    ) {
        let value = Double.log(second.fit.temperature / first.fit.temperature)
        if first.fit.limit != nil || second.fit.limit != nil {
            logRatio = nil
        } else if let pairs {
            logRatio = Change(
                value: value, firstInfluences: pairs.first.map { first.fit.influences[$0] },
                secondInfluences: pairs.second.map { second.fit.influences[$0] },
                Inference(clusters: pairs.clusters, confidence: confidence))
        } else {
            logRatio = Change(
                value: value, first: (first.fit.logStandardError, first.scores.clusters.count),
                second: (second.fit.logStandardError, second.scores.clusters.count), confidence: confidence)
        }
        guard let own = CrossFitting.temperatures(second.scores, start: second.fit.temperature) else {
            regret = nil
            return
        }
        let kept = OptionOutcomes(second.scores) { _ in first.fit.temperature }.negativeLogLikelihood
        let best = OptionOutcomes(second.scores) { own.byRow[$0] }.negativeLogLikelihood
        // A row whose right option was excluded has an infinite loss at any temperature, so it counts as no difference.
        let differences = zip(kept, best).map { $0.isFinite && $1.isFinite ? $0 - $1 : 0 }
        regret = Inference(clusters: second.scores.clusters, confidence: confidence).mean(differences)
    }
}
