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
        switch isResolved(gap.interval, qValue: gap.qValue) {
        case true?: self = gap.value > 0 ? .fell : .rose
        case false?: self = .unresolved
        case nil: self = .unmeasured
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

/// Whether a value differs from 0 as far as its interval and its q-value, if there is one, tell; nil without an interval.
func isResolved(_ interval: [Double]?, qValue: Double?) -> Bool? {
    guard let interval, interval.count == 2 else { return nil }
    return (interval[0] > 0 || interval[1] < 0) && (qValue ?? 0) <= 0.05
}
