extension JSONValue {
    /// The texts that stand for the value where a text is needed: a text itself, a number or truth value as it is written,
    /// none for null, those of the items of a list, and of an object the one under a key that says so, such as the
    /// `answer` of each of VQAv2's ten answers; nil for anything else.
    var scalars: [String]? {
        switch self {
        case .string(let text): return [text]
        case .number(let value, let digits): return [digits ?? value.identifier]
        case .bool(let value): return [value ? "true" : "false"]
        case .null: return []
        case .array(let items):
            var texts: [String] = []
            for item in items {
                guard let found = item.scalars else { return nil }
                texts += found
            }
            return texts
        case .object:
            for key in ["text", "content", "value", "answer", "caption"] {
                if let found = self[key]?.scalars { return found }
            }
            return nil
        }
    }

    /// The name that the value gives to a cluster of rows, such as an image: a text or number as it is, the path of an
    /// object that has one, the names of a list together; empty for nothing.
    var label: String {
        switch self {
        case .string(let text): text
        case .number, .bool: scalars?.first ?? ""
        case .null: ""
        case .array(let items): items.map(\.label).filter { !$0.isEmpty }.joined(separator: "\u{1F}")
        case .object(let entries):
            ["path", "url", "image_url", "file", "file_name", "id"].lazy
                .compactMap { self[$0]?.label }.first { !$0.isEmpty }
                ?? entries.map(\.value.label).filter { !$0.isEmpty }.joined(separator: "\u{1F}")
        }
    }

    /// Whether the value is a number.
    var isNumber: Bool {
        if case .number = self { true } else { false }
    }

    /// What the value is, in words.
    var kind: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a text"
        case .number: "a number"
        case .bool(let value): "\(value)"
        case .null: "null"
        }
    }
}
