/// Reads the chosen columns of a file or folder, of whatever format.
///
/// Throws `missingFile`, `unknownFormat`, `folderInsteadOfFile` and everything that the formats throw.
func readRawTable(_ path: String, _ request: ColumnRequest) throws(EmbeddingFileError) -> RawTable {
    let format = FileFormat(path: path)
    switch PathKind(path) {
    case .folder:
        if format != nil { throw .folderInsteadOfFile(.init(path)) }
        return try readFolder(path, request)
    case .nothing, .file: return try readFileTable(path, format, request)
    }
}

/// Reads the chosen columns of a file; without `format` the first bytes of a pipe or of standard input tell it.
func readFileTable(
    _ path: String, _ format: FileFormat?, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let place = EmbeddingFileError.Place(path)
    if format == nil, PathKind(path) == .file, !isStream(path) {
        let ending = pathExtension(path)
        throw .unknownFormat(place, found: ending.isEmpty ? "no ending" : "'.\(ending)'")
    }
    func unknown(_ bytes: UnsafeRawBufferPointer) -> EmbeddingFileError {
        .unknownFormat(place, found: "bytes of no known format (\(firstBytes(bytes)))")
    }
    let file = try FileBytes(path: path) { (bytes) throws(EmbeddingFileError) in
        // Of /dev/zero there is no end to wait for. Blanks may still be followed by JSON lines.
        let isBlank = bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if format == nil, !isBlank, FileFormat(firstBytes: bytes) == nil { throw unknown(bytes) }
    }
    return try file.withBytes { (bytes) throws(EmbeddingFileError) in
        switch format ?? FileFormat(firstBytes: bytes) {
        case .npy: return try readNpy(bytes, file: path, name: fileStem(path), request)
        case .npz: return try readNpz(bytes, file: path, request)
        case .safetensors: return try readSafetensors(bytes, file: path, request)
        case .jsonLines: return try readJSONLines(bytes, file: path, request)
        case .commaSeparated: return try readDelimitedText(bytes, file: path, format: .commaSeparated, request)
        case .tabSeparated: return try readDelimitedText(bytes, file: path, format: .tabSeparated, request)
        case .folder, nil: throw unknown(bytes)
        }
    }
}
