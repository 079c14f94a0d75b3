import EmbeddingFiles

/// Turns nodes into a manifest and collects every mistake on the way.
struct ManifestReader {
    let path: String
    private(set) var problems: [String] = []
    /// What the settings say about the files of all sets.
    private var selection: (group: String?, modalities: [String]?) = (nil, nil)

    init(path: String) {
        self.path = path
    }

    private static let topKeys = ["version", "settings", "id", "scenarios"]
    private static let entryKeys = ["name", "kind", "data", "score", "scores", "review", "key", "rows", "confidences"]

    /// The manifest; nil if mistakes leave nothing to run, which `problems` then describes.
    mutating func manifest(_ node: YAMLNode) -> Manifest? {
        guard case .mapping(let pairs, _) = node else {
            report(node.line, "", expected: "a mapping with the keys \(Self.topKeys.joined(separator: ", "))", found: node.kind)
            return nil
        }
        checkKeys(pairs, Self.topKeys, within: "")
        checkVersion(pairs, line: node.line)
        let settings = settings(pairs)
        selection = (
            settings.last { $0.name == "group" }?.value, settings.last { $0.name == "modalities" }.map { modalityNames($0.value) }
        )
        guard let idNode = pairs.first(where: { $0.key == "id" })?.value else {
            report(node.line, "id", expected: "the ID set", found: "nothing")
            return nil
        }
        let id = entry(idNode, within: "id", needsName: false)
        let scenarios = scenarios(pairs, line: node.line, id: id)
        guard let id, let scenarios else { return nil }
        return Manifest(
            path: path, settings: settings.filter { !["group", "modalities"].contains($0.name) }, id: id,
            scenarios: scenarios)
    }

    private mutating func checkVersion(_ pairs: [YAMLNode.Pair], line: Int) {
        guard let version = pairs.first(where: { $0.key == "version" })?.value else {
            return report(line, "version", expected: "1", found: "nothing")
        }
        guard case .scalar("1", _) = version else {
            return report(version.line, "version", expected: "1, the only one there is", found: version.kind)
        }
    }

    private mutating func settings(_ pairs: [YAMLNode.Pair]) -> [Manifest.Setting] {
        guard let node = pairs.first(where: { $0.key == "settings" })?.value else { return [] }
        if case .scalar("", _) = node { return [] }
        guard case .mapping(let pairs, _) = node else {
            report(node.line, "settings", expected: "a mapping of flags", found: node.kind)
            return []
        }
        return pairs.compactMap { pair in
            guard case .scalar(let value, _) = pair.value else {
                report(pair.line, "settings.\(pair.key)", expected: "one value", found: pair.value.kind)
                return nil
            }
            let name = String(pair.key.map { $0 == "_" ? "-" : $0 })
            if name == "modalities", modalityNames(value).allSatisfy(\.isEmpty) {
                report(pair.line, "settings.modalities", expected: "names separated by commas, such as visual,text", found: pair.value.kind)
            }
            return Manifest.Setting(name: name, value: value, place: "\(path):\(pair.line)")
        }
    }

    private mutating func scenarios(
        _ pairs: [YAMLNode.Pair], line: Int, id: StudySet?
    ) -> [StudySet]? {
        guard let node = pairs.first(where: { $0.key == "scenarios" })?.value else {
            report(line, "scenarios", expected: "a list of sets", found: "nothing")
            return nil
        }
        guard case .sequence(let items, _) = node, !items.isEmpty else {
            report(node.line, "scenarios", expected: "a list of sets", found: node.kind == "a list" ? "an empty list" : node.kind)
            return nil
        }
        var lines: [String: Int] = [:]
        var entries: [StudySet] = []
        for (index, item) in items.enumerated() {
            guard let entry = entry(item, within: "scenarios[\(index)]", needsName: true) else { continue }
            if let first = lines[entry.name] {
                report(
                    item.line, "scenarios[\(index)].name", expected: "a name of its own",
                    found: "'\(entry.name)', as on line \(first)")
            }
            if entry.name == id?.name {
                report(
                    item.line, "scenarios[\(index)].name", expected: "a name of its own",
                    found: "'\(entry.name)', the name of the ID set")
            }
            lines[entry.name] = item.line
            entries.append(entry)
        }
        return entries
    }

    private mutating func entry(_ node: YAMLNode, within place: String, needsName: Bool) -> StudySet? {
        guard case .mapping(let pairs, let line) = node else {
            report(node.line, place, expected: "a mapping with name and data", found: node.kind)
            return nil
        }
        checkKeys(pairs, Self.entryKeys, within: place)
        let name = text(pairs, "name", within: place)
        if name == nil, needsName { report(line, "\(place).name", expected: "a name", found: "nothing") }
        guard let data = pairs.first(where: { $0.key == "data" })?.value else {
            report(line, "\(place).data", expected: "a file, or a mapping of files", found: "nothing")
            return nil
        }
        guard var files = source(data, within: "\(place).data"), name != nil || !needsName else { return nil }
        files.identifierKey = text(pairs, "key", within: place)
        files.rows = rows(pairs, within: place)
        return StudySet(
            name: name, kind: text(pairs, "kind", within: place), source: files,
            score: number(pairs, "score", within: place), namedScores: namedScores(pairs, within: place),
            reviews: texts(pairs, "review", within: place, expected: "a review file, or a list of them").map(resolved),
            confidences: text(pairs, "confidences", within: place).map(resolved))
    }

