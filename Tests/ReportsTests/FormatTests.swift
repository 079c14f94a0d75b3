import Foundation
import Studies
import Testing

@testable import Reports

@Suite struct FormatTests {
    @Test(
        arguments: [
            ("r.html", ReportFormat.html), ("a.b/r.HTM", .html), ("r.md", .markdown), ("r.markdown", .markdown), ("r.csv", .csv),
            ("r.json", .json), ("r.xml", .junit), ("r.txt", .text), ("r", .text), ("/dev/stdout", .text), ("a.html/r", .text),
            (".html", .text),
            ("r.pdf", nil), ("r.html.", nil), ("r.npz", nil),
        ] as [(String, ReportFormat?)]) func theExtensionChoosesTheFormat(_ path: String, _ format: ReportFormat?)
    {
        #expect(ReportFormat(path: path) == format)
    }

    @Test func everyFormatIsTheSameTextForTheSameReport() throws {
        let report = try savedReport()
        for format in ReportFormat.allCases {
            let text = try report.rendered(format)
            #expect(try text == report.rendered(format) && text.utf8.last == 10, "\(format)")
        }
    }

    @Test func csvHasOneRowForEachScenarioWhateverItsName() throws {
        let report = try syntheticReport(count: hostileTexts.count, names: hostileTexts)
        let records = fields(try report.rendered(.csv))
        #expect(records.count == 1 + hostileTexts.count)
        #expect(records.allSatisfy { $0.count == records[0].count })
        let ood = try #require(records[0].firstIndex(of: "ood"))
        #expect(records.dropFirst().map { $0[ood] } == hostileTexts.map(\.withoutControls))
        #expect(Set(records[0]).count == records[0].count)
    }

    /// RFC 4180, as a reader has it.
    private func fields(_ text: String) -> [[String]] {
        var records: [[String]] = [[]]
        var (field, isQuoted) = ("", false)
        // Scalars, because Swift takes CR LF for one character.
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                field.unicodeScalars.append("\"")
                scalars.removeFirst()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                records[records.count - 1].append(field)
                field = ""
            case "\r" where !isQuoted: break
            case "\n" where !isQuoted:
                records[records.count - 1].append(field)
                field = ""
                records.append([])
            default: field.unicodeScalars.append(scalar)
            }
        }
        return records.dropLast()
    }
}

@Suite struct MarkdownTests {
    @Test func nothingInANameIsObeyed() {
        #expect("<b>&".markdownText == "&lt;b&gt;&amp;")
        #expect("a|b`c*d~".markdownText == "a\\|b\\`c\\*d\\~")
        #expect("[x](http://e)".markdownText == "[x\\](http:/\u{200B}/e)" && "[0.1, 0.2]".markdownText == "[0.1, 0.2]")
        #expect("frost_3_sr_7".markdownText == "frost_3_sr_7" && "_a_".markdownText == "\\_a\\_")
        #expect("@user".markdownText == "@\u{200B}user" && "a\nb".markdownText == "a b")
    }

    @Test(arguments: [4096, 20_000, 65_536, Report.stepSummaryByteLimit]) func aLongReportIsCutToItsLimit(_ limit: Int) throws {
        let report = try syntheticReport(count: 20_000)
        let text = report.markdown(byteLimit: limit)
        #expect(text.utf8.count <= limit && text.utf8.count > limit / 2)
        #expect(text.contains("more scenarios, which are in the full report"))
        #expect(text.components(separatedBy: "<details>").count == 2 && text.components(separatedBy: "</details>").count == 2)
        // The largest loss comes first and stays.
        #expect(text.contains("| \(report.worstFirst[0].name) |"))
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| scenario_") }
        let omitted = try #require(
            text.components(separatedBy: " more scenarios, which").first?.split(separator: " ").last.flatMap { Int($0) })
        #expect(rows.count + omitted == 20_000)
    }

    @Test func thousandsOfFailuresLeaveRoomForNumbers() throws {
        var report = try syntheticReport(count: 6000)
        for index in 1000..<6000 {
            report.scenarios[index] = Report.Scenario(
                name: "lost_\(index)", status: "failed",
                error: Report.Failure(code: "missing_file", message: String(repeating: "gone ", count: 50)), warnings: [])
        }
        report.summary.failedCount = 5000
        let text = report.markdown(byteLimit: 100_000)
        #expect(text.utf8.count <= 100_000)
        #expect(text.contains("… and ") && text.split(separator: "\n").count { $0.hasPrefix("| scenario_") } > 100)
    }

    @Test func aShortReportIsWhole() throws {
        let text = try savedReport().markdown()
        #expect(!text.contains("… and"))
        #expect(try text.split(separator: "\n").count { $0.hasPrefix("| frost_") } == savedReport().scenarios.count)
    }
}
