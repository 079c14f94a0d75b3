import EmbeddingFiles
import Information

/// How many rows it takes to see a gap.
package struct PlanResult: Sendable {
    /// Where the numbers come from.
    package let plan: SamplePlan
    /// The name, rows and groups of each set of the pilot, the ID set first.
    package let pilot: [(name: String, rowCount: Int, groupCount: Int)]
    /// Groups that each set needs; nil for more than anybody can collect.
    package let groupCount: Int?
    /// Rows in a group of the pilot.
    package let rowsPerGroup: Double
    /// What a reader should know.
    package let warnings: [RunWarning]

    /// Rows that make up as many groups.
    package func rowCount(groupCount: Int) -> Int { Int((Double(groupCount) * rowsPerGroup).rounded(.up)) }
}

/// Plans a comparison from one set, or from a pilot of two.
///
/// - Parameters:
///   - effect: the gap to find, in nats.
///   - power: the probability of finding it.
/// - Throws: `RunError` for a set without a standard error, or an error of the estimator.
package func runPlan(
    id: LoadedSet, ood: LoadedSet?, effect: Double, power: Double, settings: StudySettings, savedFit: CrossFit? = nil,
    threadCount: Int
) throws -> PlanResult {
    let all = [ItemPairing(id: id.set).set] + [ood].compactMap { $0.map { ItemPairing($0.set, id: id.set).set } }
    let (estimates, _) = try estimate(all, settings.makeEstimator(), settings, savedFit, threadCount)
    let pilot = zip(all, estimates).map { (name: $0.name, rowCount: $0.rowCount, groupCount: $1.groupCount) }
    guard
        let plan = SamplePlan(
            estimates[0], estimates.dropFirst().first, groupCounts: (pilot[0].groupCount, pilot.dropFirst().first?.groupCount),
            confidence: settings.confidence)
    else {
        throw RunError(
            code: "no_standard_error",
            message: "\(id.set.name): expected at least two independent groups of rows, found one: nothing shows how EMI varies",
            hint: "give a set with more groups, or the right --group")
    }
    let (rows, groups) = pilot.reduce((0, 0)) { ($0.0 + $1.rowCount, $0.1 + $1.groupCount) }
    return PlanResult(
        plan: plan, pilot: pilot, groupCount: plan.groupCount(effect: effect, power: power),
        rowsPerGroup: Double(rows) / Double(groups), warnings: id.warnings + (ood?.warnings ?? []))
}
