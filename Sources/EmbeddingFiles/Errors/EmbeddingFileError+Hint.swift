extension EmbeddingFileError {
    /// Where the condition was found.
    package var place: Place {
        switch self {
        case .missingFile(let place), .folderInsteadOfFile(let place), .fileInsteadOfFolder(let place),
            .unreadable(let place, _), .emptyFile(let place), .unknownFormat(let place, _),
            .wrongMagic(let place, _, _), .unsupportedVersion(let place, _), .truncatedHeader(let place, _, _),
            .headerTooLong(let place, _, _), .malformedHeader(let place, _, _), .truncatedData(let place, _, _),
            .surplusData(let place, _, _), .unsupportedElementType(let place, _), .pickledObjects(let place),
            .shapeOverflow(let place, _), .tooManyDimensions(let place, _), .noRows(let place, _),
            .noColumns(let place, _), .exceedsMemory(let place, _, _), .damagedArchive(let place, _),
            .truncatedArchive(let place, _),
            .declaredSizeMismatch(let place, _, _), .suspiciousCompression(let place, _, _),
            .notFinite(let place, _), .malformedText(let place, _, _), .invalidUTF8(let place),
            .missingKey(let place, _, _), .raggedVectors(let place, _, _), .wrongKind(let place, _, _),
            .missingRole(let place, _, _, _), .missingModality(let place, _), .ambiguousRole(let place, _, _), .missingArray(let place, _, _),
            .ambiguousArray(let place, _, _), .missingPart(let place, _, _), .rowCountMismatch(let place, _, _, _),
            .widthMismatch(let place, _, _, _), .missingIdentifiers(let place, _, _, _),
            .duplicateIdentifiers(let place, _, _), .missingOutputFolder(let place, _),
            .unwritable(let place, _), .diskFull(let place, _), .unwritableArray(let place, _, _):
            place
        }
    }

    /// What to do about it, one sentence; nil where the description says it all.
    package var hint: String? {
        switch self {
        case .missingFile(let place) where place.file.isEmpty: "a variable of the shell without a value gives an empty path"
        case .missingFile: "check the path; relative paths start at the current folder"
        case .folderInsteadOfFile: "name one file in it, or give the folder where a whole set is expected"
        case .fileInsteadOfFolder: "leave out what follows the name of the file"
        case .emptyFile, .truncatedHeader, .truncatedData: "the file was not written or copied to its end: make it again"
        case .unknownFormat(_, let found): FileFormat.hint(forUnknown: found)
        case .wrongMagic: "the name says one format and the content another: rename the file or export it again"
        case .pickledObjects: "save plain numbers: numpy.save(file, numpy.stack(rows).astype('float32'), allow_pickle=False)"
        case .unsupportedElementType: "convert it first: array.astype('float32'), or array.astype(str) for identifiers"
        case .tooManyDimensions: "pool it to one vector for each row first, for example array.mean(axis=1)"
        case .noColumns, .noRows: "the export wrote no data: check the step before"
        case .exceedsMemory: "take a sample of the rows, or a machine with more memory"
        case .declaredSizeMismatch, .suspiciousCompression: "this is how decompression bombs look: make the file again with numpy.savez"
        case .truncatedArchive: "the file was not written or copied to its end: make it again"
        case .damagedArchive: "make the file again with numpy.savez or numpy.savez_compressed"
        case .notFinite: "take the row out or embed it again; emi inspect lists every such row"
        case .missingRole(_, let role, let aliases, _):
            "name the array one of \(aliases.joined(separator: ", "))" + EmbeddingFileError.flagHint(role)
        case .missingModality:
            "name the arrays \((Role.visual.aliases + Role.text.aliases).joined(separator: ", ")), or give them by --id-modality NAME=FILE"
        case .ambiguousRole(_, let role, _):
            role == Role.group.name
                ? "choose one with --group NAME" : "rename one of them, or give '\(role)' by a flag of its own as FILE:array"
        case .missingArray: nil
        case .ambiguousArray: "choose one as FILE:array"
        case .missingPart: "a missing part would shift every row after it: complete the folder"
        case .rowCountMismatch(let place, _, let other, _):
            place.file == other.file
                ? "all arrays of a set need a row for each sample: export the set again"
                : "give both files identifiers (id, question_id, doc_id or key) to join them by"
        case .widthMismatch: "embed both with the same encoder"
        case .missingIdentifiers: "identifiers on both sides decide the join; rows are never dropped"
        case .duplicateIdentifiers: "a join needs identifiers that name one row each"
        case .missingOutputFolder(_, let folder): "make it first: mkdir -p '\(folder)'"
        case .diskFull: "nothing was left behind; free some space or write elsewhere"
        case .malformedText(_, let expected, let found):
            expected == "a JSON object"
                ? "the format is one JSON object on each line; from a JSON array make it with jq -c '.[]'"
                : found == "the end of the text"
                    ? "each object stands whole on one line; from printed JSON make such lines with jq -c ." : nil
        case .invalidUTF8: "convert the file first, for example with iconv -t UTF-8"
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
