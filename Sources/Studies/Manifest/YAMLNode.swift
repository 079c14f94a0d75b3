import EmbeddingFiles
import Yams

/// A value of a manifest with its line in the file, the same for all forms of the file.
indirect enum YAMLNode: Sendable, Equatable {
    case scalar(String, line: Int)
    case sequence([YAMLNode], line: Int)
    case mapping([Pair], line: Int)

    struct Pair: Sendable, Equatable {
        let key: String
        let line: Int
        let value: YAMLNode
    }

    var line: Int {
        switch self {
        case .scalar(_, let line), .sequence(_, let line), .mapping(_, let line): line
        }
    }

    /// The kind of the value, in words.
    var kind: String {
        switch self {
        case .scalar(let text, _): text.isEmpty ? "nothing" : "'\(text)'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// Limits far above the levels and values of any manifest.
private let (depthLimit, valueLimit) = (16, 1_000_000)

/// Parses YAML (and JSON) into nodes.
///
/// - Throws: `RunError` with the line of a YAML error.
func yamlNode(
    _ text: String, file: String, code: String = "bad_manifest", hint: String = manifestHint
) throws -> YAMLNode {
    func refused(_ line: Int?, _ found: String) -> RunError {
        RunError(
            code: code, message: "\(file)\(line.map { ":\($0)" } ?? ""): expected YAML or JSON, found \(found)", hint: hint)
    }
    do {
        guard let node = try compose(yaml: text.asYAML) else { throw refused(nil, "nothing") }
        var left = valueLimit
        guard let found = yamlNodes(node, depth: 0, left: &left) else {
            throw refused(nil, "more than \(depthLimit) levels of nesting, or \(valueLimit) values")
        }
        return found
    } catch let error as YamlError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            throw refused(mark.line, whatWasFound(problem))
        case .duplicatedKeysInMapping(let keys, _): throw refused(nil, "the key '\(keys.first ?? "")' twice in one mapping")
        default: throw refused(nil, "\(error)")
        }
    }
}

/// libyaml's words for a mistake as the object of "found".
private func whatWasFound(_ problem: String) -> String {
    if problem.hasPrefix("Maximum nesting level") { return "more than 1000 lists or mappings within each other" }
    for (words, own) in [("but found ", ""), ("found ", ""), ("did not find expected ", "no "), ("could not find expected ", "no ")]
    where problem.hasPrefix(words) {
        return own + problem.dropFirst(words.count)
    }
    return problem
}

extension String {
    /// The text in a form that libyaml reads: without a byte order mark and, if it is JSON, with characters instead of surrogate pairs, for
    /// which YAML has no escapes (`json.dump` writes them for emoji), and with blanks instead of tabs between values.
    fileprivate var asYAML: String {
        let text = hasPrefix("\u{FEFF}") ? String(dropFirst()) : self
        guard text.first(where: { !$0.isWhitespace }) == "{", text.contains("\\u") || text.contains("\t") else { return text }
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var isInText = false
        var index = 0
        func unit(_ start: Int) -> UInt32? {
            guard start + 6 <= scalars.count, scalars[start] == "\\", scalars[start + 1] == "u" else { return nil }
            var digits = String.UnicodeScalarView()
            digits.append(contentsOf: scalars[(start + 2)..<(start + 6)])
            return UInt32(String(digits), radix: 16)
        }
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "\"" { isInText.toggle() }
            if isInText, scalar == "\\" {
                if let high = unit(index), (0xD800..<0xDC00).contains(high), let low = unit(index + 6), (0xDC00..<0xE000).contains(low),
                    let character = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
                {
                    result.append(character)
                    index += 12
                    continue
                }
                result.append(scalar)
                if index + 1 < scalars.count { result.append(scalars[index + 1]) }
                index += 2
                continue
            }
            result.append(scalar == "\t" && !isInText ? " " : scalar)
            index += 1
        }
        return String(result)
    }
}

