/// Writes a manifest as YAML that people can continue to edit.
///
/// - Parameter entries: the sets, the ID set first, with the files as the manifest should name them.
package func manifestText(_ entries: [ManifestLine]) -> String {
    guard let id = entries.first else { return "version: 1\n" }
    let lines = ["version: 1", "id: \(id.text)", "scenarios:"] + entries.dropFirst().map { "  - \($0.text)" }
    return lines.map { $0 + "\n" }.joined()
}

/// One set of a manifest that is being written.
package struct ManifestLine: Sendable, Equatable {
    /// The set's name.
    package var name: String
    /// The group of scenarios to which the set belongs.
    package var kind: String?
    /// The set's file, relative to the manifest.
    package var file: String
    /// A file of references beside the set.
    package var reference: String?
    /// An external score of the set.
    package var score: Double?
    /// A review file that gives a score.
    package var review: String?

    /// A line with these values.
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

    /// The line as a YAML flow mapping.
    fileprivate var text: String {
        let data = reference.map { "{ bundle: \(quoted(file)), reference: \(quoted($0)) }" } ?? quoted(file)
        let parts =
            ["name: \(quoted(name))"] + [kind.map { "kind: \(quoted($0))" }].compactMap { $0 } + ["data: \(data)"]
            + [score.map { "score: \($0)" }, score == nil ? review.map { "review: \(quoted($0))" } : nil].compactMap { $0 }
        return "{ \(parts.joined(separator: ", ")) }"
    }
}

/// Plain text if YAML reads it as itself, else text in double quotes.
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
