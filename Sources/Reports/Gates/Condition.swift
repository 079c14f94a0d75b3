import Statistics
import Studies

/// What a rule forbids: a field of the report, a comparison and a threshold, such as `emid.interval_low > 0.05`.
package struct Condition: Sendable, Equatable {
    /// The condition as the user wrote it.
    package let text: String
    let path: [String]
    let comparison: Comparison
    let threshold: FieldValue

    enum Comparison: String, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case different = "!="
        case below = "<"
        case above = ">"

        var words: String {
            switch self {
            case .atMost: "at most"
            case .atLeast: "at least"
            case .equal: "equal to"
            case .different: "other than"
            case .below: "below"
            case .above: "above"
            }
        }
    }

    /// Whether the condition concerns one value of the whole report rather than a value of every scenario.
    var isAboutReport: Bool { ReportFields.reportParts.contains(path[0]) }

    /// Whether the condition needs an earlier report.
    package var needsBaseline: Bool {
        path[0] == "change" && path.count > 1 && ReportFields.baselineMeasures.contains(path[1])
    }

    /// Parses a condition.
    ///
    /// - Throws: `RunError` that says what was expected and what was found.
    package init(_ text: String) throws {
        func refused(expected: String, found: String) -> RunError {
            RunError(code: "bad_policy", message: "expected \(expected), found \(found)".withoutControls)
        }
        let signs = text.drop { !"<>=!".contains($0) }.prefix { "<>=!".contains($0) }
        let field = String(text.prefix { !"<>=!".contains($0) }).trimmed
        guard !signs.isEmpty else {
            throw refused(expected: "FIELD COMPARISON VALUE, such as 'emid.interval_low > 0.05'", found: "'\(text)'")
        }
        guard let comparison = Comparison(rawValue: String(signs)) else {
            throw refused(expected: "one of < <= > >= == !=", found: "'\(signs)' in '\(text)'")
        }
        let path = field.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let content = ReportFields.all.content(of: path) else {
            let suggestion = ReportFields.all.nearest(to: path).map { "; did you mean '\($0)'?" } ?? ""
            throw refused(expected: "a field of the report ('emi schema' lists them)", found: "'\(field)'\(suggestion)")
        }
        let value = String(text[signs.endIndex...]).trimmed
        switch content {
        case .number:
            guard let number = Double(value), number.isFinite else {
                throw refused(expected: "a number after '\(field) \(signs)'", found: value.isEmpty ? "nothing" : "'\(value)'")
            }
            threshold = .number(number)
        case .truth:
            guard let truth = Bool(value) else {
                throw refused(expected: "true or false after '\(field) \(signs)'", found: value.isEmpty ? "nothing" : "'\(value)'")
            }
            threshold = .truth(truth)
        case .text:
            let bare =
                value.count > 1 && value.first == value.last && "'\"".contains(value.prefix(1))
                ? String(value.dropFirst().dropLast()) : value
            guard !bare.isEmpty else { throw refused(expected: "a text after '\(field) \(signs)'", found: "nothing") }
            threshold = .text(bare)
        }
        guard content == .number || [.equal, .different].contains(comparison) else {
            throw refused(expected: "== or != for '\(field)', which holds \(content.rawValue)", found: "'\(signs)'")
        }
        self.text = text.trimmed
        self.path = path
        self.comparison = comparison
    }

    /// Whether a value satisfies the condition.
    func holds(for value: FieldValue) -> Bool {
        switch (value, threshold) {
        case (.number(let value), .number(let threshold)):
            switch comparison {
            case .atMost: value <= threshold
            case .atLeast: value >= threshold
            case .equal: value == threshold
            case .different: value != threshold
            case .below: value < threshold
            case .above: value > threshold
            }
        default: comparison == .equal ? value == threshold : value != threshold
        }
    }

    /// Whether the whole interval around a value satisfies the condition; nil if its ends disagree.
    func holds(for interval: ClosedRange<Double>) -> Bool? {
        let (low, high) = (holds(for: .number(interval.lowerBound)), holds(for: .number(interval.upperBound)))
        return low == high ? low : nil
    }

    /// The path of the interval around the field, if reports have one.
    var intervalPath: [String]? {
        guard let name = path.last, ![.equal, .different].contains(comparison) else { return nil }
        return path.dropLast() + [["value", "excess"].contains(name) ? "interval" : name + "_interval"]
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
