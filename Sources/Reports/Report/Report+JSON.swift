import Foundation

extension Report {
    /// The report as JSON with sorted keys and a line break at the end; equal reports give equal bytes.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which a report must not hold.
    package func json() throws -> String {
        try jsonText(of: self)
    }

    /// Decodes a report from JSON.
    ///
    /// - Throws: `DecodingError` if the text is not a report.
    package init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Report.self, from: Data(json.utf8))
    }
}

/// Any output of this module as JSON, in the style of the report.
///
/// - Throws: `EncodingError` for a number that is not finite.
package func jsonText(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}
