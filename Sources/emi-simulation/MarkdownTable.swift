/// A table of GitHub's Markdown; the first column is set left, the others right.
struct MarkdownTable {
    let header: [String]
    var rows: [[String]] = []

    var text: String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return line(header) + line(header.indices.map { $0 == 0 ? ":--" : "--:" }) + rows.map(line).joined()
    }
}
