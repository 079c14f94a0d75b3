import Information
import Statistics
import Studies

/// Two reports over the same scenarios: two models, or one before and after a change. Differences are B less A.
package struct ComparisonReport: Encodable, Sendable, Equatable {
    /// What to call the two reports.
    package var a: String
    package var b: String
    package var units: String
    package var confidence: Double
    /// The ID sets' EMI.
    package var id: Pair
    /// Across scenarios, by measure: `emi` of the OOD sets, `emid`, `excess` (joint) and `bound`; absent where no scenario has it twice.
    package var measures: [String: Measure]
    /// Whether rows were compared with rows.
    package var pairing: Pairing
    /// Those that have numbers in both, the largest differences of EMID first.
    package var scenarios: [Scenario]
    /// Scenarios of one report only.
    package var onlyInA: [String]
    package var onlyInB: [String]
    /// Scenarios that both have and that one has no numbers for.
    package var failed: [String]
    /// What a reader should know.
    package var notes: [String]
    /// The files of the two reports, where they are known.
    package var provenance: Report.Provenance?
    /// When and by which command the page was made; absent elsewhere.
    package var origin: String?

    /// One scenario.
    package struct Scenario: Encodable, Sendable, Equatable {
        package var name: String
        package var kind: String?
        package var emi: Pair?
        package var emid: Pair?
        package var score: Pair?
        package var responseSimilarity: Pair?
        package var excess: Pair?
        package var bound: Pair?
    }

    /// One value in both reports.
    package struct Pair: Encodable, Sendable, Equatable {
        package var a: Double
        package var b: Double
        /// Lower and upper end, as the reports have them.
        package var aInterval: [Double]?
        package var bInterval: [Double]?
        package var difference: RunDifference
    }

    /// One measure across scenarios.
    package struct Measure: Encodable, Sendable, Equatable {
        /// Scenarios with the value in both reports.
        package var count: Int
        package var meanA: Double
        package var meanB: Double
        package var meanDifference: Double
        /// Whether the error is that of rows against rows, over all scenarios at once.
        package var isPaired: Bool?
        /// Of p among the comparisons of several models with the first (Holm); absent for one comparison.
        package var holmPValue: Double?
        /// Row by row: of the mean. Else the mean of the scenarios' standard errors: under any dependence the error of a mean is at most that, and scenarios share
        /// the ID set and often the items. Absent where a scenario has none.
        package var standardError: Double?
        /// Student's, with the fewest groups less one as degrees of freedom.
        package var interval: [Double]?
        /// Of "no difference", two-sided, from the same error.
        package var pValue: Double?
        package var medianDifference: Double
        /// Scenarios in which B is higher.
        package var higherInB: Int
        /// Scenarios in which B is lower.
        package var lowerInB: Int
        /// The exact sign test; absent where nothing differs. It takes scenarios as independent: of two models of one law, measured on
        /// the same items in 12 scenarios, it and Wilcoxon's tell apart 45 %, at a level of 5 %.
        package var signTestPValue: Double?
        /// Wilcoxon's signed rank test, and whether it counts all signs; absent where nothing differs.
        package var wilcoxonPValue: Double?
        package var wilcoxonIsExact: Bool?
    }

    /// The measures in the order of reading.
    static let measureNames = ["emi", "emid", "score", "response_similarity", "excess", "bound"]

    /// A comparison of two reports, as independent runs.
    ///
    /// - Throws: `RunError` where units differ, or no scenario has numbers in both.
    package init(_ a: Report, name nameA: String, _ b: Report, name nameB: String) throws {
        try self.init(ComparedRun(a, name: nameA), ComparedRun(b, name: nameB))
    }

    /// A comparison of two runs, row by row where both have the rows of the same items under one q.
    ///
    /// - Throws: `RunError` where units differ, or no scenario has numbers in both.
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
        // Each measure is a family of tests of its own.
        for path in [\Scenario.emi, \.emid, \.score, \.responseSimilarity, \.excess] { scenarios.addQValues(to: path) }
        guard !scenarios.isEmpty else {
            throw RunError(
                code: "nothing_to_compare",
                message: "\(b.name): expected a scenario with numbers that \(a.name) has too, found none".withoutControls,
                hint: "scenarios are paired by their names")
        }
        // Names decide between equals, so that the order is the same every time.
        scenarios.sort { (-abs($0.emid?.difference.value ?? 0), $0.name) < (-abs($1.emid?.difference.value ?? 0), $1.name) }
        notes = a.notes + b.notes
        if let own = a.settings, let other = b.settings {
            notes += other.differences(from: own).map { "the reports were not made alike: in B \($0)" }
        }
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
        // Sorted, so that the order of scenarios moves no digit.
        let differences = pairs.map(\.difference.value).sorted()
        guard let middle = median(differences) else { return nil }
        let n = Double(pairs.count)
        count = pairs.count
        meanA = pairs.map(\.a).sorted().reduce(0, +) / n
        meanB = pairs.map(\.b).sorted().reduce(0, +) / n
        meanDifference = differences.reduce(0, +) / n
        let errors = pairs.compactMap(\.difference.standardError).sorted()
        if paired.count == pairs.count,
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
