import Foundation

/// A GitHub Markdown table on standard output. It prints each row as soon as it is known, so a long run that is stopped keeps its rows. The
/// first column is aligned left, the others right.
struct MarkdownTable {
    /// Writes the header.
    init(header: [String]) {
        write(header)
        write(header.indices.map { $0 == 0 ? ":--" : "--:" })
    }

    /// Writes a row.
    func write(_ cells: [String]) {
        FileHandle.standardOutput.write(Data(("| " + cells.joined(separator: " | ") + " |\n").utf8))
    }
}
