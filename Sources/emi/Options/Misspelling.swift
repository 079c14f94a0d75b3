import ArgumentParser
import Foundation
import Studies

extension Emi {
    /// Suggests the command that was likely meant, because the parser only calls a misspelt command an unexpected argument.
    func validate() throws {
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
        try Self.checkCommand(word)
    }

    /// Throws for `emi help COMMAND` if there is no such command; the parser would show the help of the whole program.
    static func checkHelp(_ arguments: [String]) throws {
        guard arguments.first == "help", let word = arguments.dropFirst().first, !word.hasPrefix("-") else { return }
        try checkCommand(word)
    }

    private static func checkCommand(_ word: String) throws {
        let commands = configuration.subcommands.map { $0.configuration }
        guard !commands.contains(where: { $0.commandName == word }) else { return }
        try checkName(word, in: commands.filter(\.shouldDisplay).compactMap(\.commandName) + ["help"], flag: "emi")
    }

    /// The parser's message about an error, or the help that was asked for; with the flag or value that was likely meant inserted above
    /// the usage.
    ///
    /// - Parameter command: the command that found the error while it ran; nil when it was found before.
    static func explanation(of error: any Error, command: ParsableCommand? = nil, arguments: [String]) -> String {
        var text = fullMessage(for: error)
        if let error = error as? ValidationError, let command, !(command is Emi) {
            let type = type(of: command)
            let name = type.configuration.commandName ?? ""
            text =
                "Error: \(error.message.withoutControls)\nUsage: \(usageString(for: type))\n"
                + "  See 'emi \(name) --help' for more information."
        }
        // The parser quotes arguments as they are; a script may have them from anywhere.
        for argument in arguments where argument != argument.withoutControls {
            text = text.replacing(argument, with: argument.withoutControls)
        }
        if exitCode(for: error).isSuccess { return helpWithExamplesLast(text, width: TerminalWidth.ofStandardOutput ?? 80) }
        guard !text.contains("Did you mean"), let program = try? CommandDescription.program(),
            let suggestion = program.suggestion(for: arguments)
        else { return text }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let place = lines.firstIndex { $0.hasPrefix("Help:") || $0.hasPrefix("Usage:") } ?? lines.endIndex
        lines.insert(suggestion[...], at: place)
        return lines.joined(separator: "\n")
    }
}

extension CommandDescription {
    /// Finds the first flag that the command does not have, or value that a flag does not take, and suggests the nearest one that exists.
    func suggestion(for words: [String]) -> String? {
        guard let name = words.first, let command = (subcommands ?? []).first(where: { $0.commandName == name }) else {
            return suggestion(inArguments: words)
        }
        return command.suggestion(inArguments: Array(words.dropFirst()))
    }

    private func suggestion(inArguments words: [String]) -> String? {
        let flags = (arguments ?? []).filter(\.shouldDisplay)
        let names = flags.flatMap { $0.names ?? [] }.map(\.text)
        for (index, word) in words.enumerated() {
            // Words after `--` are not flags.
            if word == "--" { return nil }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if let flag = flags.first(where: { ($0.names ?? []).contains { $0.text == parts[0] } }) {
                let value = parts.count > 1 ? parts[1] : index + 1 < words.count ? words[index + 1] : nil
                guard flag.kind == .option, let value, let known = flag.knownValues, !known.contains(value) else { continue }
                if let nearest = nearestName(to: value, in: known) { return Self.sentence(nearest, value) }
            } else if parts[0].hasPrefix("--") {
                if let nearest = nearestName(to: parts[0], in: names.filter { $0.hasPrefix("--") }) {
                    return Self.sentence(nearest, parts[0])
                }
            } else if word.hasPrefix("-"), names.contains("-" + parts[0]) {
                return Self.sentence("-" + parts[0], parts[0])
            }
        }
        let values = (arguments ?? []).filter { $0.kind == .positional }.compactMap(\.allValues).flatMap { $0 }
        let free = words.filter { !$0.hasPrefix("-") && !values.contains($0) }
        return free.lazy.compactMap { word in nearestName(to: word, in: values).map { Self.sentence($0, word) } }.first
    }

    private static func sentence(_ meant: String, _ found: String) -> String { "Did you mean '\(meant)' instead of '\(found)'?" }
}

extension CommandDescription.Argument {
    /// The values that the flag takes by name; nil when it takes any value.
    fileprivate var knownValues: [String]? {
        // It also takes numbers, so the parser has no list of its values.
        names?.contains { $0.name == "entropy-scale" } == true ? ["kernel", "log-prob"] : allValues
    }
}
