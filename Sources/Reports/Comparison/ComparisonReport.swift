import Information
import Statistics
import Studies

/// Compares two reports on the same scenarios: two models, or one model before and after a change. Differences are B minus A.
package struct ComparisonReport: Codable, Sendable, Equatable {
    /// The names of the two reports.
    package var a: String
    package var b: String
    /// `nats` or `bits`.
    package var units: String
    /// The confidence level of intervals, between 0 and 1.
    package var confidence: Double
    /// EMI of the ID sets.
    package var id: Pair
    /// The measures across scenarios: `emi` of the OOD sets, `emid`, `score`, `response_similarity`, `excess` (joint), `bound`, and
    /// `overconfidence` and `ece_excess` of calibration reports. A measure is absent if no scenario has it in both reports.
    package var measures: [String: Measure]
    /// How rows were compared with rows, if they were.
    package var pairing: Pairing
    /// The scenarios with results in both reports, the largest differences of EMID first.
    package var scenarios: [Scenario]
    /// The scenarios that only one report has.
    package var onlyInA: [String]
    package var onlyInB: [String]
    /// The scenarios that both reports have but that lack results in one of them.
    package var failed: [String]
    /// What the reader should know.
    package var notes: [String]
    /// The estimators of A and of B, if they differ: their EMI is on two scales, so that neither report can be called more robust.
    package var estimators: [String]?
    /// The files of the two reports, if they are known.
    package var provenance: Report.Provenance?
    /// When and by which command the page was made; absent elsewhere.
    package var origin: String?

    /// One scenario.
    package struct Scenario: Codable, Sendable, Equatable {
        package var name: String
        package var kind: String?
        package var emi: Pair?
        package var emid: Pair?
        package var score: Pair?
        package var responseSimilarity: Pair?
        package var excess: Pair?
        package var bound: Pair?
        /// Mean confidence less accuracy.
        package var overconfidence: Pair?
        /// ECE less what chance makes of it.
        package var eceExcess: Pair?
    }

    /// One value in both reports.
    package struct Pair: Codable, Sendable, Equatable {
        /// The values in A and in B.
        package var a: Double
        package var b: Double
        /// The lower and upper ends, as the reports give them.
        package var aInterval: [Double]?
        package var bInterval: [Double]?
        /// B minus A.
        package var difference: RunDifference
    }

    /// One measure across scenarios.
    package struct Measure: Codable, Sendable, Equatable {
        /// The number of scenarios with the value in both reports.
        package var count: Int
        /// The means over these scenarios.
        package var meanA: Double
        package var meanB: Double
        package var meanDifference: Double
        /// Whether the error comes from comparing rows with rows, over all scenarios at once.
        package var isPaired: Bool?
        /// The p-value after Holm's correction over the comparisons of several models with the first; absent for a single comparison.
        package var holmPValue: Double?
        /// The standard error of the mean difference. If rows were compared, it is that of the mean over rows. Otherwise it is the mean of
        /// the scenarios' standard errors: scenarios share the ID set and often the items, and the error of a mean is at most this under
        /// any dependence. Absent if a scenario has none.
        package var standardError: Double?
        /// Student's interval, with the smallest number of groups minus one as degrees of freedom.
        package var interval: [Double]?
        /// The two-sided p-value of "no difference", from the same error.
        package var pValue: Double?
        /// Why there is no error: the queries of all scenarios are the same in both reports.
        package var reason: String?
        /// The median of the scenarios' differences.
        package var medianDifference: Double
        /// The number of scenarios in which B is higher.
        package var higherInB: Int
        /// The number of scenarios in which B is lower.
        package var lowerInB: Int
        /// The p-value of the exact sign test; absent if nothing differs. It treats scenarios as independent. For two models with the same
        /// distribution, measured on the same items in 12 scenarios, this test and Wilcoxon's reject in 45 % of cases at a level of 5 %.
        package var signTestPValue: Double?
        /// The p-value of Wilcoxon's signed rank test, and whether it counts all signs; absent if nothing differs.
        package var wilcoxonPValue: Double?
        package var wilcoxonIsExact: Bool?
    }

    /// The measures in the order in which tables list them.
    static let measureNames = ["emi", "emid", "score", "response_similarity", "excess", "bound", "overconfidence", "ece_excess"]

    /// Compares two reports as independent runs.
    ///
    /// - Throws: `RunError` if the units differ, or if no scenario has results in both.
    package init(_ a: Report, name nameA: String, _ b: Report, name nameB: String) throws {
        try self.init(ComparedRun(a, name: nameA), ComparedRun(b, name: nameB))
    }

    /// Compares two runs, row by row if both have the rows of the same items under one q.
    ///
    /// - Throws: `RunError` if the units differ, or if no scenario has results in both.
    package init(_ a: ComparedRun, _ b: ComparedRun) throws {
        guard a.units == b.units else {
            throw RunError(
                code: "comparison_units",
                message: "\(b.name): expected values in \(a.units), as in \(a.name), found \(b.units)".withoutControls,
                hint: "run both with the same --units")
        }
        measures = [:]
        (self.a, self.b, units, confidence) = (a.name, b.name, a.units, a.confidence)
        let matched = MatchedScenarios(a.scenarios, b.scenarios)
        (onlyInA, onlyInB) = (matched.onlyInA, matched.onlyInB)
        failed = matched.pairs.filter { !$0.isMeasured || !$1.isMeasured }.map(\.0.name)
        let runs = PairedRuns(a, b)
        let differences = ScenarioDifferences(a, b, runs, hasSameBound: a.settings?.boundName == b.settings?.boundName)
        id = differences.id
        let measured = matched.pairs.filter { $0.isMeasured && $1.isMeasured }.map { one, two in
            (one, two, PairedSet(one, two))
        }
        pairing = runs.pairing(measured.map(\.2))
        let found = measured.map { differences.scenario($0, $1, $2) }
        scenarios = found.map(\.scenario)
        // Each measure is its own family of tests.
        for path in [\Scenario.emi, \.emid, \.score, \.responseSimilarity, \.excess, \.overconfidence, \.eceExcess] {
            scenarios.addQValues(to: path)
        }
        guard !scenarios.isEmpty else {
            throw RunError(
                code: "nothing_to_compare",
                message: "\(b.name): expected a scenario with numbers that \(a.name) has too, found none".withoutControls,
                hint: "scenarios are paired by their names")
        }
        // Names order equal differences, so that the order is the same every time.
        scenarios.sort { (-abs($0.emid?.difference.value ?? 0), $0.name) < (-abs($1.emid?.difference.value ?? 0), $1.name) }
        notes = a.notes + b.notes
        if let own = a.settings, let other = b.settings {
            notes += other.differences(from: own).map { "the reports were not made alike: in B \($0)" }
        }
        if let own = a.settings?.estimator, let other = b.settings?.estimator, own != other { estimators = [own, other] }
        notes += [differentFits(a.id.fit, b.id.fit)].compactMap { $0 }
        let counts = matched.pairs.flatMap { [$0.groupCount, $1.groupCount] } + [a.id.groupCount, b.id.groupCount]
        for name in Self.measureNames {
            measures[name] = Measure(
                scenarios.compactMap { $0[name] }, paired: found.compactMap { $0.paired[name] },
                groupCount: counts.compactMap { $0 }.min() ?? 2, confidence: confidence)
        }
    }
}

