/// The formats that emi reads. The ending of the name tells the format; for standard input and pipes, the first bytes do.
enum FileFormat: String, Sendable {
    case npy, npz, safetensors, jsonLines = "jsonl", json, commaSeparated = "csv", tabSeparated = "tsv"
    case workbook = "xlsx", inspectLog = "eval", folder

    static let knownExtensions = ".npz, .npy, .safetensors, .jsonl, .json, .csv, .tsv, .xlsx, .eval"

    /// Whether the file is a table of texts, in which some columns may be meant for other programs.
    var isText: Bool {
        switch self {
        case .jsonLines, .json, .commaSeparated, .tabSeparated, .workbook, .inspectLog: true
        case .npy, .npz, .safetensors, .folder: false
        }
    }

    /// The format that the name of `path` tells; nil for an unknown ending or none.
    init?(path: String) {
        var path = path
        if path.lowercased().hasSuffix(".gz") { path = String(path.dropLast(3)) }
        switch pathExtension(path).lowercased() {
        case "npy": self = .npy
        case "npz": self = .npz
        case "safetensors": self = .safetensors
        case "jsonl", "ndjson": self = .jsonLines
        case "json": self = .json
        case "csv": self = .commaSeparated
        case "tsv": self = .tabSeparated
        case "xlsx": self = .workbook
        case "eval": self = .inspectLog
        default: return nil
        }
    }

    /// The format that the first bytes tell; nil if they fit none.
    init?(firstBytes bytes: UnsafeRawBufferPointer) {
        if bytes.starts(with: NpyHeader.magic) {
            self = .npy
        } else if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = .npz
        } else if let first = bytes.prefix(1 << 16).first(where: { $0 > 0x20 }), bytes.first != 0,
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        {
            self = .jsonLines
        } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
            self = .safetensors
        } else {
            return nil
        }
    }

    /// Whether a file of this format (of any format if nil) can start with these bytes: a pipe need not have an end to wait for.
    static func mayStart(_ bytes: UnsafeRawBufferPointer, as format: FileFormat?) -> Bool {
        if bytes.starts(with: gzipMagic) { return true }
        // Blanks may still be followed by JSON lines.
        let isBlank = bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let found = FileFormat(firstBytes: bytes)
        switch format {
        case nil: return isBlank || found != nil
        case .npy: return found == .npy
        case .npz, .workbook, .inspectLog: return found == .npz
        // Its first eight bytes are a length, which may look like anything.
        case .safetensors: return bytes.count < 9 || bytes[8] == UInt8(ascii: "{")
        // Texts in UTF-16 have zeros too, and are told so.
        default: return isBlank || !bytes.contains(0) || wideEncoding(bytes) != nil
        }
    }

    /// Whether an entry of a folder is a table of Arrow or Parquet, which `datasets` writes by `save_to_disk`.
    static func isColumnStore(_ entry: String) -> Bool { ["arrow", "parquet"].contains(pathExtension(entry)) }

    /// Advice for a file of unknown format; `found` is its ending, or its name within `folder`.
    static func hint(forUnknown found: String, in path: String) -> String {
        let name = found.split(separator: "'").first.map(String.init) ?? ""
        if PathKind(path) == .folder, !isColumnStore(name), let set = (try? entries(of: path))?.first(where: { Self(path: $0) != nil }) {
            return "its files may be sets: give one, such as \(path.hasSuffix("/") ? path : path + "/")\(set), or make a manifest of them "
                + "for emi batch with 'emi init \(path)'"
        }
        if PathKind(path) == .folder, pathExtension(name) == "arrow" {
            return "a folder of datasets.save_to_disk holds Arrow, which is not read; make JSON lines of it: python3 -c "
                + "\"import datasets; datasets.load_from_disk('\(path)').to_json('\(lastComponent(path)).jsonl')\""
        }
        let file = PathKind(path) == .folder && !name.isEmpty ? "\(path)/\(name)" : path
        let stem = fileStem(file)
        let ending = pathExtension("x\(name)")
        return switch ".\(ending)" {
        case ".pt", ".pth", ".bin", ".pkl", ".pickle", ".ckpt":
            "pickles are never executed: save with safetensors.torch.save_file or numpy.savez"
        case ".parquet", ".feather":
            "make JSON lines of it: python3 -c \"import pandas as p; p.read_\(ending)('\(file)').to_json('\(stem).jsonl', "
                + "orient='records', lines=True)\""
        case ".arrow":
            "make JSON lines of it: python3 -c \"import datasets as d; d.Dataset.from_file('\(file)').to_json('\(stem).jsonl')\""
        case ".faiss", ".index":
            "write its vectors as an array: python3 -c \"import faiss, numpy as n; i = faiss.read_index('\(file)'); "
                + "n.save('\(stem).npy', i.reconstruct_n(0, i.ntotal))\""
        case ".xls": "save it as .xlsx or .csv"
        case ".zip", ".tar", ".7z", ".zst", ".bz2", ".xz": "unpack it first; of compressed files only .gz is read"
        default: "save the arrays with numpy.savez or safetensors, texts as JSON lines"
        }
    }
}

/// The last component of `path`, without a trailing slash.
func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}

/// What follows the last dot of the name; empty without a dot.
func pathExtension(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
}

/// The name of a file without folder and ending: `clean` for `digits/clean.npz` and for `digits/clean.jsonl.gz`.
func fileStem(_ path: String) -> String {
    var name = lastComponent(path)
    if FileFormat(path: name) != nil, name.lowercased().hasSuffix(".gz") { name = String(name.dropLast(3)) }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
}
