import Testing

@testable import Information

@Suite struct UnionFindTests {
    @Test func setsAreThoseOfTheMerges() {
        var sets = UnionFind(count: 7)
        for (left, right) in [(5, 1), (2, 4), (4, 1), (6, 6)] { sets.merge(left, right) }
        #expect(sets.sets() == [[0], [1, 2, 4, 5], [3], [6]])
        var none = UnionFind(count: 0)
        #expect(none.sets().isEmpty)
    }

    @Test func aLongChainIsOneSet() {
        var sets = UnionFind(count: 10_000)
        for element in 1..<10_000 { sets.merge(element - 1, element) }
        #expect(sets.sets() == [Array(0..<10_000)])
    }
}
