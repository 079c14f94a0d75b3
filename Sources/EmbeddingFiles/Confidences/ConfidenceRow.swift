/// One row before it enters a table.
struct ConfidenceRow {
    /// A value that may be missing, null, a number or a text.
    enum Field: Equatable {
        case missing, null, number(Double), text(String)

        /// The value as a number; a text counts if it spells a number and nothing else.
        var number: Double? {
            switch self {
            case .number(let value): value
            case .text(let text): Double(text.trimmingBlanks())
            case .missing, .null: nil
            }
        }

        var isThere: Bool {
            switch self {
            case .missing, .null: false
            case .number: true
            case .text(let text): !text.trimmingBlanks().isEmpty
            }
        }

        /// The value as messages show it.
        var found: String {
            switch self {
            case .missing: "none"
            case .null: "null"
            case .number(let value): "\(value)"
            case .text(let text): "'\(text.prefix(40))'"
            }
        }
    }

    var id: String?
    var group: String?
    var confidence = Field.missing
    var correct = Field.missing
    var options: [Double]?
    var label = Field.missing
    var answerable = Field.missing
    var abstained = Field.missing
    var pairKey: String?
    var tokenProbability: Double?
    /// The row's state, if the text of the answer already tells it.
    var state: RowState?
    var remarks: Set<RowRemark> = []
}
