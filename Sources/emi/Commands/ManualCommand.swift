import ArgumentParser
import Foundation
import Reports

/// `emi manual`: writes the manual pages, which `Scripts/install` installs.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "The manual page of the program or of a command, for man.",
        discussion: reflowed(
            """
            EXAMPLES:
              emi manual -o emi.1
              emi manual batch | man -l -
            """),
        shouldDisplay: false)

    @Argument(help: "The command; without one the page is of the whole program.") var command: String?
    @Flag(help: "List the commands that have pages.") var list = false
    @OptionGroup(title: "Output") var output: SingleOutput

    func run() throws {
        try reportingErrors {
            let program = try CommandDescription.program()
            let commands = (program.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
            if list { return try output.write(commands.map { $0.commandName + "\n" }.joined()) }
            guard let command else {
                return try output.write(ManualPage(program, of: nil, others: commands.map(\.commandName)).source)
            }
            try checkName(command, in: commands.map(\.commandName), flag: "manual")
            guard let found = commands.first(where: { $0.commandName == command }) else { return }
            try output.write(ManualPage(found, of: program, others: []).source)
        }
    }
}
