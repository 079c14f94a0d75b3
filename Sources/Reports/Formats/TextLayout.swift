import Studies

/// What a text is laid out for. Without one, as in files and pipes, every line is as long as what it says, and tables have all columns.
package struct TextLayout: Sendable {
    /// Columns of the terminal.
    package let width: Int
    /// Whether tables keep all their columns, however wide they get.
    package let isWide: Bool

    /// A layout for a terminal.
    package init(width: Int, isWide: Bool = false) {
        (self.width, self.isWide) = (width, isWide)
    }

    /// The layout of the text that is being written; nil where there is no terminal.
    @TaskLocal package static var current: TextLayout?

    /// Lays out a text: `render` makes it, with tables that fit; sentences are then wrapped.
    package func text(_ render: () throws -> String) rethrows -> String {
        let text = try Self.$current.withValue(self, operation: render)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.first == Self.tableMark { return String(line.dropFirst()) }
            let line = String(line)
            guard line.hasPrefix(Self.bold), line.hasSuffix(Self.plain) else { return line.wrapped(to: width) }
            let sentence = String(line.dropFirst(Self.bold.count).dropLast(Self.plain.count))
            return Self.bold + sentence.wrapped(to: width) + Self.plain
        }.joined(separator: "\n")
    }

    /// Starts a line of a table while it is laid out: such a line is never broken.
    static let tableMark: Character = "\u{E000}"
    private static let (bold, plain) = ("\u{1B}[1m", "\u{1B}[0m")
}
