import Foundation
import Testing

@Suite struct ManualTests {
    @Test func thePageOfTheProgramNamesEveryCommand() throws {
        let help = try Program.run(["--help"]).output
        let commands = help.components(separatedBy: "SUBCOMMANDS:\n")[1].components(separatedBy: "EXAMPLES:\n")[0].split(separator: "\n")
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.compactMap { $0.split(separator: " ").first.map(String.init) }
            .filter { $0 != "See" }
        #expect(commands.count >= 13 && !commands.contains("manual"))
        let page = try Program.run(["manual"], environment: ["SOURCE_DATE_EPOCH": "86400"]).output
        #expect(page.hasPrefix(".TH EMI 1 \"1970\\-01\\-02\"") || page.hasPrefix(".TH EMI 1 \"1970-01-02\""))
        for command in commands { #expect(page.contains("\\fBemi\\-\(command)\\fR(1)"), "\(command)") }
    }

    @Test(arguments: ["batch", "check", "mi", "compare", "attribute"]) func aPageHasEveryFlagAndTheExamples(_ command: String) throws {
        let outcome = try Program.run(["manual", command])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let help = try Program.run([command, "--help"]).output
        for flag in help.matches(of: /\n +(?:-[a-z], )?--([a-z-]+)/).map({ String($0.1) }) {
            #expect(outcome.output.contains("\\fB\\-\\-\(flag.replacing("-", with: "\\-"))\\fR"), "\(flag)")
        }
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"] {
            #expect(outcome.output.contains("\n.SH \(section)\n"), "\(section)")
        }
        // A line that starts with a dot is an order to roff: none comes from a text.
        let orders = Set(outcome.output.split(separator: "\n").filter { $0.hasPrefix(".") }.map { $0.prefix { $0 != " " } })
        #expect(orders.isSubset(of: [".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".EX", ".EE"]), "\(orders)")
        #expect(!outcome.output.split(separator: "\n").contains { $0.hasPrefix("'") })
    }

    @Test func aCommandThatIsNoneHasNoPage() throws {
        let outcome = try Program.run(["manual", "bach"])
        #expect(outcome.status == 64 && outcome.errors.contains("Did you mean 'batch'?"), "\(outcome.errors)")
    }
}
