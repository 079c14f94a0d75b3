import Information
import LinearAlgebra
import Statistics
import Testing

@testable import Studies

@Suite struct ItemPairingTests {
    /// Rows whose references are `answers`, one column.
    private func set(
        _ name: String, _ answers: [Double], ids: [String]? = nil, groups: [String]? = nil
    ) -> SampleSet {
        let rows = Matrix(rowCount: answers.count, columnCount: 1, elements: answers)
        return SampleSet(
            name: name, modalities: [Modality(name: "text", rows: rows.mapElements { $0 + Double(name.count) })], response: rows,
            reference: rows,
            identifiers: ids, groups: groups)
    }

    private func names(_ other: SampleSet, id: SampleSet) -> (own: [String]?, id: [String]?, matched: Int) {
        let items = ItemPairing(other, id: id)
        return (items.set.identifiers, ItemPairing(id: id).set.identifiers, items.matchedCount)
    }

    @Test func referencesNameTheItemsOfSetsWithoutNames() {
        let id = set("id", [1, 2, 3, 4])
        let same = names(set("same", [1, 2, 3, 4]), id: id)
        #expect(same.own == same.id && same.matched == 4)
        let moved = names(set("moved", [3, 1, 2, 9]), id: id)
        #expect(moved.matched == 3 && moved.own?.prefix(3) == [2, 0, 1].compactMap { moved.id?[$0] }[...])
        #expect(moved.own.map { Set($0).count } == 4)
    }

    @Test func equalAnswersAreTheSameItemOnlyInListsThatAgree() {
        let id = set("id", [0, 1, 0, 1])
        let same = names(set("same", [0, 1, 0, 1]), id: id)
        #expect(same.own == same.id && same.matched == 4)
        let other = names(set("other", [1, 1, 0, 0]), id: id)
        #expect(other.matched == 0 && Set(other.own ?? []).isDisjoint(with: other.id ?? []))
    }

    @Test func otherShiftsOfOneListHaveItsNamesWithoutTheIDSet() {
        let id = set("id", [1, 2, 3, 4])
        let shifts = ["a", "b"].map { ItemPairing(set($0, [5, 6, 6, 7]), id: id).set.identifiers }
        #expect(shifts[0] == shifts[1] && Set(shifts[0] ?? []).count == 4)
    }

    @Test func namesOfOneSidePassToTheOther() {
        let id = set("id", [1, 2, 3, 4], ids: ["q1", "q2", "q3", "q4"])
        #expect(names(set("bare", [4, 3, 8, 9]), id: id).own?.prefix(2) == ["q4", "q3"])
        // Half of the references agree: names that never do are other names of the same items.
        let renamed = names(set("renamed", [1, 2, 8, 9], ids: ["f1", "f2", "f3", "f4"]), id: id)
        #expect(renamed.own == ["q1", "q2", "f3", "f4"] && renamed.matched == 2)
        let others = names(set("others", [1, 7, 8, 9], ids: ["f1", "f2", "f3", "f4"]), id: id)
        #expect(others.own == ["f1", "f2", "f3", "f4"] && others.matched == 0)
        // A name in common whose reference is another item's is no name of an item.
        let wrong = names(set("own", [1, 2, 3, 4], ids: ["q4", "f2", "f3", "f1"]), id: id)
        #expect(wrong.own == ["q1", "q2", "q3", "q4"] && wrong.matched == 4)
    }

    @Test func groupsKeepEqualAnswersApart() {
        let id = set("id", [1, 2, 3, 4], groups: ["a", "a", "b", "b"])
        let other = names(set("other", [1, 9, 8, 7], groups: ["a", "c", "c", "d"]), id: id)
        #expect(Set(other.own ?? []).isDisjoint(with: other.id ?? []) && other.matched == 0)
        let same = names(set("same", [1, 2, 3, 4], groups: ["a", "a", "b", "b"]), id: id)
        #expect(same.own == same.id && same.matched == 4)
    }

    @Test func itemsThatAreSharedAreNotJudgedByWhatTheyTaught() throws {
        // Noise in every set, and the same answers in two of them: with names or without, nothing is found.
        var generator = SeededGenerator(seed: 4, stream: "test")
        func noise(_ count: Int, _ width: Int) -> Matrix {
            generator.normals(count, width)
        }
        let queries = noise(60, 4)
        let answers = noise(60, 4)
        func shift(_ name: String, _ queries: Matrix, _ answers: Matrix) -> SampleSet {
            SampleSet(name: name, modalities: [Modality(name: "text", rows: queries)], response: noise(60, 4), reference: answers)
        }
        let id = shift("id", noise(60, 4), noise(60, 4))
        let sets = [ItemPairing(id: id).set] + ["a", "b"].map { ItemPairing(shift($0, queries, answers), id: id).set }
        let estimates = try ClubKernel().estimate(sets)
        #expect(estimates.allSatisfy { abs($0.referenceMutualInformation) < 0.5 })
        #expect(Set(estimates[1].groups) == Set(estimates[2].groups))
    }
}
