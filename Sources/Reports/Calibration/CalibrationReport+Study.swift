import Calibration
import EmbeddingFiles
import Statistics
import Studies

extension CalibrationReport {
    /// The report of a study.
    package init(_ study: CalibrationStudy, environment: Report.Environment? = nil) {
        self.environment = environment
        let (settings, reference) = (study.settings, study.reference)
        self.settings = Settings(
            bins: settings.binCount, rule: "left_closed", confidence: settings.confidence,
            confidenceSource: reference.set.confidenceSource, scores: reference.set.table.scoreKind?.rawValue,
            draws: settings.draws, seed: settings.seed, compat: settings.followsPaper ? "paper" : nil,
            appliedTemperature: settings.appliedTemperature)
        id = Set(reference, confidence: settings.confidence)
        id.temperature?.reference = settings.appliedTemperature
        id.temperature?.atReference = study.referenceAtApplied.map { Short($0, withBins: true) }
        scenarios = study.scenarios.map { scenario in
            switch scenario.result {
            case .failure(let error):
                return Set(
                    name: scenario.source.name, kind: scenario.source.kind, status: "failed",
                    error: Report.Failure(code: error.code, message: error.message))
            case .success(let shifted):
                var set = Set(shifted.analysis, confidence: settings.confidence)
                set.kind = scenario.source.kind
                set.change = Change(shifted.comparison)
                set.temperature?.reference = study.referenceTemperature
                set.temperature?.atReference = shifted.comparison.atReference.map { Short($0, withBins: true) }
                set.temperature?.lnRatio = shifted.comparison.transfer?.logRatio.map { Value($0, q: nil) }
                set.temperature?.regret = shifted.comparison.transfer?.regret.map { Value($0) }
                return set
            }
        }
        let analyses = [reference] + study.scenarios.compactMap { try? $0.result.get().analysis }
        notes = analyses.flatMap(\.notes).map { Note(code: $0.code.rawValue, text: $0.message.withoutControls) }
        summary = Summary(scenarios)
    }
}

extension CalibrationSet {
    /// The source of the confidences, as an identifier for reports.
    fileprivate var confidenceSource: String {
        if usesTokenProbability { return "token_probability" }
        switch table.layout {
        case .statedConfidence: return "stated"
        case .sampledAnswers: return "share_of_answers"
        case .rows, .evaluationSamples, .chatLogProbabilities, .vlmEvalKit: return table.scoreKind == nil ? "column" : "options"
        }
    }
}

extension CalibrationReport.Summary {
    fileprivate init(_ scenarios: [CalibrationReport.Set]) {
        let gaps = scenarios.compactMap(\.change?.gap)
        func isResolved(_ value: CalibrationReport.Value) -> Bool { (value.qValue ?? 1) <= 0.05 }
        scenarioCount = scenarios.count
        failedCount = scenarios.count { $0.status != "ok" }
        moreOverconfident = gaps.count { isResolved($0) && $0.value > 0 }
        lessOverconfident = gaps.count { isResolved($0) && $0.value < 0 }
        unresolved = gaps.count { !isResolved($0) }
        smallestGapChange = median(gaps.compactMap(\.smallest))
        let ratios = scenarios.compactMap(\.temperature?.lnRatio)
        temperatureRefuted = ratios.isEmpty ? nil : ratios.count { ($0.pValue ?? 1) <= 0.05 }
    }
}

