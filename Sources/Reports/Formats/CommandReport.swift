import Foundation
import Studies

/// A report of a command that has a JSON of its own: `emi attribute`, `bottleneck`, `compare` or `logprobs`. Those of `emi estimate`,
/// `batch` and `calibrate` have readers of their own (`Report`, `CalibrationReport`).
package struct CommandReport {
    /// The command that wrote it.
    package let kind: ReportKind
    private let content: Content

    private enum Content {
        case attribution(AttributionReport)
        case rows(ScenarioRowsReport)
        case bottleneck(BottleneckReport)
        case posteriors(PosteriorReport)
        case comparison(ModelComparison)
        case logProbabilities(LogProbabilityReport)
    }

    /// Reads a report that this program wrote; nil for the reports that have other readers, and for anything else.
    ///
    /// - Parameter name: the file's name in messages.
    /// - Throws: `RunError` for a report of another major version, or one with missing parts.
    package static func read(_ json: String, name: String) throws -> CommandReport? {
        guard let kind = ReportKind(json) else { return nil }
        func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try kind.decode(type, from: json, name: name) }
        let content: Content
        switch kind {
        case .attribution: content = .attribution(try decoded(AttributionReport.self))
        case .rows: content = .rows(try decoded(ScenarioRowsReport.self))
        case .bottleneck: content = .bottleneck(try decoded(BottleneckReport.self))
        case .posteriors: content = .posteriors(try decoded(PosteriorReport.self))
        case .comparison: content = .comparison(try decoded(ModelComparison.self))
        case .logProbabilities: content = .logProbabilities(try decoded(LogProbabilityReport.self))
        case .calibration, .gate, .parts: return nil
        }
        return CommandReport(kind: kind, content: content)
    }

    /// The report in a format.
    ///
    /// - Throws: `RunError` for a format that the command does not write.
    package func rendered(_ format: ReportFormat) throws -> String {
        switch content {
        case .attribution(let report):
            let wanted: AttributionFormat = try own(format)
            guard wanted != .csv || report.rows.count >= report.pairs.rows else {
                throw RunError(
                    code: "report_format",
                    message: "--format: expected text, json, markdown or html, found csv: this report holds \(report.rows.count) of "
                        + "\(report.pairs.rows) pairs",
                    hint: "the CSV with all of them comes from emi attribute itself: -o rows.csv")
            }
            return try report.rendered(wanted)
        case .rows(let report): return try report.rendered(try own(format))
        case .bottleneck(let report): return try report.rendered(try own(format))
        case .comparison(let report): return try report.rendered(try own(format))
        case .logProbabilities(let report): return try report.rendered(try own(format))
        case .posteriors(let report):
            let wanted: LogProbabilityFormat = try own(format)
            return switch wanted {
            case .text: report.text
            case .json: try jsonText(of: report)
            case .markdown: report.markdown
            }
        }
    }

    /// The format as one of those that the command has.
    private func own<Format: RawRepresentable & CaseIterable>(_ format: ReportFormat) throws -> Format where Format.RawValue == String {
        if let found = Format(rawValue: format.rawValue) { return found }
        let known = Format.allCases.map(\.rawValue)
        throw RunError(
            code: "report_format",
            message:
                "--format: expected \(known.dropLast().joined(separator: ", ")) or \(known.last ?? "") for a report of \(kind.command), "
                + "found \(format.rawValue)",
            hint: "choose another format, or another ending of -o")
    }
}

