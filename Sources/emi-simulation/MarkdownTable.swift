import Foundation

/// A table of GitHub's Markdown on standard output, each row as soon as it is known: a long run that is ended keeps what it has.
/// The first column is set left, the others right.
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
