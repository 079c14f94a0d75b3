import EmbeddingFiles
import Information
import LinearAlgebra

/// A set whose items have names that mean the same in every set of a run. This keeps a q that has seen an item under another condition
/// from judging it, and lets standard errors compare each item with itself.
///
/// Three things say which rows are one item, the strongest first:
/// 1. What rows hold: a reference, or a reference with a part of the query, that only one item has in each set, to the precision of
///    float16 (`ItemContent`).
/// 2. Ids and groups, unless references contradict them: two files that both count from 0 share ids, but no items.
/// 3. The place in the list of references, if the lists agree as a whole.
struct ItemPairing: Sendable {
    /// The set with these names.
    var set: SampleSet
    /// The number of rows that were found in the ID set by their content and not by an id.
    let matchedCount: Int
    /// The number of rows that repeat the query and the reference of another row and so are the same item.
    let copyCount: Int
    /// The number of rows whose id belongs to another reference in the ID set.
    let contradictedCount: Int
    /// The number of rows with an id that the ID set also has.
    let sharedIdentifierCount: Int

    /// What the rows of the ID set hold; nil for other sets, which nobody looks for.
    private let content: ItemContent?

    /// The ID set.
    init(id: SampleSet) { self.init(id: id, ItemContent(id)) }

    /// The ID set, given what its rows hold.
    init(id: SampleSet, _ content: ItemContent) {
        self.content = content
        let names = content.namingCopies(id.itemNames(content))
        set = id.namingItems(names)
        copyCount = content.repeatsAreCopies ? content.copyCount : 0
        (matchedCount, contradictedCount, sharedIdentifierCount) = (0, 0, 0)
    }

    /// Names the items of another set, given the ID set as its files have it.
    init(_ other: SampleSet, id: SampleSet) { self.init(other, id: ItemPairing(id: id), files: id) }

    /// Names the items of another set, given the ID set as its files have it and as it was named.
    init(_ other: SampleSet, id named: ItemPairing, files id: SampleSet) {
        self.init(other, ItemContent(other), id: named, files: id)
    }

    /// The same, given what the rows of the other set hold.
    init(_ other: SampleSet, _ content: ItemContent, id named: ItemPairing, files id: SampleSet) {
        self.content = nil
        copyCount = content.repeatsAreCopies ? content.copyCount : 0
        let own = other.itemNames(content)
        let idContent = named.content ?? ItemContent(id)
        let idNames = named.set.identifiers ?? id.itemNames(idContent)

        let agreement = Agreement(other, id, idContent, content)
        contradictedCount = agreement.isContradicted ? agreement.contradicted : 0
        sharedIdentifierCount = agreement.shared
        if !agreement.isBelieved, overlap(other.groups, id.groups) {
            // If the sets have the same groups and their lists of references agree, all rows get the names of the ID set.
            let agrees = other.groups == id.groups && agreement.listsAgree
            let names = agrees ? idNames : other.namesOfItsOwn(own, agreement)
            set = other.namingItems(content.namingCopies(names))
            matchedCount = agrees && other.identifiers == nil && id.identifiers == nil ? names.count : 0
            return
        }
        if agreement.listsAgree, !agreement.isBelieved, agreement.matches.allSatisfy({ $0 == nil }) {
            // References repeat, but come in the same order in both sets: it is the same list of items.
            set = other.namingItems(content.namingCopies(idNames))
            matchedCount = other.rowCount
            return
        }
        let count = agreement.matches.count { $0 != nil }
        // Names that never agree may well belong to other items; a few equal answers do not prove the contrary.
        let isNamed = other.isNamed && id.isNamed
        let contentCounts = agreement.isBelieved || !isNamed || agreement.isContradicted || 2 * count >= other.rowCount
        var matched = 0
        let rest = agreement.isBelieved ? own : other.namesOfItsOwn(own, agreement)
        let names = rest.indices.map { row -> String in
            guard contentCounts, let match = agreement.matches[row] else { return rest[row] }
            if agreement.isBelieved, agreement.identifierAgrees[row] { return rest[row] }
            matched += 1
            return idNames[match]
        }
        set = other.namingItems(content.namingCopies(names))
        matchedCount = matched
    }

