/// A manifest as YAML, for people to go on with.
///
/// - Parameter entries: names, kinds, files as the manifest shall say them, and scores; the ID set first.
package func manifestText(_ entries: [ManifestLine]) -> String {
    guard let id = entries.first else { return "version: 1\n" }
    let lines = ["version: 1", "id: \(id.text)", "scenarios:"] + entries.dropFirst().map { "  - \($0.text)" }
    return lines.map { $0 + "\n" }.joined()
}

/// One set of a manifest that is being written.
package struct ManifestLine: Sendable, Equatable {
    /// Its name.
    package var name: String
    /// The group of scenarios that it belongs to.
    package var kind: String?
    /// Its file, as seen from the manifest.
    package var file: String
    /// A file of references beside it.
    package var reference: String?
    /// An external score.
    package var score: Double?
    /// A review that gives one.
    package var review: String?

    /// A line of these words.
    package init(
        name: String, kind: String? = nil, file: String, reference: String? = nil, score: Double? = nil, review: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.file = file
        self.reference = reference
        self.score = score
        self.review = review
    }

    /// A flow mapping.
    fileprivate var text: String {
        let data = reference.map { "{ bundle: \(quoted(file)), reference: \(quoted($0)) }" } ?? quoted(file)
        let parts =
            ["name: \(quoted(name))"] + [kind.map { "kind: \(quoted($0))" }].compactMap { $0 } + ["data: \(data)"]
            + [score.map { "score: \($0)" }, score == nil ? review.map { "review: \(quoted($0))" } : nil].compactMap { $0 }
        return "{ \(parts.joined(separator: ", ")) }"
    }
}

/// Plain where YAML reads the text as itself, else in double quotes.
private func quoted(_ text: String) -> String {
    func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "_./-".contains(character))
    }
    let isWord = text.allSatisfy(isPlain) && text.first.map { $0.isLetter || $0 == "_" || $0 == "/" } == true
    if isWord, !["null", "true", "false", "yes", "no", "on", "off"].contains(text.lowercased()) { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": escaped += "\\\""
        case "\\": escaped += "\\\\"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let digits = String(scalar.value, radix: 16)
            escaped += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return "\"\(escaped)\""
}
