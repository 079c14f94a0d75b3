import Information
import LinearAlgebra

/// The rows of a set by what they hold: which of them are one item, and by what an item can be found in another set.
struct ItemContent: Sendable {
    private let references: NearRows
    private let modalities: [NearRows]
    /// For each row the first that has its query and its reference.
    let firstCopies: [Int]
    /// Whether repeats are copies of rows rather than a few questions asked again and again: most references belong to one query, there are
    /// ten items or more, and four rows of each at most.
    ///
    /// A closed set of questions and answers is a condition of the study: q may see all of it. Rows that were written twice are not.
    let repeatsAreCopies: Bool
    /// The row of each reference that only one item has.
    private let rowOfReference: [Int: Int]
    /// By modality, the row of each reference together with this part of the query, where only one item has both.
    private let rowOfPair: [[Pair: Int]]

    private struct Pair: Hashable {
        let reference: Int
        let part: Int
    }

    init(_ set: SampleSet) {
        let references = NearRows(set.reference)
        let modalities = set.modalities.map { NearRows($0.rows) }
        self.references = references
        self.modalities = modalities
        var firstOf: [[Int]: Int] = [:]
        var copies: [Int] = []
        for row in 0..<set.rowCount {
            let key = [references.classes[row]] + modalities.map { $0.classes[row] }
            let first = firstOf[key] ?? row
            firstOf[key] = first
            copies.append(first)
        }
        // An item is what has one query and one reference. A reference or a part of the query that several items have names none.
        func only<Key: Hashable>(_ items: [Int], _ key: (Int) -> Key) -> [Key: Int] {
            var rows: [Key: Int?] = [:]
            for row in 0..<set.rowCount {
                let key = key(row)
                if let known = rows[key] {
                    if known != items[row] { rows[key] = .some(nil) }
                } else {
                    rows[key] = items[row]
                }
            }
            return rows.compactMapValues { $0 }
        }
        firstCopies = copies
        let itemCount = firstOf.count
        let ownReferenceCount = only(copies) { references.classes[$0] }.count
        repeatsAreCopies =
            itemCount < set.rowCount && itemCount >= 10 && set.rowCount <= 4 * itemCount
            && 10 * ownReferenceCount >= 9 * references.classCount
        let items = repeatsAreCopies ? copies : Array(0..<set.rowCount)
        rowOfReference = only(items) { references.classes[$0] }
        rowOfPair = modalities.map { part in only(items) { Pair(reference: references.classes[$0], part: part.classes[$0]) } }
    }

    /// Rows that repeat an earlier one in every array, as an export that ran twice or a file that was joined to itself writes them; empty
    /// where repeats are a condition of the study, and for rows that the set calls by one id: those are samples of one item.
    func copies(in set: SampleSet) -> [Int] {
        guard repeatsAreCopies else { return [] }
        let responses = NearRows(set.response).classes
        var first: [[Int]: Int] = [:]
        return (0..<set.rowCount).filter { row in
            let key = [firstCopies[row], responses[row]]
            guard let known = first[key] else {
                first[key] = row
                return false
            }
            let isSample = set.identifiers.map { $0[known] == $0[row] } ?? false
            let isOtherCluster = set.groups.map { $0[known] != $0[row] } ?? false
            return !isSample && !isOtherCluster
        }
    }

    /// The number of rows that repeat the query and the reference of an earlier one.
    var copyCount: Int { firstCopies.enumerated().count { $0.offset != $0.element } }

    /// Whether row `row` of another set has the reference of row `other` of this one.
    func hasReference(_ row: ArraySlice<Double>, of other: Int) -> Bool { references.match(row) == references.classes[other] }

    /// For each row of another set the row of this one that is the same item by its reference, or by its reference and a part of the query,
    /// where either names one item in both sets.
    func matches(_ other: SampleSet, _ content: ItemContent) -> [Int?] {
        (0..<other.rowCount).map { row in
            guard let reference = references.match(other.reference.row(row)) else { return nil }
            let own = content.references.classes[row]
            if content.rowOfReference[own] != nil, let found = rowOfReference[reference] { return found }
            for (index, part) in modalities.enumerated() where index < content.modalities.count {
                let ownPair = Pair(reference: own, part: content.modalities[index].classes[row])
                guard content.rowOfPair[index][ownPair] != nil, let known = part.match(other.modalities[index].rows.row(row)),
                    let found = rowOfPair[index][Pair(reference: reference, part: known)]
                else { continue }
                return found
            }
            return nil
        }
    }
}
