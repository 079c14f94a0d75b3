import LinearAlgebra

/// A set whose responses and references are read block by block, as often as the channel needs them, because they are too many to keep.
package struct StreamedSet: Sendable {
    /// Hands on all rows of an array in their order, in blocks: the position of a block's first row, and its rows.
    package typealias Rows = @Sendable (_ take: (_ firstRow: Int, _ rows: Matrix) throws -> Void) throws -> Void

    /// The names, groups and fingerprints of the rows. Its matrices only stand in for the true ones: rows are equal in both or in neither.
    package let outline: SampleSet
    /// d, the width of responses and references.
    package let width: Int
    /// The references.
    package let reference: Rows
    /// The responses.
    package let response: Rows

    /// A set of `outline.rowCount` rows.
    package init(outline: SampleSet, width: Int, reference: @escaping Rows, response: @escaping Rows) {
        self.outline = outline
        self.width = width
        self.reference = reference
        self.response = response
    }
}

extension ReferenceChannel {
    /// As `judged` of sets in memory, to rounding: the same rows are fitted, and sums are taken in another order.
    ///
    /// Memory holds two vectors of the channel for each row, and d x d sums.
    /// - Throws: as `fit`, and what reading throws.
    package func judged(_ sets: [StreamedSet], threadCount: Int = 1) throws -> (fit: ChannelFit, rows: [ChannelRows]) {
        let pool = Pool(sets.map(\.outline), knowsContent: false, fittedRowLimit: fittedRowLimit)
        var (fit, coordinates) = try fit(pool, threadCount: threadCount) { order in
            try space(sets, order)
        } coordinates: { space in
            try concurrentMap(count: sets.count, threadCount: threadCount) { try space.coordinates(sets[$0]) }
        }
        return (fit, fit.rows(&coordinates, groups: pool.groups, sets))
    }

    /// The space of the references that an order names, which are read once.
    private func space(_ sets: [StreamedSet], _ order: PooledOrder) throws -> ChannelSpace? {
        var isChosen = sets.map { [Bool](repeating: false, count: $0.outline.rowCount) }
        for place in order.places { isChosen[place.set][place.row] = true }
        var sums = ScatterSums(width: sets.first?.width ?? 0)
        for (set, isChosen) in zip(sets, isChosen) {
            try set.reference { first, rows in
                for row in 0..<rows.rowCount where isChosen[first + row] { sums.add(rows.row(row)) }
            }
        }
        let (mean, scatter) = sums.result()
        return try space(mean: mean, scatter: scatter, rowCount: order.places.count)
    }
}

extension ChannelFit {
    /// As `rows(of:)` for sets that are read block by block.
    ///
    /// - Throws: `EstimationError.fitShape` when the width is not that of the fit, and what reading throws.
    package func rows(of sets: [StreamedSet], threadCount: Int = 1) throws -> [ChannelRows] {
        for set in sets where set.width != width {
            throw EstimationError.fitShape(
                expected: "answers of \(width) columns, as fitted", found: "\(set.width) in \(set.outline.name)")
        }
        let groups = groups(of: sets.map(\.outline))
        let space = space
        var coordinates = try concurrentMap(count: sets.count, threadCount: threadCount) { try space.coordinates(sets[$0]) }
        return rows(&coordinates, groups: groups, sets)
    }

    /// Prepares the rows of sets one after the other, giving up the coordinates of each.
    fileprivate func rows(_ coordinates: inout [ChannelCoordinates], groups: [[String]], _ sets: [StreamedSet]) -> [ChannelRows] {
        let forms = packedForms
        let none = ChannelCoordinates(reference: .zeros(0, componentCount), response: .zeros(0, componentCount))
        return sets.indices.map { index in
            let own = coordinates[index]
            coordinates[index] = none
            let outline = sets[index].outline
            return rows(
                own, groups: groups[index], hashes: outline.rowHashes, forms: forms)
        }
    }
}

extension ChannelSpace {
    /// The coordinates of all rows of a set, which are read once.
    fileprivate func coordinates(_ set: StreamedSet) throws -> ChannelCoordinates {
        func all(_ stream: StreamedSet.Rows) throws -> Matrix {
            var elements: [Double] = []
            elements.reserveCapacity(set.outline.rowCount * componentCount)
            try stream { _, rows in elements += coordinates(rows).elements }
            return Matrix(rowCount: set.outline.rowCount, columnCount: componentCount, elements: elements)
        }
        return ChannelCoordinates(reference: try all(set.reference), response: try all(set.response))
    }
}

/// Adds up rows, and their squares and products about the first of them: far from 0, sums about 0 would lose digits.
private struct ScatterSums {
    /// The rows of one product.
    private static let productRows = 1_024

    private let width: Int
    private var origin: [Double] = []
    private var count = 0
    private var sum: [Double]
    private var products: Matrix
    private var waiting: [Double] = []

    init(width: Int) {
        self.width = width
        sum = [Double](repeating: 0, count: width)
        products = .zeros(width, width)
    }

    mutating func add(_ row: ArraySlice<Double>) {
        if count == 0 { origin = Array(row) }
        count += 1
        for (value, (column, start)) in zip(row, origin.enumerated()) {
            sum[column] += value - start
            waiting.append(value - start)
        }
        if waiting.count >= Self.productRows * width { addProducts() }
    }

    private mutating func addProducts() {
        guard !waiting.isEmpty else { return }
        let rows = Matrix(rowCount: waiting.count / width, columnCount: width, elements: waiting)
        products = products.adding(rows.crossProduct)
        waiting.removeAll(keepingCapacity: true)
    }

    /// The mean, and the centred sums of squares and products.
    mutating func result() -> (mean: [Double], scatter: Matrix) {
        addProducts()
        let n = Double(max(count, 1))
        var scatter = products
        scatter.withElements { elements in
            for row in 0..<width {
                for column in 0..<width { elements[row &* width &+ column] -= sum[row] * sum[column] / n }
            }
        }
        return (zip(origin, sum).map { $0 + $1 / n }, scatter)
    }
}
