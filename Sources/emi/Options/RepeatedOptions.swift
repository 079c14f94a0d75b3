import ArgumentParser
import Reports

extension CommandDescription {
    /// Throws for an option that is given twice with two values although the command takes one: the parser would take the last without a
    /// word. The same value twice does no harm.
    ///
    /// - Parameter words: a command line that the parser accepts, so that every option is followed by its value.
    static func checkRepeats(_ words: [String]) throws {
        // The description of the program takes some milliseconds: only a line that names something twice needs it.
        let names = words.prefix { $0 != "--" }.filter { $0.hasPrefix("-") }.map { $0 == "--output" ? "-o" : optionName($0) }
        guard Set(names).count < names.count,
            let command = try program().subcommands?.first(where: { $0.commandName == words.first })
        else { return }
        try command.checkRepeats(inArguments: words.dropFirst())
    }

    private func checkRepeats(inArguments words: ArraySlice<String>) throws {
        let options = (arguments ?? []).filter { $0.kind == .option }
        var given: [String: String] = [:]
        var rest = words
        while let word = rest.popFirst(), word != "--" {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = Self.optionName(word)
            guard let option = options.first(where: { ($0.names ?? []).contains { $0.text == name } }),
                let value = parts.count > 1 ? parts[1] : rest.popFirst(), let key = option.names?.first?.text
            else { continue }
            guard !option.isRepeating, let earlier = given.updateValue(value, forKey: key), earlier != value else { continue }
            throw ValidationError(
                "\(name): expected one value, found '\(earlier)' and '\(value)': "
                    + (name == "--ood" ? "for several shifts write a manifest (emi init, emi batch)" : "give the one that is meant"))
        }
    }

    /// The name of the option in a word. Short flags may stand together, the last of them with a value: `-qo FILE`.
    private static func optionName(_ word: String) -> String {
        let name = String(word.prefix { $0 != "=" })
        return name.hasPrefix("-") && !name.hasPrefix("--") ? "-" + name.suffix(1) : name
    }
}
