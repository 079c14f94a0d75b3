import Information
import Statistics
import Studies

extension Report {
    /// The report of a study. A study from a manifest is about many scenarios and gets q-values and a summary.
    init(_ study: Study, id: SampleSet, scenarios: [Scenario], environment: Environment?) {
        let settings = study.settings.resolved
        if study.manifest == nil {
            self.init(pair: id, scenarios, settings: settings, environment: environment)
        } else {
            self.init(
                id: id, scenarios: scenarios, settings: settings, environment: environment, threadCount: study.threadCount)
        }
        let digests = study.digests
        if !digests.files.isEmpty { provenance = Provenance(digests.files, folder: digests.folder) }
    }

    /// The report of a set, or of a set and its shift.
    private init(pair id: SampleSet, _ scenarios: [Scenario], settings: StudySettings, environment: Environment?) {
        self.init(
            environment: environment, settings: settings, id: id, scenarios: scenarios,
            summary: Summary(scenarioCount: scenarios.count, failedCount: 0))
        assignTightness()
    }

    /// The report of a batch, whose q-values and summary it computes from the scenarios.
    init(id: SampleSet, scenarios: [Scenario], settings: StudySettings, environment: Environment?, threadCount: Int = 1) {
        self.init(
            environment: environment, settings: settings, id: id, scenarios: scenarios,
            summary: Summary(scenarioCount: scenarios.count, failedCount: 0))
        assignQValues()
        assignTightness()
        summary = Summary(
            id: self.id, scenarios: self.scenarios, settings: settings, families: summary.qValueFamilies,
            threadCount: threadCount)
        summary.scores = Summary.namedScores(
            id: self.id, scenarios: self.scenarios.filter { $0.status == "ok" }.sorted { $0.name < $1.name }, settings: settings,
            threadCount: threadCount)
    }
}

extension Report.SampleSet {
    /// The results of a set; if no external score is given, the rows' mean score takes its place.
    package init(
        _ result: SetResult, score: Double? = nil, scores: [String: Double] = [:], fit: String? = nil, scale: InformationScale,
        unit: InformationUnit
    ) {
        self.init(
            name: result.name, fit: fit, sampleCount: result.sampleCount, groupCount: result.groupCount,
            emi: Report.EffectiveInformation(result, scale: scale, unit: unit),
            tables: result.answers.map { Report.AnswerTables($0, id: nil, unit: unit) },
            responseSimilarity: result.responseSimilarity.value, responseSimilarityInterval: result.responseSimilarity.ends,
            whitenedSimilarity: result.whitenedSimilarity?.value, whitenedSimilarityInterval: result.whitenedSimilarity?.ends,
            score: result.reviewScore ?? score ?? result.rowScores?.mean, scores: scores.isEmpty ? nil : scores,
            modalities: result.modalityNames, rows: Report.Rows(result, separation: nil),
            warnings: result.warnings.map(Report.Warning.init))
    }
}

extension Report.Rows {
    /// Nil when the rows have neither scores nor contributions to show.
    init?(_ result: SetResult, separation: RankSum?) {
        guard result.rowScores != nil || separation != nil else { return nil }
        self.init(
            scoreMean: result.rowScores?.mean,
            emiVsScore: result.rowScores?.correlation.map(Report.Correlations.init),
            auroc: separation?.areaUnderCurve, mannWhitneyPValue: separation?.pValue)
    }
}

extension Report.AnswerTables {
    /// - Parameter id: the answers of the ID set; nil when `answers` are those of the ID set.
    init(_ answers: AnswerFindings, id: AnswerFindings?, unit: InformationUnit) {
        let emi = answers.table.effectiveMutualInformation
        self.init(
            classes: answers.classCount, emi: unit.value(emi),
            emid: id.map { unit.value($0.table.effectiveMutualInformation - emi) },
            bound: id.map { unit.value($0.table.bound(to: answers.table)) },
            boundByVariation: id.map { unit.value($0.table.boundByVariation(to: answers.table)) },
            guarantee: id.map { _ in "by-construction" })
    }
}

extension Report.EffectiveInformation {
    init(_ result: SetResult, scale: InformationScale, unit: InformationUnit) {
        self.init(
            value: unit.value(result.emi.value), scale: scale.rawValue, modelMi: unit.value(result.modelMutualInformation),
            referenceMi: unit.value(result.referenceMutualInformation),
            modelMiPValue: result.independence?.modelPValue, referenceMiPValue: result.independence?.referencePValue,
            standardError: result.emi.standardError.map(unit.value), interval: result.emi.ends(unit))
    }
}

extension Report.Scenario {
    /// A scenario without results, and the reason.
    package init(name: String, kind: String?, score: Double?, scores: [String: Double] = [:], failure: RunError) {
        self.init(
            name: name, kind: kind, status: "failed",
            error: Report.Failure(
                code: failure.code, message: failure.message + (failure.hint.map { " (\($0))" } ?? "")),
            score: score, scores: scores.isEmpty ? nil : scores, warnings: [])
    }

