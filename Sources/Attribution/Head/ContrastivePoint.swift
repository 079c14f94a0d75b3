import LinearAlgebra
import RealModule

/// The value, gradient and softmaxes of an objective at given weights.
package struct ContrastivePoint: Sendable {
    /// W, p x q.
    package let weights: Matrix
    /// L(W) in nats over all rows.
    package let value: Double
    /// The gradient of L, p x q.
    package let gradient: Matrix
    /// The softmaxes of each batch.
    let softmaxes: [BatchSoftmaxes]
}

/// The row and column softmaxes of the scores of one batch, as E = exp(S - a shift for each block of rows) and factors:
/// P^r_ij = E_ij rowFactors[i], P^c_ij = E_ij blockFactors[block of i] columnFactors[j].
struct BatchSoftmaxes: Sendable {
    /// E by blocks of rows; nil if it is recomputed on demand.
    var kept: [Matrix]?
    /// What is subtracted from the scores of each block before exp, namely their maximum.
    let shifts: [Double]
    /// One factor for each block.
    let blockFactors: [Double]
    /// One factor for each row of the batch.
    let rowFactors: [Double]
    /// One factor for each column of the batch.
    let columnFactors: [Double]
    /// lse_j S_nj - S_nn of each row n.
    let rowLosses: [Double]
    /// lse_i S_in - S_nn of each row n.
    let columnLosses: [Double]
    /// U^T P^c, p x B: the mean left row under each column's softmax.
    let columnMeans: Matrix
}

extension ContrastiveObjective {
    /// If the scores of a batch spread over more than this, a softmax underflows. Only a step that is far too long leads there.
    private static let widestSpread = 600.0

    /// The value, gradient and softmaxes at `weights`; nil if scores spread so far that softmaxes underflow, as after a step that is far
    /// too long.
    ///
    /// - Parameter keeps: whether to keep the softmaxes in memory, provided that they are few.
    package func evaluate(_ weights: Matrix, keeps: Bool = true) throws -> ContrastivePoint? {
        let isKept = keeps && keepsSoftmaxes
        let parts = try mapBatches { batch, threads in try evaluate(weights, batch: batch, keeps: isKept, threads: threads) }
        let difference = weights.combining(anchor, -)
        var value = 0.5 * ridge * difference.inner(difference)
        var gradient = difference.mapElements { ridge * $0 }
        var softmaxes: [BatchSoftmaxes] = []
        for part in parts {
            guard let part else { return nil }
            value += part.value
            gradient.add(part.gradient)
            softmaxes.append(part.softmaxes)
        }
        guard value.isFinite else { return nil }
        return ContrastivePoint(weights: weights, value: value, gradient: gradient, softmaxes: softmaxes)
    }

    private func evaluate(_ weights: Matrix, batch: Int, keeps: Bool, threads: Int) throws
        -> (value: Double, gradient: Matrix, softmaxes: BatchSoftmaxes)?
    {
        let (size, blocks) = (batches[batch].count, blocks(of: batch))
        let (left, right) = batchRows[batch]
        let parts = try concurrentMap(count: blocks.count, threadCount: threads) { index in
            Exponentials(scores(weights, batch: batch, block: blocks[index]), firstDiagonal: blocks[index].lowerBound)
        }
        let shift = parts.reduce(-Double.infinity) { max($0, $1.shift) }
        guard shift.isFinite, parts.allSatisfy({ $0.lowest > shift - Self.widestSpread }) else { return nil }
        let blockFactors = parts.map { Double.exp($0.shift - shift) }
        var columnSums = [Double](repeating: 0, count: size)
        for (part, factor) in zip(parts, blockFactors) {
            for (column, sum) in part.columnSums.enumerated() { columnSums[column] += factor * sum }
        }
        let rowFactors = parts.flatMap { $0.rowSums.map { 1 / $0 } }
        let columnFactors = columnSums.map { 1 / $0 }
        let diagonal = parts.flatMap(\.diagonal)
        let rowLosses = parts.flatMap { part in part.rowSums.map { .log($0) + part.shift } }.enumerated().map { $1 - diagonal[$0] }
        let columnLosses = columnSums.enumerated().map { .log($1) + shift - diagonal[$0] }
        // U^T (P^r + P^c) and U^T P^c, block by block. The gradient needs G = P^r + P^c - 2 I, whose identity only adds rows of U.
        let sums = try concurrentMap(count: blocks.count, threadCount: threads) { index in
            let rows = left.rows(blocks[index])
            let byRow = rows.scalingRows(by: Array(rowFactors[blocks[index]])).transposedTimes(parts[index].exponentials)
            let byColumn = rows.scalingRows(by: blocks[index].map { _ in blockFactors[index] })
                .transposedTimes(parts[index].exponentials)
            return (byRow, byColumn)
        }
        var (mixture, columnMeans) = (Matrix.zeros(left.columnCount, size), Matrix.zeros(left.columnCount, size))
        for (byRow, byColumn) in sums {
            mixture.add(byRow)
            columnMeans.add(byColumn)
        }
        columnMeans = columnMeans.scalingColumns(columnFactors)
        mixture.add(columnMeans)
        mixture.add(left.transposed, times: -2)
        let gradient = mixture.times(right).mapElements { $0 / temperature }
        let value = zip(rowLosses, columnLosses).reduce(0) { $0 + $1.0 + $1.1 }
        return (
            value, gradient,
            BatchSoftmaxes(
                kept: keeps ? parts.map(\.exponentials) : nil, shifts: parts.map(\.shift), blockFactors: blockFactors,
                rowFactors: rowFactors, columnFactors: columnFactors, rowLosses: rowLosses, columnLosses: columnLosses,
                columnMeans: columnMeans)
        )
    }

