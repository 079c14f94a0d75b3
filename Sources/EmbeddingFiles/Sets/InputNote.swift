/// What a user should know of the files but need not act upon.
package struct InputNote: Sendable, Equatable, ExpressibleByStringInterpolation {
    /// A name for programs, in snake_case, for notes that something is decided by; nil for all others.
    package var code: String?
    /// One sentence.
    package var message: String

    /// A note with a code of its own.
    package init(code: String?, message: String) {
        self.code = code
        self.message = message
    }

    /// A note without a code.
    package init(stringLiteral message: String) { self.init(code: nil, message: message) }
}

extension Column {
    /// The note on texts without a word; nil where there are none, and for vectors.
    ///
    /// A model that said nothing is data, and so are the rows: they are kept, and are like one another.
    package var emptyTextNote: InputNote? {
        guard case .texts(let texts) = values else { return nil }
        let count = texts.count { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
        guard count > 0 else { return nil }
        return InputNote(
            code: "empty_text",
            message: "\(file): \(count) of \(texts.count) texts under '\(key)' are empty: they are compared as they are, all alike")
    }
}
