import EmbeddingFiles
import Foundation
import Information
import LinearAlgebra
import Statistics
import Testing

@testable import Studies

/// What is one item is one, whatever ids say and however often it was written (cases 01, 03, 04, 06 and their kind).
@Suite struct ItemIdentityTests {
    private var settings: StudySettings {
        var settings = StudySettings()
        settings.permutations = 0
        return settings
    }

    /// Queries, references that follow them, and answers that follow those to a degree.
    private func table(
        _ name: String, _ count: Int = 80, seed: UInt64 = 3, degree: Double = 0.9, ids: [String]? = nil,
        reference change: (Matrix) -> Matrix = { $0 }, rows: [Int]? = nil
    ) -> SampleTable {
        var generator = SeededGenerator(seed: seed, stream: "items")
        let queries = generator.normals(count, 12)
        let references = queries.adding(generator.normals(count, 12), scaled: 0.5)
        let answers = references.adding(generator.normals(count, 12), scaled: (1 - degree) * 3)
        let chosen = rows ?? Array(0..<count)
        func column(_ name: String, _ rows: Matrix) -> Column {
            Column(name: name, values: .vectors(rows.selectingRows(chosen)), file: "\(name).npz", key: name)
        }
        return SampleTable(
            name: name, modalities: [column("visual", queries)], response: column("response", answers),
            reference: column("reference", change(references)), identifiers: ids)
    }

    private func analysed(_ tables: [SampleTable]) throws -> Analysed {
        try analyse(tables.map { StudySet(table: $0) }, settings: settings)
    }

    private func float16(_ rows: Matrix) -> Matrix {
        // 11 significant bits, as rounding to float16 leaves them.
        rows.mapElements { value in
            guard value != 0 else { return 0 }
            let scale = Double(sign: .plus, exponent: value.exponent - 10, significand: 1)
            return (value / scale).rounded(.toNearestOrEven) * scale
        }
    }

