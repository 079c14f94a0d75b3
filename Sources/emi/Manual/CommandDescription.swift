import ArgumentParser
import Foundation

/// A command as the parser describes it for tools: names, flags, values, help.
struct CommandDescription: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool
    var arguments: [Argument]?
    var subcommands: [CommandDescription]?

    struct Argument: Decodable {
        enum Kind: String, Decodable {
            case positional
            case option
            case flag
        }

        struct Name: Decodable {
            var kind: String
            var name: String

            /// The name with its dashes.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: Kind
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
        var sectionTitle: String?
        /// The values that the argument takes; nil when it takes any value.
        var allValues: [String]?
    }

    /// The whole program.
    static func program() throws -> CommandDescription {
        struct Tool: Decodable {
            var command: CommandDescription
        }
        return try JSONDecoder().decode(Tool.self, from: Data(Emi._dumpHelp().utf8)).command
    }
}
