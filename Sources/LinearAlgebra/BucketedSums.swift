/// Gathers sums of rows, and of their products x x^T, in buckets, from rows that come block by block.
///
/// Rows wait in their bucket until there are enough for a product that is worth its cost. Which rows share a product depends neither on
/// the blocks nor on the number of threads. Products of rows that were stored in single precision may be computed in it, at half the time:
/// their sums are in double precision all the same, and off by about 1e-10 of the trace.
package struct BucketedSums: Sendable {
    /// The rows of one product in many buckets, and in one: with fewer, adding it to the sum costs more than the product itself.
    private static let productRows = (many: 128, one: 1_024)

    /// d.
    package let width: Int
    private let isSingle: Bool
    /// The rows of one product.
    private let productRows: Int
    /// The number of rows of each bucket.
    package private(set) var counts: [Int]
    /// The sum of the rows of each bucket, K x d.
    package private(set) var sums: Matrix
    /// The sum of the products of each bucket; those of waiting rows are not among them before `finish`.
    package private(set) var products: [PackedSum]
    /// The most rows that wait in a bucket are two products; one of the two arrays is empty.
    private var waiting: (double: [Double], single: [Float])
    private var waitingCounts: [Int]
    private var scratch: [PackedSum.Scratch]

    /// Sums of no rows.
    ///
    /// - Parameter isSingle: whether products may be computed in single precision.
    package init(width: Int, bucketCount: Int, isSingle: Bool = false, threadCount: Int = 1) {
        self.width = width
        self.isSingle = isSingle
        productRows = bucketCount == 1 ? Self.productRows.one : Self.productRows.many
        counts = [Int](repeating: 0, count: bucketCount)
        sums = .zeros(bucketCount, width)
        products = (0..<bucketCount).map { _ in PackedSum(order: width) }
        let waitingCount = bucketCount * 2 * productRows * width
        waiting = isSingle ? ([], [Float](repeating: 0, count: waitingCount)) : ([Double](repeating: 0, count: waitingCount), [])
        waitingCounts = counts
        scratch = (0..<min(threadCount, bucketCount)).map { _ in PackedSum.Scratch(order: width, isSingle: isSingle) }
    }

    /// The bytes that sums of this shape take while rows come, at most.
    package static func byteCount(width: Int, bucketCount: Int, threadCount: Int) -> Int {
        let rows = 2 * (bucketCount == 1 ? productRows.one : productRows.many)
        let perBucket = width.multipliedReportingOverflow(by: (width + 1) / 2 + rows + 1)
        let scratch = width.multipliedReportingOverflow(by: width * threadCount)
        let (elements, overflow) = perBucket.partialValue.multipliedReportingOverflow(by: bucketCount)
        let (all, overflowToo) = elements.addingReportingOverflow(scratch.partialValue)
        return perBucket.overflow || scratch.overflow || overflow || overflowToo || all > .max / 8 ? .max : 8 * all
    }

    /// Adds rows, each to its bucket.
    ///
    /// - Parameters:
    ///   - factors: what each row is multiplied by; nil for 1.
    ///   - buckets: of each row; nil where there is one bucket.
    /// - Precondition: rows of `width` columns, and one factor and one bucket a row.
    package mutating func add(_ rows: Matrix, times factors: [Double]? = nil, buckets: [Int]? = nil) {
        precondition(rows.columnCount == width, "rows of another width")
        precondition((buckets?.count ?? rows.rowCount) == rows.rowCount && (factors?.count ?? rows.rowCount) == rows.rowCount, "one a row")
        precondition(buckets != nil || counts.count == 1, "a bucket for each row")
        var next = 0
        while next < rows.rowCount {
            next = place(rows, from: next, factors, buckets)
            if next < rows.rowCount { addUp(atLeast: productRows) }
        }
    }

    /// Lets rows wait in their buckets, up to the first row whose bucket is full; returns the position of that row.
    private mutating func place(_ rows: Matrix, from start: Int, _ factors: [Double]?, _ buckets: [Int]?) -> Int {
        let (width, limit, source, isSingle) = (width, 2 * productRows, rows.elements, isSingle)
        return sums.withElements { sums in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe waiting.double.withUnsafeMutableBufferPointer { double in
                    unsafe waiting.single.withUnsafeMutableBufferPointer { single in
                        unsafe source.withUnsafeBufferPointer { source in
                            for row in start..<rows.rowCount {
                                let (bucket, factor) = (buckets?[row] ?? 0, factors?[row] ?? 1)
                                if waitingCounts[bucket] == limit { return row }
                                let from = row &* width
                                let target = (bucket &* limit &+ waitingCounts[bucket]) &* width
                                let sum = bucket &* width
                                if isSingle {
                                    for column in 0..<width {
                                        let element = unsafe source[from &+ column] * factor
                                        unsafe single[target &+ column] = Float(element)
                                        unsafe sums[sum &+ column] += element
                                    }
                                } else {
                                    for column in 0..<width {
                                        let element = unsafe source[from &+ column] * factor
                                        unsafe double[target &+ column] = element
                                        unsafe sums[sum &+ column] += element
                                    }
                                }
                                waitingCounts[bucket] += 1
                                counts[bucket] += 1
                            }
                            return rows.rowCount
                        }
                    }
                }
            }
        }
    }

    /// Adds up the products of the first waiting rows of each bucket with at least `rowCount` of them.
    private mutating func addUp(atLeast rowCount: Int) {
        let chosen = waitingCounts.indices.filter { waitingCounts[$0] >= rowCount }
        let (width, tasks, found, most, isSingle) = (width, scratch.count, waitingCounts, productRows, isSingle)
        unsafe products.withUnsafeMutableBufferPointer { products in
            unsafe scratch.withUnsafeMutableBufferPointer { scratch in
                unsafe waiting.double.withUnsafeMutableBufferPointer { double in
                    unsafe waiting.single.withUnsafeMutableBufferPointer { single in
                        guard let sums = products.baseAddress, let room = scratch.baseAddress else { return }
                        nonisolated(unsafe) let (sumOf, roomOf, rows, singleRows) = unsafe (
                            sums, room, double.baseAddress, single.baseAddress
                        )
                        concurrentForEach(count: tasks, threadCount: tasks) { task in
                            for index in stride(from: task, to: chosen.count, by: tasks) {
                                let bucket = chosen[index]
                                let offset = bucket * 2 * most * width
                                let count = min(found[bucket], most)
                                let rest = (found[bucket] - count) * width
                                if isSingle, let first = unsafe singleRows.map({ unsafe $0 + offset }) {
                                    unsafe sumOf[bucket].add(rowsAt: first, rowCount: count, scratch: &roomOf[task])
                                    unsafe first.update(from: first + count * width, count: rest)
                                } else if let first = unsafe rows.map({ unsafe $0 + offset }) {
                                    unsafe sumOf[bucket].add(rowsAt: first, rowCount: count, scratch: &roomOf[task])
                                    unsafe first.update(from: first + count * width, count: rest)
                                }
                            }
                        }
                    }
                }
            }
        }
        for bucket in chosen { waitingCounts[bucket] -= min(found[bucket], most) }
    }

    /// Adds up the products of all waiting rows.
    package mutating func finish() {
        while waitingCounts.contains(where: { $0 > 0 }) { addUp(atLeast: 1) }
        waiting = ([], [])
        scratch = []
    }
}
