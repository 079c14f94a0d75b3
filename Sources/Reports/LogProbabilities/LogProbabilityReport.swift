import Bottleneck
import Statistics
import Studies

/// What `emi logprobs` prints: EMI and EMID from the log-probabilities that a language model gives to answers.
package struct LogProbabilityReport: Codable, Sendable, Equatable {
    /// `log-probabilities`, which distinguishes it from other reports.
    package var kind = "log-probabilities"
    package var schemaVersion = "1.0"
    package var tool = Report.Tool()
    package var settings: Settings
    package var id: SampleSet
    /// The shifts.
    package var scenarios: [Scenario]
    /// What the numbers show, in sentences.
    package var findings: [String]
    /// What the reader should know.
    package var notes: [String]
    package var environment: Report.Environment?
    package var provenance: Report.Provenance?

    /// The settings of the run.
    package struct Settings: Codable, Sendable, Equatable {
        /// What a log-probability is of: `answer` or `token`.
        package var per: String
        /// The confidence level of intervals, between 0 and 1.
        package var confidence: Double
        /// `nats` or `bits`.
        package var units: String
    }

    /// The results of one set.
    package struct SampleSet: Codable, Sendable, Equatable {
        package var name: String
        /// The numbers of items and of groups of dependent items.
        package var sampleCount: Int
        package var groupCount: Int
        /// The number of pairs of different items that were scored, for the responses and for the references.
        package var modelPairs: Int
        package var referencePairs: Int?
        /// I(X; Y_theta).
        package var modelMi: Value
        /// I(X; Y); absent without references.
        package var referenceMi: Value?
        /// EMI = I(X; Y_theta) - I(X; Y); absent without references.
        package var emi: Value?
        /// What each query adds to EMI, or without references to I(X; Y_theta), which is their mean.
        package var contributions: [Double]
    }

    /// One shift.
    package struct Scenario: Codable, Sendable, Equatable {
        package var set: SampleSet
        /// EMI of the ID set minus that of this set; absent if one of them has no references.
        package var emid: Value?
        /// The number of groups that are in the ID set too, and are compared with themselves.
        package var sharedGroups: Int

        init(set: SampleSet, emid: Value?, sharedGroups: Int) {
            (self.set, self.emid, self.sharedGroups) = (set, emid, sharedGroups)
        }

        package init(from decoder: any Decoder) throws {
            set = try SampleSet(from: decoder)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            emid = try container.decodeIfPresent(Value.self, forKey: .emid)
            sharedGroups = try container.decode(Int.self, forKey: .sharedGroups)
        }

        package func encode(to encoder: any Encoder) throws {
            try set.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(emid, forKey: .emid)
            try container.encode(sharedGroups, forKey: .sharedGroups)
        }

        private enum CodingKeys: String, CodingKey {
            case emid
            case sharedGroups
        }
    }

    /// A value with its error and test.
    package struct Value: Codable, Sendable, Equatable {
        package var value: Double
        package var standardError: Double?
        /// The lower and upper ends.
        package var interval: [Double]?
        /// The two-sided p-value of "0", from Student's t.
        package var pValue: Double?
        /// Benjamini and Hochberg over the shifts.
        package var qValue: Double?
    }

    /// What a log-probability can be of.
    package enum Scale: String, Sendable, CaseIterable {
        case answer
        case token
    }

    /// The report of a run.
    package init(_ result: LogProbabilityResult, scale: Scale, confidence: Double, unit: InformationUnit) {
        settings = Settings(per: scale.rawValue, confidence: confidence, units: unit.rawValue)
        id = SampleSet(result.id, test: result.idTest, unit: unit)
        scenarios = result.shifts.map { shift in
            Scenario(
                set: SampleSet(shift.set, test: shift.test, unit: unit), emid: shift.gap.map { Value($0, unit: unit) },
                sharedGroups: shift.sharedGroupCount)
        }
        notes = Self.notes(of: result, scale)
        findings = []
        assignQValues()
        findings = scenarios.compactMap(finding)
    }
}

