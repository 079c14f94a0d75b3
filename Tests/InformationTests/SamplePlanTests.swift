import Statistics
import Testing

@testable import Information

@Suite struct SamplePlanTests {
    @Test func aPlanIsTheSmallestNumberOfGroups() throws {
        let estimate = { (scale: Double, labels: [String]) in
            let influence = GroupInfluence(
                byGroup: Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0 % 2 == 0 ? scale : -scale) }))
            let zero = GroupInfluence(byGroup: Dictionary(uniqueKeysWithValues: labels.map { ($0, 0) }))
            let parts = InformationParts(model: 1, reference: 0)
            return EMIEstimate(parts, modelInfluence: influence, referenceInfluence: zero, groups: labels) { _ in parts }
        }
        let id = estimate(0.1, (0..<20).map { "a\($0)" })
        let alone = try #require(SamplePlan(id, nil, groupCounts: (20, nil)))
        let error = try #require(id.influence.standardError)
        #expect(abs(alone.variancePerGroup - 2 * error * error * 20) < 1e-12 && !alone.isPaired)
        let count = try #require(alone.groupCount(effect: 0.3))
        #expect(alone.detectableGap(groupCount: count) <= 0.3 && alone.detectableGap(groupCount: count - 1) > 0.3)
        let paired = try #require(SamplePlan(id, estimate(0.1, (0..<20).map { "a\($0)" }), groupCounts: (20, 20)))
        #expect(paired.isPaired && paired.variancePerGroup == 0 && paired.groupCount(effect: 0.3) == 2)
        #expect(SamplePlan(estimate(0.1, ["a"]), nil, groupCounts: (1, nil)) == nil)
        #expect(alone.groupCount(effect: 1e-9) == nil)
    }
}
