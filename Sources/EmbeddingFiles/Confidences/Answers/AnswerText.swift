/// Interprets an answer in words: does it abstain, which option does it name, is it right?
struct AnswerText {
    /// Phrases with which abstaining answers begin.
    private static let abstentions = [
        "i don't know", "i do not know", "i dont know", "idk", "i'm not sure", "i am not sure", "i cannot tell", "i can't tell",
        "i cannot determine", "i can't determine", "i cannot answer", "i can't answer", "cannot be determined",
        "can't be determined", "it cannot be determined", "cannot be answered", "unanswerable", "not answerable", "unknown",
        "no answer", "none of the above can be", "there is not enough information", "not enough information",
        "insufficient information",
    ]

    /// Further phrases, in lower case, with which abstaining answers begin.
    let abstentionPatterns: [String]

    init(_ patterns: [String] = []) { abstentionPatterns = Self.abstentions + patterns.map { Self.normalised($0) } }

    /// The text in lower case, with single blanks, straight apostrophes and no punctuation around it.
    static func normalised(_ text: String) -> String {
        let straight = text.lowercased().map { $0 == "\u{2019}" ? "'" : $0 }
        let words = String(straight).split { $0.isWhitespace }.joined(separator: " ")
        return trimming(words) { $0 == " " || ".,;:!?\"`*()[]{}".contains($0) }
    }

    private static func trimming(_ text: String, _ isBlank: (Character) -> Bool) -> String {
        guard let start = text.firstIndex(where: { !isBlank($0) }), let end = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[start...end])
    }

    /// Whether an answer declines to answer: it starts with one of the phrases, as a whole word.
    func abstains(_ answer: String, idkOption: String? = nil) -> Bool {
        let text = Self.normalised(answer)
        if let idkOption, !idkOption.isEmpty, Self.answer(text) == Self.answer(idkOption) { return true }
        return abstentionPatterns.contains { phrase in
            guard !phrase.isEmpty, text.hasPrefix(phrase) else { return false }
            return text.dropFirst(phrase.count).first?.isLetter != true
        }
    }

    /// The form in which answers are compared: the option's letter for `(B)`, `B.` and `B. dog`, otherwise the normalised text.
    static func answer(_ text: String) -> String {
        let normal = normalised(text)
        guard let letter = letter(of: text) else { return normal }
        return letter
    }

    /// The option's letter at the beginning of an answer, in lower case; nil when the answer begins with a word.
    static func letter(of text: String) -> String? {
        let trimmed = trimming(text) { $0.isWhitespace || "(*\"[`".contains($0) }
        guard let first = trimmed.first, first.isLetter, first.isASCII else { return nil }
        let rest = trimmed.dropFirst()
        guard let next = rest.first else { return first.lowercased() }
        // "A dog" is a text, but "A. dog" and "B) dog" begin with letters.
        return ".):,]*".contains(next) || next.isNewline ? first.lowercased() : nil
    }

    /// Whether an answer equals the right one; both are compared as letters or both as texts.
    static func agrees(_ answer: String, with gold: String) -> Bool {
        self.answer(answer) == self.answer(gold) && !self.answer(gold).isEmpty
    }
}
