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
        let range = range ?? 0..<rowCount
        guard !range.isEmpty else { return }
        let wanted = fileRow(range.lowerBound)..<(fileRow(range.upperBound - 1) + 1)
        var count = 0
        try column.forEachBlock(where: wanted.overlaps) { block in
            guard fileRow(rowCount - 1) < block.arrayRowCount, places != nil || block.arrayRowCount == rowCount else {
                throw changed(column)
            }
            let own = positions(in: block).clamped(to: range)
            guard !own.isEmpty else { return }
            count += own.count
            let rows =
                own.count < block.rows.rowCount ? block.rows.selectingRows(own.map { fileRow($0) - block.firstRow }) : block.rows
            try take(own.lowerBound, normalizes ? rows.rowsNormalized : rows)
        }
        guard count == range.count else { throw changed(column) }
    }

    /// The row of the file at a position among those to read.
    private func fileRow(_ position: Int) -> Int { places?[position] ?? position }

    /// The positions of the rows of a block among those to read.
    private func positions(in block: RowBlock) -> Range<Int> {
        let end = block.firstRow + block.rows.rowCount
        guard let places else { return block.firstRow..<end }
        return places.firstPosition(from: block.firstRow)..<places.firstPosition(from: end)
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
        let fileRows = positions.map(fileRow)
        // In small blocks, most of which hold none of them.
        try column.forEachBlock(rowsPerBlock: 16) { range in
            fileRows.firstPosition(from: range.lowerBound) < fileRows.firstPosition(from: range.upperBound)
        } _: { block in
            let end = block.firstRow + block.rows.rowCount
            let own = fileRows.firstPosition(from: block.firstRow)..<fileRows.firstPosition(from: end)
            let rows = block.rows.selectingRows(fileRows[own].map { $0 - block.firstRow })
            elements += (normalizes ? rows.rowsNormalized : rows).elements
        }
        guard elements.count == positions.count * column.width else { throw changed(column) }
        return Matrix(rowCount: positions.count, columnCount: column.width, elements: elements)
    }

    /// The products of the rows of two arrays with each other, row by row. The rows of the first are kept a chunk at a time, so that
    /// memory does not grow with their number.
    ///
    /// - Parameter chunkBytes: what a chunk takes; nil for a size that suits how the files are read.
    func rowProducts(_ first: LargeColumn, _ second: LargeColumn, chunkBytes: Int? = nil) throws -> [Double] {
        // What comes before a chunk is read again in an archive.
        let chunkBytes = chunkBytes ?? (first.canSkipRows && second.canSkipRows ? 64 << 20 : 320 << 20)
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
                let own = (position - start)..<(position - start + rows.rowCount)
                products += kept.selectingRows(Array(own)).rowProducts(rows)
            }
        }
        return products
    }
}

extension [Int] {
    /// The position of the first element of an ascending array that is at least `least`; the end if there is none.
    fileprivate func firstPosition(from least: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < least { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
