/// The data of a page's charts, with numbers rounded to five digits.
struct ChartData: Encodable {
    let units: String
    let confidence: String
    /// The selected form of the bound.
    let form: String
    /// The scenarios by EMID, the largest loss first; scenarios without numbers last.
    let scenarios: [Point]
    /// The ID set, with its score if it has one.
    let id: Point
    let grids: [ScenarioGrid]
    /// The parts of the bound for each scenario, or their means over kinds if there are too many scenarios.
    let stack: [Part]
    /// Whether `stack` holds means over kinds.
    let isStackByKind: Bool

    /// The largest number of scenarios that each get their own bar.
    static let barLimit = 80

    /// The largest number of scenarios that a scatter plot shows one by one.
    static let cloudLimit = 1500

    struct Point: Encodable {
        var name: String
        var kind: String?
        var result: ScenarioResult?
        var emid: Double?
        var low: Double?
        var high: Double?
        var bound: Double?
        /// Whether EMID exceeds the bound; absent where it does not.
        var isBroken: Bool?
        var emi: Double?
        var emiLow: Double?
        var emiHigh: Double?
        var score: Double?
    }

    struct Part: Encodable {
        let label: String
        let term: String
        /// The position of the term in a bar.
        let order: Int
        let value: Double
        /// The EMID of the bar.
        let emid: Double?
    }

    init(_ report: Report) {
        let sorted = report.worstFirst
        units = report.settings.units.rawValue
        confidence = Numbers.confidence(report.settings.confidence)
        form = report.settings.boundName
        // Thousands of points are shown as a cloud without intervals; the first chart shows those at both ends.
        let isCloud = sorted.count > Self.cloudLimit
        let names = distinctNames(sorted.map(\.name))
        scenarios = sorted.enumerated().map { index, scenario in
            var point = Point(name: names[index], kind: scenario.kind?.withoutControls, result: ScenarioResult(scenario))
            point.emid = scenario.emid?.value.toFiveDigits
            point.bound = scenario.bound?.value.toFiveDigits
            point.isBroken = scenario.bound?.holds == false ? true : nil
            point.setInformation(scenario.emi, score: scenario.score)
            if !isCloud || index < Self.barLimit || index >= sorted.count - Self.barLimit {
                point.setGapEnds(scenario.emid?.interval)
            }
            if isCloud { (point.emiLow, point.emiHigh) = (nil, nil) }
            return point
        }
        var own = Point(name: report.id.name.withoutControls)
        own.setInformation(report.id.emi, score: report.id.score)
        id = own
        grids = report.scenarios.count > 1 ? ScenarioGrid.grids(scenarios.map(\.name), id: own.name) : []
        let bars = zip(scenarios, sorted).map { (label: $0.name, terms: $1.bound?.terms, emid: $1.emid?.value) }
        isStackByKind = scenarios.count > Self.barLimit
        stack = Self.parts(isStackByKind ? Self.means(sorted) : bars)
    }

    private static func means(
        _ scenarios: [Report.Scenario]
    ) -> [(label: String, terms: [String: Double]?, emid: Double?)] {
        let kinds = Dictionary(grouping: scenarios.filter { $0.bound != nil }) { ($0.kind ?? "no kind").withoutControls }
        return kinds.keys.sorted().prefix(barLimit).map { kind in
            let members = kinds[kind] ?? []
            var sums: [String: Double] = [:]
            for scenario in members { sums.merge(scenario.bound?.terms ?? [:], uniquingKeysWith: +) }
            let gaps = members.compactMap { $0.emid?.value }
            return (
                kind, sums.mapValues { $0 / Double(members.count) },
                gaps.isEmpty ? nil : gaps.reduce(0, +) / Double(gaps.count)
            )
        }
    }

    private static func parts(_ bars: [(label: String, terms: [String: Double]?, emid: Double?)]) -> [Part] {
        let names = Set(bars.flatMap { $0.terms.map { Array($0.keys) } ?? [] }).sorted { (rank($0), $0) < (rank($1), $1) }
        return bars.flatMap { bar in
            names.enumerated().compactMap { order, name in
                bar.terms?[name].map {
                    Part(
                        label: bar.label, term: name.withoutControls, order: order, value: $0.toFiveDigits, emid: bar.emid?.toFiveDigits)
                }
            }
        }
    }

    /// The order of a term in a bar: modalities, then outputs, then the rest.
    private static func rank(_ term: String) -> Int {
        switch term {
        case "visual": 0
        case "text": 1
        case "output", "output_id", "output_ood": 3
        case "concept", "interaction", "normaliser": 4
        default: 2
        }
    }
}

extension ChartData.Point {
    fileprivate mutating func setGapEnds(_ ends: [Double]?) {
        guard let ends, ends.count == 2 else { return }
        (low, high) = (ends[0].toFiveDigits, ends[1].toFiveDigits)
    }

    fileprivate mutating func setInformation(_ found: Report.EffectiveInformation?, score: Double?) {
        emi = found?.value.toFiveDigits
        if let ends = found?.interval, ends.count == 2 { (emiLow, emiHigh) = (ends[0].toFiveDigits, ends[1].toFiveDigits) }
        self.score = score?.toFiveDigits
    }
}
