import LinearAlgebra

/// A sample set whose vectors are too many to keep: everything that its files say about rows, with columns to be read block by block.
package struct LargeTable: Sendable {
    /// The set. Its columns have their widths, but no rows.
    package let table: SampleTable

    /// A column of the table, to be read.
    package func large(_ column: Column) -> LargeColumn {
        LargeColumn(
            file: column.file, key: column.key, rowCount: table.rowCount, width: column.values.width ?? 0, groups: nil, arrayNames: [])
    }
}

/// The shapes of a set's arrays, as the headers of its files say.
package struct SetExtent: Sendable {
    /// The most rows of an array.
    package private(set) var rowCount = 0
    /// The bytes that all vectors take in double precision.
    package private(set) var byteCount = 0
    /// The bytes that the largest array takes.
    package private(set) var largestByteCount = 0
    /// Whether all files are such as can be read block by block: regular `.npy`, `.npz` or `.safetensors` files.
    package private(set) var canBeReadInBlocks = true

    /// Nil where a header cannot be read: reading the file will say why. Texts, and files without headers, count nothing.
    package init?(_ source: SampleSource) {
        if source.rows != nil { canBeReadInBlocks = false }
        for path in source.files {
            let (file, array) = splitArrayName(path)
            guard let format = FileFormat(path: file), [.npy, .npz, .safetensors].contains(format), PathKind(file) == .file, !isStream(file)
            else {
                canBeReadInBlocks = false
                continue
            }
            guard let table = try? readRawTable(file, ColumnRequest { _ in [:] }) else { return nil }
            for outline in table.outlines where array == nil || outline.name == array {
                guard outline.kind == .vectors, let shape = outline.shape, shape.count > 1 else { continue }
                let elements = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max / 64 : $0 * $1 }
                let bytes = 8 * min(elements, .max / 64)
                largestByteCount = max(largestByteCount, bytes)
                byteCount = byteCount.addingReportingOverflow(bytes).overflow ? .max / 8 : byteCount + bytes
                rowCount = max(rowCount, shape[0])
            }
        }
    }
}

/// Throws `exceedsMemory` if what is about to be held does not fit into the machine's memory, before anything is read.
///
/// - Parameters:
///   - byteCount: the bytes that will be held at once.
///   - file: the file to name in the message.
///   - limit: the bytes that there are.
package func checkMemory(_ byteCount: Int, file: String, limit: Int? = nil) throws(EmbeddingFileError) {
    let limit = limit ?? MemoryBudget.machineLimit
    guard byteCount > limit else { return }
    throw .exceedsMemory(.init(file), neededBytes: byteCount, availableBytes: limit)
}

/// Reads a sample set, handing on the rows of all vectors block by block.
///
/// - Parameter take: takes a block of an array; `key` is the array's name in `file`.
/// - Returns: nil where a column cannot be read in this way: texts, arrays stored column by column, files joined by names of rows.
/// - Throws: what `readSampleTable` throws, and what `take` throws.
package func readLargeTable(
    _ source: SampleSource, _ take: (_ file: String, _ key: String, RowBlock) throws -> Void
) throws -> LargeTable? {
    var failure: (any Error)?
    let found: SampleTable? = try withoutActuallyEscaping(take) { take in
        let blocks = RowBlocks(fewestBytes: 0, fewestColumns: 2) { (name, block) throws(EmbeddingFileError) in
            do {
                try block.checkFinite()
                try take(block.array.file, name, block)
            } catch let error as EmbeddingFileError {
                throw error
            } catch {
                // As in `LargeColumn.forEachBlock`: readers throw errors of files only.
                failure = error
                throw .emptyFile(block.array)
            }
        }
        do {
            return try readSampleTable(source, blocks: blocks)
        } catch {
            throw failure ?? error
        }
    }
    guard let table = found, table.arePassedRowsInPlace else { return nil }
    let columns = table.modalities + [table.response, table.reference]
    guard
        columns.allSatisfy({ column in
            if case .vectors(let rows) = column.values { rows.rowCount == 0 } else { false }
        })
    else { return nil }
    return LargeTable(table: table)
}
