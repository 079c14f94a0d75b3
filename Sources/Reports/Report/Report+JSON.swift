import Foundation

extension Report {
    /// The report as JSON, keys sorted, ending in a line break: the same bytes for the same report.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func json() throws -> String {
        try jsonText(of: self)
    }

    /// A report from JSON.
    ///
    /// - Throws: `DecodingError` where it is none.
    package init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Report.self, from: Data(json.utf8))
    }
}

/// Any of this module's outputs as JSON in the style of the report.
///
/// - Throws: `EncodingError` for a number that is not finite.
package func jsonText(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}
