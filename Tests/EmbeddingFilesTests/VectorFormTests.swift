import Foundation
import LinearAlgebra
import Testing

@testable import EmbeddingFiles

/// The same vectors in every form of file, in any order of rows and under any name of the ids: the same set.
@Suite("Vectors in every form")
struct VectorFormTests {
    private static let count = 9
    private static let names = (0..<count).map { "row-\($0)" }
    private static let order = (0..<count).map { ($0 * 4 + 2) % count }

    /// Values that float32 holds.
    private static func vectors(_ array: String, _ width: Int) -> [[Float]] {
        (0..<count).map { row in (0..<width).map { column in Float((row * 31 + column * 17 + array.utf8.count * 7) % 97) / 16 - 3 } }
    }

    private static let arrays: [(name: String, rows: [[Float]])] = [
        ("visual", vectors("visual", 5)), ("text", vectors("text", 3)), ("response", vectors("response", 4)),
        ("reference", vectors("reference..", 4)),
    ]

    private func write(_ form: String, _ order: [Int], in folder: TemporaryFolder) throws -> SampleSource {
        let names = order.map { Self.names[$0] }
        let arrays = Self.arrays.map { array in (name: array.name, rows: order.map { array.rows[$0] }) }
        switch form {
        case "npz":
            return SampleSource(
                bundle: try folder.write(
                    "a.npz",
                    zip(
                        [ZipMember(name: "ids.npy", data: npy(texts: names))]
                            + arrays.map { ZipMember(name: "\($0.name).npy", data: npy(floats: $0.rows)) })))
        case "npz of halves in columns":
            // Other names, double precision, columns first.
            let members = arrays.map { array in
                let width = array.rows[0].count
                let data = (0..<width).flatMap { column in array.rows.flatMap { littleEndian(Double($0[column]).bitPattern) } }
                return ZipMember(name: "\(array.name)_emb.npy", data: npy("<f8", "(\(Self.count), \(width))", data, fortran: true))
            }
            return SampleSource(
                bundle: try folder.write("b.npz", zip([ZipMember(name: "uid.npy", data: npy(texts: names))] + members)))
        case "safetensors":
            let path = folder("a.safetensors")
            let list = "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
            try writeSafetensors(
                arrays.map { NamedArray(name: $0.name, matrix: Matrix(rows: $0.rows.map { $0.map(Double.init) })) },
                metadata: ["id": list], to: path)
            return SampleSource(bundle: path)
        case "folder":
            for array in arrays { _ = try folder.write("f/\(array.name).npy", npy(floats: array.rows)) }
            return SampleSource(bundle: try folder.write("f/key.npy", npy(texts: names)).replacingOccurrences(of: "/key.npy", with: ""))
        case "jsonl":
            let lines = order.indices.map { row in
                "{\"question_id\":\"\(names[row])\"" + arrays.map { ",\"\($0.name)\":\($0.rows[row])" }.joined() + "}\n"
            }
            return SampleSource(bundle: try folder.write("a.jsonl", lines.joined()))
        case "csv":
            let header = (["sample_id"] + arrays.flatMap { array in array.rows[0].indices.map { "\(array.name)_\($0)" } }).joined(
                separator: ",")
            let lines = order.indices.map { row in
                ([names[row]] + arrays.flatMap { $0.rows[row].map { "\($0)" } }).joined(separator: ",")
            }
            return SampleSource(bundle: try folder.write("a.csv", ([header] + lines).joined(separator: "\r\n") + "\r\n"))
        default:
            // Arrays with names in one file, those of the answers in another, in another order and under another name.
            let queries = arrays.prefix(2).map { ZipMember(name: "\($0.name).npy", data: npy(floats: $0.rows)) }
            let bundle = try folder.write("q.npz", zip([ZipMember(name: "names.npy", data: npy(texts: names))] + queries))
            let lines = Self.order.map { row in
                "{\"Zeile\":\"\(Self.names[row])\"" + Self.arrays.suffix(2).map { ",\"\($0.name)\":\($0.rows[row])" }.joined() + "}\n"
            }
            let answers = try folder.write("y.jsonl", lines.joined())
            return SampleSource(bundle: bundle, response: answers + ":response", reference: answers + ":reference")
        }
    }

    @Test(
        "Rows by their names are the same",
        arguments: ["npz", "npz of halves in columns", "safetensors", "folder", "jsonl", "csv", "two files"], [false, true])
    func forms(_ form: String, isShuffled: Bool) throws {
        let folder = try TemporaryFolder()
        let table = try readSampleTable(try write(form, isShuffled ? Self.order : Array(0..<Self.count), in: folder))
        let identifiers = try #require(table.identifiers)
        #expect(Set(identifiers) == Set(Self.names) && identifiers.count == Self.count)
        #expect(Set(table.modalities.map(\.name)) == ["visual", "text"])
        for column in table.modalities + [table.response, table.reference] {
            guard case .vectors(let rows) = column.values else {
                Issue.record("\(column.name) is no array of vectors")
                continue
            }
            let expected = try #require(Self.arrays.first { $0.name == column.name }).rows
            for (row, name) in identifiers.enumerated() {
                let index = try #require(Self.names.firstIndex(of: name))
                #expect(Array(rows.row(row)) == expected[index].map(Double.init))
            }
        }
    }
}