    /// E of one block of a batch, either kept or recomputed with the same digits.
    func exponentials(_ point: ContrastivePoint, batch: Int, block: Int) -> Matrix {
        let softmaxes = point.softmaxes[batch]
        if let kept = softmaxes.kept { return kept[block] }
        var scores = scores(point.weights, batch: batch, block: blocks(of: batch)[block])
        let shift = softmaxes.shifts[block]
        scores.combine(scores) { score, _ in .exp(score - shift) }
        return scores
    }
}

/// exp(S - shift) of a block of scores, with its row and column sums.
private struct Exponentials: Sendable {
    let exponentials: Matrix
    /// The largest score of the block.
    let shift: Double
    /// The smallest score of the block. If it is close enough to the largest, no softmax underflows.
    let lowest: Double
    let rowSums: [Double]
    let columnSums: [Double]
    /// The scores of the block's rows with their own partners.
    let diagonal: [Double]

    init(_ scores: Matrix, firstDiagonal: Int) {
        var work = scores
        let (rows, columns) = (scores.rowCount, scores.columnCount)
        diagonal = (0..<rows).map { scores[$0, firstDiagonal + $0] }
        var (largest, smallest) = (-Double.infinity, Double.infinity)
        unsafe scores.elements.withUnsafeBufferPointer { values in
            for index in 0..<values.count {
                largest = unsafe max(largest, values[index])
                smallest = unsafe min(smallest, values[index])
            }
        }
        var rowSums = [Double](repeating: 0, count: rows)
        var columnSums = [Double](repeating: 0, count: columns)
        let shift = largest
        work.withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { out in
                unsafe columnSums.withUnsafeMutableBufferPointer { sums in
                    for index in 0..<out.count { unsafe out[index] = .exp(out[index] - shift) }
                    guard let base = out.baseAddress else { return }
                    for row in 0..<rows {
                        let start = unsafe base + row &* columns
                        for column in 0..<columns { unsafe sums[column] += start[column] }
                        rowSums[row] = unsafe total(start, columns)
                    }
                }
            }
        }
        self.shift = shift
        lowest = smallest
        exponentials = work
        self.rowSums = rowSums
        self.columnSums = columnSums
    }
}

extension Matrix {
    /// Multiplies column j by `factors[j]`.
    func scalingColumns(_ factors: [Double]) -> Matrix {
        precondition(factors.count == columnCount, "one factor a column")
        var result = self
        let (rows, columns) = (rowCount, columnCount)
        result.withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { out in
                unsafe factors.withUnsafeBufferPointer { factors in
                    for row in 0..<rows {
                        for column in 0..<columns { unsafe out[row &* columns &+ column] *= factors[column] }
                    }
                }
            }
        }
        return result
    }
}
