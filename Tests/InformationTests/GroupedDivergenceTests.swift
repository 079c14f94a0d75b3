import LinearAlgebra
import Statistics
import Testing

@testable import Information

/// Divergences of grouped samples without a shift: their mean excess and how often p is at most 0.05.
@Suite struct GroupedDivergenceTests {
    private let width = 16

    /// Rows with correlation `rho` within groups; the effect of a group is the same in every draw from `effects`.
    private func draw(
        _ groups: [String], rho: Double, effects: inout [String: Matrix], _ simulation: inout Simulation
    ) -> Matrix {
        let rows = groups.map { group -> [Double] in
            let effect = effects[group] ?? simulation.normals(1, width)
            effects[group] = effect
            let noise = simulation.normals(1, width)
            return (0..<width).map {
                (rho.squareRoot() * effect[0, $0] + (1 - rho).squareRoot() * noise[0, $0]) / Double($0 + 1).squareRoot()
            }
        }
        return Matrix(rows: rows).rowsNormalized
    }

    private func nullLaw(_ first: [String], _ second: [String], rho: Double) throws -> (excess: Double, small: Int) {
        var (excess, small) = (0.0, 0)
        for trial in 0..<100 {
            var simulation = Simulation(seed: UInt64(trial + 1))
            var effects: [String: Matrix] = [:]
            let x = draw(first, rho: rho, effects: &effects, &simulation)
            let y = draw(second, rho: rho, effects: &effects, &simulation)
            let design = ExchangeDesign(
                firstCount: first.count, secondCount: second.count, firstGroups: first, secondGroups: second)
            let estimate = try JensenShannonDivergence().estimate(
                [x], [y], relabellings: design.lazyRelabellings(count: 39, seed: UInt64(trial)),
                balancedDraws: design.lazyBalancedDraws(count: 39, seed: UInt64(trial)))
            excess += try #require(estimate.excess) / 100
            if try #require(estimate.pValue) < 0.051 { small += 1 }
        }
        return (excess, small)
    }

    private func labels(_ prefix: String, groups: Int, of size: Int) -> [String] {
        (0..<(groups * size)).map { "\(prefix) \($0 / size)" }
    }

    /// Excesses of 0.019, 0.011 and -0.011, with p <= 0.05 in 71, 33 and 1 of 100 trials, were those of units dealt as equals.
    @Test(arguments: [0, 0.5, 0.9]) func groupsAgainstSingleRowsShowNoShift(_ rho: Double) throws {
        let law = try nullLaw(labels("a", groups: 30, of: 3), labels("b", groups: 30, of: 1), rho: rho)
        // The excess has a standard deviation of 0.013 at most: three standard errors of the mean. Binomial(100, 0.05): 13 is 4 sd.
        #expect(abs(law.excess) < 0.004, "\(law.excess)")
        #expect(law.small <= 13, "\(law.small) of 100")
    }

    /// An excess of 0.011 was that of units dealt as equals.
    @Test func asManyRowsInFewerGroupsShowNoShift() throws {
        let law = try nullLaw(labels("a", groups: 30, of: 3), labels("b", groups: 90, of: 1), rho: 0.5)
        #expect(abs(law.excess) < 0.002, "\(law.excess)")
        #expect(law.small <= 13, "\(law.small) of 100")
    }

    /// One image with other questions in either set: -0.073 and p = 1 were those of independent groups.
    @Test(arguments: [3, 2]) func groupsOfBothSamplesShowNoShift(_ size: Int) throws {
        let law = try nullLaw(labels("a", groups: 30, of: 3), labels("a", groups: 30, of: size), rho: 0.9)
        #expect(abs(law.excess) < 0.0005, "\(law.excess)")
        #expect((1...13).contains(law.small), "\(law.small) of 100")
    }

    @Test func theVerySameRepeatedItemsHaveNoDiscrepancy() throws {
        var simulation = Simulation(seed: 3)
        let rows = simulation.normals(40, 8).rowsNormalized
        let names = (0..<40).map { "item \($0 / 4)" }
        for groups in [nil, names] {
            let design = ExchangeDesign(
                firstCount: 40, secondCount: 40, firstGroups: groups, secondGroups: groups, firstIdentifiers: names,
                secondIdentifiers: names)
            let estimate = try JensenShannonDivergence().estimate(
                [rows], [rows], relabellings: design.relabellings(count: 20, seed: 1))
            #expect(estimate.plugIn == 0 && estimate.excess == 0 && estimate.pValue == 1)
        }
    }

    @Test func outputsOfRepeatedItemsMoveByItem() {
        var simulation = Simulation(seed: 4)
        let set = simulation.set("set", rows: 6, width: 2)
        let repeated = SampleSet(
            name: "set", modalities: set.modalities, response: set.response, reference: set.reference,
            identifiers: ["a", "a", "b", "b", "c", "c"])
        #expect(ExchangeDesign(outputsOf: repeated).unitCount == 3)
    }

    /// The second sample is a third of the first, shifted: 0.133 of 0.180 was left with the other two thirds mixed in, 0.151
    /// are those of the pairs alone.
    @Test func aShiftedSubsetIsComparedWithItsOwnItems() throws {
        var sum = 0.0
        for trial in 0..<20 {
            var simulation = Simulation(seed: UInt64(200 + trial))
            let drawn = simulation.normals(90, width)
            func rows(_ count: Int, _ shift: Double) -> Matrix {
                Matrix(rowCount: count, columnCount: width) {
                    (drawn[$0, $1] + ($1 < 4 ? shift : 0)) / Double($1 + 1).squareRoot()
                }.rowsNormalized
            }
            let names = (0..<90).map { "item \($0)" }
            func excess(_ first: Int) throws -> Double {
                let design = ExchangeDesign(
                    firstCount: first, secondCount: 30, firstIdentifiers: Array(names.prefix(first)),
                    secondIdentifiers: Array(names.prefix(30)))
                let estimate = try JensenShannonDivergence().estimate(
                    [rows(first, 0)], [rows(30, 2)], relabellings: design.relabellings(count: 39, seed: UInt64(trial)),
                    balancedDraws: design.balancedDraws(count: 39, seed: UInt64(trial)))
                return try #require(estimate.excess)
            }
            sum += (try excess(90) - excess(30)) / 20
        }
        // Both are means over 39 draws of the same pairs.
        #expect(abs(sum) < 0.003, "\(sum)")
    }
}
