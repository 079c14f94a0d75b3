import Information
import LinearAlgebra

/// The rows of a set by what they hold: which of them are one item, and by what an item can be found in another set.
struct ItemContent: Sendable {
    private let reference: Part
    private let modalities: [Part]
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

    /// One array of the set.
    private struct Part: Sendable {
        let rows: Matrix
        let near: NearRows
        let fingerprints: [UInt64]
        /// Rows that are one row by this array alone: near ones, and where these are near by chance only those that are equal in every digit.
        let classes: [Int]
        /// By fingerprint, the class of equal rows; nil where classes are those of near rows.
        private let classOfFingerprint: [UInt64: Int]?

        init(_ rows: Matrix) {
            let near = NearRows(rows)
            let fingerprints = rows.rowFingerprints
            self.rows = rows
            self.near = near
            self.fingerprints = fingerprints
            var first: [Int: UInt64] = [:]
            let nearCount = near.classes.indices.count { row in
                let known = first[near.classes[row]]
                if known == nil { first[near.classes[row]] = fingerprints[row] }
                return known.map { $0 != fingerprints[row] } ?? false
            }
            if NearnessTest(within: [rows]).isCredible(nearCount) {
                classes = near.classes
                classOfFingerprint = nil
            } else {
                classes = classNumbers(fingerprints)
                classOfFingerprint = Dictionary(zip(fingerprints, classes)) { first, _ in first }
            }
        }

        /// The class that a row of the same array of another set belongs to.
        func match(_ row: Int, of other: Part) -> Int? {
            classOfFingerprint.map { $0[other.fingerprints[row]] } ?? near.match(other.rows.row(row))
        }

        func isEqual(_ row: Int, _ other: Int, of part: Part) -> Bool { fingerprints[row] == part.fingerprints[other] }
    }

    init(_ set: SampleSet) {
        let reference = Part(set.reference)
        let modalities = set.modalities.map { Part($0.rows) }
        self.reference = reference
        self.modalities = modalities
        let copies = Self.copies([reference] + modalities, groups: set.groups)
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
        let itemCount = Set(copies).count
        let ownReferenceCount = only(copies) { reference.classes[$0] }.count
        repeatsAreCopies =
            itemCount < set.rowCount && itemCount >= 10 && set.rowCount <= 4 * itemCount
            && 10 * ownReferenceCount >= 9 * Set(reference.classes).count
        let items = repeatsAreCopies ? copies : Array(0..<set.rowCount)
        rowOfReference = only(items) { reference.classes[$0] }
        rowOfPair = modalities.map { part in only(items) { Pair(reference: reference.classes[$0], part: part.classes[$0]) } }
    }

    /// For each row the first that is equal to it in all parts: in every digit, or near where that is more than chance. Rows of different
    /// clusters have to be equal in every digit: what a model makes of two images may well be near, and the set says that they are two.
    private static func copies(_ parts: [Part], groups: [String]?) -> [Int] {
        func firsts(_ classes: [[Int]]) -> [Int] {
            var first: [[Int]: Int] = [:]
            return (classes.first ?? []).indices.map { row in
                let key = classes.map { $0[row] }
                let known = first[key] ?? row
                first[key] = known
                return known
            }
        }
        let equal = firsts(parts.map { classNumbers($0.fingerprints) })
        let near = firsts(parts.map(\.near.classes) + [groups.map(classNumbers)].compactMap { $0 })
        let isCredible = NearnessTest(within: parts.map(\.rows)).isCredible(near.indices.count { near[$0] != equal[$0] })
        var copies: [Int] = []
        for row in equal.indices {
            let known = equal[row] == row && isCredible ? near[row] : equal[row]
            copies.append(known == row ? row : copies[known])
        }
        return copies
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
    func hasReference(_ row: ArraySlice<Double>, of other: Int) -> Bool { NearRows.areNear(row, reference.rows.row(other)) }

    /// For each row of another set the row of this one that is the same item by its reference, or by its reference and a part of the query,
    /// where either names one item in both sets.
    func matches(_ other: SampleSet, _ content: ItemContent) -> [Int?] {
        var found = [Int?](repeating: nil, count: other.rowCount)
        // The reference of each row as this set knows it.
        let references = (0..<other.rowCount).map { reference.match($0, of: content.reference) }
        func take(_ candidates: [(row: Int, match: Int)], _ parts: [(own: Part, other: Part)]) {
            let isDoubtful = candidates.map { pair in !parts.allSatisfy { $0.own.isEqual(pair.match, pair.row, of: $0.other) } }
            let isCredible = NearnessTest(parts.map { ($0.other.rows, $0.own.rows) }).isCredible(isDoubtful.count { $0 })
            for (candidate, isDoubtful) in zip(candidates, isDoubtful) where isCredible || !isDoubtful {
                found[candidate.row] = candidate.match
            }
        }
        take(
            references.enumerated().compactMap { row, known in
                guard content.rowOfReference[content.reference.classes[row]] != nil, let match = known.flatMap({ rowOfReference[$0] })
                else { return nil }
                return (row, match)
            }, [(reference, content.reference)])
        for (index, part) in modalities.enumerated() where index < content.modalities.count {
            let others = content.modalities[index]
            take(
                references.enumerated().compactMap { row, known in
                    guard found[row] == nil, let known else { return nil }
                    let ownPair = Pair(reference: content.reference.classes[row], part: others.classes[row])
                    guard content.rowOfPair[index][ownPair] != nil, let part = part.match(row, of: others),
                        let match = rowOfPair[index][Pair(reference: known, part: part)]
                    else { return nil }
                    return (row, match)
                }, [(reference, content.reference), (part, others)])
        }
        return found
    }
}

/// The class of each row, rows of one key being one; classes are numbered in the order of their first rows.
private func classNumbers<Key: Hashable>(_ keys: [Key]) -> [Int] {
    var classes: [Key: Int] = [:]
    return keys.map { key in
        let known = classes[key] ?? classes.count
        classes[key] = known
        return known
    }
}
