import CZip

/// A zip archive in memory that libzip reads; valid only inside `withArchive`.
struct ZipArchive {
    private let archive: OpaquePointer
    private let file: String

    /// One member of an archive.
    struct Member {
        let index: UInt64
        let name: String
        let byteCount: UInt64
        let compressedByteCount: UInt64
    }

    /// Opens the archive in `bytes` while `body` runs; throws `wrongMagic` and `damagedArchive`.
    static func withArchive<Result>(
        _ bytes: UnsafeRawBufferPointer, file: String, _ body: (ZipArchive) throws(EmbeddingFileError) -> Result
    ) throws(EmbeddingFileError) -> Result {
        let place = EmbeddingFileError.Place(file)
        // "PK\3\4" opens a member, "PK\5\6" an archive without any.
        if bytes.count < 4, bytes.starts(with: [0x50, 0x4B, 0x03, 0x04].prefix(bytes.count)) {
            throw .truncatedArchive(place, foundBytes: bytes.count)
        }
        guard bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) else {
            throw .wrongMagic(place, format: "a zip archive", found: firstBytes(bytes))
        }
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = zip_source_buffer_create(bytes.baseAddress, UInt64(bytes.count), 0, &error) else {
            throw .damagedArchive(place, reason: reason(&error))
        }
        guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
            zip_source_free(source)
            // The first bytes belong to an archive, so what libzip did not find is the directory at the end.
            if zip_error_code_zip(&error) == ZIP_ER_NOZIP { throw .truncatedArchive(place, foundBytes: bytes.count) }
            throw .damagedArchive(place, reason: reason(&error))
        }
        defer { zip_discard(archive) }
        return try body(ZipArchive(archive: archive, file: file))
    }

    /// The members in the order of the archive; throws `damagedArchive`.
    func members() throws(EmbeddingFileError) -> [Member] {
        var members: [Member] = []
        for index in 0..<UInt64(max(0, zip_get_num_entries(archive, 0))) {
            var status = zip_stat_t()
            guard zip_stat_index(archive, index, 0, &status) == 0, let name = status.name else {
                throw .damagedArchive(.init(file), reason: "no entry \(index) in its directory")
            }
            members.append(
                Member(
                    index: index, name: String(cString: name), byteCount: status.size,
                    compressedByteCount: status.comp_size))
        }
        return members
    }

    /// Opens a member while `body` runs and passes `body` a source of its bytes.
    func read<Result>(
        _ member: Member, _ place: EmbeddingFileError.Place,
        _ body: (ArrayHeader.Source) throws(EmbeddingFileError) -> Result
    ) throws(EmbeddingFileError) -> Result {
        guard let stream = zip_fopen_index(archive, member.index, 0) else {
            throw .damagedArchive(place, reason: Self.reason(zip_get_error(archive)))
        }
        defer { zip_fclose(stream) }
        return try body { (buffer) throws(EmbeddingFileError) in
            let count = zip_fread(stream, buffer.baseAddress, UInt64(buffer.count))
            guard count >= 0 else {
                throw .damagedArchive(place, reason: Self.reason(zip_file_get_error(stream)))
            }
            return Int(count)
        }
    }

    /// Reads all bytes of a text member.
    ///
    /// Throws `damagedArchive`, `exceedsMemory`, and `suspiciousCompression` for more than 256 MB at more than 1000 to 1.
    func content(
        of member: Member, budget: inout MemoryBudget, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [UInt8] {
        if member.byteCount > 256 << 20, member.byteCount / 1000 > member.compressedByteCount {
            throw .suspiciousCompression(
                place, declaredBytes: member.byteCount, compressedBytes: member.compressedByteCount)
        }
        guard let count = Int(exactly: member.byteCount), count < .max / 2 else {
            throw .exceedsMemory(place, neededBytes: .max, availableBytes: budget.limit)
        }
        try budget.spend(elementCount: count / 8 + 1, place)
        return try read(member, place) { (source) throws(EmbeddingFileError) in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 1)
            defer { buffer.deallocate() }
            var filled = 0
            while filled < count {
                let step = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<count]))
                if step == 0 { throw .truncatedData(place, expectedBytes: count, foundBytes: filled) }
                filled += step
            }
            return Array(buffer[..<count])
        }
    }

    /// libzip's message with a lower-case initial, such as `premature end of file`.
    private static func reason(_ error: UnsafeMutablePointer<zip_error_t>) -> String {
        let text = String(cString: zip_error_strerror(error))
        return text.startingInLowerCase
    }
}
