import LinearAlgebra
import Statistics
import Testing

@testable import Information

@Suite struct MaximumMeanDiscrepancyTests {
    /// The definition, pair by pair.
    private func definition(_ x: Matrix, _ y: Matrix, _ kernel: Kernel) -> Double {
        func mean(_ a: Matrix, _ b: Matrix, same: Bool) -> Double {
            let values = kernel.matrix(a, b)
            var (sum, count) = (0.0, 0.0)
            for i in 0..<a.rowCount {
                for j in 0..<b.rowCount where !same || i != j {
                    sum += values[i, j]
                    count += 1
                }
            }
            return sum / count
        }
        return mean(x, x, same: true) + mean(y, y, same: true) - 2 * mean(x, y, same: false)
    }

    @Test(arguments: [Kernel.linear, .cosine, .rbf(bandwidth: 2), .laplacian(bandwidth: 3)], [(20, 13, 40), (20, 13, 3)])
    func theValueIsItsDefinition(_ kernel: Kernel, _ size: (Int, Int, Int)) throws {
        var simulation = Simulation(seed: 4)
        let (x, y) = (simulation.normals(size.0, size.2), simulation.normals(size.1, size.2).mapElements { $0 + 0.3 })
        let found = try JensenShannonDivergence(kernel: kernel).estimate([x], [y]).meanDiscrepancy
        #expect(abs(found.value - definition(x, y, kernel)) < 1e-12)
        #expect(found.pValue == nil)
    }

    @Test func thePValueCountsRelabelledValues() throws {
        var simulation = Simulation(seed: 9)
        let (x, y) = (simulation.normals(12, 5), simulation.normals(15, 5).mapElements { $0 + 0.4 })
        let relabellings = ExchangeDesign(firstCount: 12, secondCount: 15).relabellings(count: 300, seed: 2)
        let found = try JensenShannonDivergence().estimate([x], [y], relabellings: relabellings, threadCount: 2).meanDiscrepancy
        let all = x.stacked(on: y)
        let null = relabellings.map { definition(all.selectingRows($0.first), all.selectingRows($0.second), .linear) }
        #expect(found.pValue == permutationPValue(observed: definition(x, y, .linear), null: null))
    }

    /// Two draws of one distribution in groups, and a shifted one: single rows in one sample against groups of three in the other.
    @Test func groupsAreExchangedAsOne() throws {
        var simulation = Simulation(seed: 10)
        var small = 0
        for trial in 0..<60 {
            let centers = simulation.normals(20, 4)
            let x = Matrix(rowCount: 60, columnCount: 4) { centers[$0 / 3, $1] }.adding(simulation.normals(60, 4).mapElements { $0 / 4 })
            let y = simulation.normals(20, 4).adding(simulation.normals(20, 4).mapElements { $0 / 4 })
            let design = ExchangeDesign(firstCount: 60, secondCount: 20, firstGroups: (0..<60).map { "\($0 / 3)" })
            let found = try JensenShannonDivergence().estimate(
                [x], [y], relabellings: design.relabellings(count: 39, seed: UInt64(trial)))
            if try #require(found.meanDiscrepancy.pValue) <= 0.25 { small += 1 }
        }
        // 15 on average; 5 and 26 are three deviations away.
        #expect(small > 4 && small < 27)
    }

    @Test func oneRowASideIsNoSample() throws {
        let x = Matrix(rows: [[1, 0]])
        #expect(try JensenShannonDivergence().estimate([x], [x]).meanDiscrepancy.value == 0)
    }
}
