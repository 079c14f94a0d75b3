import LinearAlgebra

/// One column of a file that is too large to keep, to be read block by block.
package struct LargeColumn: Sendable {
    /// The path of the file, as given.
    package let file: String
    /// The name of the array in the file.
    package let key: String
    /// n.
    package let rowCount: Int
    /// d.
    package let width: Int
    /// The cluster of each row; nil where the file has none.
    package let groups: [String]?
    /// Everything that there is in the file, to choose from.
    package let arrayNames: [String]

    /// The bytes that all rows take in double precision.
    package var byteCount: Int {
        let (elements, overflow) = rowCount.multipliedReportingOverflow(by: width)
        return overflow || elements > .max / 8 ? .max : 8 * elements
    }

    /// Whether rows can be passed over without reading them: not in an archive, which has to be unpacked from its beginning.
    package var canSkipRows: Bool { FileFormat(path: file) != .npz }

    /// Calls `body` with all rows, or with the blocks that have wanted ones, block by block, in their order.
    ///
    /// - Parameters:
    ///   - rowsPerBlock: the rows of a block; nil for as many as stay in the cache.
    ///   - isWanted: whether some neighbouring rows of the array are wanted. More rows than these may come.
    /// - Throws: what reading throws, and what `body` throws.
    package func forEachBlock(
        rowsPerBlock: Int? = nil, where isWanted: @escaping (Range<Int>) -> Bool = { _ in true }, _ body: (RowBlock) throws -> Void
    ) throws {
        var failure: (any Error)?
        try withoutActuallyEscaping(body) { body in
            var request = ColumnRequest { _ in [key: .values] }
            request.blocks = RowBlocks(fewestBytes: 0, rowsPerBlock: rowsPerBlock, isWanted: isWanted) {
                (_, block) throws(EmbeddingFileError) in
                do {
                    try body(block)
                } catch let error as EmbeddingFileError {
                    throw error
                } catch {
                    // Readers throw errors of files only: this one ends the reading, and `failure` is thrown in its place.
                    failure = error
                    throw .emptyFile(.init(file))
                }
            }
            do {
                let table = try readRawTable(file, request)
                // Columns stored one after the other were kept, and a single row too.
                guard let column = table.columns.first, column.passedRowCount == nil, let matrix = column.matrix else { return }
                try body(RowBlock(rows: matrix, firstRow: 0, arrayRowCount: rowCount, isSingle: false, array: column.place()))
            } catch {
                throw failure ?? error
            }
        }
    }
}

/// Whether a path names one array of a file: `FILE:array`.
package func isArrayInFile(_ path: String) -> Bool { splitArrayName(path).array != nil }

/// The column that `readGroupedColumn` would read, where it takes at least `fewestBytes` in double precision and can be read block by
/// block: an array of numbers in a regular `.npy`, `.npz` or `.safetensors` file. Nil for any other.
///
/// Throws as `readGroupedColumn`, without a look at the elements.
package func largeColumn(
    _ pathWithOptionalArrayName: String, group: String? = nil, fewestBytes: Int = 64 << 20
) throws(EmbeddingFileError) -> LargeColumn? {
    let (file, array) = splitArrayName(pathWithOptionalArrayName)
    guard let format = FileFormat(path: file), [.npy, .npz, .safetensors].contains(format), PathKind(file) == .file, !isStream(file)
    else { return nil }
    var found: (outline: ColumnOutline, group: String?)?
    let request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        let plan = try ColumnPlan(column: "data", array: array, preferring: [], in: outlines, of: file, groupKey: group)
        guard let key = plan.content.first?.key, let outline = outlines.first(where: { $0.name == key }), outline.problem == nil,
            outline.kind == .vectors, let (rows, columns) = outline.matrixShape, rows * columns >= fewestBytes / 8
        else { return [:] }
        found = (outline, plan.group)
        return plan.choice.filter { $0.key == plan.group && $0.key != key }
    }
    let table = try readRawTable(file, request)
    guard let (outline, groupKey) = found, let (rows, columns) = outline.matrixShape else { return nil }
    var groups: [String]?
    if let labels = table.columns.first(where: { $0.name == groupKey }) {
        if labels.rowCount == rows {
            groups = try labels.groupLabels()
        } else if group != nil {
            throw .rowCountMismatch(
                labels.place(), expectedCount: rows, other: .init(file, array: format == .npy ? nil : outline.name),
                foundCount: labels.rowCount)
        }
    }
    return LargeColumn(
        file: file, key: outline.name, rowCount: rows, width: columns, groups: groups, arrayNames: table.outlines.map(\.name))
}

extension ColumnOutline {
    /// Rows and columns of an array whose header says them.
    fileprivate var matrixShape: (rows: Int, columns: Int)? {
        guard let shape, let rows = shape.first, rows > 0 else { return nil }
        let rest = shape.dropFirst().filter { $0 != 1 }
        guard rest.count < 2 else { return nil }
        return (rows, rest.first ?? 1)
    }
}