    /// The results of a shift; if no external score is given, the rows' mean score takes its place.
    ///
    /// - Parameter id: the results of the ID set.
    package init(
        _ shift: ShiftResult, id: SetResult, kind: String? = nil, score: Double? = nil, scores: [String: Double] = [:],
        settings: StudySettings, unit: InformationUnit
    ) {
        let bounds = shift.bounds.map { bound in
            (
                bound.form.rawValue,
                Report.BoundValue(bound, terms: shift.termsGuarantee, interval: shift.interval(of: bound.form), unit: unit)
            )
        }
        self.init(
            name: shift.ood.name, kind: kind, status: "ok", sampleCount: shift.ood.sampleCount, groupCount: shift.ood.groupCount,
            emi: Report.EffectiveInformation(shift.ood, scale: settings.scale, unit: unit),
            tables: shift.ood.answers.map { Report.AnswerTables($0, id: id.answers, unit: unit) },
            responseSimilarity: shift.ood.responseSimilarity.value, responseSimilarityInterval: shift.ood.responseSimilarity.ends,
            whitenedSimilarity: shift.ood.whitenedSimilarity?.value,
            whitenedSimilarityInterval: shift.ood.whitenedSimilarity?.ends,
            emid: Report.Gap(
                value: unit.value(shift.emid.value), standardError: shift.emid.standardError.map(unit.value),
                interval: shift.emid.ends(unit), smallestDetectable: shift.emid.detectableSize.map(unit.value), pValue: shift.emidPValue,
                ceiling: shift.channel.map { unit.value($0.ceiling) }, comparedGroups: shift.comparedGroupCount),
            discrepancies: Self.discrepancies(shift.discrepancies, shift.intervals, shift.channel, unit: unit),
            attribution: shift.attribution.map { shares in
                Dictionary(uniqueKeysWithValues: shares.map { ($0.name, $0.fraction) })
            },
            bound: shift.bounds.first { $0.form == settings.effectiveBound }.map {
                Report.SelectedBound(
                    $0, terms: shift.termsGuarantee, gap: shift.emid.value, interval: shift.interval(of: $0.form),
                    slackInterval: shift.slackInterval(of: $0.form), entropyScale: shift.entropyScale, settings: settings, unit: unit)
            },
            bounds: Dictionary(uniqueKeysWithValues: bounds), score: shift.ood.reviewScore ?? score ?? shift.ood.rowScores?.mean,
            scores: scores.isEmpty ? nil : scores, modalities: shift.ood.modalityNames,
            rows: Report.Rows(shift.ood, separation: shift.separation), warnings: shift.warnings.map(Report.Warning.init))
    }

    private static func discrepancies(
        _ found: Discrepancies, _ intervals: ShiftIntervals?, _ channel: ChannelFindings?, unit: InformationUnit
    ) -> [String: Report.Discrepancy] {
        func entry(
            _ divergence: DivergenceEstimate, _ excess: UncertainValue?, separation: UncertainValue? = nil
        ) -> Report.Discrepancy {
            Report.Discrepancy(divergence, excess: excess, separation: separation, unit: unit)
        }
        var all = Dictionary(
            uniqueKeysWithValues: found.modalities.enumerated().map { index, modality in
                (modality.name, entry(modality.divergence, intervals?.modality(index), separation: channel?.separations[index]))
            })
        all["joint"] = entry(found.joint, intervals?.joint, separation: channel?.jointSeparation)
        all["output_id"] = entry(found.outputID, intervals?.outputID)
        all["output_ood"] = entry(found.outputOOD, intervals?.outputOOD)
        return all
    }
}

extension Report.Discrepancy {
    init(_ estimate: DivergenceEstimate, excess: UncertainValue?, separation: UncertainValue? = nil, unit: InformationUnit) {
        self.init(
            jsd: unit.value(estimate.plugIn), nullMean: estimate.nullMean.map(unit.value),
            excess: estimate.excess.map(unit.value), standardError: excess?.standardError.map(unit.value),
            interval: excess?.ends(unit), pValue: estimate.pValue,
            mmd: estimate.meanDiscrepancy.value, mmdPValue: estimate.meanDiscrepancy.pValue, separation: separation?.value,
            separationInterval: separation?.ends)
    }
}

extension Report.BoundValue {
    init(_ bound: Bound, terms: Guarantee, interval: ClosedRange<Double>?, unit: InformationUnit) {
        self.init(
            value: unit.value(bound.value),
            guarantee: Bound.guarantee(of: bound.form, terms: terms).rawValue, scale: bound.form.scale.rawValue,
            terms: Dictionary(uniqueKeysWithValues: bound.terms.map { ($0.name, unit.value($0.value)) }),
            interval: interval.map(unit.ends))
    }
}

