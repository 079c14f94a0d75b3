import Information
import Statistics
import Studies

extension Report {
    /// The results of one estimator for one set of a study, which form a line of the journal.
    package struct EstimatorRun: Codable, Sendable, Equatable {
        /// The name of the estimator.
        package var estimator: String
        /// The scenario; nil for the ID set.
        package var scenario: String?
        /// EMI of the set.
        package var emi: EstimatorAgreement.Estimate?
        /// EMI(ID) minus `emi`.
        package var emid: EstimatorAgreement.Estimate?
        /// For the ID set, Spearman's correlation of the rows' contributions to EMI with those under the main estimator.
        package var rowsSpearman: Double?
        /// The reason why there are no numbers.
        package var error: Failure?

        /// A run without results.
        init(estimator: String) {
            self.estimator = estimator
        }

        /// A run for the ID set.
        package init(
            estimator: String, id: Result<UncertainValue, RunError>, rowsSpearman: Double? = nil, unit: InformationUnit
        ) {
            self.estimator = estimator
            self.rowsSpearman = rowsSpearman
            switch id {
            case .success(let value): emi = EstimatorAgreement.Estimate(value, unit)
            case .failure(let failure): error = Failure(code: failure.code, message: failure.message)
            }
        }

        /// A run for a scenario.
        package init(
            estimator: String, scenario: String, _ shift: Result<OtherEstimator.Shift, RunError>, unit: InformationUnit
        ) {
            (self.estimator, self.scenario) = (estimator, scenario)
            switch shift {
            case .success(let shift):
                emi = EstimatorAgreement.Estimate(shift.emi, unit)
                emid = EstimatorAgreement.Estimate(shift.emid, unit)
            case .failure(let failure): error = Failure(code: failure.code, message: failure.message)
            }
        }
    }

    /// How far estimators agree over the scenarios of a batch.
    public struct EstimatorRanks: Codable, Sendable, Equatable {
        /// The share of sets, including the ID set, whose EMI has the same sign under both estimators: the mean over pairs of estimators.
        public var emiSignAgreement: Double?
        /// The same for EMID over scenarios, which tells whether estimators agree on what was lost.
        public var emidSignAgreement: Double?
        /// The mean over pairs of estimators of Spearman's correlation of EMID across scenarios.
        public var spearmanMean: Double?
        /// The same for Kendall's tau-b.
        public var kendallMean: Double?
        /// All pairs of estimators.
        public var pairs: [Pair]

        /// Two estimators over the scenarios for which both have numbers. EMID ranks scenarios like EMI, in the opposite order.
        public struct Pair: Codable, Sendable, Equatable {
            public var first: String
            public var second: String
            /// The number of scenarios.
            public var count: Int
            /// The share of sets whose EMI has the same sign under both.
            public var emiSignAgreement: Double?
            /// The share of scenarios whose EMID has the same sign under both.
            public var emidSignAgreement: Double?
            /// Spearman's correlation of EMID across scenarios; absent for fewer than three, and if one side does not vary.
            public var spearman: Double?
            /// Kendall's tau-b of EMID across scenarios; absent in the same cases.
            public var kendall: Double?
        }
    }

    /// Adds the results of every estimator for every set: first those of the report itself, then those of `runs`.
    ///
    /// - Parameters:
    ///   - names: the estimators, in the order of the catalogue.
    ///   - isBatch: whether the report is about scenarios of a manifest, over which estimators are compared too.
    package mutating func addEstimators(_ runs: [EstimatorRun], names: [String], isBatch: Bool) {
        let found = Dictionary(grouping: runs, by: \.estimator)
        let entries = names.map { name -> EstimatorAgreement.Entry in
            let own = found[name] ?? []
            guard name != settings.estimator else {
                var entry = ownEntry
                entry.rowsSpearman = own.first { $0.scenario == nil }?.rowsSpearman
                return entry
            }
            let byScenario = Dictionary(own.compactMap { run in run.scenario.map { ($0, run) } }, uniquingKeysWith: { first, _ in first })
            let id = own.first { $0.scenario == nil }
            return EstimatorAgreement.Entry(
                name: name, id: id?.emi, rowsSpearman: id?.rowsSpearman, error: id?.error,
                scenarios: id?.error != nil
                    ? nil
                    : scenarios.map { scenario in
                        let run = byScenario[scenario.name]
                        return EstimatorAgreement.ScenarioEntry(name: scenario.name, emi: run?.emi, emid: run?.emid, error: run?.error)
                    })
        }
        let agreement = EstimatorAgreement(entries)
        guard isBatch else { return estimators = agreement.ofPair }
        estimators = agreement
        summary.estimators = EstimatorRanks(entries)
    }

    /// The estimates of the report itself, in the form of those of other estimators.
    private var ownEntry: EstimatorAgreement.Entry {
        EstimatorAgreement.Entry(
            name: settings.estimator, id: EstimatorAgreement.Estimate(value: id.emi.value, standardError: id.emi.standardError),
            scenarios: scenarios.map { scenario in
                EstimatorAgreement.ScenarioEntry(
                    name: scenario.name,
                    emi: scenario.emi.map { EstimatorAgreement.Estimate(value: $0.value, standardError: $0.standardError) },
                    emid: scenario.emid.map { EstimatorAgreement.Estimate(value: $0.value, standardError: $0.standardError) },
                    error: scenario.error)
            })
    }
}

