import Foundation
import Testing

/// `emi report` shows what every command wrote, and other commands name what they were given.
@Suite struct CommandReportTests {
    private static let digits = "Fixtures/digits"

    @Test(arguments: [
        ["bottleneck", "--id", "\(digits)/clean.npz", "--ood", "\(digits)/frost_5.npz", "--permutations", "0"],
        ["compare", "Fixtures/reports/frost.json", "Fixtures/reports/frost.json"],
        ["compare", "Fixtures/reports/frost.json", "Fixtures/reports/frost.json", "Fixtures/reports/frost.json"],
        ["attribute", "Fixtures/pairs/digits.jsonl"],
        ["attribute", "--of", "\(digits)/manifest.yaml", "--only", "frost_5"],
    ])
    func aReportReadAgainSaysTheSame(_ arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let first = try Program.run(
            arguments + ["-o", folder.path("a.json"), "-o", folder.path("a.txt"), "-o", folder.path("a.md"), "-o", folder.path("a.html")])
        #expect(first.status == 0, "\(first.errors)")
        let second = try Program.run(
            ["report", folder.path("a.json"), "-o", folder.path("b.json"), "-o", folder.path("b.txt"), "-o", folder.path("b.md")]
                + ["-o", folder.path("b.html")])
        #expect(second.status == 0 && second.errors.isEmpty, "\(second.errors)")
        for ending in ["json", "txt", "md"] {
            let (written, read) = try (
                String(contentsOfFile: folder.path("a." + ending), encoding: .utf8),
                String(contentsOfFile: folder.path("b." + ending), encoding: .utf8)
            )
            #expect(written == read, "\(arguments[0]) \(ending)")
        }
        #expect(try String(contentsOfFile: folder.path("b.html"), encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    }

    @Test(arguments: ["bottleneck", "comparison", "logprobs", "posteriors", "rows"]) func reportsOfThisVersionAreRead(_ name: String) throws
    {
        let shown = try Program.run(["report", "Fixtures/reports/\(name).json", "--format", "markdown"])
        #expect(shown.status == 0 && shown.output.hasPrefix("###"), "\(shown.errors)")
    }

    @Test(arguments: [
        ("bottleneck", "emi bottleneck"), ("comparison", "emi compare"), ("logprobs", "emi logprobs"),
        ("posteriors", "emi bottleneck --posterior"), ("rows", "emi attribute --of"),
    ])
    func aGateAndAComparisonNameTheSortThatTheyFind(_ name: String, _ command: String) throws {
        let file = "Fixtures/reports/\(name).json"
        for arguments in [["check", file, "--fail-if", "emid.value > 1"], ["compare", file, "Fixtures/reports/frost.json"]] {
            let outcome = try Program.run(arguments)
            #expect(outcome.status == 2 && outcome.errors.contains("found one of \(command)\n"), "\(outcome.errors)")
            #expect(outcome.errors.contains("'emi report' shows it"))
        }
    }

    @Test func aFormatThatACommandDoesNotHaveIsNamed() throws {
        let outcome = try Program.run(["report", "Fixtures/reports/logprobs.json", "--format", "html"])
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(
            outcome.errors.contains("--format: expected text, json or markdown for a report of emi logprobs, found html"),
            "\(outcome.errors)")
    }

    /// A report from elsewhere may have too few of something, or another version.
    @Test(arguments: [
        ("bottleneck", "\"kept\": 2", "\"kept\": 5", "one with parts missing"),
        ("bottleneck", "\"schema_version\": \"1.0\"", "\"schema_version\": \"2.0\"", "of schema version 1.x, found 2.0"),
        ("comparison", "\"models\": [", "\"models\": [], \"more\": [", "one with parts missing"),
        ("logprobs", "\"sample_count\"", "\"samples\"", "one with parts missing"),
    ])
    func oneWithPartsMissingIsRefused(_ name: String, _ found: String, _ changed: String, _ sentence: String) throws {
        let json = try String(contentsOf: Program.project.appending(path: "Fixtures/reports/\(name).json"), encoding: .utf8)
        #expect(json.contains(found))
        let outcome = try Program.run(["report", "-"], input: json.replacing(found, with: changed))
        #expect(outcome.status == 2 && outcome.errors.contains(sentence), "\(outcome.status) \(outcome.errors)")
    }

    /// A fuzzer found that two of them compared end with a trap.
    @Test func aConfidenceThatIsNoneIsRefused() throws {
        let json = try String(contentsOf: Program.project.appending(path: "Fixtures/reports/frost.json"), encoding: .utf8)
        #expect(json.contains("\"confidence\" : 0.95"))
        let outcome = try Program.run(
            ["compare", "Fixtures/reports/frost.json", "-"], input: json.replacing("\"confidence\" : 0.95", with: "\"confidence\" : 5.95"))
        #expect(
            outcome.status == 2 && outcome.errors.contains("expected settings.confidence between 0 and 1, found 5.95"), "\(outcome.errors)")
    }

    @Test func aTableOfAllPairsComesFromTheCommandItself() throws {
        let folder = try TemporaryFolder()
        _ = try Program.run(["attribute", "Fixtures/pairs/digits.jsonl", "-o", folder.path("a.json")])
        var report = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: folder.path("a.json")))) as? [String: Any])
        let rows = try #require(report["rows"] as? [Any])
        report["rows"] = Array(rows.prefix(5))
        let short = String(decoding: try JSONSerialization.data(withJSONObject: report), as: UTF8.self)
        let outcome = try Program.run(["report", "-", "--format", "csv"], input: short)
        #expect(outcome.status == 2 && outcome.errors.contains("this report holds 5 of \(rows.count) pairs"), "\(outcome.errors)")
    }
}
