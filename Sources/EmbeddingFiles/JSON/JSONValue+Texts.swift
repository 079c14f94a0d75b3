extension JSONValue {
    /// The texts that the value stands for if a text is needed: a text itself, a number or truth value as written, none for null, the texts
    /// of all items of a list, and the text under a telling key of an object, such as the `answer` in each of VQAv2's ten answers; nil for
    /// anything else.
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

    /// The name that the value gives to a cluster of rows, such as an image: a text or number itself, the path in an object, the joined
    /// names of a list; empty for null.
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

    /// The kind of the value in words, for messages.
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
