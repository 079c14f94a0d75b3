/// What the gap of a scenario shows, in one word.
enum ScenarioResult: String, Encodable, CaseIterable {
    /// EMI fell, and neither the interval nor the q-value leaves it open.
    case fell
    /// EMI rose, likewise.
    case rose
    /// The interval holds 0, or the q-value is above 0.05.
    case unresolved
    /// There is a gap, and no estimate of its error.
    case unmeasured
    /// There is no gap.
    case failed

    init(_ scenario: Report.Scenario) {
        guard scenario.status == "ok", let gap = scenario.emid else {
            self = .failed
            return
        }
        guard let ends = gap.interval, ends.count == 2 else {
            self = .unmeasured
            return
        }
        if ends[0] <= 0 && ends[1] >= 0 || (gap.qValue ?? 0) > 0.05 {
            self = .unresolved
        } else {
            self = gap.value > 0 ? .fell : .rose
        }
    }

    /// For people; a sign beside the colour, which not everyone sees.
    var label: String {
        switch self {
        case .fell: "▼ EMI fell"
        case .rose: "▲ EMI rose"
        case .unresolved: "○ not resolved"
        case .unmeasured: "? no error bar"
        case .failed: "✕ failed"
        }
    }
}
