import Foundation
import Statistics
import Studies

/// The contributions of single rows to EMI, in a file beside the report of a run. With it another model's run can be compared row
/// by row.
///
/// The file is JSON lines: a header, then one object for each set, the ID set first. Values are in the units of the report.
package struct RowsFile: Sendable, Equatable {
    /// The rows of one set.
    package struct Rows: Codable, Sendable, Equatable {
        /// The name of the set, as the report has it.
        package var name: String
        /// The names of the items; an item has the same name in every set and every run.
        package var ids: [String]
        /// The group label of each row; rows of one group depend on each other.
        package var groups: [String]
        /// The contribution of each row to I(X; Y_theta), which is their mean.
        package var modelMi: [Double]
        /// The contribution of each row to I(X; Y), which is their mean.
        package var referenceMi: [Double]
        /// The cosine of response and reference in each row.
        package var responseSimilarity: [Double]?
        /// The score of each row; absent when the files have none.
        package var score: [Double]?
    }

    /// The units of the contributions: `nats` or `bits`.
    package var units: String
    /// The sets, the ID set first.
    package var sets: [Rows]

    /// The rows of a run.
    package init(units: String, sets: [Rows]) {
        (self.units, self.sets) = (units, sets)
    }

    private struct Head: Codable {
        var rowsVersion: String
        var units: String
    }

    private static let version = "1.0"

    /// The path of the file of rows beside a report: `report.rows.jsonl` for `report.json`.
    package static func path(beside report: String) -> String {
        (report.hasSuffix(".json") ? String(report.dropLast(5)) : report) + ".rows.jsonl"
    }

    /// The text of the file.
    ///
    /// - Throws: `EncodingError` for a number that is not finite.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func line(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
        }
        return try line(Head(rowsVersion: Self.version, units: units)) + sets.map(line).joined()
    }

    /// Reads a file.
    ///
    /// - Parameter name: what to call it in messages.
    /// - Throws: `RunError` if the text is not such a file.
    package static func read(_ text: String, name: String) throws -> RowsFile {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var lines = text.split(separator: "\n").enumerated().makeIterator()
        func error(_ line: Int, _ expected: String, _ found: String) -> RunError {
            RunError(
                code: "not_rows",
                message: "\(name): line \(line): expected \(expected), found \(found)".withoutControls,
                hint: "'emi batch MANIFEST -o report.json --keep-rows' writes one")
        }
        guard let (_, first) = lines.next(), let head = try? decoder.decode(Head.self, from: Data(first.utf8)) else {
            throw error(1, "the head of a file of rows", text.isEmpty ? "nothing" : "something else")
        }
        guard head.rowsVersion.prefix(2) == Self.version.prefix(2) else {
            throw error(1, "version 1.x of rows", head.rowsVersion)
        }
        var sets: [Rows] = []
        while let (index, line) = lines.next() {
            guard let rows = try? decoder.decode(Rows.self, from: Data(line.utf8)) else {
                throw error(index + 1, "the rows of a set", "something else")
            }
            let counts =
                [rows.groups.count, rows.modelMi.count, rows.referenceMi.count]
                + [rows.responseSimilarity?.count, rows.score?.count].compactMap { $0 }
            guard let other = counts.first(where: { $0 != rows.ids.count }) else {
                sets.append(rows)
                continue
            }
            throw error(index + 1, "\(rows.ids.count) values, one an id", "\(other)")
        }
        return RowsFile(units: head.units, sets: sets)
    }
}

extension RowsFile.Rows {
    /// The contributions, for pairing with those of another model.
    var contributions: ContributedRows {
        ContributedRows(identifiers: ids, groups: groups, model: modelMi, reference: referenceMi)
    }

    /// EMI of the set: the mean contribution of its rows.
    var emi: Double { zip(modelMi, referenceMi).reduce(0) { $0 + $1.0 - $1.1 } / Double(max(1, ids.count)) }

    /// One value an item with the group of each, in the order of the items' names.
    func sorted(_ values: [Double]?) -> [Double]? {
        values.map { values in ids.indices.sorted { ids[$0] < ids[$1] }.map { values[$0] } }
    }
}
