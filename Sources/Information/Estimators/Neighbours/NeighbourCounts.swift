import LinearAlgebra

/// The counts that k-nearest-neighbour estimators of information need for each pair (x_i, y_i), in the maximum norm over all columns.
struct NeighbourCounts: Sendable {
    /// k, or the number of other pairs at distance zero if the k-th neighbour is one of them.
    let joint: [Int]
    /// The number of other points strictly nearer in x than the k-th neighbour in (x, y); if that distance is zero, those at distance zero.
    let x: [Int]
    /// The same count in y.
    let y: [Int]

    /// Data with more columns than this is compared one by one, because a k-d tree would visit nearly all its nodes.
    static let treeLimit = 10

    /// Counts for all rows, with a k-d tree up to `treeLimit` columns and vectorised brute force above. Memory is linear in n either way.
    ///
    /// - Precondition: equal row counts, larger than k.
    init(_ x: Matrix, _ y: Matrix, k: Int, threadCount: Int) {
        precondition(x.rowCount == y.rowCount && k >= 1 && k < x.rowCount, "\(k) neighbours among \(x.rowCount) rows")
        let width = x.columnCount + y.columnCount
        let counts =
            width <= Self.treeLimit
            ? Self.byTree(x, y, k: k, threadCount: threadCount) : Self.byPanels(x, y, k: k, threadCount: threadCount)
        (joint, self.x, self.y) = (counts.map(\.0), counts.map(\.1), counts.map(\.2))
    }

    private static func inBlocks(
        _ count: Int, threadCount: Int, _ body: @Sendable (Range<Int>) -> [(Int, Int, Int)]
    ) -> [(Int, Int, Int)] {
        let size = 128
        let blocks = (count + size - 1) / size
        // `body` does not throw, so neither does the map.
        return
            (try? concurrentMap(count: blocks, threadCount: threadCount) { block in
                body((block * size)..<min(count, (block + 1) * size))
            }.flatMap { $0 }) ?? []
    }

    private static func byTree(_ x: Matrix, _ y: Matrix, k: Int, threadCount: Int) -> [(Int, Int, Int)] {
        let both = x.beside(y)
        let (tree, xTree, yTree) = (MaximumNormTree(both), MaximumNormTree(x), MaximumNormTree(y))
        return inBlocks(x.rowCount, threadCount: threadCount) { rows in
            rows.map { row in
                let distance = tree.distance(from: both.row(row), toNeighbour: k)
                // Only points at distance zero are nearer than the smallest positive number.
                let radius = max(distance, .leastNonzeroMagnitude)
                let neighbours = distance > 0 ? k : tree.count(nearerThan: radius, to: both.row(row)) - 1
                return (
                    neighbours, xTree.count(nearerThan: radius, to: x.row(row)) - 1,
                    yTree.count(nearerThan: radius, to: y.row(row)) - 1
                )
            }
        }
    }

    private static func byPanels(_ x: Matrix, _ y: Matrix, k: Int, threadCount: Int) -> [(Int, Int, Int)] {
        let (xPanels, yPanels) = (MaximumNormPanels(x), MaximumNormPanels(y))
        let margin = max(xPanels.margin, yPanels.margin)
        return inBlocks(x.rowCount, threadCount: threadCount) { rows in
            let empty = [SIMD8<Float>](repeating: .zero, count: xPanels.panelCount)
            var (fromX, fromY) = ((empty, empty), (empty, empty))
            var fromBoth = empty
            func counts(_ row: Int, _ fromX: [SIMD8<Float>], _ fromY: [SIMD8<Float>]) -> (Int, Int, Int) {
                for panel in fromBoth.indices {
                    var far = fromX[panel]
                    far.replace(with: fromY[panel], where: fromY[panel] .> far)
                    fromBoth[panel] = far
                }
                func exact(_ other: Int) -> Double { max(xPanels.distance(row, other), yPanels.distance(row, other)) }
                let distance = kthSmallest(k, among: fromBoth, margin: margin, exact: exact)
                // Only points at distance zero are nearer than the smallest positive number.
                let radius = max(distance, .leastNonzeroMagnitude)
                let neighbours = distance > 0 ? k : (0..<x.rowCount).reduce(-1) { $0 + (exact($1) == 0 ? 1 : 0) }
                return (
                    neighbours, xPanels.count(nearerThan: radius, to: row, distances: fromX) - 1,
                    yPanels.count(nearerThan: radius, to: row, distances: fromY) - 1
                )
            }
            return stride(from: rows.lowerBound, to: rows.upperBound, by: 2).flatMap { row -> [(Int, Int, Int)] in
                let next = min(row + 1, rows.upperBound - 1)
                xPanels.distances(from: row, and: next, into: &fromX.0, and: &fromX.1)
                yPanels.distances(from: row, and: next, into: &fromY.0, and: &fromY.1)
                let first = counts(row, fromX.0, fromY.0)
                return next == row ? [first] : [first, counts(next, fromX.1, fromY.1)]
            }
        }
    }

    /// The k-th smallest exact distance, not counting the point itself.
    private static func kthSmallest(
        _ k: Int, among distances: [SIMD8<Float>], margin: Double, exact: (Int) -> Double
    ) -> Double {
        var nearest = [Float](repeating: .infinity, count: k + 1)
        for panel in distances.indices where any(distances[panel] .< nearest[k]) {
            for lane in 0..<8 where distances[panel][lane] < nearest[k] {
                nearest.insert(distances[panel][lane], sorted: k)
            }
        }
        let bound = Float(Double(nearest[k]) + 3 * margin)
        var smallest = [Double](repeating: .infinity, count: k + 1)
        for panel in distances.indices where any(distances[panel] .<= bound) {
            for lane in 0..<8 where distances[panel][lane] <= bound && distances[panel][lane] < .infinity {
                let distance = exact(panel * 8 + lane)
                if distance < smallest[k] { smallest.insert(distance, sorted: k) }
            }
        }
        return smallest[k]
    }
}

extension Array where Element: Comparable {
    /// Inserts a value into ascending values at its place and drops the one at `last`.
    mutating func insert(_ value: Element, sorted last: Int) {
        var place = last
        while place > 0, self[place - 1] > value {
            self[place] = self[place - 1]
            place -= 1
        }
        self[place] = value
    }
}
