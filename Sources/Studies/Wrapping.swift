extension String {
    /// Lines of at most so many columns, broken at blanks; a word that is longer stays whole. Lines after the first start two columns
    /// further to the right than the first. With nil the text stays as it is.
    package func wrapped(to width: Int?) -> String {
        guard let width, displayWidth > width else { return self }
        let margin = String(prefix { $0 == " " })
        let later = margin + "  "
        var lines: [String] = []
        var (line, columns, isEmpty) = (margin, margin.count, true)
        for word in dropFirst(margin.count).wordsKeptWhole {
            let size = word.displayWidth
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

extension Substring {
    /// The words between blanks; `p ≤ 0.010`, `± 0.03`, `95 %` and `[0.1, 0.2]` are one word each, for half of one says nothing.
    fileprivate var wordsKeptWhole: [String] {
        let signs: Set<Substring> = ["=", "≤", "≥", "<", ">", "±", "%"]
        var words: [String] = []
        var isOpen = false
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            let isSign = signs.contains(word)
            if isOpen || isSign, let last = words.last, !last.isEmpty, !word.isEmpty {
                words[words.count - 1] = last + " " + word
            } else {
                words.append(String(word))
            }
            isOpen = (isSign && word != "%") || (word.hasPrefix("[") && word.hasSuffix(",") && word.dropFirst().first?.isLetter != true)
        }
        return words
    }
}
