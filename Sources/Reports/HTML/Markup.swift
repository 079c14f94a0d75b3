/// HTML source. Interpolated text is escaped, so that no name can become markup by accident; only `Markup` is inserted as it is.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    /// The HTML source.
    private(set) var source: String

    init(stringLiteral value: String) { source = value }

    init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

    /// Several parts, one after the other.
    init(_ parts: [Markup]) { source = parts.map(\.source).joined() }

    /// The content of an element whose text HTML does not interpret: the program's own script or style, or JSON without `<`.
    init(raw source: String) { self.source = source }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { source += literal }

        mutating func appendInterpolation(_ text: String) { source += text.withoutControls.escapedForHTML }

        mutating func appendInterpolation(_ number: Int) { source += "\(number)" }

        mutating func appendInterpolation(_ markup: Markup) { source += markup.source }

        mutating func appendInterpolation(_ parts: [Markup]) {
            for part in parts { source += part.source }
        }
    }
}

extension String {
    /// The text, escaped for use between tags or in a quoted attribute.
    fileprivate var escapedForHTML: String {
        guard utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return self }
        var result = ""
        for character in unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
