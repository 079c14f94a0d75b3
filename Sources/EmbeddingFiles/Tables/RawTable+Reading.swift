/// Reads the chosen columns of a file or folder in any format.
///
/// Throws `missingFile`, `unknownFormat`, `folderInsteadOfFile` and all errors of the formats.
func readRawTable(_ path: String, _ request: ColumnRequest) throws(EmbeddingFileError) -> RawTable {
    let format = FileFormat(path: path)
    switch PathKind(path) {
    case .folder:
        if format != nil { throw .folderInsteadOfFile(.init(path)) }
        return try readFolder(path, request)
    case .nothing, .file: return try readFileTable(path, format, request)
    }
}

/// Reads the chosen columns of a file. Without `format`, the first bytes of a pipe or of standard input tell it.
///
/// A file whose name ends in `.gz`, or a pipe that begins like one, is decompressed first.
func readFileTable(
    _ path: String, _ format: FileFormat?, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let place = EmbeddingFileError.Place(path)
    if format == nil, PathKind(path) == .file, !isStream(path) {
        let ending = pathExtension(path)
        throw .unknownFormat(place, found: ending.isEmpty ? "no ending" : "'.\(ending)'")
    }
    let file = try FileBytes(path: path) { (bytes) throws(EmbeddingFileError) in
        if !FileFormat.mayStart(bytes, as: format) {
            throw .unknownFormat(place, found: "bytes of no known format (\(firstBytes(bytes)))")
        }
    }
    return try file.withContent(of: path, limit: request.limit) { (bytes) throws(EmbeddingFileError) in
        var request = request
        if file.isMapping(bytes) { request.blocks?.release = FileBytes.release }
        return try readTable(bytes, path, format, request)
    }
}

/// Reads the chosen columns of a file's content.
///
/// Throws everything that the formats throw.
func readTable(
    _ bytes: UnsafeRawBufferPointer, _ path: String, _ format: FileFormat?, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let place = EmbeddingFileError.Place(path)
    let format = format ?? FileFormat(firstBytes: bytes)
    if format?.isText == true, let encoding = wideEncoding(bytes) { throw .invalidUTF8(place, found: encoding) }
    if [.jsonLines, .json, .commaSeparated, .tabSeparated].contains(format) { try checkText(bytes, place) }
    switch format {
    case .npy: return try readNpy(bytes, file: path, name: fileStem(path), request)
    case .npz: return try readNpz(bytes, file: path, request)
    case .safetensors: return try readSafetensors(bytes, file: path, request)
    case .commaSeparated: return try readDelimitedText(bytes, file: path, format: .commaSeparated, request)
    case .tabSeparated: return try readDelimitedText(bytes, file: path, format: .tabSeparated, request)
    case .workbook:
        var table = try readWorkbook(bytes, file: path, request)
        table.format = .workbook
        return table
    case .inspectLog:
        var table = try readInspectArchive(bytes, file: path, request)
        table.format = .inspectLog
        return table
    case .jsonLines:
        // A list of objects is unmistakable, whatever the file is called.
        if bytes.first(where: { $0 > 0x20 && $0 < 0x80 }) == UInt8(ascii: "[") { fallthrough }
        return try readJSONLines(bytes, file: path, request)
    case .json:
        guard let lines = try jsonLines(of: bytes, file: path) else { throw .emptyFile(place) }
        if lines.isEmpty { throw .emptyFile(place) }
        var table = try lines.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
            try readJSONLines(UnsafeRawBufferPointer(buffer), file: path, unit: .item, request)
        }
        table.format = .json
        return table
    case .folder, nil: throw .unknownFormat(place, found: "bytes of no known format (\(firstBytes(bytes)))")
    }
}

/// UTF-16 or UTF-32, if a byte order mark or zeros between ASCII characters show it; nil for anything else.
func wideEncoding(_ bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    guard bytes.count >= 4 else { return nil }
    if bytes[0] != 0, bytes[1] == 0, bytes[2] != 0, bytes[3] == 0 { return "UTF-16" }
    if bytes[0] == 0, bytes[1] != 0, bytes[2] == 0, bytes[3] != 0 { return "UTF-16" }
    return nil
}