extension LogProbabilityReport.Value {
    init(_ found: UncertainValue, unit: InformationUnit) {
        self.init(
            value: unit.value(found.value), standardError: found.standardError.map(unit.value),
            interval: found.interval.map { [unit.value($0.lowerBound), unit.value($0.upperBound)] })
    }

    init(_ found: PairedDifference, unit: InformationUnit) {
        self.init(found.value, unit: unit)
        pValue = found.pValue
    }
}

extension LogProbabilityReport.SampleSet {
    init(_ set: LogProbabilitySet, test: PairedDifference?, unit: InformationUnit) {
        self.init(
            name: set.name, sampleCount: set.itemCount, groupCount: set.groupCount, modelPairs: set.model.negativeCount,
            referencePairs: set.emi?.reference.negativeCount,
            modelMi: LogProbabilityReport.Value(set.model.information, unit: unit),
            referenceMi: set.emi.map { LogProbabilityReport.Value($0.reference.information, unit: unit) },
            emi: test.map { LogProbabilityReport.Value($0, unit: unit) },
            contributions: (set.emi?.contributions ?? set.model.contributions).map(unit.value))
    }
}

extension LogProbabilityReport {
    /// The result of a shift in a sentence; nil without a gap.
    private func finding(_ scenario: Scenario) -> String? {
        guard let emid = scenario.emid else { return nil }
        let evidence = (emid.qValue ?? emid.pValue).map { " (\(Numbers.evidence(scenarios.count > 1 ? "q" : "p", $0)))" } ?? ""
        let size = "\(Numbers.decimal(abs(emid.value))) \(units)\(evidence)"
        let name = scenario.set.name.withoutControls
        if emid.value == 0 { return "\(name): EMI is the same." }
        switch Resolution(emid.value, interval: emid.interval, pValue: emid.pValue, qValue: emid.qValue) {
        case .above: return "\(name): EMI falls by \(size)."
        case .below: return "\(name): EMI rises by \(size)."
        case .open: return "\(name): no change of EMI is resolved: it \(emid.value < 0 ? "rises" : "falls") by \(size)."
        case .unmeasured: return "\(name): EMI \(emid.value < 0 ? "rises" : "falls") by \(size), with no error bar."
        }
    }

    /// Each p-value of EMID after Benjamini and Hochberg over the shifts.
    private mutating func assignQValues() {
        let tested = scenarios.indices.filter { scenarios[$0].emid?.pValue != nil }
        let qValues = benjaminiHochbergQValues(tested.compactMap { scenarios[$0].emid?.pValue })
        for (index, qValue) in zip(tested, qValues) { scenarios[index].emid?.qValue = qValue }
    }

    /// `nats per answer`.
    var units: String { "\(settings.units) per \(settings.per)" }

    private static func notes(of result: LogProbabilityResult, _ scale: Scale) -> [String] {
        let sets = [result.id] + result.shifts.map(\.set)
        var notes = [
            "all numbers are those of the language model that scored the answers: it has to be one for all sets, for responses and for "
                + "references, and I is an upper bound only as far as its p is the distribution of the answers"
        ]
        if scale == .token {
            notes.append("log-probabilities per token are divided by the length of each answer: compare them only with others per token")
        }
        if sets.contains(where: { $0.emi == nil }) {
            notes.append("a set without references has I(X;Yθ) alone: EMI needs ln p of the references given the same queries")
        }
        let unlabelled = sets.filter { !$0.hasLabels }.map(\.name)
        if !result.shifts.isEmpty, !unlabelled.isEmpty {
            notes.append(
                "no array 'id' or 'group' in \(unlabelled.joined(separator: ", ").withoutControls): items count as different from those of "
                    + "other sets, which is conservative if they are the same")
        }
        if sets.contains(where: { $0.groupCount < 3 }) { notes.append("fewer than three groups of items have no standard error") }
        return notes
    }
}
