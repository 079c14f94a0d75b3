import Foundation
import Studies

extension AttributionReport {
    /// Reads an attribution that this or another version of the program wrote; nil for any other file.
    ///
    /// - Parameter name: the file's name in messages.
    /// - Throws: `RunError` for an attribution of another major version, or one with missing parts.
    package static func read(_ json: String, name: String) throws -> AttributionReport? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = Data(json.utf8)
        guard let head = try? decoder.decode(Head.self, from: data), head.kind == "attribution" else { return nil }
        let own = currentSchemaVersion.prefix { $0 != "." }
        guard head.schemaVersion.prefix(while: { $0 != "." }) == own else {
            throw RunError(
                code: "report_version",
                message: "\(name): expected an attribution of schema version \(own).x, found \(head.schemaVersion)".withoutControls,
                hint: "write it anew with this emi")
        }
        do {
            return try decoder.decode(AttributionReport.self, from: data)
        } catch {
            throw RunError(
                code: "not_a_report", message: "\(name): expected an attribution of emi, found one with parts missing".withoutControls,
                hint: "'emi attribute PAIRS --format json' writes one, and 'emi schema attribute' prints what it looks like")
        }
    }

    private struct Head: Codable {
        var kind: String
        var schemaVersion: String
    }
}
