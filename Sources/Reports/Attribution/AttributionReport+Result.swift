import Attribution
import Studies

extension AttributionReport {
    /// The report of a run.
    package init(_ result: AttributionResult, settings: AttributionSettings, environment: Report.Environment?) {
        let (loaded, detection) = (result.pairs, result.detection)
        pairs = Pairs(
            name: loaded.name, rows: loaded.pairs.rowCount, left: Side(name: loaded.left.name, dims: loaded.left.dimension),
            right: Side(name: loaded.right.name, dims: loaded.right.dimension),
            sharedSpace: detection.fit.priorScales.contains { $0 > 0 }, groups: loaded.groups.map { Set($0).count },
            duplicates: Duplicates(left: result.duplicateLeftCount, right: result.duplicateRightCount))
        fit = Fit(
            rank: settings.rank, ridge: detection.ridge.finite,
            ridgeChoice: detection.ridgeTrials.map { RidgeTrial(ridge: $0.ridge.finite, pairAuroc: $0.pairAUROC) },
            priorScale: detection.fit.priorScales, loss: detection.fit.loss, gradientNorm: detection.fit.relativeGradient,
            newton: detection.fit.newtonSteps, cg: detection.fit.curvatureProducts, trainingRows: detection.fit.trainingRows)
        self.detection = Detection(
            pairAuroc: detection.statistics.pairAUROC, pairAurocCosine: detection.cosinePairAUROC,
            share: detection.statistics.share,
            shareInterval: detection.shareInterval.map { [$0.lowerBound, $0.upperBound] },
            confirmed: Confirmed(alpha: settings.alpha, count: detection.isConfirmed.count { $0 }),
            flagged: Flagged(threshold: settings.flagThreshold, count: detection.isFlagged.count { $0 }),
            decoys: detection.decoyCount, passes: detection.passCount, leftOut: detection.leftOutCount,
            histogram: Histogram(
                start: detection.histogram.start, width: detection.histogram.width, pairs: detection.histogram.pairs,
                decoys: detection.histogram.decoys))
        valuation = result.valuation.map { value, validation in
            Valuation(
                target: "mean contrastive loss of the validation pairs, nats a pair", validation: validation.name,
                validationRows: validation.pairs.rowCount, ridge: result.headRidge ?? 0, loss: value.loss,
                predictedChangeIfRemoved: value.predictedChange, measuredChangeIfRemoved: value.measuredChange,
                randomChange: value.randomChange, rowsRemoved: value.removedRows.count,
                harmful: value.influences.count { $0 < 0 }, cg: value.iterations)
        }
        trace = result.trace.map { Trace($0, pairs: loaded, detection: detection) }
        rows = detection.order.enumerated().map { position, row in
            Row(row, rank: position + 1, of: result)
        }
        notes = result.warnings.map { Note(code: $0.code.rawValue, text: $0.message) }
        self.settings = Settings(
            rank: settings.rank, ridge: settings.ridge.map { "\($0)" } ?? "auto", folds: settings.folds, alpha: settings.alpha,
            flagThreshold: settings.flagThreshold, remove: settings.remove, seed: settings.seed)
        self.environment = environment
    }

    /// The report as JSON, with at most `mostRows` rows.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func json() throws -> String {
        var copy = self
        copy.rows = Array(rows.prefix(Self.mostRows))
        return try jsonText(of: copy)
    }
}

extension AttributionReport.Row {
    fileprivate init(_ row: Int, rank: Int, of result: AttributionResult) {
        let (detection, loaded) = (result.detection, result.pairs)
        self.rank = rank
        id = loaded.names[row]
        group = loaded.groups?[row]
        score = detection.scores[row]
        p = detection.statistics.pValues[row]
        q = detection.statistics.qValues[row]
        unrelated = detection.statistics.unrelated[row]
        flagged = detection.isFlagged[row]
        confirmed = detection.isConfirmed[row]
        cosine = detection.cosine?[row]
        softmaxCosine = detection.softmaxCosine?[row]
        partner = detection.partners[row].map { loaded.names[$0.row] }
        partnerScore = detection.partners[row]?.score
        influence = result.valuation?.value.influences[row]
        relativeInfluence = result.valuation?.value.relative?[row]
        effect = influence.map(Self.effect)
        left = loaded.left.texts?[row]
        right = loaded.right.texts?[row]
    }

    /// The meaning of an influence's sign, in words.
    static func effect(_ influence: Double) -> String {
        influence < 0 ? "removing lowers the validation loss" : "removing raises the validation loss"
    }
}

extension AttributionReport.Trace {
    fileprivate init(_ trace: AttributionResult.Trace, pairs: LoadedPairs, detection: MisalignmentDetection) {
        queries = trace.queries.pairs.rowCount
        wrong = trace.wrongCount
        traced = trace.traces.map { found in
            AttributionReport.Answer(
                query: trace.queries.names[found.query], answer: trace.candidates[found.answer],
                right: trace.candidates[found.right], margin: found.margin,
                top: found.causes.map { cause in
                    AttributionReport.Cause(
                        id: pairs.names[cause.row], influence: cause.influence,
                        unrelated: detection.statistics.unrelated[cause.row])
                },
                predictedMarginChange: found.predictedChange, measuredMarginChange: found.measuredChange,
                answerAfter: trace.candidates[found.answerAfter], corrected: found.isCorrected)
        }
        correctedShare = traced.isEmpty ? nil : Double(traced.count { $0.corrected }) / Double(traced.count)
    }
}

extension Double {
    /// The number; nil if it is not finite.
    fileprivate var finite: Double? { isFinite ? self : nil }
}
