extension EmbeddingFileError {
    /// The file, and the part of it, in which the condition was found.
    package var place: Place {
        switch self {
        case .missingFile(let place), .folderInsteadOfFile(let place), .fileInsteadOfFolder(let place),
            .unreadable(let place, _), .specialFile(let place, _), .emptyFile(let place), .unknownFormat(let place, _),
            .wrongMagic(let place, _, _), .unsupportedVersion(let place, _), .truncatedHeader(let place, _, _),
            .headerTooLong(let place, _, _), .malformedHeader(let place, _, _), .truncatedData(let place, _, _),
            .surplusData(let place, _, _), .unsupportedElementType(let place, _), .pickledObjects(let place),
            .shapeOverflow(let place, _), .tooManyDimensions(let place, _), .noRows(let place, _),
            .noColumns(let place, _), .exceedsMemory(let place, _, _), .damagedArchive(let place, _),
            .truncatedArchive(let place, _),
            .declaredSizeMismatch(let place, _, _), .suspiciousCompression(let place, _, _),
            .notFinite(let place, _), .malformedText(let place, _, _), .invalidUTF8(let place, _),
            .otherSeparator(let place, _, _),
            .missingKey(let place, _, _), .raggedVectors(let place, _, _), .wrongKind(let place, _, _),
            .missingRole(let place, _, _, _), .missingModality(let place, _), .ambiguousRole(let place, _, _),
            .missingArray(let place, _, _),
            .ambiguousArray(let place, _, _), .missingPart(let place, _, _), .rowCountMismatch(let place, _, _, _),
            .widthMismatch(let place, _, _, _), .missingIdentifiers(let place, _, _, _, _),
            .duplicateIdentifiers(let place, _, _), .missingOutputFolder(let place, _),
            .unwritable(let place, _), .diskFull(let place, _), .unwritableArray(let place, _, _):
            place
        }
    }

    /// One sentence that says what to do about it; nil when the description says everything.
    package var hint: String? {
        switch self {
        case .missingFile(let place) where place.file.isEmpty: "a variable of the shell without a value gives an empty path"
        case .missingFile(let place) where place.file.contains("\u{FFFD}"):
            "its name may hold bytes that are not UTF-8, by which no file can be named here: rename the file"
        case .missingFile: "check the path; relative paths start at the current folder"
        case .folderInsteadOfFile: "name one file in it, or give the folder where a whole set is expected"
        case .fileInsteadOfFolder: "leave out what follows the name of the file"
        case .specialFile: "devices and sockets are not read, for they may never end: write what is meant into a file"
        case .emptyFile(let place) where place.file == "-": "the command before the pipe wrote nothing: look for its error above"
        case .emptyFile, .truncatedHeader, .truncatedData: "the file was not written or copied to its end: make it again"
        case .unknownFormat(let place, let found): FileFormat.hint(forUnknown: found, in: place.file)
        case .wrongMagic: "the name says one format and the content another: rename the file or export it again"
        case .pickledObjects(let place) where place.array.map { Role(name: $0, kind: .texts)?.describesRows ?? false } ?? false:
            "save plain texts: numpy.savez(file, \(place.array ?? "id")=numpy.array(names).astype(str), …)"
        case .pickledObjects: "save plain numbers: numpy.save(file, numpy.stack(rows).astype('float32'), allow_pickle=False)"
        case .unsupportedElementType: "convert it first: array.astype('float32'), or array.astype(str) for identifiers"
        case .tooManyDimensions: "pool it to one vector for each row first, for example array.mean(axis=1)"
        case .noColumns, .noRows: "the export wrote no data: check the step before"
        case .exceedsMemory: "take a sample of the rows, or a machine with more memory"
        case .declaredSizeMismatch, .suspiciousCompression: "this is how decompression bombs look: make the file again with numpy.savez"
        case .truncatedArchive: "the file was not written or copied to its end: make it again"
        case .damagedArchive(let place, _) where place.isGzip: "compress the file again with gzip"
        case .damagedArchive: "make the file again with numpy.savez or numpy.savez_compressed"
        case .notFinite: "take the row out or embed it again; emi inspect lists every such row"
        case .missingRole(_, _, _, let found) where found.contains { $0.hasPrefix("moments/") }:
            "this is a part that emi summarize wrote: emi merge puts parts together"
        case .missingRole(_, let role, let aliases, _):
            "name the array one of \(aliases.joined(separator: ", "))" + EmbeddingFileError.flagHint(role)
                + (role == Role.reference.name
                    ? "; every estimator of EMI needs references, and emi mi measures the information of any two arrays" : "")
        case .missingModality:
            "name the arrays \((Role.visual.aliases + Role.text.aliases).joined(separator: ", ")), or give them by --id-modality NAME=FILE"
        case .ambiguousRole(_, let role, _):
            role == Role.group.name
                ? "choose one with --group NAME"
                : "rename one of them, or name the one that is meant as FILE:KEY: --id-\(role) FILE:KEY, in a manifest "
                    + "data: { bundle: FILE, \(role): 'FILE:KEY' }"
        case .missingArray: nil
        case .ambiguousArray: "choose one as FILE:array"
        case .missingPart: "a missing part would shift every row after it: complete the folder"
        case .rowCountMismatch(let place, _, let other, _):
            place.file == other.file
                ? "all arrays of a set need a row for each sample: export the set again"
                : "give both files a column that names every row, under one name, to join them by"
        case .widthMismatch: "embed both with the same encoder"
        case .missingIdentifiers:
            "rows are never dropped; another column joins them with --id-key NAME or --ood-key NAME, in a manifest key: NAME"
        case .duplicateIdentifiers:
            "a join needs names of one row each; choose another column with --id-key NAME or --ood-key NAME, in a manifest key: NAME"
        case .missingOutputFolder(_, let folder): "make it first: mkdir -p '\(folder)'"
        case .diskFull: "nothing was left behind; free some space or write elsewhere"
        case .malformedText(_, "text", "bytes that are zero"):
            "the file holds arrays or something else that is no text: give the text file that is meant"
        case .malformedText(_, "nothing after the value", _):
            "the format is one JSON object on each line, and a line ends with a line feed"
        case .malformedText(_, let expected, let found):
            expected == "a JSON object" || expected == "a list of objects"
                ? "the format is one JSON object on each line, or a list of such objects"
                : found == "the end of the text"
                    ? "each object stands whole on one line; from printed JSON make such lines with jq -c ." : nil
        case .invalidUTF8(let place, let found):
            "convert it first: iconv -f \(found ?? "LATIN1") -t UTF-8 \(place.file) > utf8.\(pathExtension(place.file))"
        case .otherSeparator(let place, _, let found):
            found == "tabs"
                ? "give it a name that ends in .tsv"
                : "write it anew with commas: python3 -c \"import pandas as p; p.read_csv('\(place.file)', sep='\(found.dropFirst().first ?? ";")')"
                    + ".to_csv('commas.csv', index=False)\""
        case .wrongKind, .missingKey, .raggedVectors, .unreadable, .unsupportedVersion, .headerTooLong,
            .malformedHeader, .surplusData, .shapeOverflow, .unwritable, .unwritableArray:
            nil
        }
    }

    private static func flagHint(_ role: String) -> String {
        switch role {
        case Role.response.name, Role.reference.name: ", or give it by --id-\(role) FILE"
        default: ""
        }
    }
}
