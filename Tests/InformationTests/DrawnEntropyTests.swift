import RealModule
import Testing

@testable import Information

@Suite struct DrawnEntropyTests {
    /// Every count of k draws from three outcomes, with its probability.
    private func counts(_ k: Int, _ p: [Double]) -> [(counts: [Int], probability: Double)] {
        func logFactorial(_ n: Int) -> Double { .logGamma(Double(n) + 1) }
        return (0...k).flatMap { a in
            (0...(k - a)).map { b in
                let all = [a, b, k - a - b]
                let log = logFactorial(k) + zip(all, p).reduce(0) { $0 + Double($1.0) * .log($1.1) - logFactorial($1.0) }
                return (all, .exp(log))
            }
        }
    }

    @Test(arguments: [[0.998, 0.001, 0.001], [0.9, 0.09, 0.01], [0.6, 0.3, 0.1], [1.0 / 3, 1.0 / 3, 1.0 / 3]], [60, 100])
    func theValueIsAboveTheEntropyInExpectationAndNearlyAlways(_ p: [Double], _ k: Int) {
        let (entropy, miss) = (Discrete.entropy(p), 0.05)
        var (mean, missed, wasBelowTheLargest) = (0.0, 0.0, false)
        for (counts, probability) in counts(k, p) {
            let value = Discrete.drawnEntropyBound(counts: counts, outcomeCount: 3, miss: miss)
            mean += probability * value
            if value < entropy { missed += probability }
            wasBelowTheLargest = wasBelowTheLargest || value < .log(3)
        }
        #expect(mean >= entropy && missed <= miss && wasBelowTheLargest)
    }

    @Test func oneDrawMovesThePlugInEntropyByNoMoreThanIsTaken() {
        for k in [1, 2, 5, 12] {
            let change = Discrete.entropy([1 / Double(k), 1 - 1 / Double(k)])
            var largest = 0.0
            for (counts, _) in counts(k, [0.5, 0.3, 0.2]) {
                for from in 0..<3 where counts[from] > 0 {
                    for to in 0..<3 {
                        var moved = counts
                        moved[from] -= 1
                        moved[to] += 1
                        func entropy(_ counts: [Int]) -> Double { Discrete.entropy(counts.map { Double($0) / Double(k) }) }
                        largest = max(largest, abs(entropy(moved) - entropy(counts)))
                    }
                }
            }
            #expect(largest <= change + 1e-12 && largest >= change - 1e-12, "\(k)")
        }
    }

    @Test func fewDrawsSayNoMoreThanTheAlphabet() {
        for counts in [[1], [2], [1, 1], [3, 2]] {
            #expect(Discrete.drawnEntropyBound(counts: counts, outcomeCount: 4, miss: 0.05) == .log(4))
        }
        // Many equal draws say more, and the more the closer to 0.
        let values = [200, 2_000, 20_000].map { Discrete.drawnEntropyBound(counts: [$0], outcomeCount: 4, miss: 0.05) }
        #expect(values[0] < .log(4) && values[1] < values[0] && values[2] < values[1] && values[2] > 0)
    }
}
