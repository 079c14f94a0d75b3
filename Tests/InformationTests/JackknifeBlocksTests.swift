import LinearAlgebra
import Testing

@testable import Information

@Suite struct JackknifeBlocksTests {
    private func groups(_ range: Range<Int>, prefix: String = "group") -> [String] { range.map { "\(prefix) \($0)" } }

    /// The groups behind each block of a set.
    private func content(_ blocks: JackknifeBlocks, _ labels: [String]) -> [String: Set<String>] {
        Dictionary(uniqueKeysWithValues: blocks.rows(of: labels).map { ($0.label, Set($0.rows.map { labels[$0] })) })
    }

    @Test func fewGroupsAreTheirOwnBlocks() {
        let labels = groups(0..<50) + groups(0..<50)
        let rows = JackknifeBlocks(labels: [labels]).rows(of: labels)
        #expect(rows.count == 50 && rows.allSatisfy { block in block.rows.allSatisfy { labels[$0] == block.label } })
    }

    /// First appearance decided: the same groups in another order were other blocks under other labels.
    @Test func theSameGroupsAreTheSameBlocksInEverySet() {
        let first = groups(0..<120)
        let second = Array(first.reversed())
        let subset = Array(groups(30..<90).reversed())
        let blocks = JackknifeBlocks(labels: [first, second, subset])
        #expect(content(blocks, first) == content(blocks, second))
        #expect(blocks.rows(of: first).count == 40)
        let all = content(blocks, first)
        for (label, members) in content(blocks, subset) {
            #expect(all[label].map { $0.intersection(subset) } == members)
        }
    }

    @Test func setsWithoutCommonGroupsHaveEnoughBlocksEach() {
        let sets = (0..<30).map { groups(0..<90, prefix: "set \($0)") }
        let blocks = JackknifeBlocks(labels: sets)
        for labels in sets { #expect(blocks.rows(of: labels).count == 45) }
    }

    @Test func fewOfManyGroupsStayApart() {
        let blocks = JackknifeBlocks(labels: [groups(0..<900), groups(100..<130), groups(7..<9)])
        #expect(blocks.rows(of: groups(0..<900)).count == 50)
        #expect(blocks.rows(of: groups(100..<130)).count > 15)
        #expect(blocks.rows(of: groups(7..<9)).count == 2)
    }

    @Test func aSetInsideOneBlockIsCutIntoItsGroups() throws {
        let all = groups(0..<900)
        let blocks = JackknifeBlocks(labels: [all])
        let inside = try #require(content(blocks, all).values.first).sorted()
        #expect(inside.count > 1 && blocks.rows(of: inside).count == inside.count)
    }

    /// The pairing of shared groups survives merging: the standard error of a gap does not depend on the order of the rows.
    @Test func theErrorOfAGapDoesNotDependOnTheOrderOfRows() throws {
        var simulation = Simulation(seed: 12)
        let drawn = simulation.set("id", rows: 120, width: 2, mix: 0.5)
        let set = SampleSet(
            name: "id", modalities: drawn.modalities, response: drawn.response, reference: drawn.reference,
            identifiers: groups(0..<120))
        let shifted = SampleSet(
            name: "ood", modalities: drawn.modalities,
            response: drawn.response.combining(simulation.normals(120, 2)) { $0 + 0.1 * $1 }, reference: drawn.reference,
            identifiers: groups(0..<120))
        let estimator = GaussianInformation()
        func standardError(_ ood: SampleSet) throws -> Double {
            let estimates = try estimator.estimate([set, ood])
            let gap = try estimator.gap(
                set, ood, estimates: (estimates[0], estimates[1]), relabellings: [Relabelling]())
            return try #require(gap.gap.standardError)
        }
        let reversed = shifted.selectingRows(Array((0..<120).reversed()))
        let (own, other) = (try standardError(shifted), try standardError(reversed))
        #expect(abs(own - other) < 1e-9 * own, "\(own), \(other)")
    }
}
