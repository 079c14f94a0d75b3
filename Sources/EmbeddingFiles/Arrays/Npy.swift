/// Reads a `.npy` file, which holds one array; the array is named after the file's stem.
func readNpy(
    _ bytes: UnsafeRawBufferPointer, file: String, name: String, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let place = EmbeddingFileError.Place(file)
    let headerByteCount = try NpyHeader.byteCount(
        UnsafeRawBufferPointer(rebasing: bytes.prefix(12)), totalByteCount: bytes.count, place)
    let header = try NpyHeader.parse(
        UnsafeRawBufferPointer(rebasing: bytes[..<headerByteCount]), name: name, place)
    let found = bytes.count - headerByteCount
    if found < header.dataByteCount {
        throw .truncatedData(place, expectedBytes: header.dataByteCount, foundBytes: found)
    }
    if found > header.dataByteCount {
        throw .surplusData(place, expectedBytes: header.dataByteCount, foundBytes: found)
    }
    let outline = header.outline(place)
    var table = RawTable(file: file, format: .npy, outlines: [outline], files: [file])
    guard try request.choose(table.outlines)[name] != nil else { return table }
    if let problem = outline.problem { throw problem }
    var budget = MemoryBudget(limit: request.limit)
    table.columns = [
        try header.column(
            from: UnsafeRawBufferPointer(rebasing: bytes[headerByteCount...]), in: file, isWholeFile: true,
            budget: &budget, blocks: request.blocks)
    ]
    return table
}
