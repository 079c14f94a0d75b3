import ArgumentParser
import Glibc
import Studies

/// Flags that choose which scenarios of a manifest are reported. All scenarios take part in the fit, so the choice changes no number.
struct ScenarioChoice: ParsableArguments {
    @Option(help: ArgumentHelp("Only scenarios whose names match, for example 'frost_*'; may be repeated.", valueName: "glob"))
    var only: [String] = []
    @Option(help: ArgumentHelp("No scenarios whose names match; may be repeated.", valueName: "glob"))
    var skip: [String] = []

    /// The positions of the chosen scenarios, in the order of the manifest.
    func chosen(_ manifest: Manifest) -> [Int] {
        manifest.scenarios.indices.filter { index in
            let name = manifest.scenarios[index].name
            return (only.isEmpty || only.contains { Self.matches(name, $0) }) && !skip.contains { Self.matches(name, $0) }
        }
    }

    /// Throws when no scenario is chosen, or when a pattern matches none.
    func check(_ manifest: Manifest) throws {
        let names = manifest.scenarios.map(\.name)
        for (flag, patterns) in [("--only", only), ("--skip", skip)] {
            for pattern in patterns where !names.contains(where: { Self.matches($0, pattern) }) {
                let suggestion = nearestName(to: pattern, in: names).map { " Did you mean '\($0)'?" } ?? ""
                throw ValidationError("\(flag): expected a pattern that matches a scenario, found '\(pattern)'.\(suggestion)")
            }
        }
        if chosen(manifest).isEmpty { throw ValidationError("--only and --skip leave no scenario") }
    }

    private static func matches(_ name: String, _ pattern: String) -> Bool {
        unsafe fnmatch(pattern, name, 0) == 0
    }
}