extension CalibrationReport.Set {
    fileprivate init(_ analysis: CalibrationAnalysis, confidence level: Double) {
        let set = analysis.set
        name = set.source.name
        kind = set.source.kind
        status = "ok"
        rows = .init(set)
        accuracyOfAll = analysis.accuracyOfAll.map { .init($0) }
        idk = analysis.abstention.map { .init($0) }
        guard let summary = analysis.summary else { return }
        groups = summary.groupCount
        accuracy = .init(summary.accuracy)
        confidence = .init(summary.confidence)
        gap = .init(summary.gap)
        ece = .init(summary.byWidth, bins: summary.bins)
        eceMass = .init(summary.byMass)
        eceDistinct = summary.byValue.map { .init($0) }
        if let squared = summary.byWidth.squared {
            let reach = StudentReach(degreesOfFreedom: Double(summary.groupCount - 1), confidence: level)
            let value = UncertainValue(value: squared, standardError: summary.byWidth.squaredStandardError, reach: reach)
            ce2 = .init(
                value: squared, standardError: value.standardError, interval: value.interval.map { [$0.lowerBound, $0.upperBound] },
                rowsWithoutPair: summary.byWidth.rowsWithoutPair)
        }
        smece = summary.smoothed
        let score = CalibrationReport.Value(summary.brier.score)
        brier = .init(
            value: score.value, standardError: score.standardError, interval: score.interval,
            miscalibration: summary.brier.miscalibration, discrimination: summary.brier.discrimination,
            uncertainty: summary.brier.uncertainty)
        logLoss = summary.logLoss.value.map { .init($0) }
        logLossClipped = .init(summary.logLoss.clipped)
        certainAndWrong = summary.logLoss.certainAndWrong
        auroc = summary.areaUnderCurve.map { .init($0) }
        selective = .init(summary.selective)
        let kernel = summary.kernel
        tests = .init(
            spiegelhalter: summary.spiegelhalter.map { .init(z: $0.z, pValue: $0.pValue) },
            skce: kernel.value.map { .init(value: $0, pValue: kernel.pValue, isExact: kernel.pValue == nil ? nil : kernel.isExact) })
        options = analysis.options.map {
            .init(
                nll: .init($0.negativeLogLikelihood), brier: .init($0.brier), entropy: .init($0.entropy), ties: $0.tieCount,
                impossible: $0.impossibleCount)
        }
        temperature = analysis.temperature.map {
            .init(
                value: $0.temperature, lnStandardError: $0.logStandardError,
                interval: $0.interval.map { [$0.lowerBound, $0.upperBound] }, limit: $0.limit?.rawValue)
        }
        platt = analysis.platt.map { .init(slope: $0.slope, intercept: $0.intercept) }
        recalibration = analysis.afterOwn == nil ? nil : analysis.recalibration
        recalibrated = analysis.afterOwn.map { .init($0, withBins: true) }
        isotonic = analysis.afterIsotonic.map { .init($0) }
        tokenProbability = analysis.byToken.map { .init($0) }
    }
}

extension CalibrationReport.Rows {
    fileprivate init(_ set: CalibrationSet) {
        let counts = set.table.stateCounts
        func count(_ states: RowState...) -> Int { states.reduce(0) { $0 + (counts[$1] ?? 0) } }
        var excluded: [String: Int] = [:]
        for (state, count) in counts where state != .used { excluded[state.code, default: 0] += count }
        self.init(
            read: set.table.count, used: set.used.count, abstained: count(.abstained),
            noConfidence: count(.noConfidence, .statedOutOfRange), unparsed: count(.unparsed, .noAnswer), failed: count(.failedRequest),
            excluded: excluded)
    }
}

extension CalibrationReport.Value {
    init(_ value: UncertainValue) {
        self.init(
            value: value.value, standardError: value.standardError,
            interval: value.interval.map { [$0.lowerBound, $0.upperBound] })
    }

    init(_ change: Calibration.Change, q: Double?) {
        self.init(change.value)
        (pValue, qValue, smallest) = (change.pValue, q, change.value.detectableSize)
    }
}

extension CalibrationReport.BinnedError {
    fileprivate init(_ error: Calibration.BinnedError, bins: [ReliabilityBin]? = nil) {
        self.init(
            value: error.ece, over: error.over, under: error.under, chance: error.chance, excess: error.excess,
            standardError: error.standardError, interval: error.interval.map { [$0.lowerBound, $0.upperBound] },
            largestGap: error.largestGap, binCount: error.binCount, bins: bins.map { $0.map { .init($0) } })
    }
}

extension CalibrationReport.Bin {
    fileprivate init(_ bin: ReliabilityBin) {
        self.init(
            low: bin.low, high: bin.high, n: bin.count, confidence: bin.confidence, accuracy: bin.accuracy,
            interval: [bin.interval.lowerBound, bin.interval.upperBound], band: [bin.band.lowerBound, bin.band.upperBound])
    }
}

