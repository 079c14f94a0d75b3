/// The correlations of bootstrap resamples of the same pairs, each of as many pairs drawn with replacement.
///
/// Pairs are sorted once, and a resample is how often each was drawn: Pearson's and Spearman's coefficients then take n steps, and
/// Kendall's n log n.
struct ResampledPairs {
    // In the order of x, and of y within ties.
    private let x: [Double]
    private let y: [Double]
    private let classesX: [Int]
    private let classesY: [Int]
    private let classCounts: (x: Int, y: Int)
    /// Where each pair lies in that order.
    private let places: [Int]
    private var weights: [Int]
    private var sizesX: [Int]
    private var sizesY: [Int]

    /// - Parameter ranked: the order of the same pairs.
    init(_ x: [Double], _ y: [Double], _ ranked: RankedPairs) {
        let order = x.indices.sorted { (ranked.x[$0], ranked.y[$0], $0) < (ranked.x[$1], ranked.y[$1], $1) }
        (self.x, self.y) = (order.map { x[$0] }, order.map { y[$0] })
        (classesX, classesY) = (order.map { ranked.x[$0] }, order.map { ranked.y[$0] })
        classCounts = ranked.classCounts
        var places = [Int](repeating: 0, count: x.count)
        for (place, index) in order.enumerated() { places[index] = place }
        self.places = places
        weights = [Int](repeating: 0, count: x.count)
        sizesX = [Int](repeating: 0, count: ranked.classCounts.x)
        sizesY = [Int](repeating: 0, count: ranked.classCounts.y)
    }

    /// Draws the next resample.
    mutating func draw(using generator: inout SeededGenerator) {
        for index in weights.indices { weights[index] = 0 }
        for _ in weights.indices { weights[places[generator.index(below: places.count)]] += 1 }
        for index in sizesX.indices { sizesX[index] = 0 }
        for index in sizesY.indices { sizesY[index] = 0 }
        for (index, weight) in weights.enumerated() {
            sizesX[classesX[index]] += weight
            sizesY[classesY[index]] += weight
        }
    }

    /// Whether both sides of the resample have different values.
    private var varies: Bool { !sizesX.contains(weights.count) && !sizesY.contains(weights.count) }

    /// Pearson's correlation of the resample; nil when one side does not vary.
    var pearson: Double? { correlation(x, y) }

    /// Spearman's correlation of the resample; nil when one side does not vary.
    var spearman: Double? {
        func ranks(_ sizes: [Int]) -> [Double] {
            var start = 0
            return sizes.map { size in
                defer { start += size }
                return Double(2 * start + size + 1) / 2
            }
        }
        let (left, right) = (ranks(sizesX), ranks(sizesY))
        return correlation(classesX.map { left[$0] }, classesY.map { right[$0] })
    }

    private func correlation(_ left: [Double], _ right: [Double]) -> Double? {
        guard varies else { return nil }
        let count = Double(weights.count)
        var (meanX, meanY) = (0.0, 0.0)
        for (index, weight) in weights.enumerated() {
            meanX += Double(weight) * left[index]
            meanY += Double(weight) * right[index]
        }
        (meanX, meanY) = (meanX / count, meanY / count)
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (index, weight) in weights.enumerated() {
            let (a, b, weight) = (left[index] - meanX, right[index] - meanY, Double(weight))
            xx += weight * a * a
            yy += weight * b * b
            xy += weight * a * b
        }
        guard xx > 0, yy > 0 else { return nil }
        return min(1, max(-1, xy / (xx * yy).squareRoot()))
    }

    /// Kendall's tau-b of the resample; nil when one side does not vary.
    ///
    /// In the order of x, a tree of partial sums (Fenwick, 1994) counts the earlier pairs with a smaller y and with a larger one.
    var kendall: Double? {
        guard varies else { return nil }
        var tree = [Int](repeating: 0, count: classCounts.y + 1)
        func countBelow(_ classOfY: Int) -> Int {
            var (sum, node) = (0, classOfY)
            while node > 0 {
                sum &+= tree[node]
                node &= node &- 1
            }
            return sum
        }
        var (score, counted, start) = (0, 0, 0)
        while start < weights.count {
            var end = start
            while end < weights.count, classesX[end] == classesX[start] {
                let weight = weights[end]
                if weight > 0 {
                    let below = countBelow(classesY[end])
                    let equal = countBelow(classesY[end] + 1) - below
                    score += weight * (2 * below + equal - counted)
                }
                end += 1
            }
            for index in start..<end where weights[index] > 0 {
                var node = classesY[index] + 1
                while node < tree.count {
                    tree[node] &+= weights[index]
                    node &+= node & -node
                }
                counted += weights[index]
            }
            start = end
        }
        func pairs(_ size: Int) -> Int { size * (size - 1) / 2 }
        let untied = [sizesX, sizesY].map { sizes in Double(pairs(weights.count) - sizes.reduce(0) { $0 + pairs($1) }) }
        return min(1, max(-1, Double(score) / (untied[0].squareRoot() * untied[1].squareRoot())))
    }
}
