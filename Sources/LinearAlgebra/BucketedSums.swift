/// Gathers sums of rows, and of their products x x^T, in buckets, from rows that come block by block.
///
/// Rows wait in their bucket until there are enough for a product that is worth its cost. Which rows share a product depends neither on
/// the blocks nor on the number of threads.
package struct BucketedSums: Sendable {
    /// The rows of one product: with fewer, adding it to the sum costs more than the product itself.
    private static let productRows = 128
    /// The most rows that wait in a bucket.
    private static let waitingRows = 2 * productRows

    /// d.
    package let width: Int
    private let threadCount: Int
    /// The number of rows of each bucket.
    package private(set) var counts: [Int]
    /// The sum of the rows of each bucket, K x d.
    package private(set) var sums: Matrix
    /// The sum of the products of each bucket; those of waiting rows are not among them before `finish`.
    package private(set) var products: [PackedSum]
    private var waiting: [Double]
    private var waitingCounts: [Int]
    private var scratch: [PackedSum.Scratch]

    /// Sums of no rows.
    package init(width: Int, bucketCount: Int, threadCount: Int = 1) {
        self.width = width
        self.threadCount = threadCount
        counts = [Int](repeating: 0, count: bucketCount)
        sums = .zeros(bucketCount, width)
        products = (0..<bucketCount).map { _ in PackedSum(order: width) }
        waiting = [Double](repeating: 0, count: bucketCount * Self.waitingRows * width)
        waitingCounts = counts
        scratch = (0..<threadCount).map { _ in PackedSum.Scratch(order: width) }
    }

    /// The bytes that sums of this shape take while rows come.
    package static func byteCount(width: Int, bucketCount: Int, threadCount: Int) -> Int {
        let perBucket = width.multipliedReportingOverflow(by: (width + 1) / 2 + waitingRows + 1)
        let scratch = width.multipliedReportingOverflow(by: width * threadCount)
        let (elements, overflow) = perBucket.partialValue.multipliedReportingOverflow(by: bucketCount)
        let (all, overflowToo) = elements.addingReportingOverflow(scratch.partialValue)
        return perBucket.overflow || scratch.overflow || overflow || overflowToo || all > .max / 8 ? .max : 8 * all
    }

    /// Adds rows, each to its bucket.
    ///
    /// - Precondition: rows of `width` columns, and one bucket a row.
    package mutating func add(_ rows: Matrix, buckets: [Int]) {
        precondition(rows.columnCount == width && buckets.count == rows.rowCount, "rows of another shape")
        var next = 0
        while next < rows.rowCount {
            next = place(rows, from: next, buckets)
            if next < rows.rowCount { addUp(atLeast: Self.productRows) }
        }
    }

    /// Lets rows wait in their buckets, up to the first row whose bucket is full; returns the position of that row.
    private mutating func place(_ rows: Matrix, from start: Int, _ buckets: [Int]) -> Int {
        let (width, source) = (width, rows.elements)
        return sums.withElements { sums in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe waiting.withUnsafeMutableBufferPointer { waiting in
                    unsafe source.withUnsafeBufferPointer { source in
                        for row in start..<buckets.count {
                            let bucket = buckets[row]
                            if waitingCounts[bucket] == Self.waitingRows { return row }
                            let from = row &* width
                            let target = (bucket &* Self.waitingRows &+ waitingCounts[bucket]) &* width
                            let sum = bucket &* width
                            for column in 0..<width {
                                let element = unsafe source[from &+ column]
                                unsafe waiting[target &+ column] = element
                                unsafe sums[sum &+ column] += element
                            }
                            waitingCounts[bucket] += 1
                            counts[bucket] += 1
                        }
                        return buckets.count
                    }
                }
            }
        }
    }

    /// Adds up the products of the first waiting rows of each bucket with at least `rowCount` of them.
    private mutating func addUp(atLeast rowCount: Int) {
        let chosen = waitingCounts.indices.filter { waitingCounts[$0] >= rowCount }
        let (width, tasks, found) = (width, scratch.count, waitingCounts)
        unsafe products.withUnsafeMutableBufferPointer { products in
            unsafe scratch.withUnsafeMutableBufferPointer { scratch in
                unsafe waiting.withUnsafeMutableBufferPointer { waiting in
                    guard let sums = products.baseAddress, let room = scratch.baseAddress, let rows = waiting.baseAddress else { return }
                    nonisolated(unsafe) let (sumOf, roomOf, start) = unsafe (sums, room, rows)
                    concurrentForEach(count: tasks, threadCount: tasks) { task in
                        for index in stride(from: task, to: chosen.count, by: tasks) {
                            let bucket = chosen[index]
                            let first = unsafe start + bucket * Self.waitingRows * width
                            let count = min(found[bucket], Self.productRows)
                            unsafe sumOf[bucket].add(rowsAt: first, rowCount: count, scratch: &roomOf[task])
                            let rest = found[bucket] - count
                            unsafe first.update(from: first + count * width, count: rest * width)
                        }
                    }
                }
            }
        }
        for bucket in chosen { waitingCounts[bucket] -= min(found[bucket], Self.productRows) }
    }

    /// Adds up the products of all waiting rows.
    package mutating func finish() {
        while waitingCounts.contains(where: { $0 > 0 }) { addUp(atLeast: 1) }
        waiting = []
    }
}
