/// Which of two reports lost less EMI in a scenario, as far as its difference tells.
enum ComparisonLead: String, Encodable, CaseIterable {
    case a
    case b
    /// The interval holds 0, or the q-value is above 0.05.
    case unresolved
    /// There is a difference, and no estimate of its error.
    case unmeasured

    /// - Parameter emid: EMID in both reports.
    init(_ emid: ComparisonReport.Pair) {
        let difference = emid.difference
        switch Reports.isResolved(difference.interval, qValue: difference.qValue) {
        case true?: self = difference.value < 0 ? .b : .a
        case false?: self = .unresolved
        case nil: self = .unmeasured
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