    /// The note that tells a reader which rows were matched, and how.
    func warning(id: SampleSet, files other: SampleSet) -> RunWarning? {
        var words: [String] = []
        if contradictedCount > 0 {
            words.append(
                "\(contradictedCount) of \(sharedIdentifierCount) ids in common with the ID set have other references there: ids were not taken "
                    + "as those of items")
        }
        if matchedCount > 0, contradictedCount > 0 || 2 * matchedCount >= set.rowCount || copyCount > 0 {
            let isWhole = matchedCount == set.rowCount && set.rowCount == id.rowCount
            words.append(
                isWhole && id.identifiers == nil && other.identifiers == nil
                    ? "neither set has ids and their references agree row by row: rows are taken as the same items"
                    : "\(matchedCount) of \(set.rowCount) rows have no id in common with the ID set, but the reference of one of its rows: they "
                        + "are taken as the same items")
        }
        return words.isEmpty ? nil : RunWarning(.pairedByReference, words.joined(separator: "; "))
    }
}

/// How far the ids and the contents of two sets agree.
private struct Agreement {
    /// For each row the row of the ID set with the same content; nil for none.
    let matches: [Int?]
    /// For each row whether the ID set has the same id with the same reference.
    let identifierAgrees: [Bool]
    /// The number of rows with an id that the ID set also has.
    let shared: Int
    /// The number of those rows whose references differ.
    let contradicted: Int
    /// Whether both lists of references are the same, row by row.
    let listsAgree: Bool
    /// Whether common ids are believed to mean common items.
    let isBelieved: Bool
    /// Whether common ids are shown not to mean common items.
    let isContradicted: Bool

    init(_ other: SampleSet, _ id: SampleSet, _ idContent: ItemContent, _ content: ItemContent) {
        let matches = idContent.matches(other, content)
        var agrees = [Bool](repeating: false, count: other.rowCount)
        var shared = 0
        var agreeing = 0
        var refuted = 0
        if let names = other.identifiers, let idNames = id.identifiers {
            let rows = Dictionary(grouping: idNames.indices) { idNames[$0] }
            for (row, name) in names.enumerated() {
                guard let candidates = rows[name] else { continue }
                shared += 1
                agrees[row] = candidates.contains { idContent.hasReference(other.reference.row(row), of: $0) }
                if agrees[row] { agreeing += 1 }
                if !agrees[row], matches[row] != nil { refuted += 1 }
            }
        }
        self.matches = matches
        identifierAgrees = agrees
        self.shared = shared
        contradicted = shared - agreeing
        listsAgree =
            other.rowCount == id.rowCount
            && (0..<other.rowCount).allSatisfy { idContent.hasReference(other.reference.row($0), of: $0) }
        // Real names are believed until references refute them; mere counters need references that confirm them.
        let hasWitness = 2 * agreeing >= shared || !(other.identifiers ?? []).areCounters && refuted == 0
        isBelieved = shared > 0 && hasWitness
        isContradicted = shared > 0 && !hasWitness
    }
}

private func overlap(_ names: [String]?, _ others: [String]?) -> Bool {
    guard let names, let others else { return false }
    return !Set(names).isDisjoint(with: others)
}

extension ItemContent {
    /// The names after each copy has taken the name of the first row that it repeats.
    fileprivate func namingCopies(_ names: [String]) -> [String] {
        repeatsAreCopies ? firstCopies.map { names[$0] } : names
    }
}

extension SampleSet {
    fileprivate var isNamed: Bool { identifiers != nil || groups != nil }

    /// The names of the items as the set alone gives them. If groups tell rows apart, equal answers about different groups stay different
    /// items.
    fileprivate func itemNames(_ content: ItemContent) -> [String] { identifiers ?? (groups == nil ? referenceKeys : listKeys) }

    /// The names, made unique to this set if its ids are shown not to be names of items.
    fileprivate func namesOfItsOwn(_ names: [String], _ agreement: Agreement) -> [String] {
        agreement.isContradicted ? names.map { "\(name)\u{1F}\($0)" } : names
    }

    /// A key for each row: its reference if no other row has it, else its place in the list of references.
    private var referenceKeys: [String] {
        let references = referenceFingerprints
        let counts = Dictionary(references.map { ($0, 1) }, uniquingKeysWith: +)
        return zip(references, listKeys).map { reference, key in counts[reference] == 1 ? "reference \(reference)" : key }
    }

    /// A key for each row: its place in the list of references.
    private var listKeys: [String] {
        let list = reference.fingerprint
        return (0..<rowCount).map { "references \(list), row \($0)" }
    }
}
