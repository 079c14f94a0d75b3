/// Disjoint sets of 0..<count that can be merged, with path halving and union by size (Tarjan, J. ACM 22, 1975).
struct UnionFind {
    private var parents: [Int]
    private var sizes: [Int]

    /// Makes `count` sets of one element each.
    init(count: Int) {
        parents = Array(0..<count)
        sizes = [Int](repeating: 1, count: count)
    }

    /// The element that represents the set of `element`.
    mutating func root(of element: Int) -> Int {
        var current = element
        while parents[current] != current {
            parents[current] = parents[parents[current]]
            current = parents[current]
        }
        return current
    }

    /// Merges the sets of two elements.
    mutating func merge(_ left: Int, _ right: Int) {
        let (a, b) = (root(of: left), root(of: right))
        guard a != b else { return }
        let (large, small) = sizes[a] >= sizes[b] ? (a, b) : (b, a)
        parents[small] = large
        sizes[large] += sizes[small]
    }

    /// The sets, each ascending, in the order of their smallest elements.
    mutating func sets() -> [[Int]] {
        var positions: [Int: Int] = [:]
        var sets: [[Int]] = []
        for element in parents.indices {
            let root = root(of: element)
            if let position = positions[root] {
                sets[position].append(element)
            } else {
                positions[root] = sets.count
                sets.append([element])
            }
        }
        return sets
    }
}
