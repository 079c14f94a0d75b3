/// The data of a comparison's charts, with numbers rounded to five digits.
struct ComparisonChartData: Encodable {
    let units: String
    let confidence: String
    /// The scenarios with EMID in both reports, by difference: from the one in which B is furthest ahead to the one in which A is.
    let scenarios: [Point]

    /// The number of scenarios at either end that are shown if there are too many for bars of their own.
    static let endCount = 30

    struct Point: Encodable {
        let name: String
        let kind: String?
        let lead: ComparisonLead
        let a: Double
        let b: Double
        let difference: Double
        /// The ends of the interval of the difference, and below those of A and B; absent in a cloud of points, which shows no intervals.
        var low: Double?
        var high: Double?
        var aLow: Double?
        var aHigh: Double?
        var bLow: Double?
        var bHigh: Double?
    }

    init(_ comparison: ComparisonReport) {
        units = comparison.units
        confidence = Numbers.confidence(comparison.confidence)
        let sorted = comparison.byDifference
        let names = distinctNames(sorted.map(\.scenario.name))
        scenarios = sorted.enumerated().map { index, found in
            let (scenario, pair) = found
            var point = Point(
                name: names[index], kind: scenario.kind?.withoutControls, lead: ComparisonLead(pair), a: pair.a.toFiveDigits,
                b: pair.b.toFiveDigits, difference: pair.difference.value.toFiveDigits)
            if sorted.count <= ChartData.cloudLimit || index < Self.endCount || index >= sorted.count - Self.endCount {
                (point.low, point.high) = Self.ends(pair.difference.interval)
                (point.aLow, point.aHigh) = Self.ends(pair.aInterval)
                (point.bLow, point.bHigh) = Self.ends(pair.bInterval)
            }
            return point
        }
    }

    private static func ends(_ interval: [Double]?) -> (Double?, Double?) {
        guard let interval, interval.count == 2 else { return (nil, nil) }
        return (interval[0].toFiveDigits, interval[1].toFiveDigits)
    }
}

extension ComparisonReport {
    /// The scenarios with EMID in both reports, those in which B is furthest ahead first; names order equal ones.
    var byDifference: [(scenario: Scenario, emid: Pair)] {
        scenarios.compactMap { scenario in scenario.emid.map { (scenario, $0) } }
            .sorted { ($0.1.difference.value, $0.0.name) < ($1.1.difference.value, $1.0.name) }
    }
}
