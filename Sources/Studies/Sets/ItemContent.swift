import Information
import LinearAlgebra

/// Recognises the rows of a set by their content: which rows are one item, and how an item can be found in another set.
struct ItemContent: Sendable {
    private let reference: Part
    private let modalities: [Part]
    /// For each row the first row that has the same query and reference.
    let firstCopies: [Int]
    /// Whether repeats are copies of rows rather than a few questions asked again and again: most references belong to one query, there are
    /// ten items or more, and at most four rows of each.
    ///
    /// A closed set of questions and answers is a condition of the study, all of which q may see. Rows that were written twice are not.
    let repeatsAreCopies: Bool
    /// The row of each reference that belongs to only one item.
    private let rowOfReference: [Int: Int]
    /// For each modality, the row of each pair of a reference and this part of the query that belongs to only one item.
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
        /// The class of each row by this array alone. A class holds rows that are near each other; if much is near by chance, only rows
        /// that are equal in every digit.
        let classes: [Int]
        /// The class of equal rows by their fingerprint; nil when classes hold near rows.
        private let classOfFingerprint: [UInt64: Int]?

        init(_ rows: Matrix, fingerprints: [UInt64]) {
            let near = NearRows(rows)
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

        /// The class to which a row of the same array in another set belongs; nil for none.
        func match(_ row: Int, of other: Part) -> Int? {
            classOfFingerprint.map { $0[other.fingerprints[row]] } ?? near.match(other.rows.row(row))
        }

        func isEqual(_ row: Int, _ other: Int, of part: Part) -> Bool { fingerprints[row] == part.fingerprints[other] }
    }

    init(_ set: SampleSet) {
        let reference = Part(set.reference, fingerprints: set.referenceFingerprints)
        let modalities = set.modalities.map { Part($0.rows, fingerprints: $0.fingerprints) }
        self.reference = reference
        self.modalities = modalities
        let copies = Self.copies([reference] + modalities, groups: set.groups)
        // An item has one query and one reference. A reference, or a part of the query, that several items share identifies none of them.
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

    /// For each row the first row that equals it in all parts: in every digit, or nearly if that cannot be chance. Rows of different groups
    /// have to be equal in every digit: embeddings of two images may well be near, and the set says that the images are two.
    private static func copies(_ parts: [Part], groups: [String]?) -> [Int] {
        func firsts(_ classes: [[Int]]) -> [Int] {
            // Classes of two parts, of these and the third, and so on.
            let joined = classes.dropFirst().reduce(classes.first ?? []) { known, part in
                classNumbers(zip(known, part).map { Pair(reference: $0, part: $1) })
            }
            var first: [Int: Int] = [:]
            return joined.indices.map { row in
                let known = first[joined[row]] ?? row
                first[joined[row]] = known
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

    /// The rows that repeat an earlier row in every array, as when an export ran twice or a file was joined to itself. Empty when repeats
    /// are a condition of the study; rows with the same id are not copies but samples of one item.
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

    /// For each row of another set the row of this set that is the same item. They match by their reference, or by their reference and a
    /// part of the query, if that identifies one item in both sets.
    func matches(_ other: SampleSet, _ content: ItemContent) -> [Int?] {
        var found = [Int?](repeating: nil, count: other.rowCount)
        // The class in this set to which each row's reference belongs.
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

/// The class of each row: rows with the same key are in one class. Classes are numbered in the order of their first rows.
private func classNumbers<Key: Hashable>(_ keys: [Key]) -> [Int] {
    var classes: [Key: Int] = [:]
    return keys.map { key in
        let known = classes[key] ?? classes.count
        classes[key] = known
        return known
    }
}
