import LinearAlgebra
import Statistics

extension ChannelFit {
    /// EMI of some sets, each with its own rows as negatives, in nats.
    ///
    /// - Throws: `EstimationError.fitShape` where the width is not that of the fit.
    package func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EMIEstimate] {
        let rows = try rows(of: sets, threadCount: threadCount)
        return try concurrentMap(count: sets.count, threadCount: threadCount) { rows[$0].estimate }
    }
}

extension ChannelRows {
    /// EMI of the set, in nats.
    package var estimate: EMIEstimate {
        let (model, reference) = contributions()
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        // Around means of two groups both vary alike, whatever they are.
        let isKnown = Set(groups).count > 2
        func influence(_ values: [Double]) -> GroupInfluence {
            isKnown ? GroupInfluence(contributions: values, groups: groups) : GroupInfluence(unknownOf: groups)
        }
        return EMIEstimate(
            InformationParts(model: mean(model), reference: mean(reference)), modelInfluence: influence(model),
            referenceInfluence: influence(reference), groups: groups, modelContributions: model, referenceContributions: reference,
            underPairing: { _ in InformationParts(model: 0, reference: 0) })
    }
}
