/// What the gap of a scenario shows, in one word.
enum ScenarioResult: String, Encodable, CaseIterable {
    /// EMI fell, and neither the interval nor the test leaves it open.
    case fell
    /// EMI rose, likewise.
    case rose
    /// Interval or test leave it open.
    case unresolved
    /// There is a gap, and no estimate of its error.
    case unmeasured
    /// There is no gap.
    case failed

    init(_ scenario: Report.Scenario) {
        guard scenario.status == "ok", let resolution = scenario.resolution else {
            self = .failed
            return
        }
        self =
            switch resolution {
            case .above: .fell
            case .below: .rose
            case .open: .unresolved
            case .unmeasured: .unmeasured
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
