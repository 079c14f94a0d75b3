/// The verdict on the gap of a scenario, in one word.
enum ScenarioResult: String, Encodable, CaseIterable {
    /// EMI fell, and neither the interval nor the test leaves this open.
    case fell
    /// EMI rose, and neither the interval nor the test leaves this open.
    case rose
    /// The interval or the test leaves the direction open.
    case unresolved
    /// There is a gap, but no estimate of its error.
    case unmeasured
    /// The scenario has no result.
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

    /// The verdict for people, with a sign beside the colour, because not everyone sees the colour.
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
