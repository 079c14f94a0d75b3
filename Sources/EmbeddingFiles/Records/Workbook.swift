/// Reads the first sheet of a workbook (`.xlsx`); the first row names the columns.
///
/// Layout: ECMA-376 part 1, 18.3 (`sheetData`: `row` of `c` with `r`, `t` and `v` or `is`) and 18.4.9 (`sst`: shared strings). VLMEvalKit
/// writes its results in this format by default (open-compass/VLMEvalKit, vlmeval/smp/file.py: pandas `to_excel` by xlsxwriter).
func readWorkbook(
    _ bytes: UnsafeRawBufferPointer, file: String, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let flat = try ZipArchive.withArchive(bytes, file: file) { (archive) throws(EmbeddingFileError) in
        var budget = MemoryBudget(limit: request.limit)
        let members = try archive.members()
        func part(_ name: String) throws(EmbeddingFileError) -> [UInt8]? {
            guard let member = members.first(where: { $0.name == name }) else { return nil }
            return try archive.content(of: member, budget: &budget, .init(file, array: name))
        }
        let sheetName = try firstSheet(part, file)
        guard let sheet = try part(sheetName) else {
            throw .malformedText(.init(file), expected: "a workbook with a sheet", found: "an archive without '\(sheetName)'")
        }
        let strings = try part("xl/sharedStrings.xml").map { (content) throws(EmbeddingFileError) in
            try content.readingXML(.init(file, array: "xl/sharedStrings.xml"), sharedStrings)
        }
        return try sheet.readingXML(.init(file, array: sheetName)) { (reader) throws(JSONFailure) in
            try records(&reader, strings ?? [])
        }
    }
    if flat.isEmpty { throw .emptyFile(.init(file)) }
    return try flat.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
        try readJSONLines(UnsafeRawBufferPointer(buffer), file: file, request)
    }
}

/// The archive member of the sheet that the workbook lists first.
private func firstSheet(
    _ part: (String) throws(EmbeddingFileError) -> [UInt8]?, _ file: String
) throws(EmbeddingFileError) -> String {
    let fallback = "xl/worksheets/sheet1.xml"
    guard let workbook = try part("xl/workbook.xml"), let relations = try part("xl/_rels/workbook.xml.rels") else { return fallback }
    let name = try workbook.readingXML(.init(file, array: "xl/workbook.xml")) { (reader) throws(JSONFailure) -> String? in
        while let piece = try reader.next() {
            if case .start("sheet", let attributes) = piece { return attributes["id"] }
        }
        return nil
    }
    let target = try relations.readingXML(.init(file, array: "xl/_rels/workbook.xml.rels")) {
        (reader) throws(JSONFailure) -> String? in
        while let piece = try reader.next() {
            if case .start("Relationship", let attributes) = piece, attributes["Id"] == name { return attributes["Target"] }
        }
        return nil
    }
    guard let target else { return fallback }
    return target.hasPrefix("/") ? String(target.dropFirst()) : "xl/\(target)"
}

/// The shared strings, to which cells refer by number.
private func sharedStrings(_ reader: inout XMLReader) throws(JSONFailure) -> [String] {
    var strings: [String] = []
    while let piece = try reader.next() {
        if case .start("si", _) = piece { strings.append(try richText(&reader, until: "si")) }
    }
    return strings
}

/// The text of an element: the `t` of all its runs, without the runs that give a word's pronunciation.
private func richText(_ reader: inout XMLReader, until end: String) throws(JSONFailure) -> String {
    var text = ""
    var isText = false
    var phoneticDepth = 0
    while let piece = try reader.next() {
        switch piece {
        case .start("rPh", _): phoneticDepth += 1
        case .end("rPh"): phoneticDepth -= 1
        case .start("t", _): isText = true
        case .end("t"): isText = false
        case .text(let part): if isText, phoneticDepth == 0 { text += part }
        case .end(end): return text.cellUnescaped
        default: break
        }
    }
    throw JSONFailure(expected: "</\(end)>", found: "the end of the text")
}

/// The rows below the first as objects, each on the line that has its row number in the sheet.
private func records(_ reader: inout XMLReader, _ strings: [String]) throws(JSONFailure) -> [UInt8] {
    var writer = RecordWriter()
    var header: [Int: String] = [:]
    var row = 0
    var column = 0
    var cells: [Int: JSONValue] = [:]
    while let piece = try reader.next() {
        switch piece {
        case .start("row", let attributes):
            row = attributes["r"].flatMap { Int($0) } ?? row + 1
            column = 0
            cells = [:]
        case .start("c", let attributes):
            column = attributes["r"].flatMap(columnNumber) ?? column + 1
            let value = try cell(&reader, type: attributes["t"] ?? "n", strings)
            if value != .null { cells[column] = value }
        case .end("row"):
            if header.isEmpty {
                header = cells.mapValues(\.label)
            } else if !cells.isEmpty {
                guard row < 1 << 21 else { throw JSONFailure(expected: "at most 2^20 rows", found: "row \(row)") }
                writer.write(header.sorted { $0.key < $1.key }.map { ($0.value, cells[$0.key] ?? .null) }, line: row)
            }
        default: break
        }
    }
    return writer.bytes
}

private func cell(_ reader: inout XMLReader, type: String, _ strings: [String]) throws(JSONFailure) -> JSONValue {
    var content: String?
    var isValue = false
    while let piece = try reader.next() {
        switch piece {
        case .start("v", _): isValue = true
        case .end("v"): isValue = false
        case .start("is", _): content = try richText(&reader, until: "is")
        case .text(let part): if isValue { content = (content ?? "") + part }
        case .end("c"):
            guard let content else { return .null }
            switch type {
            case "s":
                guard let index = Int(content), strings.indices.contains(index) else {
                    throw JSONFailure(expected: "the number of a shared text", found: "'\(content)' of \(strings.count)")
                }
                return .string(strings[index])
            case "b": return .bool(content == "1")
            case "n": return Double(content).map { .number($0, digits: nil) } ?? .string(content)
            case "e": return .null
            default: return .string(content.cellUnescaped)
            }
        default: break
        }
    }
    throw JSONFailure(expected: "</c>", found: "the end of the text")
}

/// The number of a column from its letters; `BC12` gives 55.
private func columnNumber(_ name: String) -> Int? {
    var number = 0
    for byte in name.utf8 {
        guard byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z"), number < 1 << 20 else { break }
        number = number * 26 + Int(byte - UInt8(ascii: "A")) + 1
    }
    return number > 0 ? number : nil
}

extension String {
    /// The text with escapes such as `_x000D_` replaced by the characters that they stand for (ECMA-376 part 1, 22.4.2.4).
    fileprivate var cellUnescaped: String {
        guard contains("_x") else { return self }
        let units = Array(utf8)
        var result: [UInt8] = []
        var index = 0
        while index < units.count {
            if index + 7 <= units.count, units[index] == UInt8(ascii: "_"), units[index + 1] == UInt8(ascii: "x"),
                units[index + 6] == UInt8(ascii: "_"),
                let value = UInt32(String(decoding: units[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            {
                result.append(contentsOf: String(Character(scalar)).utf8)
                index += 7
            } else {
                result.append(units[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate func readingXML<Result>(
        _ place: EmbeddingFileError.Place, _ body: (inout XMLReader) throws(JSONFailure) -> Result
    ) throws(EmbeddingFileError) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
            var reader = XMLReader(UnsafeRawBufferPointer(buffer))
            do throws(JSONFailure) { return try body(&reader) } catch { throw error.at(place) }
        }
    }
}
