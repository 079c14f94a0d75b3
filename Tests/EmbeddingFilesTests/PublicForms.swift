import Foundation

/// A small set of questions and answers, to be written in the forms that other programs write.
struct QuestionSet {
    struct Row {
        var id: String
        var question: String
        var answer: String
        var reference: String
        var image: String
    }

    var rows: [Row]

    /// `count` rows with lines, quotes and characters of several scripts in them; a third of the answers are wrong.
    init(count: Int = 12) {
        let colours = ["red", "blaß \"blau\"", "grün\n(hell)", "橙"]
        rows = (0..<count).map { index in
            let right = colours[index * 7 % colours.count]
            return Row(
                id: "q-\(index)", question: "Which colour has thing \(index), in picture \(index / 2)?",
                answer: index % 3 == 0 ? "It is \(colours[index % colours.count])." : "It is \(right).",
                reference: "It is \(right).", image: "p\(index / 2).png")
        }
    }

    /// The rows in another order.
    var shuffled: QuestionSet {
        var set = self
        set.rows = rows.indices.map { rows[($0 * 5 + 3) % rows.count] }
        return set
    }

    func jsonLines(_ object: (Row) -> [String: Any]) -> String { rows.map { json(object($0)) + "\n" }.joined() }

    func json(_ value: Any) -> String {
        let data = (try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// A table with quotes around every field.
    func delimited(_ separator: String, _ columns: KeyValuePairs<String, (Row) -> String>) -> String {
        func quoted(_ text: String) -> String { "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" }
        let header = columns.map { quoted($0.key) }.joined(separator: separator)
        return ([header] + rows.map { row in columns.map { quoted($0.value(row)) }.joined(separator: separator) })
            .joined(separator: "\n") + "\n"
    }

    /// A workbook as xlsxwriter makes it: texts shared, numbers in the cells.
    func workbook(_ columns: KeyValuePairs<String, (Row) -> String>) -> [UInt8] {
        func escaped(_ text: String) -> String {
            text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        }
        var strings: [String] = []
        func cell(_ column: Int, _ row: Int, _ text: String) -> String {
            let name = "\(Character(Unicode.Scalar(UInt8(65 + column))))\(row)"
            if Double(text) != nil { return "<c r=\"\(name)\"><v>\(text)</v></c>" }
            strings.append(text)
            return "<c r=\"\(name)\" t=\"s\"><v>\(strings.count - 1)</v></c>"
        }
        let names = columns.map(\.key)
        var sheet = "<row r=\"1\">" + names.indices.map { cell($0, 1, names[$0]) }.joined() + "</row>"
        for (index, row) in rows.enumerated() {
            let cells = columns.enumerated().map { cell($0.offset, index + 2, $0.element.value(row)) }
            sheet += "<row r=\"\(index + 2)\">\(cells.joined())</row>"
        }
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        let shared = strings.map { "<si><t xml:space=\"preserve\">\(escaped($0))</t></si>" }.joined()
        return zip([
            ZipMember(
                name: "xl/workbook.xml",
                data: Array("\(head)<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId7\"/></sheets></workbook>".utf8)),
            ZipMember(
                name: "xl/_rels/workbook.xml.rels",
                data: Array("\(head)<Relationships><Relationship Id=\"rId7\" Target=\"worksheets/s.xml\"/></Relationships>".utf8)),
            ZipMember(name: "xl/worksheets/s.xml", data: Array("\(head)<worksheet><sheetData>\(sheet)</sheetData></worksheet>".utf8)),
            ZipMember(name: "xl/sharedStrings.xml", data: Array("\(head)<sst>\(shared)</sst>".utf8)),
        ])
    }

    /// A log of Inspect.
    var inspectSamples: [[String: Any]] {
        rows.map { row in
            [
                "id": row.id, "epoch": 1, "target": row.reference, "scores": ["match": ["value": "C"]],
                "input": [["role": "system", "content": "Be brief."], ["role": "user", "content": row.question]],
                "output": [
                    "model": "m", "choices": [["message": ["role": "assistant", "content": [["type": "text", "text": row.answer]]]]],
                ],
            ]
        }
    }

    var inspectArchive: [UInt8] {
        let samples = inspectSamples.reversed().map { sample in
            ZipMember(name: "samples/\(sample["id"] ?? "")_epoch_1.json", data: Array(json(sample).utf8))
        }
        return zip([ZipMember(name: "_journal/start.json", data: Array("{}".utf8))] + samples)
    }

    func texts(_ value: (Row) -> String) -> [UInt8] { npy(texts: rows.map(value)) }
}
