/// Rows of text in columns; the first column is set left, the others right.
struct TextTable: Sendable {
    var header: [String]
    var rows: [[String]]

    /// Aligned columns, two spaces apart; control characters in names are shown instead of obeyed.
    var plain: String {
        let all = ([header] + rows).map { $0.map(\.withoutControls) }
        let widths = header.indices.map { column in all.map { $0[column].displayWidth }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.displayWidth)
                return column == 0 ? text + padding : padding + text
            }
            // Trailing blanks would show in diffs.
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// A table of GitHub's Markdown.
    var markdown: String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.withoutControls.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        }
        let rule = header.indices.map { $0 == 0 ? ":--" : "--:" }
        return line(header) + line(rule) + rows.map(line).joined()
    }
}
