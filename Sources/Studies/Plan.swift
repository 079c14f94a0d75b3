import EmbeddingFiles
import Information

/// How many rows it takes to see a gap.
package struct PlanResult: Sendable {
    /// The spread that the pilot shows, and the arithmetic that turns it into group counts.
    package let plan: SamplePlan
    /// The name, rows and groups of each set of the pilot, the ID set first.
    package let pilot: [(name: String, rowCount: Int, groupCount: Int)]
    /// The number of groups that each set needs; nil when it is more than anybody can collect.
    package let groupCount: Int?
    /// The mean number of rows in a group of the pilot.
    package let rowsPerGroup: Double
    /// What a reader of the plan should know.
    package let warnings: [RunWarning]

    /// The number of rows that make up this many groups, at the pilot's rows per group.
    package func rowCount(groupCount: Int) -> Int { Int((Double(groupCount) * rowsPerGroup).rounded(.up)) }
}

extension Study {
    /// Plans a comparison from the ID set alone, or from a pilot that has a shift as well.
    ///
    /// - Parameters:
    ///   - effect: the gap that the comparison should detect, in nats.
    ///   - power: the probability of detecting it.
    /// - Throws: `RunError` for a set whose EMI has no standard error, or an error of the estimator.
    package func plan(effect: Double, power: Double) throws -> PlanResult {
        let shared = try SharedFit(self, settings: settings.ofMainEstimator) { _, _ in }
        var sets = [(shared.id, try shared.estimate(shared.id, at: nil, threadCount: threadCount))]
        for index in shifts.indices.prefix(1) {
            let ood = try shared.shift(index)
            sets.append((ood, try shared.estimate(ood, at: index, threadCount: threadCount)))
        }
        let pilot = sets.map { (name: $0.set.name, rowCount: $0.set.rowCount, groupCount: $1.groupCount) }
        guard
            let plan = SamplePlan(
                sets[0].1, sets.dropFirst().first?.1, groupCounts: (pilot[0].groupCount, pilot.dropFirst().first?.groupCount),
                confidence: settings.confidence)
        else {
            throw RunError(
                code: "no_standard_error",
                message: "\(id.name): expected at least two independent groups of rows, found one: nothing shows how EMI varies",
                hint: "give a set with more groups, or the right --group")
        }
        let (rows, groups) = pilot.reduce((0, 0)) { ($0.0 + $1.rowCount, $0.1 + $1.groupCount) }
        return PlanResult(
            plan: plan, pilot: pilot, groupCount: plan.groupCount(effect: effect, power: power),
            rowsPerGroup: Double(rows) / Double(groups), warnings: sets.flatMap(\.0.warnings))
    }
}
