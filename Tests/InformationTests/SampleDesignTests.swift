import Testing

@testable import Information

@Suite struct SampleDesignTests {
    @Test func everyRelabellingHoldsEveryRowOnce() {
        let design = SampleDesign(
            firstCount: 7, secondCount: 5, firstGroups: ["a", "a", "b", "b", "c", "c", "d"],
            secondGroups: ["x", "x", "y", "y", "z"])
        for relabelling in design.relabellings(count: 50, seed: 1) {
            #expect((relabelling.first + relabelling.second).sorted() == Array(0..<12))
            // Groups stay whole.
            for group in [[0, 1], [2, 3], [4, 5], [7, 8], [9, 10]] {
                #expect(relabelling.first.contains(group[0]) == relabelling.first.contains(group[1]))
            }
        }
    }

    @Test func sharedItemsAreSwappedWithinTheirPairsByGroup() {
        let names = ["p", "q", "r", "s"]
        let groups = ["g", "g", "h", "h"]
        let design = SampleDesign(
            firstCount: 4, secondCount: 4, firstGroups: groups, secondGroups: ["h", "h", "g", "g"],
            firstIdentifiers: names, secondIdentifiers: ["s", "r", "q", "p"])
        #expect(design.pairedCount == 4 && design.unitCount == 2)
        for relabelling in design.relabellings(count: 30, seed: 2) {
            // p is row 0 and row 7; q row 1 and row 6; they move together.
            #expect(relabelling.first.contains(0) != relabelling.first.contains(7))
            #expect(relabelling.first.contains(0) == relabelling.first.contains(1))
            #expect(relabelling.first.contains(7) == relabelling.first.contains(6))
        }
        #expect(Set(design.relabellings(count: 30, seed: 2).map(\.first)).count == 4)
    }

    @Test func partlySharedItemsKeepTheirPartners() {
        let design = SampleDesign(
            firstCount: 3, secondCount: 2, firstIdentifiers: ["a", "b", "c"], secondIdentifiers: ["b", "z"])
        #expect(design.pairedCount == 1)
        for relabelling in design.relabellings(count: 20, seed: 3) {
            #expect(relabelling.first.contains(1) != relabelling.first.contains(3))
            #expect(relabelling.first.count == 3 && relabelling.second.count == 2)
        }
    }

    @Test func balancedDrawsTakeAsManyUnitsFromEither() {
        let design = SampleDesign(
            firstCount: 6, secondCount: 3, firstGroups: ["a", "a", "b", "b", "c", "c"],
            firstIdentifiers: nil, secondIdentifiers: nil)
        // Three groups against three single rows: as many units, nothing to balance.
        #expect(design.balancedDraws(count: 3, seed: 1).isEmpty)
        let uneven = SampleDesign(firstCount: 9, secondCount: 4)
        let draws = uneven.balancedDraws(count: 10, seed: 1)
        #expect(draws.count == 10)
        for draw in draws {
            #expect(draw.drawn.first.count == 4 && draw.drawn.first.allSatisfy { $0 < 9 })
            #expect(draw.drawn.second == [9, 10, 11, 12])
            #expect((draw.drawn.first + draw.drawn.second).sorted() == (draw.relabelled.first + draw.relabelled.second).sorted())
        }
    }

    @Test func theSameSeedGivesTheSameRelabellings() {
        let design = SampleDesign(firstCount: 10, secondCount: 10)
        #expect(design.relabellings(count: 5, seed: 4) == design.relabellings(count: 5, seed: 4))
        #expect(design.relabellings(count: 5, seed: 4) != design.relabellings(count: 5, seed: 5))
    }
}
