import Studies
import Testing

@testable import Reports

/// What a terminal shows of a text.
@Suite struct TextLayoutTests {
    private let table = TextTable(
        header: ["set", "rows", "EMI", "cosine"],
        rows: [["defocus_blur_5_KeyboardAug_1", "90", "0.123", "0.9"], ["defocus_blur_5_KeyboardAug_3", "90", "0.456", "0.8"]],
        dispensable: ["cosine", "rows"])

    @Test func columnsGoByPriorityAndTheirNamesAreTold() {
        let whole = table.plain
        #expect(TextLayout(width: 80).text { table.plain } == whole)
        let narrow = TextLayout(width: 45).text { table.plain }
        let header = "  set" + String(repeating: " ", count: 25)
        #expect(narrow.hasPrefix(header + "  rows    EMI\n") && narrow.hasSuffix("(not shown: cosine; --wide shows them)\n"), "\(narrow)")
        let narrower = TextLayout(width: 40).text { table.plain }
        #expect(narrower.contains(header + "    EMI\n") && narrower.contains("(not shown: rows, cosine;"))
        #expect(TextLayout(width: 40, isWide: true).text { table.plain } == whole)
    }

    /// Half of `p ≤ 0.010` at the end of a line says nothing.
    @Test func whatBelongsTogetherIsNotTornApart() {
        let sentence = "JSD = 0.039 nats, excess 0.018 [0.010, 0.027], p ≤ 0.010, by MMD ≤ 0.010, at 95 % or so"
        for width in 40...90 {
            for line in sentence.wrapped(to: width).split(separator: "\n") {
                #expect(line.count <= width, "\(width): \(line)")
                for sign in ["=", "≤", "0.010,", "95"] where line.hasSuffix(sign) && !line.hasSuffix("≤ 0.010,") {
                    Issue.record("\(width): \(line)")
                }
                #expect(line.count { $0 == "[" } == line.count { $0 == "]" })
            }
        }
        // A word that opens a bracket and is no number breaks as ever.
        #expect("[alpha, beta gamma".wrapped(to: 8) == "[alpha,\n  beta\n  gamma")
    }

    @Test func aLongNameLosesItsMiddleAndStaysDistinct() {
        let lines = TextLayout(width: 40).text {
            TextTable(
                header: ["set", "EMI"],
                rows: [[String(repeating: "x", count: 60) + "1", "0.1"], [String(repeating: "x", count: 60) + "2", "0.2"]]
            ).plain
        }
        .split(separator: "\n")
        #expect(lines.allSatisfy { String($0).displayWidth <= 40 } && lines[1] != lines[2] && lines[1].contains("…"))
        let wide = TextLayout(width: 40).text {
            TextTable(header: ["set", "EMI"], rows: [[String(repeating: "漢", count: 40), "0.1"]]).plain
        }
        #expect(wide.split(separator: "\n").allSatisfy { String($0).displayWidth <= 40 })
    }

    @Test func sentencesAreWrappedAtBlanks() {
        let sentence = "No change of EMI is resolved: EMID is 0.028 ± 0.058 nats, where a gap of 0.083 would be found."
        let shown = TextLayout(width: 40).text { "  note: \(sentence)\n\u{1B}[1m\(sentence)\u{1B}[0m\n" }
        let lines = shown.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "").split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.displayWidth <= 40 } && lines[1].hasPrefix("    ") && !lines[1].hasPrefix("     "))
        #expect(shown.replacing("\n", with: " ").split(separator: " ").count == "note: \(sentence) \(sentence)".split(separator: " ").count)
        #expect(shown.contains("\u{1B}[1mNo change") && shown.contains("found.\u{1B}[0m\n"))
        #expect("a".wrapped(to: nil) == "a" && "aaaa bbbb".wrapped(to: 4) == "aaaa\n  bbbb" && "漢字 漢字".wrapped(to: 5) == "漢字\n  漢字")
        #expect(String(repeating: "x", count: 50).wrapped(to: 40) == String(repeating: "x", count: 50))
    }

    @Test(arguments: [80, 100, 160]) func everyLineOfAReportFits(_ width: Int) throws {
        for report in [try savedReport(), try syntheticReport(count: hostileTexts.count, names: hostileTexts)] {
            let text = TextLayout(width: width).text { report.text(bold: false) }
            for line in text.split(separator: "\n") where line.contains(" ") && !line.contains("xxxxxxxxxx") {
                #expect(String(line).displayWidth <= width, "\(line)")
            }
        }
    }

    @Test func aPValueAtTheFloorOfRelabellingsIsABound() {
        #expect(Numbers.probability(0.01, of: 99) == "≤ 0.010" && Numbers.probability(0.02, of: 99) == "0.020")
        #expect(Numbers.evidence("p", 0.01, of: 99) == "p ≤ 0.010" && Numbers.evidence("p", 0.01, of: 199) == "p = 0.010")
        #expect(Numbers.probability(0.005, of: 199) == "≤ 0.005" && Numbers.probability(nil, of: 99) == "-")
        #expect(Numbers.probability(1, of: 0) == "1.000" && Numbers.probability(1e-6, of: 999_999) == "< 0.001")
    }

    @Test func whatALogWouldObeyIsBrokenUp() {
        for text in [
            "::error::x", "  ::set-output name=x::y", "a ::add-mask::b", "##[error]x", "a##vso[task.x]y", "##teamcity[x]",
            "a\n::warning::b",
        ] {
            let shown = text.withoutControls
            #expect(!shown.split(separator: " ").contains { $0.hasPrefix("::") } && !shown.contains("##["), "\(shown)")
            #expect(!shown.contains("##vso") && !shown.contains("##teamcity"), "\(shown)")
        }
        for text in ["a::b", "x: y", "#1", "a # b", "12:30:01"] { #expect(text.withoutControls == text) }
    }
}
