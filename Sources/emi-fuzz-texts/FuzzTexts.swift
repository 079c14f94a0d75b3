import Glibc

@testable import EmbeddingFiles
@testable import Reports
@testable import Studies

// libFuzzer over what people write or an earlier run wrote: emi-fuzz-texts TARGET [CORPUS …] [-FLAG=VALUE …].

@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// Every format of a report: reading it is half of the way.
func render(_ report: Report) {
    for format in ReportFormat.allCases { _ = try? report.rendered(format) }
    if let policy = try? GatePolicy(yaml: "version: 1\nrules:\n  - fail_if: emid.interval_low > 0.05\n", path: "p", hasBaseline: false) {
        _ = try? Gate.check(report, name: "r", against: policy)
    }
    _ = try? ComparisonReport(report, name: "a", report, name: "b").rendered(.text)
}

func fuzz(_ text: String) {
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
    case "rows": _ = try? RowsFile.read(text, name: "r")
    case "published": _ = try? ComparedRun(published: text, name: "p")
    case "journal": for line in text.split(separator: "\n") { _ = JournalLine(line) }
    default: break
    }
}

/// What is fuzzed.
let target = CommandLine.arguments.dropFirst().first ?? ""

@main
enum FuzzTexts {
    static func main() {
        let targets = ["manifest", "policy", "condition", "report", "calibration", "attribution", "rows", "published", "journal"]
        guard targets.contains(target) else {
            print("emi-fuzz-texts TARGET [CORPUS ...]: \(targets.joined(separator: ", "))")
            exit(64)
        }
        // The fuzzer sees the arguments without the target.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        exit(
            runFuzzer(&count, &arguments) { data, size in
                guard let data, size > 0, let text = String(validating: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
                else { return 0 }
                fuzz(text)
                return 0
            })
    }
}
