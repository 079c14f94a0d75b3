import Foundation

/// A value of a JSON text, in which fields are looked up by the path that people see in the file.
enum FieldValue: Decodable, Sendable, Equatable {
    case number(Double)
    case truth(Bool)
    case text(String)
    case list([FieldValue])
    case object([String: FieldValue])
    case nothing

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .nothing
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([FieldValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: FieldValue].self))
        }
    }

    /// Parses a JSON text.
    init(json: String) throws {
        self = try JSONDecoder().decode(FieldValue.self, from: Data(json.utf8))
    }

    /// The member of an object; in a list of objects, the one with this kind or name. The ends of a list `interval` are `interval_low` and
    /// `interval_high`.
    subscript(_ name: String) -> FieldValue? {
        switch self {
        case .object(let members):
            if let member = members[name] { return member }
            for (suffix, index) in [("_low", 0), ("_high", 1)] where name.hasSuffix(suffix) {
                if case .list(let ends)? = members[String(name.dropLast(suffix.count))], ends.count == 2 { return ends[index] }
            }
            return nil
        case .list(let items):
            return items.first { $0["kind"] == .text(name) || $0["name"] == .text(name) }
        default: return nil
        }
    }

    /// The value at the end of a path.
    subscript(path path: [String]) -> FieldValue? {
        path.reduce(self) { value, name in value?[name] }
    }

    /// Both ends, if the value is an interval.
    var interval: ClosedRange<Double>? {
        guard case .list(let ends) = self, ends.count == 2, case .number(let low) = ends[0], case .number(let high) = ends[1],
            low <= high
        else { return nil }
        return low...high
    }

    /// The value as a sentence shows it.
    var shown: String {
        switch self {
        case .number(let value): String(format: "%.4g", value)
        case .truth(let value): "\(value)"
        case .text(let value): "'\(value.withoutControls)'"
        case .list: "a list"
        case .object: "an object"
        case .nothing: "nothing"
        }
    }
}
