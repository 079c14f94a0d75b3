import Studies

/// The rules that a report is held against.
package struct GatePolicy: Sendable, Equatable {
    /// One rule.
    package struct Rule: Sendable, Equatable {
        /// What must not be.
        package var condition: Condition
        /// What a true condition does: `fail` or `warn`.
        package var severity: PolicyFile.Level
        /// What to call it; nil for the condition itself.
        package var name: String?
        /// Only scenarios of this kind.
        package var kind: String?
        /// Only scenarios whose names match this pattern.
        package var scenario: String?
        /// Whether nothing is said where the field does not exist.
        package var ignoresMissing = false
        /// What an interval on both sides of the threshold does; nil for what the policy says.
        package var onInconclusive: PolicyFile.Level?
        /// `policy.yaml:7`, or the flag.
        package var place: String

        /// A rule of the command line, for every scenario.
        package init(condition: Condition, severity: PolicyFile.Level, place: String) {
            self.condition = condition
            self.severity = severity
            self.place = place
        }
    }

    /// In the order of their findings.
    package var rules: [Rule] = []
    /// What a scenario without numbers does.
    package var failedScenarios = PolicyFile.Level.fail
    /// What an interval on both sides of a threshold does.
    package var onInconclusive = PolicyFile.Level.warn

    /// No rules: only scenarios without numbers fail.
    package init() {}

    /// The rules of a file.
    ///
    /// - Parameter hasBaseline: whether rules about `change` have something to compare with.
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
