import LinearAlgebra

/// The coordinates that a channel works in: the first principal directions of the pooled references.
struct ChannelSpace: Sendable, Equatable {
    /// The mean of the references, d numbers.
    let mean: [Double]
    /// The directions, k orthonormal rows of d numbers; their signs are arbitrary.
    let directions: Matrix
    /// The variance of the references in each direction, k numbers, descending.
    let variances: [Double]

    /// k, the number of directions.
    var componentCount: Int { directions.rowCount }

    /// The rows minus the mean, in the principal directions: n x k.
    func coordinates(_ rows: Matrix, threadCount: Int = 1) -> Matrix {
        let offset = directions.times(mean)
        return rows.times(directions.transposed, threadCount: threadCount).subtractingFromRows(offset)
    }
}

/// An order of the rows of several matrices that does not depend on the order in which they were given.
struct PooledOrder: Sendable {
    /// For each pooled row its set, and its row in that set.
    let places: [(set: Int, row: Int)]

    /// A copy of the rows at some positions, minus `offset`.
    func gathered(_ matrices: [Matrix], _ positions: Range<Int>, subtracting offset: [Double]) -> Matrix {
        let width = offset.count
        var elements: [Double] = []
        elements.reserveCapacity(positions.count * width)
        for position in positions {
            let place = places[position]
            elements.append(contentsOf: matrices[place.set].row(place.row))
        }
        var rows = Matrix(rowCount: positions.count, columnCount: width, elements: elements)
        rows.subtractFromRows(offset)
        return rows
    }

    /// One place for each distinct row, and how often the row occurs: the sets of a run often share their references.
    ///
    /// - Parameter fingerprints: a hash of each row, by set.
    func distinct(_ fingerprints: [[UInt64]]) -> (order: PooledOrder, counts: [Double]) {
        var known: [UInt64: Int] = [:]
        var (first, counts): ([(set: Int, row: Int)], [Double]) = ([], [])
        for place in places {
            let fingerprint = fingerprints[place.set][place.row]
            if let position = known[fingerprint] {
                counts[position] += 1
            } else {
                known[fingerprint] = first.count
                first.append(place)
                counts.append(1)
            }
        }
        return (PooledOrder(places: first), counts)
    }

    /// The means of all columns, summed in chunks that are the same for any number of threads.
    func columnMeans(_ matrices: [Matrix], threadCount: Int) throws -> [Double] {
        let width = matrices.first?.columnCount ?? 0
        let chunks = chunks(of: 1_024)
        let sums = try concurrentMap(count: chunks.count, threadCount: threadCount) { index in
            var sum = [Double](repeating: 0, count: width)
            unsafe sum.withUnsafeMutableBufferPointer { sum in
                for position in chunks[index] {
                    let place = places[position]
                    let start = place.row &* width
                    unsafe matrices[place.set].elements.withUnsafeBufferPointer { rows in
                        for column in 0..<width { unsafe sum[column] += rows[start &+ column] }
                    }
                }
            }
            return sum
        }
        var total = [Double](repeating: 0, count: width)
        for sum in sums {
            for column in 0..<width { total[column] += sum[column] }
        }
        return total.map { $0 / Double(max(places.count, 1)) }
    }

    /// The centred sums of squares and products, d x d, summed in one to eight chunks of rows.
    func scatter(_ matrices: [Matrix], mean: [Double], threadCount: Int) throws -> Matrix {
        // Chunks of at least 1,024 rows, 1, 2, 4 or 8 of them: each costs a d x d sum.
        let doublings = (0..<3).count { places.count >= 2_048 << $0 }
        let chunks = chunks(of: max(1, (places.count + (1 << doublings) - 1) >> doublings))
        let parts = try concurrentMap(count: chunks.count, threadCount: threadCount) { index -> Matrix in
            // A chunk of many rows is added up in blocks, so that its copy stays small.
            var sum: Matrix?
            for start in stride(from: chunks[index].lowerBound, to: chunks[index].upperBound, by: 2_048) {
                let range = start..<min(start + 2_048, chunks[index].upperBound)
                let part = gathered(matrices, range, subtracting: mean).crossProduct
                sum = sum.map { $0.adding(part) } ?? part
            }
            return sum ?? .zeros(mean.count, mean.count)
        }
        return parts.dropFirst().reduce(parts.first ?? .zeros(mean.count, mean.count)) { $0.adding($1) }
    }

