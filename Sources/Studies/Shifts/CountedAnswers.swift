import Information

/// Two sets whose arrays are all one-hot, with answers from an alphabet of known size. Their divergences and entropies are those of counts.
struct CountedAnswers {
    /// The most by which the bound may be too low in expectation, because plug-in entropies of counts are too low: the sum of
    /// `plugInEntropyShortfall` over both sets.
    ///
    /// In the change of output entropies each set has one entropy with a positive sign, and |H - H| of one set is too low by no more than
    /// one of the two entropies, so one term for each set serves every form.
    let finiteSampleTerm: Double

    /// Nil for embeddings and texts, for kernels other than `linear` and `cosine`, and without an alphabet that holds all answers.
    init?(id: SampleSet, ood: SampleSet, settings: StudySettings) {
        guard ["linear", "cosine"].contains(settings.kernel), !settings.isPaperCompatible,
            let size = settings.entropyScale.alphabetSize, id.isOneHot, ood.isOneHot,
            Set([id, ood].flatMap { $0.responseFingerprints + $0.referenceFingerprints }).count <= size
        else { return nil }
        finiteSampleTerm = [id, ood].reduce(0) {
            $0 + Discrete.plugInEntropyShortfall(outcomeCount: Double(size), drawCount: $1.independentDrawCount)
        }
    }
}

extension StudySettings {
    /// What is guaranteed about the terms that a run estimates.
    ///
    /// Counted answers with the plug-in divergence are guaranteed in expectation: tau(J) of the counted queries is at least their total
    /// variation, whose expectation is at least the true one, and the entropies have their finite-sample term. Debiased divergences,
    /// kernel entropies and embeddings are estimates that may be too low; greedy answers give no upper bound of an entropy at all.
    func termsGuarantee(areAnswersCounted: Bool) -> Guarantee {
        if effectiveLogProb == .greedy { return .none }
        return areAnswersCounted && effectiveDivergence == .plugin ? .inExpectation : .plugIn
    }
}
