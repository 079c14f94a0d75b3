/// Reads a `.npz` file: a zip archive with one `.npy` member for each array, stored or deflated.
///
/// A member is refused before decompression when its declared size differs from the size that its own header needs, or when it declares
/// more than 256 MB at more than 1000 to 1.
func readNpz(
    _ bytes: UnsafeRawBufferPointer, file: String, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    try ZipArchive.withArchive(bytes, file: file) { (archive) throws(EmbeddingFileError) in
        var outlines: [ColumnOutline] = []
        var entries: [String: NpzEntry] = [:]
        for member in try archive.members() where member.name.hasSuffix(".npy") {
            let name = String(member.name.dropLast(4))
            let place = EmbeddingFileError.Place(file, array: name)
            do throws(EmbeddingFileError) {
                let entry = try NpzEntry(member, of: archive, name: name, place)
                outlines.append(entry.header.outline(place))
                entries[name] = entry
            } catch {
                outlines.append(ColumnOutline(name: name, kind: .other, problem: error))
            }
        }
        var table = RawTable(file: file, format: .npz, outlines: outlines, files: [file])
        var budget = MemoryBudget(limit: request.limit)
        let chosen = try request.choose(outlines)
        for outline in outlines where chosen[outline.name] != nil {
            do throws(EmbeddingFileError) {
                if let problem = outline.problem { throw problem }
                guard let entry = entries[outline.name] else { continue }
                table.columns.append(try entry.column(from: archive, file: file, budget: &budget, blocks: request.blocks))
            } catch {
                if chosen[outline.name]?.isOptional == true {
                    table.dropped.append(.init(outline: outline, reason: error))
                } else if request.isLenient {
                    table.problems.append(error)
                } else {
                    throw error
                }
            }
        }
        return table
    }
}

/// A member of an archive with its header already read.
private struct NpzEntry {
    let member: ZipArchive.Member
    let header: ArrayHeader
    let headerByteCount: Int

    init(
        _ member: ZipArchive.Member, of archive: ZipArchive, name: String, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) {
        let total = Int(exactly: member.byteCount) ?? .max
        (header, headerByteCount) = try archive.read(member, place) { (source) throws(EmbeddingFileError) in
            var bytes = try Self.bytes(min(12, total), from: source, place)
            let count = try Self.withBytes(bytes) { (buffer) throws(EmbeddingFileError) in
                try NpyHeader.byteCount(buffer, totalByteCount: total, place)
            }
            if count > bytes.count { bytes += try Self.bytes(count - bytes.count, from: source, place) }
            let header = try Self.withBytes(bytes) { (buffer) throws(EmbeddingFileError) in
                try NpyHeader.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), name: name, place)
            }
            return (header, count)
        }
        self.member = member
        let (needed, overflow) = header.dataByteCount.addingReportingOverflow(headerByteCount)
        if overflow || UInt64(needed) != member.byteCount {
            throw .declaredSizeMismatch(
                place, expectedBytes: overflow ? .max : needed, declaredBytes: member.byteCount)
        }
        if member.byteCount > 256 << 20, member.byteCount / 1000 > member.compressedByteCount {
            throw .suspiciousCompression(
                place, declaredBytes: member.byteCount, compressedBytes: member.compressedByteCount)
        }
    }

    /// Decodes the array and reads the stream to its end, because libzip checks the checksum only there.
    func column(
        from archive: ZipArchive, file: String, budget: inout MemoryBudget, blocks: RowBlocks?
    ) throws(EmbeddingFileError) -> RawColumn {
        let place = EmbeddingFileError.Place(file, array: header.name)
        return try archive.read(member, place) { (source) throws(EmbeddingFileError) in
            _ = try Self.bytes(headerByteCount, from: source, place)
            let column = try header.column(reading: source, in: file, isWholeFile: false, budget: &budget, blocks: blocks)
            var extra: UInt8 = 0
            let surplus = try Self.withMutableByte(&extra, source)
            if surplus > 0 {
                throw .surplusData(
                    place, expectedBytes: header.dataByteCount, foundBytes: header.dataByteCount + surplus)
            }
            return column
        }
    }

    private static func withMutableByte(
        _ byte: inout UInt8, _ source: ArrayHeader.Source
    ) throws(EmbeddingFileError) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        defer { buffer.deallocate() }
        return try source(buffer)
    }

    private static func withBytes<Result>(
        _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(EmbeddingFileError) -> Result
    ) throws(EmbeddingFileError) -> Result {
        try bytes.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
            try body(UnsafeRawBufferPointer(buffer))
        }
    }

    private static func bytes(
        _ count: Int, from source: ArrayHeader.Source, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 1)
        defer { buffer.deallocate() }
        var filled = 0
        while filled < count {
            let step = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<count]))
            if step == 0 { throw .truncatedHeader(place, expectedBytes: count, foundBytes: filled) }
            filled += step
        }
        return Array(buffer[..<count])
    }
}
