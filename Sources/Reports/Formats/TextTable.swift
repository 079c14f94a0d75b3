import Studies

/// Rows of text in columns; the first column is set left, the others right.
struct TextTable: Sendable {
    var header: [String]
    var rows: [[String]]
    /// Headers of columns that a terminal can do without, those that go first before the others. When they are gone and there is still no
    /// room, columns go from the right.
    var dispensable: [String] = []

    /// Aligned columns, two spaces apart; control characters in names are made visible, so that a terminal does not obey them. For a terminal
    /// (`TextLayout`) it has as many columns as fit, and a line that names those that were left out.
    var plain: String {
        let layout = TextLayout.current
        let all = ([header] + rows).map { $0.map(\.withoutControls) }
        let widths = header.indices.map { column in all.map { $0[column].displayWidth }.max() ?? 0 }
        guard let layout else { return Self.lines(all, widths).joined() }
        let kept = layout.isWide ? Array(header.indices) : columns(thatFit: layout.width, widths)
        // One long name must not push the numbers off the screen.
        let room = layout.width - 2 - kept.dropFirst().reduce(0) { $0 + widths[$1] + 2 }
        let first = layout.isWide ? widths[0] : min(widths[0], max(12, room))
        let shown = all.map { row in kept.map { $0 == 0 ? row[0].shortened(to: first) : row[$0] } }
        let lines = Self.lines(shown, kept.map { $0 == 0 ? first : widths[$0] }).map { String(TextLayout.tableMark) + $0 }
        let omitted = header.indices.filter { !kept.contains($0) }.map { header[$0].withoutControls }
        return lines.joined() + (omitted.isEmpty ? "" : "  (not shown: \(omitted.joined(separator: ", ")); --wide shows them)\n")
    }

    private static func lines(_ rows: [[String]], _ widths: [Int]) -> [String] {
        rows.map { row in
            let cells = row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: max(0, widths[column] - text.displayWidth))
                return column == 0 ? text + padding : padding + text
            }
            // Trailing blanks would show in diffs.
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }
    }

    /// The columns that are kept at a width: at least the first, with at most 32 columns of its names, and one more.
    private func columns(thatFit width: Int, _ widths: [Int]) -> [Int] {
        var kept = Array(header.indices)
        func needed() -> Int { 2 + kept.reduce(-2) { $0 + 2 + ($1 == 0 ? min(widths[0], 32) : widths[$1]) } }
        for title in dispensable where needed() > width { kept.removeAll { $0 > 0 && header[$0] == title } }
        while needed() > width, kept.count > 2 { kept.removeLast() }
        return kept
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

extension String {
    /// The text in so many columns, its middle left out where it is longer: names of conditions differ at their ends.
    fileprivate func shortened(to width: Int) -> String {
        guard displayWidth > width else { return self }
        var (head, tail) = ([Character](), [Character]())
        var (left, right) = (Substring(self), Substring(self))
        var room = width - 1
        while room > 0 {
            let fromEnd = tail.count > head.count || right.isEmpty ? nil : right.popLast()
            guard let character = fromEnd ?? left.popFirst() else { break }
            room -= String(character).displayWidth
            if room < 0 { break }
            if fromEnd != nil { tail.append(character) } else { head.append(character) }
        }
        return String(head) + "…" + String(tail.reversed())
    }
}
