import LinearAlgebra

/// A k-d tree for the maximum norm that finds the distance to the k-th neighbour and counts the points nearer than a radius.
///
/// It splits at the median of the bounding box's widest side and has leaves of up to 12 points. It takes O(n log n) time for few
/// dimensions, and O(n d) memory. Every distance is computed from the points as max_d |a_d - b_d|, so comparisons agree with brute force to
/// the last bit.
struct MaximumNormTree: Sendable {
    private struct Node: Sendable {
        let first: Int
        let end: Int
        /// The position of the right child; zero for leaves. The left child directly follows its parent.
        var right: Int
    }

    private static let leafSize = 12
    private let dimension: Int
    private var nodes: [Node] = []
    /// The lower and upper ends of each node's box, dimension by dimension.
    private var boxes: [Double] = []
    /// The points in the order of the tree, row after row.
    private let points: [Double]

    /// Builds the tree of the rows.
    ///
    /// - Precondition: at least one row and one column.
    init(_ rows: Matrix) {
        dimension = rows.columnCount
        var order = Array(0..<rows.rowCount)
        var nodes: [Node] = []
        var boxes: [Double] = []
        let (elements, d) = (rows.elements, rows.columnCount)

        func build(_ first: Int, _ end: Int) {
            let index = nodes.count
            nodes.append(Node(first: first, end: end, right: 0))
            var (widest, width) = (0, -1.0)
            for axis in 0..<d {
                var (low, high) = (Double.infinity, -Double.infinity)
                for position in first..<end {
                    let value = elements[order[position] &* d &+ axis]
                    if value < low { low = value }
                    if value > high { high = value }
                }
                boxes.append(low)
                boxes.append(high)
                if high - low > width { (widest, width) = (axis, high - low) }
            }
            guard end - first > Self.leafSize, width > 0 else { return }
            let sorted = order[first..<end].sorted {
                let (a, b) = (elements[$0 &* d &+ widest], elements[$1 &* d &+ widest])
                return a == b ? $0 < $1 : a < b
            }
            order.replaceSubrange(first..<end, with: sorted)
            let middle = (first + end) / 2
            build(first, middle)
            nodes[index].right = nodes.count
            build(middle, end)
        }
        build(0, rows.rowCount)
        self.nodes = nodes
        self.boxes = boxes
        points = rows.selectingRows(order).elements
    }

    /// The distance from `query`, a point of the tree, to its k-th neighbour. The point is not its own neighbour, but other points at
    /// distance zero are.
    ///
    /// - Precondition: k is below the number of points.
    func distance(from query: ArraySlice<Double>, toNeighbour k: Int) -> Double {
        // The point itself is the first of the k + 1 nearest.
        var nearest = [Double](repeating: .infinity, count: k + 1)
        unsafe query.withUnsafeBufferPointer { query in
            unsafe points.withUnsafeBufferPointer { points in
                unsafe boxes.withUnsafeBufferPointer { boxes in
                    unsafe search(0, query, points, boxes, &nearest)
                }
            }
        }
        return nearest[k]
    }

    /// The number of points strictly nearer to `query` than `radius`. A query that is a point of the tree counts too, unless the radius is
    /// 0.
    func count(nearerThan radius: Double, to query: ArraySlice<Double>) -> Int {
        unsafe query.withUnsafeBufferPointer { query in
            unsafe points.withUnsafeBufferPointer { points in
                unsafe boxes.withUnsafeBufferPointer { boxes in
                    unsafe count(0, radius, query, points, boxes)
                }
            }
        }
    }

    /// The distance from the query to a node's box, and to the box's farthest corner.
    private func reach(
        _ node: Int, _ query: UnsafeBufferPointer<Double>, _ boxes: UnsafeBufferPointer<Double>
    ) -> (near: Double, far: Double) {
        var (near, far) = (0.0, 0.0)
        let base = node &* 2 &* dimension
        for axis in 0..<dimension {
            let below = unsafe boxes[base &+ 2 &* axis] - query[axis]
            let above = unsafe query[axis] - boxes[base &+ 2 &* axis &+ 1]
            near = max(near, below, above)
            far = max(far, -below, -above)
        }
        return (near, far)
    }

    private func distance(
        _ point: Int, _ query: UnsafeBufferPointer<Double>, _ points: UnsafeBufferPointer<Double>
    ) -> Double {
        var distance = 0.0
        for axis in 0..<dimension {
            let difference = unsafe abs(points[point &* dimension &+ axis] - query[axis])
            if difference > distance { distance = difference }
        }
        return distance
    }

    private func search(
        _ node: Int, _ query: UnsafeBufferPointer<Double>, _ points: UnsafeBufferPointer<Double>,
        _ boxes: UnsafeBufferPointer<Double>, _ nearest: inout [Double]
    ) {
        let last = nearest.count - 1
        let right = nodes[node].right
        guard right != 0 else {
            for point in nodes[node].first..<nodes[node].end {
                let distance = unsafe distance(point, query, points)
                if distance < nearest[last] { nearest.insert(distance, sorted: last) }
            }
            return
        }
        let (left, other) = unsafe (reach(node + 1, query, boxes).near, reach(right, query, boxes).near)
        let leftFirst = left <= other
        if min(left, other) < nearest[last] {
            unsafe search(leftFirst ? node + 1 : right, query, points, boxes, &nearest)
        }
        if max(left, other) < nearest[last] {
            unsafe search(leftFirst ? right : node + 1, query, points, boxes, &nearest)
        }
    }

    private func count(
        _ node: Int, _ radius: Double, _ query: UnsafeBufferPointer<Double>, _ points: UnsafeBufferPointer<Double>,
        _ boxes: UnsafeBufferPointer<Double>
    ) -> Int {
        let (near, far) = unsafe reach(node, query, boxes)
        if near >= radius { return 0 }
        if far < radius { return nodes[node].end - nodes[node].first }
        let right = nodes[node].right
        guard right == 0 else {
            return unsafe count(node + 1, radius, query, points, boxes) + count(right, radius, query, points, boxes)
        }
        var found = 0
        for point in nodes[node].first..<nodes[node].end {
            if unsafe distance(point, query, points) < radius { found += 1 }
        }
        return found
    }
}
