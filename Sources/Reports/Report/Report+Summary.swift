import Information
import Statistics
import Studies

extension Report {
    /// What the scenarios show together. Everything except the counts needs at least three scenarios with results.
    public struct Summary: Codable, Sendable, Equatable {
        /// The number of scenarios.
        public var scenarioCount: Int
        /// The number of scenarios without results.
        public var failedCount: Int
        /// EMID against the selected bound.
        public var emidVsBound: Correlations?
        /// EMID against every form of the bound, by form.
        public var emidVsBounds: [String: Correlations]?
        /// EMI against the external score; the ID set is one of the points.
        public var emiVsScore: Correlations?
        /// The mean cosine of response and reference against the external score: what EMI has to beat.
        public var responseSimilarityVsScore: Correlations?
        /// The mean whitened cosine against the external score, over the same points.
        public var whitenedSimilarityVsScore: Correlations?
        /// The same against every score that has a name, by name.
        public var scores: [String: NamedScore]?
        /// Means over the scenarios of each kind, sorted by the name of the kind; absent when no scenario has a kind.
        public var byKind: [Kind]?
        /// The median of bound over EMID, over the scenarios whose EMID is resolved above 0.
        public var tightnessMedian: Double?
        /// The families within which q-values were computed.
        public var qValueFamilies: [Family]?
        /// How far the estimators agree, if all of them were run.
        public var estimators: EstimatorRanks?
    }

    /// How closely EMI and the cosine follow one of several external scores.
    public struct NamedScore: Codable, Sendable, Equatable {
        /// EMI against the score, the ID set among the points.
        public var emiVsScore: Correlations?
        /// The mean cosine of response and reference against the score.
        public var responseSimilarityVsScore: Correlations?
    }

    /// Three correlations of the same points.
    public struct Correlations: Codable, Sendable, Equatable {
        /// The number of points.
        public var count: Int
        /// Pearson's, with its two-sided p-value and a bootstrap interval over points.
        public var pearson: Double
        public var pearsonPValue: Double
        public var pearsonInterval: [Double]?
        /// Spearman's, with its two-sided p-value and a bootstrap interval over points.
        public var spearman: Double
        public var spearmanPValue: Double
        public var spearmanInterval: [Double]?
        /// Kendall's tau-b, with its two-sided p-value and a bootstrap interval over points.
        public var kendall: Double
        public var kendallPValue: Double
        public var kendallInterval: [Double]?
    }

    /// The scenarios of one kind.
    public struct Kind: Codable, Sendable, Equatable {
        /// The word that the manifest gives.
        public var kind: String
        /// The number of its scenarios with results.
        public var count: Int
        /// The number of its scenarios without results.
        public var failedCount: Int
        /// The number of its scenarios whose EMID is resolved (`Resolution`); absent without relabellings.
        public var resolvedCount: Int?
        public var emiMean: Double?
        public var emidMean: Double?
        public var boundMean: Double?
        public var scoreMean: Double?
        /// The median of bound over EMID, over the scenarios whose EMID is resolved above 0.
        public var tightnessMedian: Double?
    }
}

extension Report.Correlations {
    init(_ summary: CorrelationSummary) {
        func ends(_ entry: CorrelationSummary.Entry) -> [Double]? {
            entry.interval.map { [$0.lowerBound, $0.upperBound] }
        }
        self.init(
            count: summary.count, pearson: summary.pearson.estimate.coefficient,
            pearsonPValue: summary.pearson.estimate.pValue, pearsonInterval: ends(summary.pearson),
            spearman: summary.spearman.estimate.coefficient, spearmanPValue: summary.spearman.estimate.pValue,
            spearmanInterval: ends(summary.spearman), kendall: summary.kendall.estimate.coefficient,
            kendallPValue: summary.kendall.estimate.pValue, kendallInterval: ends(summary.kendall))
    }
}

