import Foundation

/// Numbers as people read them.
enum Numbers {
    /// Three decimals, with a true minus sign only where something is left after rounding.
    static func decimal(_ value: Double, places: Int = 3) -> String {
        let text = String(format: "%.\(places)f", value)
        return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) }) ? String(text.dropFirst()) : text
    }

    static func optional(_ value: Double?, places: Int = 3) -> String {
        value.map { decimal($0, places: places) } ?? "-"
    }

    static func interval(_ ends: [Double]?) -> String {
        guard let ends, ends.count == 2 else { return "-" }
        return "[\(decimal(ends[0])), \(decimal(ends[1]))]"
    }

    static func percent(_ fraction: Double) -> String {
        decimal(100 * fraction, places: 0) + " %"
    }
}
