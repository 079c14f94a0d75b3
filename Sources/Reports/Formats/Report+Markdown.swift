extension Report {
    /// GitHub drops a step summary (`$GITHUB_STEP_SUMMARY`) entirely if it has more than 1 MiB.
    package static let stepSummaryByteLimit = 1 << 20

    /// The report in GitHub's Markdown, in at most `byteLimit` bytes: first its sentences and the table of kinds, then scenarios, the
    /// largest losses first, as many as there is room for. Limits below about 2,000 bytes can be exceeded.
    package func markdown(byteLimit: Int = Report.stepSummaryByteLimit) -> String {
        var parts = ["### \(title.markdownText)\n", verdicts.map { "**\($0.markdownText)**\n" }.joined(separator: "\n")]
        for statement in [boundStatement, entropyStatement].compactMap({ $0 }) { parts.append(statement.markdownText + "\n") }
        var remarks = failures.map { "- \($0.markdownText)\n" } + notes.map { "- `\($0.code)`: \($0.text.markdownText)\n" }
        // A thousand failures must not use up the room for all numbers.
        let remarkLimit = max(500, (byteLimit - parts.joined().utf8.count) / 4)
        remarks = Self.prefix(of: remarks, byteLimit: remarkLimit) { "- … and \($0) more\n" }

        guard isBatch else { return (parts + tables.map(\.markdown) + Self.section(remarks)).joined(separator: "\n") }
        let last = [correlationTable(), estimatorTable()].compactMap { $0?.markdown } + Self.section(remarks)
        parts += [kindTable()].compactMap { $0?.markdown }
        let spent = (parts + last).reduce(0) { $0 + $1.utf8.count + 1 }
        let table = scenarioTable().markdown(byteLimit: byteLimit - spent - 200)
        return
            (parts + Self.folded(table.text, title: "Scenarios, the largest losses first", isLong: scenarios.count > 12)
            + (table.omittedCount > 0 ? ["… and \(table.omittedCount) more scenarios, which are in the full report.\n"] : []) + last)
            .joined(separator: "\n")
    }

    private static func section(_ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [lines.joined()]
    }

    /// Folds a long table, which opens on request: a comment on a pull request should not bury the others.
    private static func folded(_ table: String, title: String, isLong: Bool) -> [String] {
        isLong ? ["<details><summary>\(title)</summary>\n", table, "</details>\n"] : [table]
    }

    /// As many lines as there is room for, and a line that says how many are missing.
    private static func prefix(of lines: [String], byteLimit: Int, _ more: (Int) -> String) -> [String] {
        var left = byteLimit
        let kept = lines.prefix { line in
            left -= line.utf8.count
            return left >= 0
        }
        return kept.count == lines.count ? lines : kept + [more(lines.count - kept.count)]
    }
}

extension String {
    /// The text with everything escaped that Markdown, or HTML within it, would obey, on one line. A zero-width space keeps `@name`
    /// from calling someone.
    var markdownText: String {
        var result = ""
        var previous: Character = " "
        let text = withoutControls
        for (index, character) in zip(text.indices, text) {
            let next = text.index(after: index) < text.endIndex ? text[text.index(after: index)] : nil
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\\", "`", "*", "~", "|": result += "\\\(character)"
            case "_":
                // Within a word an underscore means nothing.
                result += previous.isLetterOrDigit && next?.isLetterOrDigit == true ? "_" : "\\_"
            case "]":
                // Intervals stay as they are; links do not.
                result += next.map { "([:".contains($0) } == true ? "\\]" : "]"
            case "@": result += "@\u{200B}"
            case "/" where previous == "/": result += "\u{200B}/"
            default: result.append(character)
            }
            previous = character
        }
        return result
    }
}

extension Character {
    fileprivate var isLetterOrDigit: Bool { isLetter || isNumber }
}