extension ComparisonReport.Scenario {
    subscript(_ measure: String) -> ComparisonReport.Pair? {
        switch measure {
        case "emi": emi
        case "emid": emid
        case "score": score
        case "response_similarity": responseSimilarity
        case "excess": excess
        case "bound": bound
        case "overconfidence": overconfidence
        case "ece_excess": eceExcess
        default: nil
        }
    }
}

extension [ComparisonReport.Scenario] {
    fileprivate mutating func addQValues(to path: WritableKeyPath<ComparisonReport.Scenario, ComparisonReport.Pair?>) {
        let tested = indices.filter { self[$0][keyPath: path]?.difference.pValue != nil }
        let qValues = benjaminiHochbergQValues(tested.compactMap { self[$0][keyPath: path]?.difference.pValue })
        for (index, qValue) in zip(tested, qValues) { self[index][keyPath: path]?.difference.qValue = qValue }
    }
}

extension ComparisonReport.Measure {
    /// - Parameter paired: the differences that were measured row by row.
    init?(_ pairs: [ComparisonReport.Pair], paired: [PairedDifference], groupCount: Int, confidence: Double) {
        // Sorting makes the sums independent of the order of scenarios.
        let differences = pairs.map(\.difference.value).sorted()
        guard let middle = median(differences) else { return nil }
        let n = Double(pairs.count)
        count = pairs.count
        meanA = pairs.map(\.a).sorted().reduce(0, +) / n
        meanB = pairs.map(\.b).sorted().reduce(0, +) / n
        meanDifference = differences.reduce(0, +) / n
        let known = pairs.filter { $0.difference.reason != nil }
        // A difference that is known to be 0 has no error.
        let errors =
            pairs.compactMap(\.difference.standardError).sorted() + known.filter { $0.difference.value == 0 }.map { _ in 0 }
        if known.count == pairs.count {
            reason = RunDifference.reasonOfSameQueries(isZero: known.allSatisfy { $0.difference.value == 0 })
        } else if paired.count == pairs.count,
            let mean = PairedDifference(meanOf: paired, intervals: IntervalMethod(confidence: confidence))
        {
            isPaired = true
            let found = RunDifference(mean, independentErrors: (nil, nil))
            (standardError, interval, pValue) = (found.standardError, found.interval, found.pValue)
        } else if errors.count == pairs.count {
            let mean = RunDifference(
                value: meanDifference, standardError: errors.reduce(0, +) / n, groupCount: groupCount, confidence: confidence)
            (standardError, interval, pValue) = (mean.standardError, mean.interval, mean.pValue)
        }
        medianDifference = middle
        higherInB = differences.count { $0 > 0 }
        lowerInB = differences.count { $0 < 0 }
        signTestPValue = SignComparison(differences)?.pValue
        let ranks = WilcoxonSignedRank(differences)
        wilcoxonPValue = ranks?.pValue
        wilcoxonIsExact = ranks?.isExact
    }
}