    /// The rows to keep: a list or range of places or ids, or a file with them.
    private mutating func rows(_ pairs: [YAMLNode.Pair], within place: String) -> RowSelection? {
        guard let pair = pairs.first(where: { $0.key == "rows" }) else { return nil }
        let words = "a list of rows or ids, a range such as 0-99, or a file of them"
        if case .scalar(let text, _) = pair.value, !text.isEmpty, text.contains(where: { !$0.isNumber && $0 != "-" && $0 != " " }) {
            do {
                return try RowSelection(file: resolved(text))
            } catch {
                report(pair.line, "\(place).rows", expected: words, found: "\(error)")
                return nil
            }
        }
        let entries = texts(pairs, "rows", within: place, expected: words)
        if entries.isEmpty { report(pair.line, "\(place).rows", expected: words, found: pair.value.kind) }
        return entries.isEmpty ? nil : RowSelection(entries: entries, place: "\(path):\(pair.line)")
    }

    /// One text or a list of texts; empty if the key is absent.
    private mutating func texts(
        _ pairs: [YAMLNode.Pair], _ key: String, within place: String, expected: String
    ) -> [String] {
        guard let pair = pairs.first(where: { $0.key == key }) else { return [] }
        switch pair.value {
        case .scalar(let text, _): return text.isEmpty ? [] : [text]
        case .sequence(let items, _):
            return items.compactMap { item in
                if case .scalar(let text, _) = item, !text.isEmpty { return text }
                report(item.line, "\(place).\(key)", expected: expected, found: item.kind)
                return nil
            }
        case .mapping:
            report(pair.line, "\(place).\(key)", expected: expected, found: pair.value.kind)
            return []
        }
    }

    private mutating func source(_ node: YAMLNode, within place: String) -> SampleSource? {
        switch node {
        case .scalar("", let line), .sequence(_, let line):
            report(line, place, expected: "a file, or a mapping of files", found: node.kind)
            return nil
        case .scalar(let file, _):
            return SampleSource(
                bundle: resolved(file), groupKey: selection.group, selectedModalities: selection.modalities)
        case .mapping(let pairs, let line):
            var source = SampleSource(groupKey: selection.group, selectedModalities: selection.modalities)
            for pair in pairs {
                guard case .scalar(let file, _) = pair.value, !file.isEmpty else {
                    report(pair.line, "\(place).\(pair.key)", expected: "a file", found: pair.value.kind)
                    continue
                }
                switch pair.key {
                case "bundle": source.bundle = resolved(file)
                case "response": source.response = resolved(file)
                case "reference": source.reference = resolved(file)
                default: source.modalities.append((pair.key, resolved(file)))
                }
            }
            if source.bundle == nil, source.response == nil {
                report(line, place, expected: "a bundle, or files by modality with response and reference", found: "no response")
                return nil
            }
            return source
        }
    }

    /// A path relative to the manifest's folder.
    private func resolved(_ file: String) -> String {
        guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
        return String(path[...slash]) + file
    }

    private mutating func text(_ pairs: [YAMLNode.Pair], _ key: String, within place: String) -> String? {
        pairs.text(key) { report($0, "\(place).\(key)", expected: "a text", found: $1) }
    }

    private mutating func number(_ pairs: [YAMLNode.Pair], _ key: String, within place: String) -> Double? {
        guard let text = text(pairs, key, within: place) else { return nil }
        guard let value = Double(text), value.isFinite else {
            let line = pairs.first { $0.key == key }?.line ?? 1
            report(line, "\(place).\(key)", expected: "a number", found: "'\(text)'")
            return nil
        }
        return value
    }

    /// Several scores of one set, such as `scores: { accuracy: 0.71, f1: 0.64 }`.
    private mutating func namedScores(_ pairs: [YAMLNode.Pair], within place: String) -> [String: Double] {
        guard let pair = pairs.first(where: { $0.key == "scores" }) else { return [:] }
        guard case .mapping(let entries, _) = pair.value else {
            report(pair.line, "\(place).scores", expected: "a mapping of names to numbers", found: pair.value.kind)
            return [:]
        }
        var scores: [String: Double] = [:]
        for entry in entries { scores[entry.key] = number(entries, entry.key, within: "\(place).scores") }
        return scores
    }

    private mutating func checkKeys(_ pairs: [YAMLNode.Pair], _ known: [String], within place: String) {
        for pair in pairs {
            guard let problem = pair.problem(known: known) else { continue }
            report(pair.line, place, expected: problem.expected, found: problem.found)
        }
    }

    private mutating func report(_ line: Int, _ place: String, expected: String, found: String) {
        problems.append("\(path):\(line): \(place.isEmpty ? "" : place + ": ")expected \(expected), found \(found)")
    }
}

/// Splits a list such as `visual, text` into names.
func modalityNames(_ list: String) -> [String] {
    list.split(separator: ",").map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
