import LinearAlgebra
import RealModule
import Testing

@testable import Information

@Suite struct NeighbourTests {
    /// The definition, one pair at a time.
    private func oracle(_ x: Matrix, _ y: Matrix, k: Int) -> [(joint: Int, x: Int, y: Int)] {
        func distance(_ rows: Matrix, _ i: Int, _ j: Int) -> Double {
            zip(rows.row(i), rows.row(j)).reduce(0) { max($0, abs($1.0 - $1.1)) }
        }
        return (0..<x.rowCount).map { i in
            let others = (0..<x.rowCount).filter { $0 != i }
            let pairs = others.map { (x: distance(x, i, $0), y: distance(y, i, $0)) }
            let radius = pairs.map { max($0.x, $0.y) }.sorted()[k - 1]
            func isNear(_ distance: Double) -> Bool { radius > 0 ? distance < radius : distance == 0 }
            return (
                radius > 0 ? k : pairs.count { $0.x == 0 && $0.y == 0 }, pairs.count { isNear($0.x) }, pairs.count { isNear($0.y) }
            )
        }
    }

    /// Few columns take the tree, many the panels; 127 to 129 rows end within a panel of eight, on its end and behind it.
    @Test(arguments: [(1, 1, 127), (3, 2, 128), (1, 9, 129), (6, 5, 127), (13, 12, 128), (2, 9, 129)])
    func countsAreThoseOfTheDefinition(_ dx: Int, _ dy: Int, _ n: Int) {
        var simulation = Simulation(seed: UInt64(dx * 100 + dy))
        let x = simulation.normals(n, dx)
        let y = simulation.normals(n, dy)
        for k in [1, 5] {
            let counts = NeighbourCounts(x, y, k: k, threadCount: 2)
            let expected = oracle(x, y, k: k)
            #expect(counts.joint == expected.map(\.joint) && counts.x == expected.map(\.x) && counts.y == expected.map(\.y))
        }
    }

    /// Values that repeat, so that distances are equal or zero, and columns of very different sizes.
    @Test(arguments: [1, 6]) func tiesAreCountedAsTheDefinitionSays(_ width: Int) {
        var simulation = Simulation(seed: 7)
        let rounded = simulation.normals(150, width).mapElements { ($0 * 2).rounded() }
        let other = simulation.normals(150, width).mapElements { $0.rounded() * 1_000 }
        for k in [1, 4] {
            let counts = NeighbourCounts(rounded, other, k: k, threadCount: 1)
            let expected = oracle(rounded, other, k: k)
            #expect(counts.joint == expected.map(\.joint) && counts.x == expected.map(\.x) && counts.y == expected.map(\.y))
        }
    }

    /// From benchmark-mi's KSGEnsembleFirstEstimator(neighborhoods=(k,), standardize=True, metric_x="chebyshev") and scikit-learn's
    /// mutual_info_regression on the same rows.
    @Test func valuesAreThoseOfOthers() throws {
        func rows(_ width: Int, _ phase: Double) -> Matrix {
            Matrix(rowCount: 200, columnCount: width) { i, j in .sin(Double(i) * (1.7 + Double(j)) + phase) + 0.01 * Double(i % 7) }
        }
        let cases: [(x: Matrix, y: Matrix, k: Int, value: Double)] = [
            (rows(1, 0), rows(1, 0.5), 3, 1.981348418626384), (rows(2, 0), rows(3, 0.5), 5, 1.0570057562598159),
            (rows(7, 0), rows(6, 0.5), 5, 2.317634534507537),
        ]
        for (x, y, k, value) in cases {
            let contributions = try KraskovInformation(neighbourCount: k).contributions(x, y)
            #expect(abs(contributions.mean - value) < 1e-9, "\(contributions.mean), expected \(value)")
        }
    }

    @Test func discreteRowsHaveTheirPlugInValue() throws {
        // Two fair coins that agree with probability 3/4.
        let pairs = (0..<800).map { ($0 % 2 == 0, $0 % 8 < 6 ? $0 % 2 == 0 : $0 % 2 != 0) }
        func column(_ side: (Bool, Bool) -> Bool) -> Matrix {
            Matrix(rowCount: 800, columnCount: 1, elements: pairs.map { side($0.0, $0.1) ? 1 : 0 })
        }
        let truth = Double.log(2) - Discrete.entropy([0.75, 0.25])
        let value = try KraskovInformation().contributions(column { first, _ in first }, column { _, second in second }).mean
        #expect(abs(value - truth) < 0.01)
    }

    @Test func tooManyNeighboursAreRefused() throws {
        var simulation = Simulation(seed: 3)
        let set = simulation.set("short", rows: 10)
        #expect(throws: EstimationError.tooFewRows(estimator: "ksg with 10 neighbours", set: "short", needed: 11, found: 10)) {
            try KraskovInformation(neighbourCount: 10).estimate([set])
        }
    }
}
