/// The forms that are read, told by the ending of the name; of standard input and pipes, by the first bytes.
enum FileFormat: String, Sendable {
    case npy, npz, safetensors, jsonLines = "jsonl", commaSeparated = "csv", tabSeparated = "tsv", folder

    static let knownExtensions = ".npz, .npy, .safetensors, .jsonl, .csv, .tsv"

    /// The format that the name of `path` says, nil for another ending or none.
    init?(path: String) {
        switch pathExtension(path).lowercased() {
        case "npy": self = .npy
        case "npz": self = .npz
        case "safetensors": self = .safetensors
        case "jsonl", "ndjson": self = .jsonLines
        case "csv": self = .commaSeparated
        case "tsv": self = .tabSeparated
        default: return nil
        }
    }

    /// The format that the first bytes say, nil where they say none.
    init?(firstBytes bytes: UnsafeRawBufferPointer) {
        if bytes.starts(with: NpyHeader.magic) {
            self = .npy
        } else if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = .npz
        } else if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{"), bytes.first != 0 {
            self = .jsonLines
        } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
            self = .safetensors
        } else {
            return nil
        }
    }

    /// What to do with a file that is in none of the known forms.
    static func hint(forUnknown found: String) -> String {
        switch found.split(separator: "'").first.map(String.init) ?? "" {
        case ".pt", ".pth", ".bin", ".pkl", ".pickle", ".ckpt":
            "pickles are never executed: save with safetensors.torch.save_file or numpy.savez"
        case ".json": "for data the format is JSON lines: jq -c '.[]' file.json > file.jsonl"
        case ".parquet", ".arrow", ".feather": "export the columns with numpy.savez"
        default: "save the arrays with numpy.savez or safetensors, texts as JSON lines"
        }
    }
}

/// The last component of `path`, without a trailing slash.
func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}

/// What follows the last dot of the name, empty without one.
func pathExtension(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
}

/// The name of a file without folder and ending: `clean` for `digits/clean.npz`.
func fileStem(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
}
