/// Something that the user should know about the files but need not act upon.
package struct InputNote: Sendable, Equatable, ExpressibleByStringInterpolation {
    /// An identifier in snake_case for programs; nil for notes on which no decision rests.
    package var code: String?
    /// The note in one sentence.
    package var message: String

    /// A note with its own code.
    package init(code: String?, message: String) {
        self.code = code
        self.message = message
    }

    /// A note without a code.
    package init(stringLiteral message: String) { self.init(code: nil, message: message) }
}

extension Column {
    /// A note on texts without a word; nil if there are none, and for vectors.
    ///
    /// A model that said nothing is data too, so the rows are kept; they resemble each other.
    package var emptyTextNote: InputNote? {
        guard case .texts(let texts) = values else { return nil }
        let count = texts.count { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
        guard count > 0 else { return nil }
        return InputNote(
            code: "empty_text",
            message: "\(file): \(count) of \(texts.count) texts under '\(key)' are empty: they are compared as they are, all alike")
    }
}
