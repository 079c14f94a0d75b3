import CZip

/// Decompresses a gzip file (RFC 1952), whose members follow each other.
///
/// Throws `damagedArchive`, `truncatedArchive`, `suspiciousCompression` for more than 256 MB at more than 1000 to 1, and
/// `exceedsMemory`.
func gunzipped(
    _ bytes: UnsafeRawBufferPointer, file: String, limit: Int = MemoryBudget.machineLimit
) throws(EmbeddingFileError) -> [UInt8] {
    let place = EmbeddingFileError.Place(file)
    var stream = z_stream()
    // Adding 16 to the largest window makes zlib expect gzip's header instead of its own.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        throw .exceedsMemory(place, neededBytes: 1 << 16, availableBytes: 0)
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    result.reserveCapacity(min(limit, 4 * bytes.count))
    let chunk = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 18)
    defer { chunk.deallocate() }
    let input = UnsafeMutablePointer<UInt8>(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    var consumed = 0
    while true {
        let step = min(bytes.count - consumed, 1 << 30)
        stream.next_in = input.map { $0 + consumed }
        stream.avail_in = UInt32(step)
        stream.next_out = chunk
        stream.avail_out = 1 << 18
        let status = inflate(&stream, Z_NO_FLUSH)
        consumed += step - Int(stream.avail_in)
        result.append(contentsOf: UnsafeBufferPointer(start: chunk, count: 1 << 18 - Int(stream.avail_out)))
        if result.count > limit { throw .exceedsMemory(place, neededBytes: result.count, availableBytes: limit) }
        if result.count > 256 << 20, result.count / 1000 > bytes.count {
            throw .suspiciousCompression(
                place, declaredBytes: UInt64(result.count), compressedBytes: UInt64(bytes.count))
        }
        switch status {
        case Z_OK, Z_BUF_ERROR:
            if consumed == bytes.count && stream.avail_out > 0 { throw .truncatedArchive(place, foundBytes: bytes.count) }
        case Z_STREAM_END:
            // Further members follow immediately; anything else, such as padding, ends the file.
            let rest = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
            guard rest.starts(with: gzipMagic) else { return result }
            inflateReset(&stream)
        default:
            let reason = stream.msg.map { String(cString: $0) } ?? "data that is not deflated"
            throw .damagedArchive(place, reason: reason)
        }
    }
}

/// The first bytes of a gzip file.
let gzipMagic: [UInt8] = [0x1F, 0x8B]
