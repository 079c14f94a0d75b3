/// Reads emi's own rows: `id`, `group`, `confidence` or `options`, `correct` or `label`, `answerable`, `abstained`, `pair`.
///
/// The reader decodes only values under known keys, so a million rows take less than a second.
struct OwnRowReader {
    enum Column: Int, CaseIterable {
        case id, group, confidence, correct, options, label, answerable, abstained, pair

        /// The names of the column, in lower case with underscores.
        var names: [String] {
            switch self {
            case .id: ["id", "question_id", "index", "doc_id", "key"]
            case .group: ["group", "image_id", "image", "cluster"]
            case .confidence: ["confidence", "conf", "probability", "prob", "y_prob", "p"]
            case .correct: ["correct", "is_correct", "hit", "acc", "accuracy", "score", "y_true"]
            case .options: ["options", "option_scores"]
            case .label: ["label"]
            case .answerable: ["answerable"]
            case .abstained: ["abstained"]
            case .pair: ["pair", "pair_id", "pair_key"]
            }
        }

        /// The column that has this name; nil if none has.
        static func named(_ name: String, _ request: ConfidenceRequest) -> Column? {
            let given = [(Column.confidence, request.confidenceKey), (.group, request.groupKey), (.id, request.identifierKey)]
            if let (column, _) = given.first(where: { $0.1 == name }) { return column }
            let normal = Role.normalised(name)
            guard let column = allCases.first(where: { $0.names.contains(normal) }) else { return nil }
            // If the user named another column for this purpose, the usual name means a column of its own.
            return given.contains { $0.0 == column && $0.1 != nil } ? nil : column
        }
    }

    private let request: ConfidenceRequest
    /// The keys of the last row in their order, with their columns.
    private var known: [(key: [UInt8], column: Column?)] = []

    init(_ request: ConfidenceRequest) { self.request = request }

    /// Whether an object has a confidence.
    static func hasConfidence(_ object: JSONValue) -> Bool { has(object, .confidence) }
    static func hasCorrectness(_ object: JSONValue) -> Bool { has(object, .correct) }

    private static func has(_ object: JSONValue, _ column: Column) -> Bool {
        guard case .object(let entries) = object else { return false }
        return entries.contains { Column.named($0.key, ConfidenceRequest()) == column }
    }

    /// The row that the object at the cursor holds.
    mutating func row(_ cursor: JSONCursor) throws(JSONFailure) -> ConfidenceRow {
        var cursor = cursor
        var row = ConfidenceRow()
        var expected = 0
        try cursor.object { (key, cursor) throws(JSONFailure) in
            guard let column = try column(key, cursor, &expected) else { return try cursor.skipValue() }
            switch column {
            case .id: row.id = try Self.label(&cursor)
            case .group: row.group = try Self.label(&cursor)
            case .pair: row.pairKey = try Self.label(&cursor)
            case .confidence: row.confidence = try Self.field(&cursor)
            case .correct: row.correct = try Self.field(&cursor)
            case .label: row.label = try Self.field(&cursor)
            case .answerable: row.answerable = try Self.field(&cursor)
            case .abstained: row.abstained = try Self.field(&cursor)
            case .options: row.options = try Self.numbers(&cursor)
            }
        }
        try cursor.expectEnd()
        return row
    }

    /// The column of a key. Rows of one file mostly have their keys in the same order, so the expected place is tried first.
    @inline(__always)
    private mutating func column(
        _ key: JSONText, _ cursor: JSONCursor, _ expected: inout Int
    ) throws(JSONFailure) -> Column? {
        if expected < known.count, cursor.matches(key, known[expected].key) {
            expected += 1
            return known[expected - 1].column
        }
        if let place = known.firstIndex(where: { cursor.matches(key, $0.key) }) {
            expected = place + 1
            return known[place].column
        }
        let name = try cursor.validString(key)
        let column = Column.named(name, request)
        if known.count < 64 {
            known.append((Array(name.utf8), column))
            expected = known.count
        }
        return column
    }

    private static func field(_ cursor: inout JSONCursor) throws(JSONFailure) -> ConfidenceRow.Field {
        switch cursor.nextKind() {
        case .number: return .number(try cursor.number())
        case .bool: return .number(try cursor.bool() ? 1 : 0)
        case .string:
            let text = try cursor.text()
            return .text(try cursor.validString(text))
        case .null:
            try cursor.skipValue()
            return .null
        case .array, .object, .nothing:
            let found = cursor.found()
            try cursor.skipValue()
            return .text(found)
        }
    }

    /// A name, or a number as the file writes it; nil for null.
    private static func label(_ cursor: inout JSONCursor) throws(JSONFailure) -> String? {
        switch cursor.nextKind() {
        case .string:
            let text = try cursor.text()
            return try cursor.validString(text)
        case .number:
            let (value, digits) = try cursor.numberWithDigits()
            return digits ?? value.identifier
        default:
            try cursor.skipValue()
            return nil
        }
    }

    /// The option scores; a value that is no number becomes NaN, which makes the row a fault.
    private static func numbers(_ cursor: inout JSONCursor) throws(JSONFailure) -> [Double]? {
        guard cursor.nextKind() == .array else {
            try cursor.skipValue()
            return nil
        }
        var numbers: [Double] = []
        _ = cursor.take(UInt8(ascii: "["))
        if cursor.take(UInt8(ascii: "]")) { return numbers }
        repeat {
            if cursor.nextKind() == .number {
                numbers.append(try cursor.number())
            } else {
                try cursor.skipValue()
                numbers.append(.nan)
            }
        } while cursor.take(UInt8(ascii: ","))
        guard cursor.take(UInt8(ascii: "]")) else { throw cursor.failure("',' or ']' in an array") }
        return numbers
    }
}
