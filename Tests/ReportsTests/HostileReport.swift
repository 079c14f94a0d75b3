import Foundation

@testable import Reports

/// Texts that some reader of a report would obey.
let hostileTexts = [
    "<script>alert(1)</script>", "</script><script>alert(2)</script>", "<img src=x onerror=alert(3)>", "\"quoted\" 'single' & <b>",
    "__proto__", "constructor", "a|b`c`*d*_e_[x](http://evil.example)@user", "\u{202E}evil\u{7}\u{1B}[31m", "{{7*7}}", "null",
    "<!--", "]]>", "line\nbreak\u{2028}separator", "漢字 한국 العربية 🎉", "\u{FFFE}\u{FFFF}", String(repeating: "x", count: 400),
]

/// A report of `count` scenarios whose texts come from `names`, every third not resolved, some failed.
func syntheticReport(count: Int, names: [String] = [], kinds: [String] = ["visual", "text"]) throws -> Report {
    var report = try savedReport()
    let model = report.scenarios[0]
    report.scenarios = (0..<count).map { index in
        var scenario = model
        let value = Double((index * 37) % 200) / 100 - 0.8
        let reach = index % 3 == 0 ? 3.0 : 0.05
        scenario.name = index < names.count ? names[index] : "scenario_\(index)"
        scenario.kind = index < names.count ? names[index] : kinds[index % kinds.count]
        scenario.emid = Report.Gap(
            value: value, standardError: reach / 2, interval: [value - reach, value + reach], pValue: 0.01, qValue: 0.02)
        return scenario
    }
    for index in names.indices where index % 5 == 4 && index < count {
        report.scenarios[index] = Report.Scenario(
            name: names[index], kind: names[index], status: "failed",
            error: Report.Failure(code: names[index], message: names[index]), warnings: [])
    }
    if let first = names.first {
        report.id.name = first
        report.settings.estimator = first
        report.id.warnings = names.map { Report.Warning(code: $0, message: $0) }
        report.provenance = Report.Provenance(inputs: names.map { Report.Input(path: $0, sha256: nil) })
    }
    report.summary.scenarioCount = count
    report.summary.failedCount = report.scenarios.count { $0.status == "failed" }
    return report
}

/// The report in `Fixtures/reports`.
func savedReport() throws -> Report {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/reports/frost.json")
    return try Report.read(String(contentsOf: file, encoding: .utf8), name: "frost.json").report
}