    @Test func referencesOfAnotherPrecisionAreTheSameItems() throws {
        let id = table("id")
        let exact = try analysed([id, table("ood", degree: 0.7)])
        var generator = SeededGenerator(seed: 8, stream: "noise")
        for change in [float16, { rows in rows.adding(generator.normals(rows.rowCount, 12), scaled: 3e-7) }] {
            let noisy = try analysed([id, table("ood", degree: 0.7, reference: change)])
            let (a, b) = (try #require(exact.shift).emid.value, try #require(noisy.shift).emid.value)
            #expect(abs(a - b) < 0.01 * abs(a))
            #expect(noisy.shift?.warnings.contains { $0.code == .pairedByReference } == true)
        }
    }

    @Test func idsThatCountFromOneAreNoIdentityBesideThoseFromZero() throws {
        let ids = (0..<80).map { "\($0)" }
        let zero = try analysed([table("id", ids: ids), table("ood", degree: 0.7, ids: ids)])
        for offset in [1, 30] {
            let other = try analysed([table("id", ids: ids), table("ood", degree: 0.7, ids: (0..<80).map { "\($0 + offset)" })])
            let (a, b) = (try #require(zero.shift), try #require(other.shift))
            #expect(abs(a.emid.value - b.emid.value) < 0.1 * abs(a.emid.value))
            #expect(b.ood.referenceMutualInformation < 1000)
            let note = b.warnings.first { $0.code == .pairedByReference }?.message ?? ""
            #expect(note.contains("\(80 - offset) of \(80 - offset) ids in common with the ID set have other references"))
        }
        #expect(zero.shift?.warnings.contains { $0.code == .pairedByReference } == false)
    }

    @Test func twoTasksThatBothCountHaveNoItemsInCommon() throws {
        let ids = (0..<80).map { "\($0)" }
        let sets = try load([StudySet(table: table("id", ids: ids)), StudySet(table: table("other", seed: 9, ids: ids))])
        #expect(Set(sets[0].set.identifiers ?? []).isDisjoint(with: sets[1].set.identifiers ?? []))
        // Names that say more than a place are believed: translated references of one benchmark.
        let names = ids.map { "coco_\($0)" }
        let named = try load([StudySet(table: table("id", ids: names)), StudySet(table: table("other", seed: 9, ids: names))])
        #expect(named[0].set.identifiers == named[1].set.identifiers)
    }

    @Test func rowsWrittenTwiceAreOneItem() throws {
        // Up to 64 groups are each left out by themselves, so that names cannot change who shares a fold.
        let once = try analysed([table("once", 60)])
        let rows = Array(0..<60)
        for (ids, chosen) in [(nil, rows + rows), ((0..<120).map { "\($0)" }, rows + rows), (nil, rows + Array(0..<12))]
            as [([String]?, [Int])]
        {
            let twice = try analysed([table("twice", 60, ids: ids, rows: chosen)])
            #expect(abs(twice.id.referenceMutualInformation - once.id.referenceMutualInformation) < 1e-9)
            #expect(abs(twice.id.emi.value - once.id.emi.value) < 1e-9)
            #expect(twice.id.groupCount == 60 && twice.id.sampleCount == 60)
            #expect(twice.id.warnings.contains { $0.code == .duplicateRows })
        }
        // Rows of one id are samples of one item: they stay, as one group.
        let names = rows.map { "a\($0)" }
        let samples = try analysed([table("samples", 60, ids: names + names, rows: rows + rows)])
        #expect(samples.id.groupCount == 60 && samples.id.sampleCount == 120)
        #expect(samples.id.referenceMutualInformation < 2 * once.id.referenceMutualInformation)
    }

    @Test func aDoubledScenarioLeavesTheOthersAsTheyAre() throws {
        let rows = Array(0..<80)
        let shifts = [table("s0", degree: 0.88), table("s1", degree: 0.7)]
        func results(_ shifts: [SampleTable]) throws -> [Double] {
            let study = Study(
                id: StudySet(table: table("id")), shifts: shifts.map { StudySet(table: $0) }, settings: settings, threadCount: 2)
            let prepared = try study.prepared()
            return [prepared.id.emi.value] + (try (0..<2).map { try prepared.result(of: $0).get().ood.emi.value })
        }
        let without = try results(shifts)
        let with = try results(shifts + [table("doubled", degree: 0.8, rows: rows + rows)])
        for (a, b) in zip(without, with) { #expect(abs(a - b) < max(0.1 * abs(a), 0.05)) }
    }

    @Test func aClosedSetOfQuestionsIsNoSetOfCopies() {
        // Four questions with one answer each, asked again and again: q may see all of them.
        var generator = SeededGenerator(seed: 2, stream: "closed")
        let questions = generator.normals(4, 6)
        let rows = questions.selectingRows((0..<60).map { $0 % 4 })
        let set = SampleSet(name: "closed", modalities: [Modality(name: "text", rows: rows)], response: rows, reference: rows)
        #expect(ItemPairing(id: set).copyCount == 0)
        #expect(Set(ItemPairing(id: set).set.identifiers ?? []).count == 60)
    }

    @Test func rowsThatAreNearAreFoundAndOthersAreNot() {
        // The quick search against a comparison of all pairs.
        var generator = SeededGenerator(seed: 5, stream: "near")
        for (width, isUnit) in [(1, false), (2, false), (5, false), (64, false), (5, true), (64, true)] {
            let drawn = generator.normals(200, width)
            let rows = isUnit ? drawn.rowsNormalized : drawn
            let moved = rows.adding(generator.normals(200, width), scaled: 2e-4)
            let near = NearRows(rows)
            for row in 0..<200 {
                let nearest = (0..<200).filter { other in
                    let distance = zip(moved.row(row), rows.row(other)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                    func norm(_ row: ArraySlice<Double>) -> Double { row.reduce(0) { $0 + $1 * $1 }.squareRoot() }
                    return distance <= NearRows.tolerance * max(norm(moved.row(row)), norm(rows.row(other)))
                }
                let found = near.match(moved.row(row))
                #expect((found == nil) == nearest.isEmpty || width <= 2)
                if let found, width > 2 { #expect(nearest.contains { near.classes[$0] == found }) }
            }
        }
        // Rows of length 1, as encoders give them, whose length differs in the last digits.
        let unit = generator.normals(500, 16).rowsNormalized
        let again = unit.adding(generator.normals(500, 16), scaled: 3e-8)
        let near = NearRows(unit)
        #expect((0..<500).allSatisfy { near.match(again.row($0)) == near.classes[$0] })
        let zeros = NearRows(Matrix(rows: [[0, 0], [0, 0], [1, 0], [-1, 0], [2, 0]]))
        #expect(zeros.classes == [0, 0, 1, 2, 3])
        #expect(zeros.match([1]) == nil && zeros.match([1, 1e-5][...]) == 1)
    }
}

extension Matrix {
    fileprivate func adding(_ other: Matrix, scaled factor: Double) -> Matrix {
        Matrix(rowCount: rowCount, columnCount: columnCount, elements: zip(elements, other.elements).map { $0 + factor * $1 })
    }
}
