extension EmbeddingFileError: CustomStringConvertible {
    /// "where: expected X, found Y", one sentence without a full stop.
    package var description: String {
        let (expected, found) = sentence
        return "\(place): expected \(expected), found \(found)"
    }

    /// What was expected and what was found.
    private var sentence: (expected: String, found: String) {
        switch self {
        case .missingFile(let place) where place.file.isEmpty: ("the path of a file or folder", "an empty text")
        case .missingFile: ("a file or folder", "nothing at this path")
        case .folderInsteadOfFile: ("a file", "a folder")
        case .fileInsteadOfFolder: ("a folder", "a file")
        case .unreadable(_, let reason): ("a readable file", reason)
        case .specialFile(_, let found): ("a file, a folder or a pipe", found)
        case .emptyFile: ("data", "an empty file")
        case .unknownFormat(_, let found):
            ("a file ending in \(FileFormat.knownExtensions) or a folder", found)
        case .wrongMagic(_, let format, let found): ("the first bytes of \(format)", found)
        case .unsupportedVersion(_, let found): ("npy format version 1, 2 or 3", "version \(found)")
        case .truncatedHeader(_, let expected, let found): ("a header of \(bytes(expected))", "\(bytes(found)) in all")
        case .headerTooLong(_, let limit, let found): ("a header of at most \(bytes(limit))", "a length of \(found)")
        case .malformedHeader(_, let expected, let found): (expected, found)
        case .truncatedData(_, let expected, let found): ("\(bytes(expected)) of data", "\(found)")
        case .surplusData(_, let expected, let found): ("\(bytes(expected)) of data", "\(found)")
        case .unsupportedElementType(_, let found):
            ("floating point numbers, integers, booleans or strings", found)
        case .pickledObjects: ("numbers or strings", "pickled Python objects, which are never executed")
        case .shapeOverflow(_, let shape): ("a shape that can exist", tuple(shape))
        case .tooManyDimensions(_, let shape): ("one or two dimensions", "the shape \(tuple(shape))")
        case .noRows(_, let shape): ("at least one row", "the shape \(tuple(shape))")
        case .noColumns(_, let shape): ("at least one column", "the shape \(tuple(shape))")
        case .exceedsMemory(_, let needed, let available):
            ("at most \(bytes(available)) of decoded data, the memory of this machine", "\(needed)")
        case .truncatedArchive(let place, let found) where place.isGzip:
            ("a gzip stream up to its end", "a truncated file of \(bytes(found))")
        case .damagedArchive(let place, let reason) where place.isGzip: ("a sound gzip stream", reason)
        case .truncatedArchive(_, let found):
            ("a zip archive up to its directory at the end", "a truncated file of \(bytes(found))")
        case .damagedArchive(_, let reason): ("a sound zip archive", reason)
        case .declaredSizeMismatch(_, let expected, let declared):
            ("\(bytes(expected)), as the header of the array says", "a declared size of \(declared)")
        case .suspiciousCompression(_, let declared, let compressed):
            ("a compression of at most 1000 to 1", "\(declared) bytes out of \(compressed)")
        case .notFinite(_, let found): ("a finite number", found)
        case .malformedText(_, let expected, let found): (expected, found)
        case .invalidUTF8(_, let found): ("UTF-8 text", found ?? "bytes that are not UTF-8")
        case .otherSeparator(_, let expected, let found): ("fields separated by \(expected)", "\(found) in the header line")
        case .missingKey(_, let key, let found): ("the key '\(key)'", found.isEmpty ? "no keys" : names(found))
        case .raggedVectors(_, let expected, let found): ("\(expected) numbers, as in the rows before", "\(found)")
        case .wrongKind(_, let expected, let found): (expected, found)
        case .missingRole(_, let role, _, let found):
            ("an array for '\(role)'", found.isEmpty ? "no arrays" : names(found))
        case .missingModality(_, let found):
            ("a modality, such as 'visual' or 'text'", found.isEmpty ? "no arrays" : names(found))
        case .ambiguousRole(_, let role, let found): ("one array for '\(role)'", "\(names(found))")
        case .missingArray(_, let name, let found):
            ("an array '\(name)'", found.isEmpty ? "no arrays" : names(found))
        case .ambiguousArray(_, let wanted, let found):
            (wanted.isEmpty ? "one array" : "one array, or one named \(names(wanted))", names(found))
        case .missingPart(_, let expected, let found): ("'\(expected)' in the sequence", names(found))
        case .rowCountMismatch(let place, let expected, let other, let found):
            ("\(rows(expected)), as in \(other.phraseBeside(place))", "\(found)")
        case .widthMismatch(let place, let expected, let other, let found):
            ("\(columns(expected)), as in \(other.phraseBeside(place))", "\(found)")
        case .missingIdentifiers(_, let identifiers, let count, let other, let instead):
            (
                "each identifier of \(other.phrase)",
                "\(count) missing: \(names(identifiers, of: count))"
                    + (instead.isEmpty ? "" : ", where this file has \(names(instead))")
            )
        case .duplicateIdentifiers(_, let identifiers, let count):
            ("each identifier once", "\(count) repeated: \(names(identifiers, of: count))")
        case .missingOutputFolder(_, let folder): ("an existing folder '\(folder)'", "none")
        case .unwritable(_, let reason): ("a path that can be written", reason)
        case .diskFull(_, let byteCount): ("room for \(bytes(byteCount))", "a full disk")
        case .unwritableArray(_, let expected, let found): (expected, found)
        }
    }

    private func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

    private func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }

    private func columns(_ count: Int) -> String { count == 1 ? "1 column" : "\(count) columns" }

    /// A shape as numpy spells it: `(90, 768)`, `(90,)` or `()`.
    private func tuple<T>(_ shape: [T]) -> String {
        "(\(shape.map { "\($0)" }.joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
    }

    /// The names as `'a', 'b' and 'c'`; a long list ends with the number of names left out.
    private func names(_ items: [String], of count: Int? = nil) -> String {
        let shown = items.prefix(12).map { "'\($0)'" }
        let rest = (count ?? items.count) - shown.count
        if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "none" }
        return shown.dropLast().joined(separator: ", ") + " and \(last)"
    }
}

extension EmbeddingFileError.Place {
    /// Whether the file is compressed as a whole.
    var isGzip: Bool { pathExtension(file).lowercased() == "gz" }

    /// The place as the other half of a comparison, which names the file only if it differs from that of `place`.
    func phraseBeside(_ place: EmbeddingFileError.Place) -> String {
        file == place.file && !details.isEmpty ? details : phrase
    }
}
