extension String {
    /// Lines of at most so many columns, broken at blanks; a word that is longer stays whole. Lines after the first start two columns
    /// further to the right than the first. With nil the text stays as it is.
    package func wrapped(to width: Int?) -> String {
        guard let width, displayWidth > width else { return self }
        let margin = String(prefix { $0 == " " })
        let later = margin + "  "
        var lines: [String] = []
        var (line, columns, isEmpty) = (margin, margin.count, true)
        for word in dropFirst(margin.count).split(separator: " ", omittingEmptySubsequences: false) {
            let size = String(word).displayWidth
            if !isEmpty, columns + 1 + size > width {
                lines.append(line)
                (line, columns, isEmpty) = (later, later.count, true)
                if word.isEmpty { continue }
            }
            line += (isEmpty ? "" : " ") + word
            columns += (isEmpty ? 0 : 1) + size
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
