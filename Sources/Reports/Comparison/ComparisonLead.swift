/// Which of two reports lost less EMI in a scenario, as far as its difference tells.
enum ComparisonLead: String, Encodable, CaseIterable {
    case a
    case b
    /// Interval or test leave it open.
    case unresolved
    /// There is a difference, and no estimate of its error.
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

    /// For people; a sign beside the colour, which not everyone sees.
    var label: String {
        switch self {
        case .a: "● A ahead"
        case .b: "◆ B ahead"
        case .unresolved: "○ not resolved"
        case .unmeasured: "? no error bar"
        }
    }

    /// The class of the style sheet.
    var style: String { isResolved ? "lead-\(rawValue)" : rawValue }
}