extension Report.Summary {
    /// Summarises scenarios whose q-values are already assigned, within `families`.
    init(
        id: Report.SampleSet, scenarios: [Report.Scenario], settings: StudySettings, families: [Report.Family]?, threadCount: Int
    ) {
        // Sums follow the order of the names, so that the order of the manifest does not change any digit.
        let sorted = scenarios.sorted { $0.name < $1.name }
        let fine = sorted.filter { $0.status == "ok" }
        func againstScore(
            _ onID: Double?, _ value: (Report.Scenario) -> Double?
        ) -> (x: [Double], y: [Double]) {
            var points: (x: [Double], y: [Double]) = ([], [])
            func add(_ value: Double?, _ score: Double?) {
                guard let value, let score else { return }
                points.x.append(value)
                points.y.append(score)
            }
            add(onID, id.score)
            for scenario in fine { add(value(scenario), scenario.score) }
            return points
        }
        func againstBound(_ form: String) -> (x: [Double], y: [Double]) {
            let found = fine.filter { $0.emid != nil && $0.bounds?[form] != nil }
            return (found.compactMap { $0.bounds?[form]?.value }, found.compactMap { $0.emid?.value })
        }
        let forms = Set(fine.flatMap { $0.bounds.map { Array($0.keys) } ?? [] }).sorted()
        let points =
            [
                againstScore(id.emi.value) { $0.emi?.value }, againstScore(id.responseSimilarity) { $0.responseSimilarity },
                againstScore(id.whitenedSimilarity) { $0.whitenedSimilarity },
            ] + forms.map(againstBound)
        let found = CorrelationSummary.each(
            points, confidence: settings.confidence, seed: settings.seed, threadCount: threadCount
        ).map { $0.map(Report.Correlations.init) }
        let byForm = Dictionary(
            uniqueKeysWithValues: zip(forms, found.dropFirst(3)).compactMap { form, value in value.map { (form, $0) } })
        self.init(
            scenarioCount: scenarios.count, failedCount: scenarios.count - fine.count,
            emidVsBound: byForm[settings.boundName], emidVsBounds: byForm.isEmpty ? nil : byForm, emiVsScore: found[0],
            responseSimilarityVsScore: found[1], whitenedSimilarityVsScore: found[2], byKind: Self.kinds(sorted),
            tightnessMedian: Self.tightnessMedian(fine), qValueFamilies: families)
    }

    /// Correlations with every named score; nil when there are none.
    ///
    /// - Parameter scenarios: those with results, sorted by name.
    static func namedScores(
        id: Report.SampleSet, scenarios: [Report.Scenario], settings: StudySettings, threadCount: Int
    ) -> [String: Report.NamedScore]? {
        var names = Set<String>()
        if let scores = id.scores { names.formUnion(scores.keys) }
        for scenario in scenarios {
            if let scores = scenario.scores { names.formUnion(scores.keys) }
        }
        var found: [String: Report.NamedScore] = [:]
        for name in names.sorted() {
            var emi: (x: [Double], y: [Double]) = ([], [])
            var similarity: (x: [Double], y: [Double]) = ([], [])
            func add(_ scores: [String: Double]?, _ value: Double?, _ cosine: Double?) {
                guard let score = scores?[name] else { return }
                if let value {
                    emi.x.append(value)
                    emi.y.append(score)
                }
                if let cosine {
                    similarity.x.append(cosine)
                    similarity.y.append(score)
                }
            }
            add(id.scores, id.emi.value, id.responseSimilarity)
            for scenario in scenarios { add(scenario.scores, scenario.emi?.value, scenario.responseSimilarity) }
            let summaries = CorrelationSummary.each(
                [emi, similarity], confidence: settings.confidence, seed: settings.seed, threadCount: threadCount)
            var entry = Report.NamedScore()
            if let first = summaries[0] { entry.emiVsScore = Report.Correlations(first) }
            if let second = summaries[1] { entry.responseSimilarityVsScore = Report.Correlations(second) }
            if entry != Report.NamedScore() { found[name] = entry }
        }
        return found.isEmpty ? nil : found
    }

    private static func kinds(_ scenarios: [Report.Scenario]) -> [Report.Kind]? {
        let names = Set(scenarios.compactMap(\.kind)).sorted()
        guard !names.isEmpty else { return nil }
        return names.map { name in
            let all = scenarios.filter { $0.kind == name }
            let fine = all.filter { $0.status == "ok" }
            func mean(_ value: (Report.Scenario) -> Double?) -> Double? {
                let values = fine.compactMap(value)
                return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
            }
            return Report.Kind(
                kind: name, count: fine.count, failedCount: all.count - fine.count,
                resolvedCount: fine.contains { $0.emid?.qValue != nil }
                    ? fine.count { [.above, .below].contains($0.resolution) } : nil,
                emiMean: mean { $0.emi?.value },
                emidMean: mean { $0.emid?.value }, boundMean: mean { $0.bound?.value }, scoreMean: mean(\.score),
                tightnessMedian: tightnessMedian(fine))
        }
    }
}
