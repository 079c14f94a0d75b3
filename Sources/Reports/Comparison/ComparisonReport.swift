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

    /// One scenario.
    package struct Scenario: Encodable, Sendable, Equatable {
        package var name: String
        package var kind: String?
        package var emi: Pair?
        package var emid: Pair?
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
        package var difference: IndependentDifference
    }

    /// One measure across scenarios.
    package struct Measure: Encodable, Sendable, Equatable {
        /// Scenarios with the value in both reports.
        package var count: Int
        package var meanA: Double
        package var meanB: Double
        package var meanDifference: Double
        /// The mean of the scenarios' standard errors: under any dependence the error of a mean is at most that, and scenarios share
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
    static let measureNames = ["emi", "emid", "excess", "bound"]

    /// A comparison of two reports.
    ///
    /// - Throws: `RunError` where units differ, or no scenario has numbers in both.
    package init(_ a: Report, name nameA: String, _ b: Report, name nameB: String) throws {
        guard a.settings.units == b.settings.units else {
            throw RunError(
                code: "comparison_units",
                message: "\(nameB): expected values in \(a.settings.units), as in \(nameA), found \(b.settings.units)".withoutControls,
                hint: "run both with the same --units")
        }
        measures = [:]
        (self.a, self.b, units, confidence) = (nameA, nameB, a.settings.units.rawValue, a.settings.confidence)
        let confidence = confidence
        let byName = Dictionary(b.scenarios.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let shared = a.scenarios.compactMap { scenario in byName[scenario.name].map { (scenario, $0) } }
        let (namesOfA, namesOfB) = (Set(a.scenarios.map(\.name)), Set(b.scenarios.map(\.name)))
        onlyInA = a.scenarios.map(\.name).filter { !namesOfB.contains($0) }
        onlyInB = b.scenarios.map(\.name).filter { !namesOfA.contains($0) }
        failed = shared.filter { $0.status != "ok" || $1.status != "ok" }.map(\.0.name)
        let hasSameBound = a.settings.bound == b.settings.bound

        func pair(_ first: Value?, _ second: Value?, _ groups: [Int?]) -> Pair? {
            guard let first, let second else { return nil }
            let difference = IndependentDifference(
                from: (first.value, first.standardError), to: (second.value, second.standardError), groupCounts: groups.compactMap { $0 },
                confidence: confidence)
            return Pair(a: first.value, b: second.value, aInterval: first.interval, bInterval: second.interval, difference: difference)
        }
        let (ownA, ownB) = (a.id.emi, b.id.emi)
        id = Pair(
            a: ownA.value, b: ownB.value, aInterval: ownA.interval, bInterval: ownB.interval,
            difference: IndependentDifference(
                from: (ownA.value, ownA.standardError), to: (ownB.value, ownB.standardError),
                groupCounts: [a.id.groupCount, b.id.groupCount], confidence: confidence))
        scenarios = shared.filter { $0.status == "ok" && $1.status == "ok" }.map { one, two in
            let groups = [one.groupCount, two.groupCount]
            let withID = groups + [a.id.groupCount, b.id.groupCount]
            return Scenario(
                name: one.name, kind: one.kind ?? two.kind,
                emi: pair(Value(one.emi), Value(two.emi), groups), emid: pair(Value(one.emid), Value(two.emid), withID),
                excess: pair(Value(one.discrepancies?["joint"]), Value(two.discrepancies?["joint"]), withID),
                bound: hasSameBound ? pair(Value(one.bound), Value(two.bound), withID) : nil)
        }
        // Each measure is a family of tests of its own.
        for path in [\Scenario.emi, \.emid, \.excess] { scenarios.addQValues(to: path) }
        guard !scenarios.isEmpty else {
            throw RunError(
                code: "nothing_to_compare",
                message: "\(nameB): expected a scenario with numbers that \(nameA) has too, found none".withoutControls,
                hint: "scenarios are paired by their names")
        }
        // Names decide between equals, so that the order is the same every time.
        scenarios.sort { (-abs($0.emid?.difference.value ?? 0), $0.name) < (-abs($1.emid?.difference.value ?? 0), $1.name) }
        notes = b.settings.differences(from: a.settings).map { "the reports were not made alike: in B \($0)" }
        let groupCount = shared.flatMap { [$0.groupCount, $1.groupCount] }.compactMap { $0 }.min() ?? 2
        for name in Self.measureNames {
            measures[name] = Measure(
                scenarios.compactMap { $0[name] }, groupCount: min(groupCount, a.id.groupCount, b.id.groupCount), confidence: confidence)
        }
    }
}

extension ComparisonReport.Scenario {
    subscript(_ measure: String) -> ComparisonReport.Pair? {
        switch measure {
        case "emi": emi
        case "emid": emid
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

/// A value of a report with what is known of its error.
private struct Value {
    let value: Double
    var standardError: Double?
    var interval: [Double]?

    init?(_ found: Report.EffectiveInformation?) {
        guard let found else { return nil }
        (value, standardError, interval) = (found.value, found.standardError, found.interval)
    }

    init?(_ found: Report.Gap?) {
        guard let found else { return nil }
        (value, standardError, interval) = (found.value, found.standardError, found.interval)
    }

    init?(_ found: Report.Discrepancy?) {
        guard let found, let excess = found.excess else { return nil }
        (value, standardError, interval) = (excess, found.standardError, found.interval)
    }

    /// A bound, of whose standard error no report speaks.
    init?(_ found: Report.SelectedBound?) {
        guard let found else { return nil }
        (value, interval) = (found.value, found.interval)
    }
}

extension ComparisonReport.Measure {
    init?(_ pairs: [ComparisonReport.Pair], groupCount: Int, confidence: Double) {
        // Sorted, so that the order of scenarios moves no digit.
        let differences = pairs.map(\.difference.value).sorted()
        guard let middle = median(differences) else { return nil }
        let n = Double(pairs.count)
        count = pairs.count
        meanA = pairs.map(\.a).sorted().reduce(0, +) / n
        meanB = pairs.map(\.b).sorted().reduce(0, +) / n
        meanDifference = differences.reduce(0, +) / n
        let errors = pairs.compactMap(\.difference.standardError).sorted()
        if errors.count == pairs.count {
            let mean = IndependentDifference(
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
