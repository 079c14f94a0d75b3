import Testing

@testable import Reports

@Suite struct DisplayTests {
    @Test func wideCharactersTakeTwoColumns() {
        #expect("漢字".displayWidth == 4 && "abc".displayWidth == 3 && "e\u{301}é".displayWidth == 2 && "한국 🎉".displayWidth == 7)
        let table = TextTable(header: ["set", "n"], rows: [["漢字", "1"], ["abcd", "10"]])
        #expect(table.plain == "  set    n\n  漢字   1\n  abcd  10\n")
    }

    @Test func controlCharactersAreShownAndNotObeyed() {
        let table = TextTable(header: ["a\nb"], rows: [["x\u{1B}[31m"], ["\u{202E}y\t"]])
        #expect(table.plain == "  a b\n  x\u{FFFD}[31m\n  \u{FFFD}y\n")
        #expect(table.markdown.split(separator: "\n").count == 4)
        #expect("plain é 漢".withoutControls == "plain é 漢")
    }

    @Test(arguments: [
        (0.95, "95 %"), (0.9, "90 %"), (0.29, "29 %"), (0.975, "97.5 %"), (0.999, "99.9 %"),
        (0.9999999999999999, "99.99999999999999 %"), (0.001, "0.1 %"),
    ]) func aConfidenceKeepsItsDigits(_ fraction: Double, _ text: String) {
        #expect(Numbers.confidence(fraction) == text)
    }

    @Test func largeNumbersHaveAPowerOfTen() {
        #expect(
            Numbers.decimal(3.1e200) == "3.100e+200" && Numbers.decimal(-2e9) == "-2.000e+09" && Numbers.decimal(123_456) == "123456.000")
    }
}
