import Scenarios

/// What `emi plan` prints.
public struct PlanReport: Codable, Sendable, Equatable {
    /// The gap to find.
    public var effect: Double
    /// The probability of finding it.
    public var power: Double
    public var confidence: Double
    /// `same items` where the pilot's sets share their groups, else `independent`.
    public var design: String
    /// In each set; absent where no number of rows that anybody collects is enough.
    public var groupsNeeded: Int?
    public var rowsNeeded: Int?
    /// The sets that the variance comes from.
    public var pilot: [Pilot]
    /// What other sizes would find.
    public var sizes: [Size]
    public var estimator: String
    public var units: String
    public var seed: UInt64
    /// What a reader should know, where there is something.
    public var warnings: [Report.Warning]?

    /// A set of the pilot.
    public struct Pilot: Codable, Sendable, Equatable {
        public var name: String
        public var sampleCount: Int
        public var groupCount: Int
    }

    /// A size of both sets, and the smallest gap that it finds with the power asked for.
    public struct Size: Codable, Sendable, Equatable {
        public var groups: Int
        public var rows: Int
        public var smallestDetectable: Double
    }

    /// The report of one plan.
    ///
    /// - Parameter effect: in `unit`.
    public init(_ result: PlanResult, effect: Double, power: Double, settings: RunSettings, unit: InformationUnit) {
        self.effect = effect
        self.power = power
        confidence = settings.confidence
        design = result.plan.isPaired ? "same items" : "independent"
        groupsNeeded = result.groupCount
        rowsNeeded = result.groupCount.map(result.rowCount)
        pilot = result.pilot.map { Pilot(name: $0.name, sampleCount: $0.rowCount, groupCount: $0.groupCount) }
        let own = result.pilot[0].groupCount
        sizes = [own, 2 * own, 4 * own, 10 * own, 100 * own].map { groups in
            Size(
                groups: groups, rows: result.rowCount(groupCount: groups),
                smallestDetectable: unit.value(result.plan.detectableGap(groupCount: groups, power: power)))
        }
        estimator = settings.estimator
        units = unit.rawValue
        seed = settings.seed
        warnings = result.warnings.isEmpty ? nil : result.warnings.map(Report.Warning.init)
    }

    /// A sentence, and a table of sizes.
    public var text: String {
        let names = pilot.map(\.name.withoutControls).joined(separator: " and ")
        let goal = "a gap of \(Numbers.decimal(effect)) \(units) at \(Numbers.percent(power)) power and "
            + "\(Numbers.confidence(confidence)) confidence"
        let need =
            if let groupsNeeded, let rowsNeeded {
                "\(goal) needs \(rowsNeeded) rows in \(groupsNeeded) independent groups, in each set"
            } else {
                "\(goal) needs more rows than anybody collects"
            }
        let basis = design == "same items"
            ? "both sets hold the same items, as \(names) do"
            : pilot.count > 1
                ? "sets of different items that vary as \(names) do"
                : "both sets vary as \(names) does and hold different items; a pilot of the shift (--ood) tells more"
        let table = TextTable(
            header: ["rows a set", "groups a set", "smallest gap found"],
            rows: sizes.map { ["\($0.rows)", "\($0.groups)", Numbers.decimal($0.smallestDetectable)] })
        return need.prefix(1).uppercased() + need.dropFirst() + " (\(estimator)).\n\n" + table.plain + "\nTaken for granted: \(basis); "
            + "q stays as good as it is (more rows sharpen it, which raises EMI and its variation).\n"
    }
}
