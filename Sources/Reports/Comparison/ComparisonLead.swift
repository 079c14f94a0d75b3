/// Which of two reports lost less EMI in a scenario, as far as the difference shows.
enum ComparisonLead: String, Encodable, CaseIterable {
    case a
    case b
    /// The interval or the test leaves it open.
    case unresolved
    /// There is a difference, but no estimate of its error.
    case unmeasured

    /// - Parameter emid: EMID in both reports.
    init(_ emid: ComparisonReport.Pair) {
        let difference = emid.difference
        self =
            switch Resolution(difference.value, interval: difference.interval, qValue: difference.qValue) {
            case .above: .a
            case .below: .b
            case .open: .unresolved
            case .unmeasured: .unmeasured
            }
    }

    var isResolved: Bool { self == .a || self == .b }

    /// The verdict for people, with a sign beside the colour, because not everyone sees the colour.
    var label: String {
        switch self {
        case .a: "● A ahead"
        case .b: "◆ B ahead"
        case .unresolved: "○ not resolved"
        case .unmeasured: "? no error bar"
        }
    }

    /// The verdict's class in the style sheet.
    var style: String { isResolved ? "lead-\(rawValue)" : rawValue }
}
