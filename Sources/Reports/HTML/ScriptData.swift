import Foundation

/// The data of a page's charts for a script element. It contains no `<`, so nothing in it can end the element or start another.
///
/// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
func scriptJSON(_ data: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(data), as: UTF8.self)
        .replacing("<", with: "\\u003c").replacing(">", with: "\\u003e").replacing("&", with: "\\u0026")
        .replacing("\u{2028}", with: "\\u2028").replacing("\u{2029}", with: "\\u2029")
}

/// Names for the places on an axis, made distinct. A manifest guarantees distinct names, but a report from elsewhere may not.
func distinctNames(_ names: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return names.map { name in
        let name = name.withoutControls
        let count = seen[name, default: 0] + 1
        seen[name] = count
        return count > 1 ? "\(name) (\(count))" : name
    }
}

extension Double {
    /// The number rounded to five digits, more than a chart can show.
    var toFiveDigits: Double {
        // Rounding the largest doubles up would give infinity, so these stay as they are.
        Double(String(format: "%.5g", self)).flatMap { $0.isFinite ? $0 : nil } ?? self
    }
}
