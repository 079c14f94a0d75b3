import Foundation
import Studies

extension Report {
    /// Reads a report that this or another version of the program wrote.
    ///
    /// - Parameters:
    ///   - json: the text of the report.
    ///   - name: what to call it in messages.
    /// - Returns: the report, and a note if it is newer than this program, which leaves out fields that it does not know.
    /// - Throws: `RunError` if the text is not a report, or a report of another major version.
    package static func read(_ json: String, name: String) throws -> (report: Report, note: RunWarning?) {
        let found = try readVersioned(Report.self, json, name: name, current: currentSchemaVersion)
        let confidence = found.report.settings.confidence
        guard confidence > 0, confidence < 1 else {
            throw RunError(
                code: "not_a_report",
                message: "\(name): expected settings.confidence between 0 and 1, found \(confidence)".withoutControls, hint: readingHint)
        }
        return found
    }
}

extension CalibrationReport {
    /// Reads a calibration report that this or another version of the program wrote.
    ///
    /// - Throws: what `Report.read` throws.
    package static func read(_ json: String, name: String) throws -> (report: CalibrationReport, note: RunWarning?) {
        try readVersioned(CalibrationReport.self, json, name: name, current: currentSchemaVersion)
    }

    /// Whether a JSON text says that it is a calibration report.
    package static func isOne(_ json: String) -> Bool {
        struct Kind: Decodable {
            var kind: String?
        }
        return (try? JSONDecoder().decode(Kind.self, from: Data(json.utf8)))?.kind == kindName
    }
}

/// Decodes a JSON text that has a `schema_version`, whose major number has to be the current one.
private func readVersioned<Value: Decodable>(
    _ type: Value.Type, _ json: String, name: String, current: String
) throws -> (report: Value, note: RunWarning?) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = Data(json.utf8)
    let expectation = "\(name): expected a JSON report of emi"
    do {
        let text = try decoder.decode(VersionHead.self, from: data).schemaVersion
        guard let version = SchemaVersion(text), let own = SchemaVersion(current) else {
            throw RunError(
                code: "not_a_report", message: "\(expectation), found schema_version '\(text)'".withoutControls, hint: readingHint)
        }
        guard version.major == own.major else {
            throw RunError(
                code: "report_version",
                message: "\(name): expected a report of schema version \(own.major).x, found \(text)".withoutControls,
                hint: version.major > own.major ? "read it with a newer emi" : "write it anew with this emi")
        }
        let report = try decoder.decode(type, from: data)
        guard version.minor > own.minor else { return (report, nil) }
        return (
            report,
            RunWarning(
                .newerReport,
                "\(name) has schema version \(text), newer than \(current): what is new in it is left out".withoutControls)
        )
    } catch let error as DecodingError {
        if let kind = ReportKind(json), type == Report.self || kind != .calibration {
            throw RunError(
                code: "another_report",
                message: "\(name): expected a report of emi batch or emi estimate, found one of \(kind.command)".withoutControls,
                hint: kind == .gate || kind == .parts ? readingHint : "'emi report' shows it; \(readingHint)")
        }
        throw RunError(
            code: "not_a_report", message: "\(expectation), found \(error.finding(in: json))".withoutControls, hint: readingHint)
    }
}

private struct VersionHead: Codable {
    var schemaVersion: String
}

private let readingHint = "'emi batch MANIFEST --format json' writes one, and 'emi schema' prints what it looks like"

/// A version such as `1.0`.
private struct SchemaVersion {
    let major: Int
    let minor: Int

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, text.allSatisfy({ $0 == "." || ("0"..."9").contains($0) }), let major = Int(parts[0]),
            let minor = Int(parts[1])
        else { return nil }
        self.major = major
        self.minor = minor
    }
}

extension DecodingError {
    /// What was found and where, with the keys that the report uses.
    fileprivate func finding(in json: String) -> String {
        switch self {
        case .keyNotFound(let key, let context): "no \(path(context.codingPath + [key]))"
        case .typeMismatch(let type, let context): "no \(word(type)) at \(path(context.codingPath))"
        case .valueNotFound(let type, let context): "no \(word(type)) at \(path(context.codingPath))"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? notJSON(json, context) : "a value that is out of range at \(path(context.codingPath))"
        @unknown default: "something else"
        }
    }

    /// Where a text stops being JSON, as far as Foundation's other parser says so: this one does not.
    private func notJSON(_ json: String, _ context: Context) -> String {
        let bytes = Data(json.utf8)
        var words = ""
        do { _ = try JSONSerialization.jsonObject(with: bytes) } catch {
            words = "\((error as NSError).userInfo["NSDebugDescription"] ?? "")"
        }
        let place = words.split(separator: " ").last.flatMap { Int($0.filter(\.isNumber)) }
        func line(_ count: Int) -> Int { bytes.prefix(count).count { $0 == UInt8(ascii: "\n") } + 1 }
        if words.contains("end of file"), !bytes.isEmpty {
            return "text that ends in the middle, on line \(line(bytes.count)) after \(bytes.count) bytes"
        }
        guard let place, place < bytes.count else { return "text that is not JSON" }
        return "text that is not JSON from line \(line(place)) on (byte \(place))"
    }

    private func path(_ keys: [any CodingKey]) -> String {
        let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue.inSnakeCase)" }.joined()
        return text.isEmpty ? "the top" : text.hasPrefix(".") ? String(text.dropFirst()) : text
    }

    private func word(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Bool.Type: "true or false"
        case is Double.Type, is Int.Type, is UInt64.Type: "number"
        case is [Double].Type, is [Any].Type: "list"
        default: "object"
        }
    }
}

extension String {
    /// The name of a property as its key in files, which is what people search for.
    var inSnakeCase: String {
        map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
    }
}
