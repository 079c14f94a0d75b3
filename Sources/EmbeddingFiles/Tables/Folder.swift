import Glibc
import LinearAlgebra

/// Reads a folder of `.npy` files, in which `visual.npy` is the array `visual`.
///
/// Numbered files such as clip-retrieval's `img_emb_0.npy, img_emb_1.npy, …`, in this folder or in one of their own
/// (`img_emb/img_emb_0.npy`), form one array, joined in the order of their numbers.
func readFolder(_ path: String, _ request: ColumnRequest) throws(EmbeddingFileError) -> RawTable {
    let arrays = try folderArrays(path)
    if arrays.isEmpty, let file = try entries(of: path).first(where: FileFormat.isColumnStore) {
        throw .unknownFormat(.init(path), found: "'\(file)'")
    }
    if arrays.isEmpty { throw .unknownFormat(.init(path), found: "a folder without .npy files") }
    var outlines: [ColumnOutline] = []
    for array in arrays {
        do throws(EmbeddingFileError) {
            if let problem = array.problem { throw problem }
            var outline = try readFileTable(array.files[0], .npy, .init { _ in [:] }).outlines[0]
            outline = ColumnOutline(
                name: array.name, kind: outline.kind, problem: outline.problem, shape: outline.shape)
            outlines.append(outline)
        } catch {
            outlines.append(ColumnOutline(name: array.name, kind: .other, problem: error))
        }
    }
    var table = RawTable(file: path, format: .folder, outlines: outlines, files: [])
    let chosen = try request.choose(outlines)
    var budget = MemoryBudget(limit: request.limit)
    for (array, outline) in zip(arrays, outlines) where chosen[array.name] != nil {
        do throws(EmbeddingFileError) {
            if let problem = outline.problem { throw problem }
            table.columns.append(try column(array, &budget))
            table.files += array.files
        } catch {
            if !request.isLenient { throw error }
            table.problems.append(error)
        }
    }
    return table
}

/// One array of a folder and the files that make it up.
private struct FolderArray {
    var name: String
    var files: [String]
    var problem: EmbeddingFileError?
}

private func column(_ array: FolderArray, _ budget: inout MemoryBudget) throws(EmbeddingFileError) -> RawColumn {
    var columns: [RawColumn] = []
    for file in array.files {
        let request = ColumnRequest.everything(limit: budget.limit - budget.spent)
        columns += try readFileTable(file, .npy, request).columns
        if let matrix = columns.last?.matrix { try budget.spend(elementCount: matrix.elements.count, .init(file)) }
    }
    var first = columns[0]
    first.name = array.name
    first.role = Role(name: array.name, kind: first.kind)
    if columns.count == 1 { return first }

    var elements: [Double] = []
    var texts: [String] = []
    for column in columns {
        switch (first.values, column.values) {
        case (.vectors(let expected), .vectors(let found)):
            if expected.columnCount != found.columnCount {
                throw .widthMismatch(
                    column.place(), expectedWidth: expected.columnCount, other: first.place(),
                    foundWidth: found.columnCount)
            }
            elements += found.elements
        case (.texts, .texts(let found)): texts += found
        default: throw .wrongKind(column.place(), expected: "elements as in \(first.file)", found: column.dtype)
        }
    }
    first.parts = columns.map { .init(file: $0.file, rowCount: $0.rowCount) }
    let rowCount = first.parts.reduce(0) { $0 + $1.rowCount }
    first.values =
        first.matrix.map {
            .vectors(Matrix(rowCount: rowCount, columnCount: $0.columnCount, elements: elements))
        } ?? .texts(texts)
    first.shape = [rowCount] + first.shape.dropFirst()
    return first
}

extension RawColumn {
    /// The numbers; nil if the values are texts.
    var matrix: Matrix? {
        guard case .vectors(let matrix) = values else { return nil }
        return matrix
    }
}

/// The arrays of a folder, sorted by name, with numbered parts in numeric order.
private func folderArrays(_ path: String) throws(EmbeddingFileError) -> [FolderArray] {
    var plain: [String: String] = [:]
    var numbered: [String: [(number: Int, file: String)]] = [:]
    for entry in try entries(of: path) {
        let entryPath = path.hasSuffix("/") ? path + entry : "\(path)/\(entry)"
        guard isFileOrFolder(entryPath) else { continue }
        if PathKind(entryPath) == .folder {
            for part in (try? entries(of: entryPath)) ?? [] {
                guard let (base, number) = numberedStem(part), base == entry else { continue }
                numbered[base, default: []].append((number, "\(entryPath)/\(part)"))
            }
        } else if let (base, number) = numberedStem(entry) {
            numbered[base, default: []].append((number, entryPath))
        } else if pathExtension(entry) == "npy" {
            plain[fileStem(entry)] = entryPath
        }
    }
    var arrays = plain.map { FolderArray(name: $0.key, files: [$0.value]) }
    for (base, unsorted) in numbered {
        let parts = unsorted.sorted { ($0.number, $0.file) < ($1.number, $1.file) }
        let first = min(parts[0].number, 1)
        let files = parts.map(\.file)
        guard let gap = parts.indices.first(where: { parts[$0].number != first + $0 }) else {
            let whole = arrays.firstIndex { $0.name == base }.map { arrays.remove(at: $0).files[0] }
            let problem = whole.map {
                EmbeddingFileError.ambiguousArray(
                    .init(path), wanted: [], found: [lastComponent($0), lastComponent(files[0])])
            }
            arrays.append(FolderArray(name: base, files: files, problem: problem))
            continue
        }
        if Role(name: base, kind: .vectors) == nil && Role(name: base, kind: .texts) == nil {
            arrays += files.map { FolderArray(name: fileStem($0), files: [$0]) }
        } else {
            let problem = EmbeddingFileError.missingPart(
                .init(path), expected: "\(base)_\(first + gap).npy", found: files.map(lastComponent))
            arrays.append(FolderArray(name: base, files: files, problem: problem))
        }
    }
    return arrays.sorted { $0.name < $1.name }
}

/// Splits `img_emb_12.npy` into `img_emb` and 12; nil for any other name.
private func numberedStem(_ entry: String) -> (base: String, number: Int)? {
    guard pathExtension(entry) == "npy", let (base, number) = DelimitedColumn.numberedName(fileStem(entry)),
        fileStem(entry).contains("_")
    else { return nil }
    return (base, number)
}

/// The names in a folder, sorted, without hidden ones.
func entries(of path: String) throws(EmbeddingFileError) -> [String] {
    guard let folder = opendir(path) else { throw .opening(.init(path), errno: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
}
