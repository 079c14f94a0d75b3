import Studies

/// What `emi plan` prints.
package struct PlanReport: Codable, Sendable, Equatable {
    /// The gap to detect, in `units`.
    package var effect: Double
    /// The probability of detecting it.
    package var power: Double
    /// The confidence of the two-sided test.
    package var confidence: Double
    /// `same items` if the pilot's sets share their groups, else `independent`.
    package var design: String
    /// The numbers of groups and rows that each set needs; absent if no realistic number is enough.
    package var groupsNeeded: Int?
    package var rowsNeeded: Int?
    /// The sets from which the variance was estimated.
    package var pilot: [Pilot]
    /// What sets of other sizes would detect.
    package var sizes: [Size]
    /// The estimator's name.
    package var estimator: String
    /// `nats` or `bits`.
    package var units: String
    /// The seed of every random step.
    package var seed: UInt64
    /// What the reader should know, if there is anything.
    package var warnings: [Report.Warning]?

    /// A set of the pilot.
    package struct Pilot: Codable, Sendable, Equatable {
        package var name: String
        package var sampleCount: Int
        package var groupCount: Int
    }

    /// A size of both sets, and the smallest gap that it detects with the requested power.
    package struct Size: Codable, Sendable, Equatable {
        package var groups: Int
        package var rows: Int
        /// The smallest gap that is detected, in `units`.
        package var smallestDetectable: Double
    }

    /// The report of one plan.
    ///
    /// - Parameter effect: the gap to detect, in `unit`.
    package init(_ result: PlanResult, effect: Double, power: Double, settings: StudySettings, unit: InformationUnit) {
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
    package var text: String {
        let names = pilot.map(\.name.withoutControls).joined(separator: " and ")
        let goal =
            "a gap of \(Numbers.decimal(effect)) \(units) at \(Numbers.percent(power)) power and "
            + "\(Numbers.confidence(confidence)) confidence"
        let need =
            if let groupsNeeded, let rowsNeeded {
                "\(goal) needs \(rowsNeeded) rows in \(groupsNeeded) independent groups, in each set"
            } else {
                "\(goal) needs more rows than anybody collects"
            }
        let basis =
            design == "same items"
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
