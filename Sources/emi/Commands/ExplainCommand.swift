import ArgumentParser
import Reports
import Studies

/// `emi explain`: says what a warning means and what to do about it.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "What a warning means, and what to do about it.",
        discussion: reflowed(
            """
            EXAMPLES:
              emi explain few_groups
              emi explain
            """))

    @Argument(help: "The code of a warning, as in 'note (few_groups)'; without one all of them are listed.") var code: String?

    @OptionGroup(title: "Output") var output: SingleOutput

    func validate() throws {
        guard let code else { return }
        let codes = WarningGuide.sections.map(\.code)
        guard !codes.contains(code) else { return }
        let suggestion = nearestName(to: code, in: codes).map { " Did you mean '\($0)'?" } ?? ""
        throw ValidationError("expected the code of a warning, found '\(code)'.\(suggestion) 'emi explain' lists all.")
    }

    func run() throws {
        try reportingErrors {
            guard let code, let section = WarningGuide.section(code) else {
                return try output.write { forTerminal(WarningGuide.text) }
            }
            try output.write { "\(code)\n\n\(forTerminal(section))\n" }
        }
    }

    /// The text with each paragraph on a line, which the terminal's width then breaks; files and pipes get the guide's own lines.
    private func forTerminal(_ text: String) -> String { TextLayout.current == nil ? text : reflowed(text) }
}
