import Studies

/// The rules against which a report is checked.
package struct GatePolicy: Sendable, Equatable {
    /// One rule.
    package struct Rule: Sendable, Equatable {
        /// The condition that must not be true.
        package var condition: Condition
        /// What a true condition does: `fail` or `warn`.
        package var severity: PolicyFile.Level
        /// The name of the rule; nil uses the condition itself.
        package var name: String?
        /// The kind of the scenarios to which the rule applies; nil for all.
        package var kind: String?
        /// The pattern that the names of scenarios must match; nil for all.
        package var scenario: String?
        /// Whether the rule says nothing if the field does not exist.
        package var ignoresMissing = false
        /// What the rule does if an interval includes the threshold; nil does what the policy says.
        package var onInconclusive: PolicyFile.Level?
        /// The place of the rule: `policy.yaml:7`, or the flag.
        package var place: String

        /// A rule from the command line, which applies to every scenario.
        package init(condition: Condition, severity: PolicyFile.Level, place: String) {
            self.condition = condition
            self.severity = severity
            self.place = place
        }
    }

    /// The rules in the order of their findings.
    package var rules: [Rule] = []
    /// What a scenario without results does.
    package var failedScenarios = PolicyFile.Level.fail
    /// What an interval that includes a threshold does.
    package var onInconclusive = PolicyFile.Level.warn

    /// A policy without rules, under which only scenarios without results fail.
    package init() {}

    /// Reads the rules of a file.
    ///
    /// - Parameter hasBaseline: whether there is an earlier report for rules about `change`.
    /// - Throws: `RunError` with one line for each mistake.
    package init(yaml: String, path: String, hasBaseline: Bool) throws {
        let file = try PolicyFile(yaml: yaml, path: path)
        var problems = file.problems
        for stated in file.rules {
            do {
                let condition = try Condition(stated.condition)
                if condition.needsBaseline, !hasBaseline {
                    problems.append(
                        .init(line: stated.line, message: "'\(condition.text)': expected --baseline REPORT to compare with, found none"))
                }
                var rule = Rule(condition: condition, severity: stated.severity, place: "\(path):\(stated.line)")
                (rule.name, rule.kind, rule.scenario) = (stated.name, stated.kind, stated.scenario)
                (rule.ignoresMissing, rule.onInconclusive) = (stated.ignoresMissing, stated.onInconclusive)
                if condition.isAboutReport, stated.kind != nil || stated.scenario != nil {
                    problems.append(
                        .init(
                            line: stated.line,
                            message: "'\(condition.text)': expected no kind and no scenario, for it is about the whole report, found "
                                + "'\(stated.kind ?? stated.scenario ?? "")'"))
                }
                rules.append(rule)
            } catch {
                problems.append(.init(line: stated.line, message: RunError(error).message))
            }
        }
        guard problems.isEmpty else {
            problems.sort { $0.line < $1.line }
            throw RunError(code: "bad_policy", lines: problems.map { "\(path):\($0.line): \($0.message)" }, hint: PolicyFile.hint)
        }
        failedScenarios = file.failedScenarios
        onInconclusive = file.onInconclusive ?? .warn
    }
}
