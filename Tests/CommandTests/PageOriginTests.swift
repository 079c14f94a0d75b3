import Foundation
import Testing

/// Commands that write a page, with arguments that make them write one quickly.
private let pages: [[String]] = [
    ["estimate", "--id", "Fixtures/digits/clean.npz", "--permutations", "0"],
    ["batch", "Fixtures/digits/manifest.yaml", "--only", "frost_5", "--permutations", "0"],
    ["compare", "Fixtures/reports/frost.json", "Fixtures/reports/frost.json"],
    ["compare", "Fixtures/reports/frost.json", "Fixtures/reports/frost.json", "Fixtures/reports/frost.json"],
    ["calibrate", "Fixtures/options/clean.jsonl"],
    ["attribute", "Fixtures/pairs/digits_clean.jsonl", "--ridge", "1"],
    ["attribute", "--of", "Fixtures/digits/manifest.yaml", "--only", "frost_5", "--ridge", "1"],
    ["bottleneck", "--id", "Fixtures/digits/clean.npz", "--of", "text", "--kernel", "linear", "--permutations", "0"],
]

@Suite struct PageOriginTests {
    /// The line of a page that says when and by which command it was made.
    private func origin(of page: String) throws -> String? {
        let source = try String(contentsOfFile: page, encoding: .utf8)
        #expect(source.contains(/<meta name="generator" content="emi [0-9]/) && source.contains(/Written by emi [0-9]/))
        return source.firstMatch(of: #/<p class="facts origin">(.*)</p>/#).map { String($0.1) }
    }

    @Test(arguments: pages)
    func aPageSaysWhenAndByWhatItWasMade(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let page = folder.path("page.html")
        let outcome = try Program.run(arguments + ["-o", page], environment: ["SOURCE_DATE_EPOCH": "1700000000"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let origin = try #require(try origin(of: page))
        #expect(origin.hasPrefix("made 2023-11-14 22:13:20 UTC by: emi \(arguments[0]) "))
        #expect(arguments.allSatisfy(origin.contains))
    }

    @Test func aPageOfASavedReportTellsOfTheRunThatMadeIt() throws {
        let folder = try TemporaryFolder()
        let (report, page) = (folder.path("report.json"), folder.path("page.html"))
        let run = try Program.run(
            ["estimate", "--id", "Fixtures/digits/clean.npz", "--permutations", "0", "-o", report],
            environment: ["SOURCE_DATE_EPOCH": "1700000000"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try Program.run(["report", report, "-o", page]).status == 0)
        #expect(try #require(try origin(of: page)).hasPrefix("made 2023-11-14 22:13:20 UTC by: emi estimate "))
        // A reproducible report has no date and no command, and neither has its page.
        #expect(try Program.run(["report", "Fixtures/reports/frost.json", "-o", page]).status == 0)
        #expect(try origin(of: page) == nil)
    }
}
