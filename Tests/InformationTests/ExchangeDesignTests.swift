import Testing

@testable import Information

@Suite struct ExchangeDesignTests {
    @Test func everyRelabellingHoldsEveryRowOnce() {
        let design = ExchangeDesign(
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
        let design = ExchangeDesign(
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
        let design = ExchangeDesign(
            firstCount: 3, secondCount: 2, firstIdentifiers: ["a", "b", "c"], secondIdentifiers: ["b", "z"])
        #expect(design.pairedCount == 1)
        for relabelling in design.relabellings(count: 20, seed: 3) {
            #expect(relabelling.first.contains(1) != relabelling.first.contains(3))
            #expect(relabelling.first.count == 3 && relabelling.second.count == 2)
        }
    }

    @Test func balancedDrawsTakeAsManyUnitsFromEither() {
        #expect(ExchangeDesign(firstCount: 4, secondCount: 4).balancedDraws(count: 3, seed: 1).isEmpty)
        let uneven = ExchangeDesign(firstCount: 9, secondCount: 4)
        let draws = uneven.balancedDraws(count: 10, seed: 1)
        #expect(draws.count == 10)
        for draw in draws {
            #expect(draw.drawn.first.count == 4 && draw.drawn.first.allSatisfy { $0 < 9 })
            #expect(draw.drawn.second == [9, 10, 11, 12])
            #expect((draw.drawn.first + draw.drawn.second).sorted() == (draw.relabelled.first + draw.relabelled.second).sorted())
        }
    }

    @Test func itemsThatOneSampleAloneHoldsAreNotDrawn() {
        // The second sample is a subset of the first: only the pairs can move.
        let design = ExchangeDesign(
            firstCount: 5, secondCount: 2, firstIdentifiers: ["a", "b", "c", "d", "e"], secondIdentifiers: ["d", "b"])
        let draws = design.balancedDraws(count: 20, seed: 1)
        #expect(draws.count == 20)
        for draw in draws {
            #expect(draw.drawn == RowSplit(first: [1, 3], second: [5, 6]))
            #expect(draw.relabelled.first.contains(1) != draw.relabelled.first.contains(6))
        }
    }

    @Test func unitsOfDifferentSizesAreDealtOnThinnings() {
        // Three groups of two rows against three single rows.
        let design = ExchangeDesign(firstCount: 6, secondCount: 3, firstGroups: ["a", "a", "b", "b", "c", "c"])
        #expect(design.balancedDraws(count: 3, seed: 1).isEmpty)
        for relabelling in design.relabellings(count: 30, seed: 1) {
            #expect(relabelling.dealt.count == ExchangeDesign.thinningCount)
            #expect(relabelling.drawn.count == ExchangeDesign.thinningCount)
            for (dealt, drawn) in zip(relabelling.dealt, relabelling.drawn) {
                #expect(drawn.first.map { $0 / 2 } == [0, 1, 2] && drawn.second == [6, 7, 8])
                #expect(dealt.first.count == 3 && (dealt.first + dealt.second).sorted() == drawn.first + drawn.second)
            }
            // The same groups go to the same side in every thinning.
            #expect(Set(relabelling.dealt.map { Set($0.first.map { $0 < 6 ? $0 / 2 : $0 }) }).count == 1)
        }
        #expect(Set(design.relabelling(index: 0, seed: 1).drawn.map(\.first)).count > 1)
    }

    @Test func moreUnitsOnOneSideAreDealtOnOneThinning() {
        let design = ExchangeDesign(firstCount: 3, secondCount: 8, secondGroups: ["a", "a", "b", "b", "c", "c", "d", "d"])
        for relabelling in design.relabellings(count: 10, seed: 1) {
            #expect(relabelling.dealt.count == 1 && relabelling.first.count == 3 && relabelling.second.count == 4)
        }
        for draw in design.balancedDraws(count: 10, seed: 1) {
            #expect(draw.drawn.first == [0, 1, 2] && draw.drawn.second.count == 3 && draw.relabelled.first.count == 3)
        }
    }

    @Test func unitsOfTheSameSizesKeepTheirRowsAndMoveAmongTheirLike() {
        // Groups of one and of two rows on both sides, in different orders.
        let design = ExchangeDesign(
            firstCount: 3, secondCount: 3, firstGroups: ["a", "b", "b"], secondGroups: ["x", "x", "y"])
        let relabellings = design.relabellings(count: 40, seed: 1)
        for relabelling in relabellings {
            #expect(relabelling.drawn.isEmpty)
            #expect((relabelling.first + relabelling.second).sorted() == Array(0..<6))
            #expect(relabelling.first.count == 3)
            #expect(relabelling.first.contains(0) != relabelling.first.contains(5))
            #expect(relabelling.first.contains(1) != relabelling.first.contains(3))
        }
        #expect(Set(relabellings.map(\.first)).count == 4)
    }

    @Test(arguments: [([1, 2, 2, 2], [1, 2, 2]), ([2, 1, 1, 1], [1, 2, 1]), ([3, 3], [3, 3, 3, 3, 3])])
    func oneUnitMoreCostsNoRows(_ first: [Int], _ second: [Int]) {
        func labels(_ sizes: [Int]) -> [String] { sizes.enumerated().flatMap { [String](repeating: "\($0)", count: $1) } }
        let design = ExchangeDesign(
            firstCount: labels(first).count, secondCount: labels(second).count, firstGroups: labels(first),
            secondGroups: labels(second).map { "other \($0)" })
        #expect(design.relabelling(index: 0, seed: 1).drawn.isEmpty)
    }

    @Test func groupsOfBothSamplesAreSwappedWithoutCommonItems() {
        let design = ExchangeDesign(
            firstCount: 4, secondCount: 3, firstGroups: ["g", "g", "h", "h"], secondGroups: ["h", "g", "h"])
        #expect(design.unitCount == 2 && design.pairedCount == 0)
        for relabelling in design.relabellings(count: 30, seed: 1) {
            for (dealt, drawn) in zip(relabelling.dealt, relabelling.drawn) {
                // Two rows of h on both sides, one of the two of g against the single one.
                #expect(drawn.first.count == 3 && drawn.second == [4, 5, 6])
                #expect(dealt.first.count == 3 && dealt.first.contains(2) == dealt.first.contains(3))
                #expect(dealt.first.contains(2) != dealt.first.contains(4))
                #expect(dealt.first.contains(4) == dealt.first.contains(6))
                #expect(dealt.first.contains(5) != dealt.first.contains { $0 < 2 })
            }
        }
    }

    @Test func aGroupWithPairedAndOtherRowsIsOneUnit() {
        // Item p is in both samples; the rest of its group, and the group that it has in the second sample, go with it.
        let design = ExchangeDesign(
            firstCount: 3, secondCount: 3, firstGroups: ["g", "g", "h"], secondGroups: ["u", "u", "v"],
            firstIdentifiers: ["p", "q", "r"], secondIdentifiers: ["p", "s", "t"])
        #expect(design.unitCount == 3 && design.pairedCount == 1)
        for relabelling in design.relabellings(count: 30, seed: 1) {
            #expect(relabelling.first.contains(0) == relabelling.first.contains(1))
            #expect(relabelling.first.contains(0) != relabelling.first.contains(3))
            #expect(relabelling.first.contains(3) == relabelling.first.contains(4))
        }
    }

    @Test func thePairsOfAGroupStayWhenItIsThinned() {
        let groups = [String](repeating: "g", count: 4)
        let design = ExchangeDesign(
            firstCount: 4, secondCount: 2, firstGroups: groups, secondGroups: ["g", "g"],
            firstIdentifiers: ["a", "b", "c", "d"], secondIdentifiers: ["c", "b"])
        #expect(design.relabelling(index: 0, seed: 1).drawn.allSatisfy { $0 == RowSplit(first: [1, 2], second: [4, 5]) })
    }

    @Test func repeatedItemsMoveTogether() {
        let names = ["a", "b", "a", "c"]
        let design = ExchangeDesign(firstCount: 4, secondCount: 4, firstIdentifiers: names, secondIdentifiers: names)
        #expect(design.unitCount == 3 && design.pairedCount == 4)
        for relabelling in design.relabellings(count: 30, seed: 1) {
            #expect(relabelling.first.contains(0) == relabelling.first.contains(2))
            #expect(relabelling.first.contains(0) != relabelling.first.contains(4))
            #expect(relabelling.first.contains(4) == relabelling.first.contains(6))
        }
    }

    @Test func aGroupAndAnItemOfOneNameAreDifferent() {
        let design = ExchangeDesign(
            firstCount: 2, secondCount: 2, firstGroups: ["a", "b"], secondIdentifiers: ["a", "b"])
        #expect(design.unitCount == 4 && design.pairedCount == 0)
    }

    @Test func itemsInTwoGroupsMakeThemOneUnit() {
        // Item p stands in both groups of the first sample: their rows vary together.
        let design = ExchangeDesign(
            firstCount: 4, secondCount: 1, firstGroups: ["g", "g", "h", "h"], firstIdentifiers: ["p", "q", "p", "r"],
            secondIdentifiers: ["z"])
        #expect(design.unitCount == 2)
    }

    /// Standard errors know rows of sets without names by their content; they are exchanged as they are counted.
    @Test func itemsKnownByTheirContentChangePlaces() {
        var simulation = Simulation(seed: 21)
        let id = simulation.set("id", rows: 6, width: 3)
        let drawn = simulation.set("ood", rows: 6, width: 3)
        // The same questions and references to other images, three rows of six.
        let part = SampleSet(
            name: "ood", modalities: [drawn.modalities[0], id.modalities[1]], response: drawn.response,
            reference: id.reference
        ).selectingRows([4, 0, 2])
        let design = ExchangeDesign(id, part)
        #expect(design.unitCount == 6)
        for relabelling in design.relabellings(count: 20, seed: 1) {
            for (own, other) in [(4, 6), (0, 7), (2, 8)] {
                #expect(relabelling.first.contains(own) != relabelling.first.contains(other))
            }
        }
        // Two anonymous sets of one name have no rows in common.
        let twins = (simulation.set("set", rows: 3, width: 2), simulation.set("set", rows: 3, width: 2))
        #expect(ExchangeDesign(twins.0, twins.1).unitCount == 6)
    }

    @Test func oneRelabellingIsThatOfItsIndex() {
        let thinned = ExchangeDesign(firstCount: 4, secondCount: 2, firstGroups: ["a", "a", "b", "b"])
        for design in [ExchangeDesign(firstCount: 5, secondCount: 7), thinned] {
            let all = design.relabellings(count: 6, seed: 3)
            #expect(Array(design.lazyRelabellings(count: 6, seed: 3)) == all)
            #expect(all.indices.allSatisfy { design.relabelling(index: $0, seed: 3) == all[$0] })
        }
        // Made when they are asked for: this many at once would not fit into memory.
        let many = ExchangeDesign(firstCount: 50, secondCount: 50).lazyRelabellings(count: 1_000_000_000, seed: 0)
        #expect(many[7].first.count == 50)
    }

    @Test func theSameSeedGivesTheSameRelabellings() {
        let design = ExchangeDesign(firstCount: 10, secondCount: 10)
        #expect(design.relabellings(count: 5, seed: 4) == design.relabellings(count: 5, seed: 4))
        #expect(design.relabellings(count: 5, seed: 4) != design.relabellings(count: 5, seed: 5))
    }
}
