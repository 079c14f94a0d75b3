import Foundation

/// Formats numbers for people.
enum Numbers {
    /// A number with three decimals, and with a minus sign only if it does not round to 0; from a billion on as a power of ten, because a
    /// column of digits would say less.
    static func decimal(_ value: Double, places: Int = 3) -> String {
        if value.magnitude >= 1e9 { return scientific(value) }
        let text = String(format: "%.\(places)f", value)
        return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) }) ? String(text.dropFirst()) : text
    }

    /// A number with four digits and a power of ten.
    static func scientific(_ value: Double) -> String { String(format: "%.3e", value) }

    static func optional(_ value: Double?, places: Int = 3) -> String {
        value.map { decimal($0, places: places) } ?? "-"
    }

    /// A p-value or a q-value; one that would round to 0.000 is shown as `< 0.001`.
    static func probability(_ value: Double) -> String { value < 0.0005 ? "< 0.001" : decimal(value) }

    static func probability(_ value: Double?) -> String { value.map { probability($0) } ?? "-" }

    /// A p-value that so many relabellings can give: the smallest they can, 1/(count + 1), says only that none was as extreme.
    static func probability(_ value: Double?, of relabellings: Int) -> String {
        guard let value else { return "-" }
        return isFloor(value, relabellings) ? "≤ \(decimal(value))" : probability(value)
    }

    /// A p-value that so many relabellings can give, for a sentence: `p = 0.012`, `p ≤ 0.010`.
    static func evidence(_ name: String, _ value: Double, of relabellings: Int) -> String {
        isFloor(value, relabellings) ? "\(name) ≤ \(decimal(value))" : evidence(name, value)
    }

    private static func isFloor(_ value: Double, _ relabellings: Int) -> Bool {
        relabellings > 0 && value >= 0.0005 && abs(value * Double(relabellings + 1) - 1) < 1e-9
    }

    /// A p-value or q-value for a sentence: `p = 0.012`, `p < 0.001`.
    static func evidence(_ name: String, _ value: Double) -> String {
        value < 0.0005 ? "\(name) \(probability(value))" : "\(name) = \(probability(value))"
    }

    static func interval(_ ends: [Double]?) -> String {
        guard let ends, ends.count == 2 else { return "-" }
        return "[\(decimal(ends[0])), \(decimal(ends[1]))]"
    }

    static func percent(_ fraction: Double) -> String {
        decimal(100 * fraction, places: 0) + " %"
    }

    /// A confidence level in per cent with all its digits: 97.5 % must not become 98 %, nor anything below 1 become 100 %.
    static func confidence(_ fraction: Double) -> String {
        // 100 * 0.29 is 28.999999999999996, so take the shortest text that gives the fraction back: that is what the user meant.
        for places in 0...20 {
            let text = String(format: "%.\(places)f", 100 * fraction)
            if let value = Double(text), value / 100 == fraction { return text + " %" }
        }
        return "\(100 * fraction) %"
    }
}