extension CalibrationReport.Short {
    init(_ summary: CalibrationSummary, withBins: Bool = false) {
        self.init(
            confidence: summary.confidence.value, gap: .init(summary.gap), ece: summary.byWidth.ece,
            chance: summary.byWidth.chance, excess: summary.byWidth.excess, smece: summary.smoothed,
            brier: summary.brier.score.value, auroc: summary.areaUnderCurve?.value,
            bins: withBins ? summary.bins.map { .init($0) } : nil)
    }
}

extension CalibrationReport.Selective {
    fileprivate init(_ selective: SelectivePrediction) {
        func keyed(_ letter: String, _ shares: [Double], _ value: (Double) -> Double) -> [String: Double] {
            Dictionary(
                uniqueKeysWithValues: shares.map { share in
                    let percent = Int((100 * share).rounded())
                    return ("\(letter)\(percent < 10 ? "0" : "")\(percent)", value(share))
                })
        }
        self.init(
            aurc: selective.aurc, oracle: selective.oracle, random: selective.random, eaurc: selective.excess,
            augrc: selective.augrc, naurc: selective.normalised,
            coverageAtRisk: keyed("r", [0.01, 0.05, 0.1, 0.2]) { selective.coverage(atRisk: $0) },
            accuracyAtCoverage: keyed("c", [0.5, 0.8, 0.9]) { selective.accuracy(atCoverage: $0) },
            curve: selective.curve.map { .init(coverage: $0.coverage, risk: $0.risk, oracle: $0.oracle) })
    }
}

extension CalibrationReport.Change {
    fileprivate init(_ comparison: CalibrationStudy.Comparison) {
        func value(_ measure: String) -> CalibrationReport.Value? {
            comparison.changes[measure].map { .init($0, q: comparison.qValues[measure]) }
        }
        self.init(
            pairedRows: comparison.pairedCount > 0 ? comparison.pairedCount : nil, accuracy: value("accuracy"),
            confidence: value("confidence"), gap: value("gap"), brier: value("brier"), nll: value("nll"), ece: value("ece"))
    }
}

extension CalibrationReport.Abstention {
    fileprivate init(_ found: AbstentionSummary) {
        func value(_ estimate: UncertainValue?) -> CalibrationReport.Value? { estimate.map { .init($0) } }
        self.init(
            n: found.count, answerable: found.answerableCount, unanswerable: found.count - found.answerableCount,
            abstained: found.abstainedCount, abstentionRecall: value(found.recall), overAbstention: value(found.overAbstention),
            abstentionPrecision: value(found.precision), abstentionF1: found.f1,
            accuracyAnswerable: value(found.accuracyOfAnswerable), accuracyAttempted: value(found.accuracyOfAttempted),
            truthful: .init(found.truthful),
            effectiveReliability: Dictionary(
                uniqueKeysWithValues: found.effectiveReliability.map { ("cost\(Int($0.cost))", .init($0.value)) }),
            auroc: value(found.areaUnderCurve), confidenceOnUnanswerable: value(found.confidenceOnUnanswerable),
            dualAccuracy: value(found.dualAccuracy))
    }
}

extension CalibrationReport.Modalities {
    /// The report of a comparison of modalities over `rows` items.
    package init(_ found: ModalityComparison, rows: Int) {
        func each(_ values: ModalityComparison.Each) -> Each {
            Each(text: .init(values.text), image: .init(values.image), both: .init(values.both))
        }
        self.init(
            rows: rows, entropy: each(found.entropy), nll: each(found.negativeLogLikelihood),
            imageMinusText: .init(found.imageMinusText), integrationGain: .init(found.integrationGain),
            nllGain: .init(found.likelihoodGain), jsdTextBoth: .init(found.textAndBoth), jsdImageBoth: .init(found.imageAndBoth),
            jsdTextImage: .init(found.textAndImage), relianceOnText: found.relianceOnText.map { .init($0) },
            pooledNll: .init(found.pooledNegativeLogLikelihood), synergy: .init(found.synergy))
    }
}
