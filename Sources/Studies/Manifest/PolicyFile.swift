/// The rules of a gate as a file states them, before their conditions are parsed.
package struct PolicyFile: Sendable, Equatable {
    /// What a gate does about something that is neither right nor wrong.
    package enum Level: String, Sendable, Codable, CaseIterable {
        case pass
        case warn
        case fail
    }

    /// One rule of the policy.
    package struct Rule: Sendable, Equatable {
        /// The line of the file on which the rule starts.
        package let line: Int
        /// The condition under `fail_if` or `warn_if`, such as `emid.value > 0.1`.
        package let condition: String
        /// What the rule does when its condition is true.
        package let severity: Level
        /// The name that the user gave to the rule.
        package let name: String?
        /// The kind of the scenarios to which the rule applies; nil for all.
        package let kind: String?
        /// The pattern that the names of scenarios must match; nil for all.
        package let scenario: String?
        /// Whether the rule says nothing if the field does not exist.
        package let ignoresMissing: Bool
        /// What the rule does if an interval includes the threshold; nil does what the gate says.
        package let onInconclusive: Level?
    }

    /// A mistake in the file and its place.
    package struct Problem: Sendable, Equatable {
        /// The line of the mistake.
        package let line: Int
        /// What was expected and what was found.
        package let message: String

        /// A mistake on one line.
        package init(line: Int, message: String) {
            self.line = line
            self.message = message
        }
    }

    /// The path as the user gave it.
    package let path: String
    /// What a scenario without results does.
    package private(set) var failedScenarios = Level.fail
    /// What an interval that includes a threshold does; nil if the file does not say.
    package private(set) var onInconclusive: Level?
    /// The rules in the order of the file.
    package private(set) var rules: [Rule] = []
    /// All mistakes of form, in the order of the file.
    package private(set) var problems: [Problem] = []
    /// The advice to print if there are mistakes.
    package static let hint =
        "a policy has version: 1 and rules: [{ fail_if: 'emid.interval_low > 0.05' }, …]; 'emi check --help' shows one"

    /// Reads the rules in a text.
    ///
    /// - Throws: `RunError` with the line of a YAML error. What is YAML but not a policy is listed in `problems`.
    package init(yaml text: String, path: String) throws {
        self.path = path
        read(try yamlNode(text, file: path, code: "bad_policy", hint: Self.hint))
    }

    private static let topKeys = ["version", "failed_scenarios", "on_inconclusive", "rules"]
    private static let ruleKeys = ["fail_if", "warn_if", "name", "kind", "scenario", "missing", "on_inconclusive"]

    private mutating func read(_ node: YAMLNode) {
        guard case .mapping(let pairs, _) = node else {
            return report(node.line, "", expected: "a mapping with the keys \(Self.topKeys.joined(separator: ", "))", found: node.kind)
        }
        checkKeys(pairs, Self.topKeys, within: "")
        if let version = pairs.first(where: { $0.key == "version" })?.value {
            if version != .scalar("1", line: version.line) {
                report(version.line, "version", expected: "1, the only one there is", found: version.kind)
            }
        } else {
            report(node.line, "version", expected: "1", found: "nothing")
        }
        failedScenarios = level(pairs, "failed_scenarios", words: ["fail", "warn", "ignore"], within: "") ?? .fail
        onInconclusive = level(pairs, "on_inconclusive", words: ["pass", "warn", "fail"], within: "")
        guard let list = pairs.first(where: { $0.key == "rules" })?.value else {
            return report(node.line, "rules", expected: "a list of rules", found: "nothing")
        }
        guard case .sequence(let items, _) = list, !items.isEmpty else {
            return report(list.line, "rules", expected: "a list of rules", found: list.kind == "a list" ? "an empty list" : list.kind)
        }
        for (index, item) in items.enumerated() { readRule(item, within: "rules[\(index)]") }
        problems.sort { $0.line < $1.line }
    }

    private mutating func readRule(_ node: YAMLNode, within place: String) {
        guard case .mapping(let pairs, let line) = node else {
            return report(node.line, place, expected: "a mapping with fail_if or warn_if", found: node.kind)
        }
        checkKeys(pairs, Self.ruleKeys, within: place)
        let conditions = pairs.filter { ["fail_if", "warn_if"].contains($0.key) }
        let missing = level(pairs, "missing", words: ["fail", "ignore"], within: place)
        let inconclusive = level(pairs, "on_inconclusive", words: ["pass", "warn", "fail"], within: place)
        let (name, kind) = (text(pairs, "name", within: place), text(pairs, "kind", within: place))
        let scenario = text(pairs, "scenario", within: place)
        guard conditions.count == 1, let condition = conditions.first else {
            return report(line, place, expected: "one of fail_if and warn_if", found: conditions.isEmpty ? "neither" : "both")
        }
        guard let words = text(pairs, condition.key, within: place) else {
            if case .scalar = condition.value {
                report(condition.line, "\(place).\(condition.key)", expected: "a condition", found: "nothing")
            }
            return
        }
        rules.append(
            Rule(
                line: condition.line, condition: words, severity: condition.key == "fail_if" ? .fail : .warn, name: name, kind: kind,
                scenario: scenario, ignoresMissing: missing == .pass, onInconclusive: inconclusive))
    }

    private mutating func level(
        _ pairs: [YAMLNode.Pair], _ key: String, words: [String], within place: String
    ) -> Level? {
        guard let pair = pairs.first(where: { $0.key == key }) else { return nil }
        guard case .scalar(let word, _) = pair.value, words.contains(word) else {
            var suggestion = ""
            if case .scalar(let word, _) = pair.value, !word.isEmpty {
                suggestion = nearestName(to: word, in: words).map { "; did you mean '\($0)'?" } ?? ""
            }
            report(
                pair.line, place.isEmpty ? key : "\(place).\(key)", expected: "one of \(words.joined(separator: ", "))",
                found: pair.value.kind + suggestion)
            return nil
        }
        return word == "ignore" ? .pass : Level(rawValue: word)
    }

    private mutating func text(_ pairs: [YAMLNode.Pair], _ key: String, within place: String) -> String? {
        pairs.text(key) { report($0, "\(place).\(key)", expected: "a text", found: $1) }
    }

    private mutating func checkKeys(_ pairs: [YAMLNode.Pair], _ known: [String], within place: String) {
        for pair in pairs {
            guard let problem = pair.problem(known: known) else { continue }
            report(pair.line, place, expected: problem.expected, found: problem.found)
        }
    }

    private mutating func report(_ line: Int, _ place: String, expected: String, found: String) {
        problems.append(Problem(line: line, message: "\(place.isEmpty ? "" : place + ": ")expected \(expected), found \(found)"))
    }
}
