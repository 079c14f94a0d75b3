/// Rows of text in columns; the first column is aligned left, the others right.
struct TextTable: Sendable {
    var header: [String]
    var rows: [[String]]

    /// Aligned columns, two spaces apart; control characters in names are made visible, so that a terminal does not obey them.
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

    /// The table in GitHub's Markdown.
    var markdown: String { markdown(byteLimit: .max).text }

    /// The table in GitHub's Markdown, with as many of the first rows as there is room for.
    func markdown(byteLimit: Int) -> (text: String, omittedCount: Int) {
        func line(_ cells: [String]) -> String {
            "| " + cells.map(\.markdownText).joined(separator: " | ") + " |\n"
        }
        let rule = "|" + header.indices.map { $0 == 0 ? " :-- |" : " --: |" }.joined() + "\n"
        var text = line(header) + rule
        for (index, row) in rows.enumerated() {
            let more = line(row)
            if text.utf8.count + more.utf8.count > byteLimit { return (text, rows.count - index) }
            text += more
        }
        return (text, 0)
    }
}
