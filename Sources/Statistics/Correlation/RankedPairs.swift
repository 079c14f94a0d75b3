/// The order of paired values: what Spearman's and Kendall's correlations are made of.
struct RankedPairs {
    /// The number of different smaller values, for each value of the first side.
    let x: [Int]
    let y: [Int]
    /// The numbers of different values.
    let classCounts: (x: Int, y: Int)

    /// - Precondition: as many values on both sides.
    init(_ x: [Double], _ y: [Double]) {
        precondition(x.count == y.count, "unpaired values")
        let (left, right) = (Self.classes(x), Self.classes(y))
        (self.x, self.y, classCounts) = (left.classes, right.classes, (left.count, right.count))
    }

    private static func classes(_ values: [Double]) -> (classes: [Int], count: Int) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var classes = [Int](repeating: 0, count: values.count)
        var last = 0
        for (position, index) in order.enumerated() {
            if position > 0, values[order[position - 1]] < values[index] { last += 1 }
            classes[index] = last
        }
        return (classes, values.isEmpty ? 0 : last + 1)
    }

    private static func sizes(_ classes: [Int], _ count: Int) -> [Int] {
        var sizes = [Int](repeating: 0, count: count)
        for index in classes { sizes[index] += 1 }
        return sizes
    }

    /// The mean rank of each value among those of its side, counted from 1.
    var midRanks: (x: [Double], y: [Double]) {
        func ranks(_ classes: [Int], _ count: Int) -> [Double] {
            var start = 0
            let ofClass = Self.sizes(classes, count).map { size -> Double in
                defer { start += size }
                return Double(2 * start + size - 1) / 2 + 1
            }
            return classes.map { ofClass[$0] }
        }
        return (ranks(x, classCounts.x), ranks(y, classCounts.y))
    }

    /// Kendall's tau-b, corrected for ties; its p-value comes from the normal approximation with the variance under ties (Kendall 1970).
    ///
    /// Concordant less discordant pairs = all pairs - pairs tied in x - pairs tied in y + pairs tied in both - 2 discordant ones. In the
    /// order of x, and of y within ties, a discordant pair is an inversion of y, and a merge sort counts these (Knight, JASA 61, 1966).
    var kendall: Correlation.Estimate? {
        guard x.count >= 3 else { return nil }
        let (sizesX, sizesY) = (Self.sizes(x, classCounts.x), Self.sizes(y, classCounts.y))
        let order = ordered(ordered(Array(x.indices), by: y, sizesY), by: x, sizesX)
        var tiedInBoth = 0
        var run = 1
        for (left, right) in zip(order, order.dropFirst()) {
            run = x[left] == x[right] && y[left] == y[right] ? run + 1 : 1
            tiedInBoth += run - 1
        }
        func pairs(_ size: Int) -> Int { size * (size - 1) / 2 }
        let tied = (x: sizesX.reduce(0) { $0 + pairs($1) }, y: sizesY.reduce(0) { $0 + pairs($1) })
        let score = Double(pairs(x.count) - tied.x - tied.y + tiedInBoth - 2 * Self.inversions(order.map { y[$0] }))
        let n = Double(x.count)
        let untied = (x: Double(pairs(x.count) - tied.x), y: Double(pairs(x.count) - tied.y))
        guard untied.x > 0, untied.y > 0 else { return nil }
        func sum(_ sizes: [Int], _ term: (Double) -> Double) -> Double { sizes.reduce(0) { $1 > 1 ? $0 + term(Double($1)) : $0 } }
        func spread(_ t: Double) -> Double { t * (t - 1) * (2 * t + 5) }
        let single = (spread(n) - sum(sizesX, spread) - sum(sizesY, spread)) / 18
        let double = sum(sizesX) { $0 * ($0 - 1) } * sum(sizesY) { $0 * ($0 - 1) } / (2 * n * (n - 1))
        let triple =
            sum(sizesX) { $0 * ($0 - 1) * ($0 - 2) } * sum(sizesY) { $0 * ($0 - 1) * ($0 - 2) } / (9 * n * (n - 1) * (n - 2))
        return Correlation.Estimate(
            coefficient: min(1, max(-1, score / (untied.x.squareRoot() * untied.y.squareRoot()))),
            pValue: StudentDistribution(degreesOfFreedom: .infinity).twoSidedTail(score / (single + double + triple).squareRoot()))
    }

    /// The indices in the order of their classes, those of one class in the order given.
    private func ordered(_ indices: [Int], by classes: [Int], _ sizes: [Int]) -> [Int] {
        var next = [Int](repeating: 0, count: sizes.count)
        for index in sizes.indices.dropFirst() { next[index] = next[index - 1] + sizes[index - 1] }
        var result = [Int](repeating: 0, count: indices.count)
        for index in indices {
            result[next[classes[index]]] = index
            next[classes[index]] += 1
        }
        return result
    }

    /// The number of pairs of which the later is smaller.
    private static func inversions(_ values: [Int]) -> Int {
        var (sorted, merged, count) = (values, values, 0)
        var width = 1
        while width < values.count {
            for start in stride(from: 0, to: values.count, by: 2 * width) {
                let (middle, end) = (min(start + width, values.count), min(start + 2 * width, values.count))
                var (left, right) = (start, middle)
                for position in start..<end {
                    if right == end || (left < middle && sorted[left] <= sorted[right]) {
                        merged[position] = sorted[left]
                        left += 1
                    } else {
                        merged[position] = sorted[right]
                        right += 1
                        count += middle - left
                    }
                }
            }
            swap(&sorted, &merged)
            width *= 2
        }
        return count
    }
}
