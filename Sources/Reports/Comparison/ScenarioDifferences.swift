import Statistics

/// Matches the scenarios of two runs by name. If one run has other names for the same shifts (a prefix, as in published results), it
/// matches by what the names say about images and texts.
struct MatchedScenarios {
    private(set) var pairs: [(ComparedSet, ComparedSet)] = []
    private(set) var onlyInA: [String] = []
    private(set) var onlyInB: [String] = []

    init(_ a: [ComparedSet], _ b: [ComparedSet]) {
        let byName = Dictionary(b.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let namesOfA = Set(a.map(\.name))
        let others = b.filter { !namesOfA.contains($0.name) }
        let conditions = Self.byCondition(others)
        let own = Self.byCondition(a.filter { byName[$0.name] == nil })
        var taken: Set<String> = []
        for set in a {
            let key = ScenarioKey(set.name)
            if let other = byName[set.name] {
                pairs.append((set, other))
            } else if own[key]?.count == 1, conditions[key]?.count == 1, let other = conditions[key]?[0] {
                pairs.append((set, other))
                taken.insert(other.name)
            } else {
                onlyInA.append(set.name)
            }
        }
        onlyInB = others.map(\.name).filter { !taken.contains($0) }
    }

    private static func byCondition(_ sets: [ComparedSet]) -> [ScenarioKey: [ComparedSet]] {
        Dictionary(grouping: sets.filter { ScenarioKey($0.name).isKnown }) { ScenarioKey($0.name) }
    }
}

/// Computes the differences of each set that both runs have.
struct ScenarioDifferences {
    /// EMI of the ID sets.
    let id: ComparisonReport.Pair
    private let a: ComparedRun
    private let b: ComparedRun
    private let pairedID: PairedSet
    private let hasSameBound: Bool

    init(_ a: ComparedRun, _ b: ComparedRun, _ runs: PairedRuns, hasSameBound: Bool) {
        (self.a, self.b, pairedID, self.hasSameBound) = (a, b, runs.id, hasSameBound)
        let intervals = IntervalMethod(confidence: a.confidence)
        let paired = runs.id.rows.map { PairedDifference(emi: $0, intervals: intervals) }
        id =
            Self.pair(
                a.id.values["emi"], b.id.values["emi"], paired, [a.id.groupCount, b.id.groupCount], a.confidence)
            ?? ComparisonReport.Pair(
                a: 0, b: 0,
                difference: RunDifference(value: 0, standardError: nil, groupCount: 2, confidence: a.confidence))
    }

    /// A scenario that both runs have, with the differences that were measured row by row.
    func scenario(
        _ one: ComparedSet, _ two: ComparedSet, _ set: PairedSet
    ) -> (scenario: ComparisonReport.Scenario, paired: [String: PairedDifference]) {
        let intervals = IntervalMethod(confidence: a.confidence)
        var paired: [String: PairedDifference] = [:]
        if let rows = set.rows {
            paired["emi"] = PairedDifference(emi: rows, intervals: intervals)
            if let id = pairedID.rows {
                let gap = PairedDifference(emid: id, rows, intervals: intervals)
                paired["emid"] = gap
                if let first = one.values["emid"], let second = two.values["emid"], let count = first.comparedGroups,
                    count == second.comparedGroups
                {
                    // The rows are judged at their sets' own sizes, the gaps at one size: the rows give the spread alone.
                    paired["emid"] = PairedDifference(
                        value: second.value - first.value, influence: gap.influence, intervals: intervals)
                }
            }
            paired["score"] = set.difference(\.score, intervals: intervals)
            paired["response_similarity"] = set.difference(\.responseSimilarity, intervals: intervals)
        }
        let groups = [one.groupCount, two.groupCount]
        let withID = groups + [a.id.groupCount, b.id.groupCount]
        func pair(_ name: String, _ groups: [Int?]) -> ComparisonReport.Pair? {
            let found = Self.pair(one.values[name], two.values[name], paired[name], groups, a.confidence)
            // A score from another source is not the mean of the rows' scores, so their difference does not apply.
            if let found, let difference = paired[name]?.value.value, abs(difference - (found.b - found.a)) > 1e-6 {
                paired[name] = nil
            }
            return paired[name] == nil
                ? Self.pair(one.values[name], two.values[name], nil, groups, a.confidence) : found
        }
        // Divergences of the same queries are equal to the last digit. Errors of independent runs would not know this.
        let hasSameQueries = pairedID.rows != nil && set.rows != nil || one.hasQueries(of: two)
        func pairOfQueries(_ name: String) -> ComparisonReport.Pair? {
            var found = pair(name, withID)
            if hasSameQueries, let values = found { found?.difference = RunDifference(ofSameQueries: values.a, values.b) }
            return found
        }
        let scenario = ComparisonReport.Scenario(
            name: one.name, kind: one.kind ?? two.kind, emi: pair("emi", groups), emid: pair("emid", withID),
            score: pair("score", groups), responseSimilarity: pair("response_similarity", groups),
            excess: pairOfQueries("excess"),
            bound: hasSameBound ? pair("bound", withID) : nil, overconfidence: pair("overconfidence", groups),
            eceExcess: pair("ece_excess", groups))
        return (scenario, paired)
    }

    private static func pair(
        _ first: ComparedValue?, _ second: ComparedValue?, _ paired: PairedDifference?, _ groups: [Int?],
        _ confidence: Double
    ) -> ComparisonReport.Pair? {
        guard let first, let second else { return nil }
        let difference =
            paired.map { RunDifference($0, independentErrors: (first.standardError, second.standardError)) }
            ?? RunDifference(
                from: (first.value, first.standardError), to: (second.value, second.standardError),
                groupCounts: groups.compactMap { $0 }, confidence: confidence)
        return ComparisonReport.Pair(
            a: first.value, b: second.value, aInterval: first.interval, bInterval: second.interval,
            difference: difference)
    }
}
