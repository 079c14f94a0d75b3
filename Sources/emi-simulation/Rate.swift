import Foundation

/// How often something happened among a number of trials.
struct Rate: Sendable {
    let count: Int
    let total: Int

    /// The share of outcomes that are true.
    init(_ outcomes: [Bool]) {
        count = outcomes.count { $0 }
        total = outcomes.count
    }

    /// The rate in percent, followed by `*` if it lies outside the required range.
    func text(required: ClosedRange<Double>) -> String {
        guard total > 0 else { return "-" }
        let share = Double(count) / Double(total)
        return String(format: "%.1f", 100 * share) + (required.contains(share) ? "" : " *")
    }

    /// The rate in percent.
    var text: String { text(required: 0...1) }
}

/// A number with a fixed number of decimals; `-` if it is not finite.
func decimal(_ value: Double, _ digits: Int = 3) -> String {
    value.isFinite ? String(format: "%.\(digits)f", value) : "-"
}

extension [Double] {
    var mean: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }

    /// The standard deviation with n - 1 in the denominator.
    var standardDeviation: Double {
        let center = mean
        return (reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(count - 1)).squareRoot()
    }
}
