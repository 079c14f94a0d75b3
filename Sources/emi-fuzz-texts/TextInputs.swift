@testable import EmbeddingFiles
@testable import Reports
@testable import Studies

/// What the readers of texts are fuzzed with: what people write, and what an earlier run wrote. `Scripts/fuzz` runs it over ever new texts,
/// and a test of reports, which has this file by a link, over the texts that were kept in `Fixtures/fuzz`.
enum TextInputs {
    static let targets = [
        "manifest", "policy", "condition", "report", "calibration", "attribution", "commands", "rows", "published", "journal",
    ]

    /// Every format of a report: reading it is half of the way.
    private static func render(_ report: Report) {
        for format in ReportFormat.allCases { _ = try? report.rendered(format) }
        if let policy = try? GatePolicy(yaml: "version: 1\nrules:\n  - fail_if: emid.interval_low > 0.05\n", path: "p", hasBaseline: false)
        {
            _ = try? Gate.check(report, name: "r", against: policy)
        }
        _ = try? ComparisonReport(report, name: "a", report, name: "b").rendered(.text)
    }

    /// Reads an input; what is refused is fine, what traps is a finding.
    static func read(_ text: String, target: String) {
        switch target {
        case "manifest":
            guard let node = try? yamlNode(text, file: "m.yaml") else { return }
            var reader = ManifestReader(path: "m.yaml")
            _ = reader.manifest(node)?.sets.count
        case "policy": _ = try? GatePolicy(yaml: text, path: "p.yaml", hasBaseline: true)
        case "condition": _ = try? Condition(text)
        case "report":
            if let report = try? Report.read(text, name: "r").report { render(report) }
        case "calibration":
            if let report = try? CalibrationReport.read(text, name: "r").report {
                for format in ReportFormat.allCases { _ = try? report.rendered(format) }
            }
        case "attribution":
            if let report = try? AttributionReport.read(text, name: "r") {
                for format in AttributionFormat.allCases { _ = try? report.rendered(format) }
            }
        case "commands":
            if let report = try? CommandReport.read(text, name: "r") {
                for format in ReportFormat.allCases { _ = try? report.rendered(format) }
            }
        case "rows": _ = try? RowsFile.read(text, name: "r")
        case "published": _ = try? ComparedRun(published: text, name: "p")
        case "journal": for line in text.split(separator: "\n") { _ = JournalLine(line) }
        default: break
        }
    }
}