extension Report.SelectedBound {
    init(
        _ bound: Bound, terms: Guarantee, gap: Double, interval: ClosedRange<Double>?, slackInterval: ClosedRange<Double>?,
        entropyScale: Double?, settings: StudySettings, unit: InformationUnit
    ) {
        let value = Report.BoundValue(bound, terms: terms, interval: interval, unit: unit)
        let isComparable = settings.comparesGap(with: bound.form)
        self.init(
            form: bound.form.rawValue, value: value.value, interval: value.interval, guarantee: value.guarantee, scale: value.scale,
            terms: value.terms, slack: isComparable ? unit.value(bound.value - gap) : nil,
            slackInterval: isComparable ? slackInterval.map(unit.ends) : nil, holds: isComparable ? bound.holds(gap: gap) : nil,
            entropyScale: entropyScale.map(unit.value),
            entropySource: entropyScale.map { _ in settings.entropyScale.source(settings.effectiveLogProb?.rawValue) },
            assumptions: Self.assumptions(bound.form, settings))
    }

    /// What an estimated bound takes for granted; the page `ReadingTheBound` says more about each assumption.
    private static func assumptions(_ form: BoundForm, _ settings: StudySettings) -> [String] {
        var assumptions: [String] = []
        if !settings.comparesGap(with: form) {
            assumptions.append(
                "EMID is \(settings.scale.words), the bound is not: they have no size in common, and only their order over scenarios can be "
                    + "compared")
        }
        switch form {
        case .channel, .channelDivergence, .channelRange:
            return assumptions + [
                "responses and references are independent given the query: the model neither made the references nor saw them",
                "references given the query are drawn alike in both sets",
                form == .channel
                    ? "what a regression of the set on the query explains is what there is: it is a lower value in expectation"
                    : "the divergence of embeddings is that of the queries: what it does not see has no term",
            ]
        case .joint, .split, .correctedGeneral:
            assumptions.append("references given the query do not change: single references do not identify their entropy")
        case .correctedSimplified, .paper:
            assumptions.append("the modalities' conditionals are shared, which is nearly never so")
        case .scaleAdjusted:
            assumptions.append("none would make it a bound: it is a correlate of EMID")
        }
        guard form != .scaleAdjusted else { return assumptions }
        switch settings.entropyScale {
        case .kernel: assumptions.append("entropies of answers given the query are at most their kernel entropies")
        case .value(let value):
            assumptions.append("the entropies of reference and response given a query add up to at most \(value) nats, as given")
        case .alphabet(let count): assumptions.append("answers come from an alphabet of \(count)")
        case .draws(let count):
            assumptions.append(
                "responses to one query were drawn independently of each other from \(count) answers at most, and no query that is not in the "
                    + "data has a larger entropy")
            assumptions.append("references come from an alphabet of \(count)")
        case .logProbability(let count):
            switch settings.effectiveLogProb ?? .greedy {
            case .sampled:
                assumptions.append(
                    "responses were drawn at the temperature at which log_prob scores them, and no query that is not in the data has a "
                        + "larger entropy: the scale is then an upper value in expectation")
            case .greedy:
                assumptions.append(
                    "none would make it a bound: -log p of a greedy response is at most its entropy, so the scale is too small "
                        + "(--log-prob sampled for responses drawn as they were scored)")
            }
            assumptions.append(
                count.map { "references come from an alphabet of \($0)" }
                    ?? "entropies of references given the query are at most their kernel entropy: log_prob says nothing of references")
        }
        return assumptions
    }
}

extension Report.Warning {
    init(_ warning: RunWarning) {
        self.init(code: warning.code.rawValue, message: warning.message)
    }
}

extension UncertainValue {
    func ends(_ unit: InformationUnit) -> [Double]? {
        interval.map(unit.ends)
    }

    /// Lower and upper end of a value that is not information and has no unit.
    var ends: [Double]? { interval.map { [$0.lowerBound, $0.upperBound] } }
}

extension ShiftResult {
    /// The interval of a form of the bound; nil when it has none.
    fileprivate func interval(of form: BoundForm) -> ClosedRange<Double>? {
        form == .channel ? channel?.bound.interval : intervals?.bounds[form]
    }

    /// The interval of the selected form minus EMID; nil when it has none.
    fileprivate func slackInterval(of form: BoundForm) -> ClosedRange<Double>? {
        form == .channel ? channel?.slack.interval : intervals?.slack
    }
}

extension InformationUnit {
    /// Lower and upper end of a range given in nats, in this unit.
    func ends(_ range: ClosedRange<Double>) -> [Double] { [value(range.lowerBound), value(range.upperBound)] }
}
