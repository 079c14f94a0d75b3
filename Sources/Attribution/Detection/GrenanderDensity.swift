/// Grenander's estimate of a non-increasing density on [0, 1] (Skand. Aktuarietidskr. 39, 1956): the slopes of the least concave majorant
/// of the empirical distribution function.
struct GrenanderDensity: Sendable {
    /// The ends of the pieces, ascending from 0 to 1.
    private let knots: [Double]
    /// The slope of each piece.
    private let slopes: [Double]

    /// - Parameter values: the sample, within [0, 1].
    init(_ values: [Double]) {
        let sorted = values.sorted()
        let count = Double(max(1, values.count))
        var hull: [(x: Double, y: Double)] = [(0, 0)]
        func add(_ x: Double, _ y: Double) {
            if let last = hull.last, last.x == x, hull.count > 1 || x == 0 { hull.removeLast() }
            while hull.count >= 2 {
                let (a, b) = (hull[hull.count - 2], hull[hull.count - 1])
                guard (b.y - a.y) * (x - b.x) <= (y - b.y) * (b.x - a.x) else { break }
                hull.removeLast()
            }
            hull.append((x, y))
        }
        for (index, value) in sorted.enumerated() { add(value, Double(index + 1) / count) }
        add(1, 1)
        knots = hull.map(\.x)
        slopes = zip(hull, hull.dropFirst()).map { ($1.y - $0.y) / ($1.x - $0.x) }
    }

    /// The density at `x`; at a knot, that of the piece on the left.
    func value(at x: Double) -> Double {
        guard !slopes.isEmpty else { return 1 }
        let piece = knots.partitionPoint { $0 < x } - 1
        return slopes[Swift.min(Swift.max(piece, 0), slopes.count - 1)]
    }
}
