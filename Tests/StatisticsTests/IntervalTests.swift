import Testing

@testable import Statistics

@Suite struct IntervalTests {
    private func influence(_ seed: UInt64, groups: Int, skewed: Bool = false) -> (mean: Double, influence: GroupInfluence) {
        var simulation = SeededGenerator(seed: seed, stream: "simulation")
        let values = (0..<groups).map { _ in
            let z = simulation.normal()
            return skewed ? z * z : z
        }
        return (
            values.reduce(0, +) / Double(groups), GroupInfluence(contributions: values, groups: (0..<groups).map(String.init))
        )
    }

    @Test func manyNormalGroupsHaveStudentsInterval() throws {
        let (mean, influence) = influence(1, groups: 2_000)
        let student = try #require(UncertainValue(value: mean, influence: influence).interval)
        let bootstrap = try #require(
            UncertainValue(value: mean, influence: influence, intervals: IntervalMethod(resamples: 4_000)).interval)
        let error = try #require(influence.standardError)
        #expect(abs(student.lowerBound - bootstrap.lowerBound) < 0.15 * error)
        #expect(abs(student.upperBound - bootstrap.upperBound) < 0.15 * error)
    }

    /// Means of 20 squared normals: Student's interval misses the truth (1) above more often than below; the studentised bootstrap
    /// reaches further up.
    @Test func skewedGroupsReachFurtherOnTheirLongSide() throws {
        var (student, bootstrap) = (0, 0)
        for trial in 0..<300 {
            let (mean, influence) = influence(UInt64(trial), groups: 20, skewed: true)
            let method = IntervalMethod(resamples: 400, seed: UInt64(trial))
            if try #require(UncertainValue(value: mean, influence: influence).interval).contains(1) { student += 1 }
            if try #require(UncertainValue(value: mean, influence: influence, intervals: method).interval).contains(1) {
                bootstrap += 1
            }
        }
        #expect(student < 282 && bootstrap > student && bootstrap >= 273, "of 300: Student \(student), bootstrap \(bootstrap)")
    }

    @Test func aSeedGivesOneInterval() {
        let (mean, influence) = influence(3, groups: 30)
        func interval(_ seed: UInt64) -> ClosedRange<Double>? {
            UncertainValue(value: mean, influence: influence, intervals: IntervalMethod(resamples: 300, seed: seed)).interval
        }
        #expect(interval(1) == interval(1) && interval(1) != interval(2))
    }

    @Test func noVariationHasNoBootstrap() {
        let influence = GroupInfluence(byGroup: ["a": 0, "b": 0, "c": 0])
        let value = UncertainValue(value: 2, influence: influence, intervals: IntervalMethod(resamples: 500))
        #expect(value.interval == 2...2 && value.detectableSize == 0)
    }

    /// 64 groups of unit variance: the normal theory says 2.80 / 8.
    @Test func theDetectableEffectIsFoundAsOftenAsItSays() {
        let size = detectableEffect(standardError: 1.0 / 8, degreesOfFreedom: 63)
        #expect(abs(size - (1.998341 + 0.847416) / 8) < 1e-5)
        let hits = (0..<2_000).count { trial in
            let (mean, influence) = influence(UInt64(10_000 + trial), groups: 64)
            return UncertainValue(value: mean + size, influence: influence).interval.map { !$0.contains(0) } ?? false
        }
        #expect(abs(Double(hits) / 2_000 - 0.8) < 0.03)
    }
}
