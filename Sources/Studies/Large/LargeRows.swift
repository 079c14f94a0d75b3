import EmbeddingFiles
import Information
import LinearAlgebra

/// The rows of a set that are read block by block whenever somebody needs them, and what is kept of them.
struct LargeRows: Sendable {
    /// The arrays of the query, in the order of the set's modalities.
    let modalities: [LargeColumn]
    /// The model's responses.
    let response: LargeColumn
    /// The references.
    let reference: LargeColumn
    /// Whether every row is divided by its norm.
    let normalizes: Bool
    /// The rows of the files that the set consists of; nil for all.
    let places: [Int]?
    /// The cosine of each response and its reference.
    let similarities: [Double]
    /// The rows with the smallest hashes, for what takes more than a pass over all rows: divergences, and how well queries tell sets apart.
    let sample: SampleSet
    /// The positions of these rows in the set.
    let samplePlaces: [Int]

    /// The set as the channel reads it.
    ///
    /// - Parameter outline: the names, groups and fingerprints of the rows.
    func streamed(_ outline: SampleSet) -> StreamedSet {
        let reader = LargeReader(normalizes: normalizes, places: places, rowCount: outline.rowCount)
        let (reference, response) = (reference, response)
        return StreamedSet(outline: outline, width: reference.width) {
            try reader.forEachBlock(of: reference, $0)
        } response: {
            try reader.forEachBlock(of: response, $0)
        }
    }
}

/// Reads some rows of arrays, as the settings want them.
struct LargeReader: Sendable {
    let normalizes: Bool
    /// The rows to read, ascending; nil for all.
    let places: [Int]?
    /// The number of rows to read.
    let rowCount: Int

    /// Hands on the rows, in blocks: the position of the first of them among those to read, and the rows.
    ///
    /// - Parameter range: of those to read, the ones to hand on; nil for all.
    /// - Throws: `EmbeddingFileError`; `RunError` for a file that was rewritten in the meantime; what `take` throws.
    func forEachBlock(
        of column: LargeColumn, within range: Range<Int>? = nil, _ take: (_ first: Int, Matrix) throws -> Void
    ) throws {
        var next = 0
        try column.forEachBlock { block in
            var rows = block.rows
            if let places {
                let end = block.firstRow + rows.rowCount
                var own: [Int] = []
                while next + own.count < places.count, places[next + own.count] < end {
                    own.append(places[next + own.count] - block.firstRow)
                }
                guard !own.isEmpty else { return }
                if own.count < rows.rowCount { rows = rows.selectingRows(own) }
            }
            guard next + rows.rowCount <= rowCount else { throw changed(column) }
            let first = next
            next += rows.rowCount
            guard let range else { return try take(first, normalizes ? rows.rowsNormalized : rows) }
            let wanted = range.clamped(to: first..<next)
            guard !wanted.isEmpty else { return }
            if wanted.count < rows.rowCount { rows = rows.selectingRows(wanted.map { $0 - first }) }
            try take(wanted.lowerBound, normalizes ? rows.rowsNormalized : rows)
        }
        guard next == rowCount else { throw changed(column) }
    }

    private func changed(_ column: LargeColumn) -> RunError {
        RunError(
            code: "file_changed",
            message: "\(column.file): expected \(rowCount) rows of '\(column.key)', as when the run began, found others",
            hint: "run it again when the file no longer changes")
    }

    /// Some of the rows, in ascending order of their positions.
    func rows(_ positions: [Int], of column: LargeColumn) throws -> Matrix {
        var elements: [Double] = []
        elements.reserveCapacity(positions.count * column.width)
        var index = 0
        try forEachBlock(of: column) { first, rows in
            while index < positions.count, positions[index] < first + rows.rowCount {
                elements += rows.row(positions[index] - first)
                index += 1
            }
        }
        return Matrix(rowCount: positions.count, columnCount: column.width, elements: elements)
    }

    /// The products of the rows of two arrays with each other, row by row. The rows of the first are kept a chunk at a time, so that
    /// memory does not grow with their number.
    func rowProducts(_ first: LargeColumn, _ second: LargeColumn, chunkBytes: Int = 320 << 20) throws -> [Double] {
        let chunkRows = max(1, min(rowCount, chunkBytes / (8 * max(1, first.width))))
        var products: [Double] = []
        products.reserveCapacity(rowCount)
        for start in stride(from: 0, to: rowCount, by: chunkRows) {
            let end = min(start + chunkRows, rowCount)
            var kept = Matrix.zeros(end - start, first.width)
            try forEachBlock(of: first, within: start..<end) { position, rows in
                kept.setRows(Array((position - start)..<(position - start + rows.rowCount)), to: rows)
            }
            try forEachBlock(of: second, within: start..<end) { position, rows in
                for row in 0..<rows.rowCount {
                    var sum = 0.0
                    let (left, right) = (kept.row(position - start + row), rows.row(row))
                    left.withUnsafeBufferPointer { left in
                        right.withUnsafeBufferPointer { right in
                            for column in left.indices { unsafe sum += left[column] * right[column] }
                        }
                    }
                    products.append(sum)
                }
            }
        }
        return products
    }
}