/// The commands whose JSON can be told from that of `emi estimate` and `emi batch`.
package enum ReportKind: String, Sendable, CaseIterable {
    case calibration
    case attribution
    case rows = "scenario-rows"
    case logProbabilities = "log-probabilities"
    case bottleneck
    case posteriors
    case comparison
    case gate
    case parts

    /// The kind that a JSON text says, or shows by the names of its fields; nil for a report of `emi batch` and for anything else.
    package init?(_ json: String) {
        guard let head = try? JSONDecoder().decode(Head.self, from: Data(json.utf8)) else { return nil }
        if let kind = head.kind {
            guard let known = Self(rawValue: kind) else { return nil }
            self = known
            return
        }
        let signs: [(kind: Self, fields: [String])] = [
            (.bottleneck, ["answer_limit", "representations"]), (.posteriors, ["posteriors", "comparisons"]),
            (.comparison, ["models", "measures"]), (.gate, ["verdict", "counts", "rules"]),
            (.parts, ["shifts", "kernel", "permutations"]),
        ]
        guard let found = signs.first(where: { $0.fields.allSatisfy(head.fields.contains) }) else { return nil }
        self = found.kind
    }

    /// The command, as it is typed.
    package var command: String {
        switch self {
        case .calibration: "emi calibrate"
        case .attribution: "emi attribute"
        case .rows: "emi attribute --of"
        case .logProbabilities: "emi logprobs"
        case .bottleneck: "emi bottleneck"
        case .posteriors: "emi bottleneck --posterior"
        case .comparison: "emi compare"
        case .gate: "emi check"
        case .parts: "emi merge of parts"
        }
    }

    private struct Head: Decodable {
        var kind: String?
        var fields: Set<String>

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: AnyKey.self)
            fields = Set(container.allKeys.map(\.stringValue))
            kind = try? container.decodeIfPresent(String.self, forKey: AnyKey(stringValue: "kind"))
        }
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension ReportKind {
    /// Decodes a report of this kind, whose lists have the lengths that the program writes.
    ///
    /// - Throws: `RunError` for a report of another major version, or one with missing parts.
    fileprivate func decode<Value: Decodable>(_ type: Value.Type, from json: String, name: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = Data(json.utf8)
        // Comparisons have no version.
        if let version = try? decoder.decode(Version.self, from: data).schemaVersion, version.prefix(while: { $0 != "." }) != "1" {
            throw RunError(
                code: "report_version",
                message: "\(name): expected a report of \(command) of schema version 1.x, found \(version)".withoutControls,
                hint: "write it anew with this emi")
        }
        guard let found = try? decoder.decode(type, from: data), (found as? any ReadableReport)?.isWhole != false else {
            throw RunError(
                code: "not_a_report", message: "\(name): expected a report of \(command), found one with parts missing".withoutControls,
                hint: "write it anew: \(command) … --format json")
        }
        return found
    }

    private struct Version: Decodable {
        var schemaVersion: String
    }
}

/// A report whose lists belong together, so that one from elsewhere may have too few of something.
protocol ReadableReport {
    /// Whether intervals have two ends, and lists that belong together are equally long.
    var isWhole: Bool { get }
}

/// Whether each interval that there is has two ends.
func haveTwoEnds(_ intervals: [[Double]?]) -> Bool { intervals.allSatisfy { $0?.count ?? 2 == 2 } }

extension AttributionReport: ReadableReport {
    var isWhole: Bool {
        haveTwoEnds([detection.shareInterval]) && detection.histogram.pairs.count == detection.histogram.decoys.count
    }
}

extension BottleneckReport: ReadableReport {
    var isWhole: Bool {
        haveTwoEnds([information.interval]) && rho.count == kept && rhoStandardError.count == kept && criticalBeta.count == kept
    }
}

extension PosteriorReport: ReadableReport {
    var isWhole: Bool { haveTwoEnds(posteriors.map(\.rate.interval) + comparisons.map(\.ratePerColumn.interval)) }
}

extension LogProbabilityReport: ReadableReport {
    var isWhole: Bool {
        haveTwoEnds(
            ([id] + scenarios.map(\.set)).flatMap { [$0.modelMi.interval, $0.referenceMi?.interval, $0.emi?.interval] }
                + scenarios.map(\.emid?.interval))
    }
}

extension ModelComparison: ReadableReport {
    var isWhole: Bool {
        models.count == comparisons.count + 1 && !comparisons.isEmpty
            && haveTwoEnds(models.map(\.worst?.interval))
            && comparisons.allSatisfy { comparison in
                let pairs = comparison.scenarios.flatMap { scenario in ComparisonReport.measureNames.compactMap { scenario[$0] } }
                return haveTwoEnds(
                    comparison.measures.values.map(\.interval)
                        + (pairs + [comparison.id]).flatMap { [$0.aInterval, $0.bInterval, $0.difference.interval] })
                    && comparison.estimators?.count ?? 2 == 2
            }
    }
}