/// Nil for a tree larger than any manifest, because aliases can turn a small file into a huge tree.
private func yamlNodes(_ node: Node, depth: Int, left: inout Int) -> YAMLNode? {
    left -= 1
    guard depth < depthLimit, left >= 0 else { return nil }
    let line = node.mark?.line ?? 1
    switch node {
    case .scalar(let scalar):
        let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        return .scalar(isNull ? "" : scalar.string, line: line)
    case .sequence(let sequence):
        var items: [YAMLNode] = []
        for item in sequence {
            guard let item = yamlNodes(item, depth: depth + 1, left: &left) else { return nil }
            items.append(item)
        }
        return .sequence(items, line: line)
    case .mapping(let mapping):
        var pairs: [YAMLNode.Pair] = []
        for (key, value) in mapping {
            guard let value = yamlNodes(value, depth: depth + 1, left: &left) else { return nil }
            pairs.append(.init(key: key.scalar?.string ?? "", line: key.mark?.line ?? line, value: value))
        }
        return .mapping(pairs, line: line)
    case .alias: return .scalar("", line: line)
    }
}

/// Turns a table into the same nodes. Each row is a set, and columns are named like the keys, with `data.visual` for a key within `data`;
/// the row of kind `id` is the ID set. Empty fields count as absent.
///
/// - Throws: `RunError` for a table without a row for the ID set.
func tableNode(_ records: [TextRecord], file: String) throws -> YAMLNode {
    guard let header = records.first else {
        throw RunError(code: "bad_manifest", message: "\(file): expected a header line, found nothing", hint: manifestHint)
    }
    var entries: [YAMLNode] = []
    var id: YAMLNode?
    for record in records.dropFirst() {
        guard record.fields.count == header.fields.count else {
            throw RunError(
                code: "bad_manifest",
                message: "\(file):\(record.line): expected \(header.fields.count) fields, as in the header, "
                    + "found \(record.fields.count)", hint: manifestHint)
        }
        var pairs: [YAMLNode.Pair] = []
        var data: [YAMLNode.Pair] = []
        for (name, field) in zip(header.fields, record.fields) where !field.isEmpty {
            let value = YAMLNode.scalar(field, line: record.line)
            if name.hasPrefix("data.") {
                data.append(.init(key: String(name.dropFirst("data.".count)), line: record.line, value: value))
            } else {
                pairs.append(.init(key: name, line: record.line, value: value))
            }
        }
        if !data.isEmpty {
            pairs.append(.init(key: "data", line: record.line, value: .mapping(data, line: record.line)))
        }
        let isID = pairs.contains { $0.key == "kind" && $0.value == .scalar("id", line: record.line) }
        let entry = YAMLNode.mapping(pairs.filter { !(isID && $0.key == "kind") }, line: record.line)
        if isID {
            guard id == nil else {
                throw RunError(
                    code: "bad_manifest", message: "\(file):\(record.line): expected one row of kind 'id', found two",
                    hint: manifestHint)
            }
            id = entry
        } else {
            entries.append(entry)
        }
    }
    let version = YAMLNode.Pair(key: "version", line: 1, value: .scalar("1", line: 1))
    let scenarios = YAMLNode.Pair(key: "scenarios", line: 1, value: .sequence(entries, line: 1))
    guard let id else {
        throw RunError(
            code: "bad_manifest", message: "\(file): expected one row of kind 'id', the ID set, found none", hint: manifestHint)
    }
    return .mapping([version, .init(key: "id", line: id.line, value: id), scenarios], line: 1)
}

extension YAMLNode.Pair {
    /// The problem of a key that nobody reads; nil for a known key.
    func problem(known: [String]) -> (expected: String, found: String)? {
        guard !known.contains(key) else { return nil }
        let suggestion = nearestName(to: key, in: known).map { "; did you mean '\($0)'?" } ?? ""
        return ("one of the keys \(known.joined(separator: ", "))", "'\(key)'\(suggestion)")
    }
}

extension [YAMLNode.Pair] {
    /// The text of a key; nil if it is absent or empty. If the value is not a text, `report` receives its line and what was found.
    func text(_ key: String, otherwise report: (_ line: Int, _ found: String) -> Void) -> String? {
        guard let pair = first(where: { $0.key == key }) else { return nil }
        guard case .scalar(let text, _) = pair.value else {
            report(pair.line, pair.value.kind)
            return nil
        }
        return text.isEmpty ? nil : text
    }
}
