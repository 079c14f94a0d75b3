/// A confidence that a model states in its answer: `Confidence: 85%`, `0.85`, `85/100`, `85 percent`.
struct StatedConfidence {
    /// How the number was written.
    enum Form { case percent, fraction, bare }

    /// The text from the last "Answer:" on and before the last "Confidence:".
    let answer: String
    /// The number as written, with a fraction divided out; nil when the text states none.
    let number: (value: Double, form: Form)?

    /// Finds the last answer and the last confidence in a text.
    init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
        var (answer, number): (String?, (Double, Form)?) = (nil, nil)
        var others: [String] = []
        for line in lines {
            // "Answer: B, Confidence: 85%" has both on one line.
            let stated = Self.value(of: "confidence", in: line)
            let before = stated.map { String(line[..<$0.keyStart]) } ?? line
            if let found = Self.value(of: "answer", in: before) {
                answer = String(found.value)
                // A later answer has its own confidence or none at all.
                number = nil
            } else if stated == nil || !AnswerText.normalised(before).isEmpty {
                others.append(before)
            }
            if let stated { number = Self.number(String(stated.value)) }
        }
        self.answer = answer ?? others.joined(separator: "\n")
        self.number = number
    }

    /// What follows a key and a colon or equals sign; ignores case and passes over marks of emphasis.
    private static func value(of key: String, in line: String) -> (keyStart: String.Index, value: Substring)? {
        var found: (String.Index, Substring)?
        var start = line.startIndex
        while start < line.endIndex {
            let rest = line[start...]
            // Indices into the lower-case text need not be valid in the text itself, so letters are compared one by one.
            if rest.count >= key.count, rest.prefix(key.count).lowercased() == key,
                start == line.startIndex || !line[line.index(before: start)].isLetter
            {
                var after = line.index(start, offsetBy: key.count)
                while after < line.endIndex, "*_ \"".contains(line[after]) { after = line.index(after: after) }
                if after < line.endIndex, line[after] == ":" || line[after] == "=" {
                    found = (start, line[line.index(after: after)...])
                }
            }
            start = line.index(after: start)
        }
        return found
    }

    /// The number at the beginning of a text, after blanks and marks.
    static func number(_ text: String) -> (Double, Form)? {
        var rest = text.drop { $0.isWhitespace || "*\"~([<".contains($0) }
        guard let value = leadingNumber(&rest) else { return nil }
        rest = rest.drop { $0 == " " }
        if rest.hasPrefix("%") || rest.lowercased().hasPrefix("percent") || rest.lowercased().hasPrefix("per cent") {
            return (value, .percent)
        }
        if rest.hasPrefix("/") {
            var below = rest.dropFirst().drop { $0 == " " }
            guard let divisor = leadingNumber(&below), divisor > 0 else { return nil }
            return (value / divisor, .fraction)
        }
        return (value, .bare)
    }

    private static func leadingNumber(_ text: inout Substring) -> Double? {
        var digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        // A full stop after the number may end the sentence.
        while digits.last == "." { digits = digits.dropLast() }
        guard let value = Double(digits) else { return nil }
        text = text[digits.endIndex...]
        return value
    }

    /// The confidence as a fraction of 1; `bareIsPercent` says whether bare numbers are percentages.
    func confidence(bareIsPercent: Bool) -> Double? {
        guard let number else { return nil }
        switch number.form {
        case .percent: return number.value / 100
        case .fraction: return number.value
        case .bare: return bareIsPercent ? number.value / 100 : number.value
        }
    }
}