    private func chunks(of size: Int) -> [Range<Int>] {
        stride(from: 0, to: places.count, by: size).map { $0..<min($0 + size, places.count) }
    }
}

extension ReferenceChannel {
    /// The least variance of the first direction, in units of the mean square of a row; below it rows only differ by rounding.
    private static let roundingVariance = 1e-26
    /// The least variance of a further direction, in units of that of the first.
    private static let relativeRank = 1e-10

    /// The space of references with this mean and these centred sums of squares and products; nil when they are all equal.
    ///
    /// - Throws: `LinearAlgebraError`.
    func space(mean: [Double], scatter: Matrix, rowCount: Int) throws -> ChannelSpace? {
        let wanted = max(1, min(componentLimit, rowCount / rowsPerComponent))
        let eigen = try scatter.largestSymmetricEigenpairs(wanted)
        let variances = eigen.values.map { $0 / Double(rowCount) }
        let meanSquare = mean.reduce(0) { $0 + $1 * $1 }
        guard let count = Self.kept(variances, scale: meanSquare + scatter.trace / Double(rowCount)) else { return nil }
        return ChannelSpace(mean: mean, directions: eigen.vectors.lastRowsFirst(count), variances: variances.suffix(count).reversed())
    }

    /// The number of directions that are more than rounding; nil when none is.
    ///
    /// - Parameters:
    ///   - variances: ascending.
    ///   - scale: the mean square of a row.
    private static func kept(_ variances: [Double], scale: Double) -> Int? {
        let largest = variances.last ?? 0
        guard largest > roundingVariance * scale else { return nil }
        return variances.count { $0 > relativeRank * largest }
    }

    /// Finds the space of the references, taken in `order`; nil when they are all equal.
    ///
    /// With fewer distinct rows than columns, their Gram matrix has the same spectrum as the covariance and is smaller.
    /// - Parameter fingerprints: a hash of each reference, by set.
    /// - Throws: `LinearAlgebraError`.
    func space(
        _ references: [Matrix], _ fingerprints: [[UInt64]], _ order: PooledOrder, threadCount: Int
    ) throws -> ChannelSpace? {
        let (rowCount, width) = (order.places.count, references.first?.columnCount ?? 0)
        let mean = try order.columnMeans(references, threadCount: threadCount)
        let wanted = max(1, min(componentLimit, rowCount / rowsPerComponent))
        let meanSquare = mean.reduce(0) { $0 + $1 * $1 }
        let (distinct, counts) = order.distinct(fingerprints)
        if counts.count >= width {
            return try space(
                mean: mean, scatter: try order.scatter(references, mean: mean, threadCount: threadCount), rowCount: rowCount)
        }
        let centred = distinct.gathered(references, counts.indices, subtracting: mean)
            .scalingRows(by: counts.map { $0.squareRoot() })
        let gram = centred.gram
        let eigen = try gram.largestSymmetricEigenpairs(wanted)
        let variances = eigen.values.map { $0 / Double(rowCount) }
        guard let count = Self.kept(variances, scale: meanSquare + gram.trace / Double(rowCount)) else { return nil }
        let lengths = eigen.values.suffix(count).reversed().map { 1 / $0.squareRoot() }
        let directions = eigen.vectors.lastRowsFirst(count).times(centred).scalingRows(by: lengths)
        return ChannelSpace(mean: mean, directions: directions, variances: variances.suffix(count).reversed())
    }
}

extension Matrix {
    /// The last `count` rows, the last one first.
    fileprivate func lastRowsFirst(_ count: Int) -> Matrix {
        selectingRows(((rowCount - count)..<rowCount).reversed())
    }
}
