import LinearAlgebra
import Statistics
import Testing

private struct Expected: Decodable {
    let difference, se_paired, se_independent, variance_ratio: Double
}

@Suite(.enabled(if: Golden.exists, "../shared/bottleneck/golden is not here"))
struct PairedGoldenTests {
    @Test func pairedRowsAreTheTwins() throws {
        let (arrays, expected) = (try Golden.arrays("paired"), try Golden.expected("paired", as: Expected.self))
        let (a, b) = (try #require(arrays["model_a"]).elements, try #require(arrays["model_b"]).elements)
        let reference = try #require(arrays["reference"]).elements
        let groups = Golden.labels(try #require(arrays["group"]))
        let names = a.indices.map { "item \($0)" }
        let rows = try PairedRows(
            ContributedRows(identifiers: names, groups: groups, model: a, reference: reference),
            ContributedRows(identifiers: names, groups: groups, model: b, reference: reference))
        let found = PairedDifference(emi: rows, intervals: IntervalMethod())
        #expect(isClose(found.value.value, expected.difference))
        #expect(isClose(try #require(found.value.standardError), expected.se_paired))
        let errors = [a, b].map { model in
            GroupInfluence(contributions: zip(model, reference).map { $0 - $1 }, groups: groups).standardError
        }
        let (first, second) = (try #require(errors[0]), try #require(errors[1]))
        #expect(isClose((first * first + second * second).squareRoot(), expected.se_independent))
        #expect(isClose(try #require(found.varianceRatio(independentErrors: (first, second))), expected.variance_ratio))
    }
}
