import Information
import Statistics

/// A source of data sets for a coverage simulation.
struct CoverageSource: Sendable {
    let name: String
    /// Draws two sets of `rowCount` rows each.
    let draw: @Sendable (_ rowCount: Int, _ design: SimulationDesign, _ generator: inout SeededGenerator) -> CoverageData

    /// Gaussian worlds in which reference and query correlate at 0.75, and response and query at 0.7, or 0.5 in the shifted set. The
    /// answers of unseen rows are expectations, so a third of the rows suffices.
    static func gaussian(width: Int, unseenRows: Int) -> CoverageSource {
        let worlds = (
            GaussianWorld(width: width, reference: 0.75, model: 0.7), GaussianWorld(width: width, reference: 0.75, model: 0.5)
        )
        let unseenCount = max(1, unseenRows / 3)
        return CoverageSource(name: "gaussian") { rowCount, design, generator in
            let pair = gaussianPair(worlds, counts: (rowCount, rowCount), design: design, using: &generator)
            let unseen = [("id", worlds.0), ("ood", worlds.1)].map { name, world in
                (
                    set: world.expectedSet(name, count: unseenCount, using: &generator),
                    labels: (0..<unseenCount).map { "unseen \(name) \($0)" }
                )
            }
            let values = (worlds.0.effectiveMutualInformation, worlds.1.effectiveMutualInformation)
            return CoverageData(
                first: pair.0, second: pair.1, exact: (emi: values.0, gap: values.0 - values.1), unseen: unseen)
        }
    }

    /// Groups of the digits study, drawn without replacement; the truth is measured on other groups of the same population.
    static func digits(clean: DigitsPopulation, shifted: DigitsPopulation, unseenRows: Int) -> CoverageSource {
        CoverageSource(name: "digits, \(shifted.set.name)") { rowCount, design, generator in
            let count = rowCount / design.groupSize
            let (first, second) = (
                generator.permutation(of: clean.groups.count), generator.permutation(of: shifted.groups.count)
            )
            let own = Array(first.prefix(count))
            // If the scenarios hold the same items, these differ from those of the first set, unless the design shares them.
            let taken = Set(own)
            let others = design.sharesItems ? own : Array(second.filter { !taken.contains($0) }.prefix(count))
            let seen = taken.union(others)
            let unseen = first.filter { !seen.contains($0) }.prefix(unseenRows / 3)
            let pair = (
                clean.draw(own, design: design, using: &generator), shifted.draw(others, design: design, using: &generator)
            )
            return CoverageData(
                first: pair.0, second: pair.1, exact: nil, unseen: [clean, shifted].map { $0.unseen(Array(unseen)) })
        }
    }
}
