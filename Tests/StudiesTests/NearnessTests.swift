import Information
import LinearAlgebra
import Statistics
import Testing

@testable import Studies

/// Near rows are one item where re-encoding made them near, and not where much is near by chance.
@Suite struct NearnessTests {
    /// The value with so many significant bits: 11 of float16, 8 of bfloat16.
    private func rounded(_ rows: Matrix, bits: Int) -> Matrix {
        rows.mapElements { value in
            guard value != 0 else { return 0 }
            let scale = Double(sign: .plus, exponent: value.exponent - (bits - 1), significand: 1)
            return (value / scale).rounded(.toNearestOrEven) * scale
        }
    }

    private func set(_ query: Matrix, _ reference: Matrix, groups: [String]? = nil) -> SampleSet {
        SampleSet(
            name: "set", modalities: [Modality(name: "visual", rows: query)], response: reference, reference: reference, groups: groups)
    }

    private func stacked(_ a: Matrix, _ b: Matrix) -> Matrix {
        Matrix(rowCount: a.rowCount + b.rowCount, columnCount: a.columnCount, elements: a.elements + b.elements)
    }

    @Test("Random rows are never one item, however few their columns", arguments: [1, 2, 4, 8, 32])
    func chanceLinksNothing(width: Int) {
        for (count, seeds) in [(90, 8), (600, 2)] + (width <= 2 ? [(5000, 1)] : []) {
            for seed in 0..<seeds {
                var generator = SeededGenerator(seed: UInt64(seed), stream: "nearness \(width) \(count)")
                let (query, narrow) = (generator.normals(count, width), generator.normals(count, width))
                let wide = generator.normals(count, 16)
                for (query, reference) in [(query, wide), (wide, narrow), (query, narrow), (query.rowsNormalized, narrow.rowsNormalized)] {
                    // Of unit rows of one column there are two.
                    if width == 1, query.elements.allSatisfy({ abs($0) == 1 }) { continue }
                    let content = ItemContent(set(query, reference))
                    #expect(content.copyCount == 0, "\(count) rows, seed \(seed)")
                    let other = set(generator.normals(count, query.columnCount), generator.normals(count, reference.columnCount))
                    let isUnit = query.elements.prefix(query.columnCount).reduce(0) { $0 + $1 * $1 } == 1
                    let own = isUnit ? other.normalized : other
                    #expect(content.matches(own, ItemContent(own)).allSatisfy { $0 == nil }, "\(count) rows, seed \(seed)")
                }
            }
        }
    }

    @Test("Rows of a shorter number format are the same items", arguments: [1, 2, 4, 8, 32], [11, 8])
    func copiesAreFound(width: Int, bits: Int) {
        for count in [90, 300] {
            var generator = SeededGenerator(seed: 3, stream: "copies \(width) \(count)")
            let (query, reference) = (generator.normals(count, width), generator.normals(count, 16))
            let (shortQuery, shortReference) = (rounded(query, bits: bits), rounded(reference, bits: bits))
            // Beside each other in two files, by the reference alone: the query is shifted.
            let id = set(query, reference)
            let shifted = set(generator.normals(count, width), shortReference)
            let content = ItemContent(id)
            #expect(content.matches(shifted, ItemContent(shifted)) == (0..<count).map { $0 })
            // Written twice in one file.
            let twice = ItemContent(set(stacked(query, shortQuery), stacked(reference, shortReference)))
            // One column holds many rows that are near to several: a few copies are near to the first of another class.
            #expect(width == 1 ? Double(twice.copyCount) > 0.9 * Double(count) : twice.firstCopies == Array(0..<count) + Array(0..<count))
            #expect(twice.repeatsAreCopies)
            // A lone copy in a large set; in few columns, only as far as chance has none.
            let one = ItemContent(
                set(
                    stacked(query, shortQuery.selectingRows([count / 2])), stacked(reference, shortReference.selectingRows([count / 2]))))
            #expect(one.copyCount == 1)
        }
    }

    @Test("What few columns leave of different questions is near and no copy")
    func bottlenecksLinkNothing() {
        var generator = SeededGenerator(seed: 5, stream: "bottleneck")
        // 40 answers in two columns, three images each, which the columns all but lose.
        let answers = generator.normals(40, 64)
        let ofRow = (0..<120).map { $0 % 40 }
        let reference = answers.selectingRows(ofRow)
        let seen = generator.normals(40, 2).selectingRows(ofRow)
        for noise in [2e-4, 1e-3, 5e-3] {
            let drawn = generator.normals(120, 2)
            let query = Matrix(
                rowCount: 120, columnCount: 2, elements: zip(seen.elements, drawn.elements).map { $0 + noise * $1 })
            let groups = (0..<120).map { "image \($0 / 4)" }
            let sets = set(query, reference, groups: groups)
            #expect(ItemContent(sets).copyCount == 0)
            #expect(Set(ItemPairing(id: sets).set.identifiers ?? []).count == 120)
        }
    }
}
