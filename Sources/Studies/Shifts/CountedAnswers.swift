import Information

/// Two sets of which every array is one-hot, with answers from an alphabet of known size: divergences and entropies are those of counts.
struct CountedAnswers {
    /// What the bound may be low by in expectation, since plug-in entropies of counts are: `plugInEntropyShortfall` of either set.
    ///
    /// The change of output entropies has one entropy of either set with a positive sign, and |H - H| of one set is low by no more
    /// than one of the two: so one term a set serves every form.
    let finiteSampleTerm: Double

    /// Nil for embeddings and texts, for kernels that do not count, without an alphabet, and with more answers than it has.
    init?(id: SampleSet, ood: SampleSet, settings: StudySettings) {
        guard ["linear", "cosine"].contains(settings.kernel), !settings.isPaperCompatible,
            let size = settings.entropyScale.alphabetSize, id.isOneHot, ood.isOneHot,
            Set([id, ood].flatMap { $0.response.rowFingerprints + $0.reference.rowFingerprints }).count <= size
        else { return nil }
        finiteSampleTerm = [id, ood].reduce(0) {
            $0 + Discrete.plugInEntropyShortfall(outcomeCount: Double(size), drawCount: $1.independentDrawCount)
        }
    }
}

extension StudySettings {
    /// What can be said of the terms that a run estimates.
    ///
    /// In expectation for counted answers and the plug-in divergence: tau(J) of the counted queries is at least their total variation,
    /// whose expectation is at least the true one, and the entropies have their finite-sample term. Debiased divergences, kernel
    /// entropies and embeddings are estimates that may fall short; greedy answers give no upper value of an entropy at all.
    func termsGuarantee(areAnswersCounted: Bool) -> Guarantee {
        if effectiveLogProb == .greedy { return .none }
        return areAnswersCounted && effectiveDivergence == .plugin ? .inExpectation : .plugIn
    }
}
