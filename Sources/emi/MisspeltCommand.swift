import ArgumentParser
import Scenarios

extension Emi {
    /// Says which command was likely meant: the parser itself only calls a misspelt one an unexpected argument.
    func validate() throws {
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
        let names = Self.configuration.subcommands.map { $0.configuration.commandName ?? "" } + ["help"]
        try checkName(word, in: names, flag: "emi")
    }
}
