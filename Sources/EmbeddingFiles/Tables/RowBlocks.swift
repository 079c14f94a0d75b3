import LinearAlgebra

/// Some neighbouring rows of an array that is read block by block, because it is too large to keep.
package struct RowBlock {
    /// The rows, widened to double precision. Whoever keeps them beyond the call makes the next block cost a copy.
    package let rows: Matrix
    /// The position of the first of them in the array.
    package let firstRow: Int
    /// The number of rows of the array.
    package let arrayRowCount: Int
    /// Whether the file has the elements in single precision, or in half.
    package let isSingle: Bool
    /// The array, for messages.
    let array: EmbeddingFileError.Place

    /// An element of the block, or one of its rows, for messages.
    ///
    /// - Parameter row: counted from the start of the block.
    package func place(row: Int, column: Int? = nil) -> EmbeddingFileError.Place {
        .init(array.file, array: array.array, row: firstRow + row, column: column)
    }

    /// Throws `notFinite` for the first NaN or infinity of the block.
    package func checkFinite() throws(EmbeddingFileError) {
        guard let index = rows.elements.firstNonFiniteIndex else { return }
        let (row, column) = index.quotientAndRemainder(dividingBy: rows.columnCount)
        throw .notFinite(place(row: row, column: column), found: rows.elements[index].spelled)
    }
}

/// Where large arrays go, block by block, instead of into memory.
struct RowBlocks {
    /// Arrays that take at least this many bytes in double precision are handed on in blocks; smaller ones are kept.
    var fewestBytes = 64 << 20
    /// Arrays of fewer columns are kept, however many rows they have: names and labels of rows.
    var fewestColumns = 1
    /// The rows of a block; nil for as many as stay in the cache.
    var rowsPerBlock: Int?
    /// Whether some rows are wanted. Blocks of unwanted rows are passed over, which costs nothing in a mapped file.
    var isWanted: (Range<Int>) -> Bool = { _ in true }
    /// Takes a block of the array of this name.
    var take: (_ name: String, _ block: RowBlock) throws(EmbeddingFileError) -> Void
    /// Takes back the memory of mapped bytes that have been read.
    var release: (UnsafeRawBufferPointer) -> Void = { _ in }

    /// The elements of a block: small enough to stay in the cache from widening to the last sum.
    private static let elementCount = 1 << 17

    /// Whether an array is handed on in blocks. Columns stored one after the other cannot be.
    func takes(_ header: ArrayHeader) -> Bool {
        guard let (rows, columns) = header.matrixShape, !header.type.isText else { return false }
        return rows > 1 && columns >= max(1, fewestColumns) && (columns == 1 || !header.isFortranOrder)
            && header.elementCount >= fewestBytes / 8
    }

    /// Hands on all rows of an array.
    ///
    /// - Parameter fill: fills a buffer with the next elements; if they are not wanted, it only has to pass over them.
    func handOn(
        _ header: ArrayHeader, _ place: EmbeddingFileError.Place,
        _ fill: (_ target: UnsafeMutableBufferPointer<Double>, _ areWanted: Bool) throws(EmbeddingFileError) -> Void
    ) throws(EmbeddingFileError) {
        guard let (rowCount, width) = header.matrixShape else { return }
        let blockRows = max(1, min(rowCount, rowsPerBlock ?? Self.elementCount / width))
        var block = Matrix.zeros(blockRows, width)
        for first in stride(from: 0, to: rowCount, by: blockRows) {
            let count = min(blockRows, rowCount - first)
            if count < blockRows { block = .zeros(count, width) }
            let areWanted = isWanted(first..<(first + count))
            var failure: EmbeddingFileError?
            block.withElements { elements in
                elements.withUnsafeMutableBufferPointer { buffer in
                    do throws(EmbeddingFileError) { try fill(buffer, areWanted) } catch { failure = error }
                }
            }
            if let failure { throw failure }
            guard areWanted else { continue }
            try take(
                header.name, RowBlock(rows: block, firstRow: first, arrayRowCount: rowCount, isSingle: header.type.isSingle, array: place))
        }
    }
}

extension ElementType {
    /// Whether single precision holds every value.
    fileprivate var isSingle: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .int8, .uint8, .int16, .uint16, .bool: true
        default: false
        }
    }
}