extension Report.EstimatorRanks {
    /// Nil if fewer than two estimators have numbers.
    init?(_ entries: [Report.EstimatorAgreement.Entry]) {
        let usable = entries.filter { $0.scenarios?.contains { $0.emid != nil } ?? false }
        // Sums follow the order of the names, so that the order of a manifest does not change any digit.
        let sorted = usable.map { entry in (entry, (entry.scenarios ?? []).sorted { $0.name < $1.name }) }
        pairs = []
        for (index, (first, own)) in sorted.enumerated() {
            for (second, other) in sorted[(index + 1)...] { pairs.append(Pair(first, own, second, other)) }
        }
        guard !pairs.isEmpty else { return nil }
        func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
        emiSignAgreement = mean(pairs.compactMap(\.emiSignAgreement))
        emidSignAgreement = mean(pairs.compactMap(\.emidSignAgreement))
        spearmanMean = mean(pairs.compactMap(\.spearman))
        kendallMean = mean(pairs.compactMap(\.kendall))
    }
}

extension Report.EstimatorRanks.Pair {
    /// - Parameters:
    ///   - own: the scenarios of the first estimator, in the order of those of the second.
    ///   - other: the scenarios of the second estimator.
    fileprivate init(
        _ first: Report.EstimatorAgreement.Entry, _ own: [Report.EstimatorAgreement.ScenarioEntry],
        _ second: Report.EstimatorAgreement.Entry, _ other: [Report.EstimatorAgreement.ScenarioEntry]
    ) {
        typealias Values = [(Double, Double)]
        func both(_ value: (Report.EstimatorAgreement.ScenarioEntry) -> Double?) -> Values {
            zip(own, other).compactMap { left, right in value(left).flatMap { left in value(right).map { (left, $0) } } }
        }
        func agreement(_ values: Values) -> Double? {
            values.isEmpty ? nil : Double(values.count { $0.0.sign == $0.1.sign || $0.0 == $0.1 }) / Double(values.count)
        }
        let gaps = both { $0.emid?.value }
        let onID: Values = first.id.flatMap { left in second.id.map { [(left.value, $0.value)] } } ?? []
        self.init(
            first: first.name, second: second.name, count: gaps.count,
            emiSignAgreement: agreement(onID + both { $0.emi?.value }), emidSignAgreement: agreement(gaps),
            spearman: Correlation.spearman(gaps.map(\.0), gaps.map(\.1))?.coefficient,
            kendall: Correlation.kendall(gaps.map(\.0), gaps.map(\.1))?.coefficient)
    }
}

extension Report {
    /// A row for each estimator of a batch, which compares its EMID with that of the first.
    func batchEstimatorTable(_ agreement: EstimatorAgreement) -> TextTable {
        let first = agreement.estimators.first?.name
        return TextTable(
            header: [
                "estimator", "scenarios", "EMI, ID", "mean EMID", "EMI fell in", "signs as \(first ?? "-")", "Spearman", "Kendall",
            ],
            rows: agreement.estimators.map { entry in
                let gaps = (entry.scenarios ?? []).sorted { $0.name < $1.name }.compactMap(\.emid?.value)
                let pair = summary.estimators?.pairs.first { $0.first == first && $0.second == entry.name }
                return [
                    entry.name, "\(gaps.count)", Numbers.optional(entry.id?.value),
                    Numbers.optional(gaps.isEmpty ? nil : gaps.reduce(0, +) / Double(gaps.count)),
                    gaps.isEmpty ? "-" : "\(gaps.count { $0 > 0 })", pair?.emidSignAgreement.map(Numbers.percent) ?? "-",
                    Numbers.optional(pair?.spearman), Numbers.optional(pair?.kendall),
                ]
            })
    }

    /// How far estimators agree over a batch, and for how many sets some have no numbers.
    var batchEstimatorSentences: [String] {
        guard let agreement = estimators, agreement.isBatch else { return [] }
        var sentences: [String] = []
        if let ranks = summary.estimators {
            let signs = ranks.emidSignAgreement.map { "have one sign of EMID in \(Numbers.percent($0)) of scenarios" }
            let order = ranks.kendallMean.map {
                "order scenarios by it with Kendall's tau \(Numbers.decimal($0))"
                    + (ranks.spearmanMean.map { " and Spearman's correlation \(Numbers.decimal($0))" } ?? "")
            }
            let parts = [signs, order].compactMap { $0 }
            if !parts.isEmpty { sentences.append("Two estimators " + parts.joined(separator: ", and ") + " (means over all pairs).") }
        }
        return sentences
            + agreement.estimators.dropFirst().compactMap { entry in
                if let error = entry.error { return "\(entry.name): \(error.message)" }
                let failed = (entry.scenarios ?? []).compactMap(\.error)
                return failed.first.map {
                    "\(entry.name): no numbers for \(failed.count) \(failed.count == 1 ? "scenario" : "scenarios"): \($0.message)"
                }
            }
    }
}
