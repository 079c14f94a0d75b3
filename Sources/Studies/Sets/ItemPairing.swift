import Information
import LinearAlgebra

/// A set whose items have names that mean the same in every set of a run, so that no row is judged by a q that has seen its item
/// under another condition, and standard errors compare items within themselves.
///
/// Ids and groups say so where the files have them and the sets have some in common. Elsewhere a row is known by its reference, the one
/// array that a shift leaves as it is: by its content where no other row of the set has it, by its place in the list of all references
/// otherwise.
struct ItemPairing: Sendable {
    /// The set, every row of which has a name unless groups tell its rows apart.
    let set: SampleSet
    /// Rows that were found in the ID set by their references.
    let matchedCount: Int

    /// The ID set.
    init(id: SampleSet) {
        set = id.namingItems(id.itemNames)
        matchedCount = 0
    }

    /// Another set, beside the ID set as its files have it.
    init(_ other: SampleSet, id: SampleSet) {
        let own = other.itemNames
        guard !other.sharesNames(with: id) else {
            set = other.namingItems(own)
            // Of sets with the same groups, lists of references that agree name all rows alike.
            matchedCount = other.identifiers == nil && id.identifiers == nil && own == id.itemNames ? own.count : 0
            return
        }
        let idNames = Dictionary(
            zip(id.referenceKeys, id.itemNames), uniquingKeysWith: { first, _ in first })
        let matches = other.referenceKeys.map { idNames[$0] }
        let count = matches.count { $0 != nil }
        // Names that never agree may mean other items: a few equal answers prove nothing against them.
        let isBelieved = !(other.isNamed && id.isNamed) || 2 * count >= other.rowCount
        set = other.namingItems(isBelieved ? zip(matches, own).map { $0 ?? $1 } : own)
        matchedCount = isBelieved ? count : 0
    }

    /// What to tell a reader about rows that were matched.
    func warning(id: SampleSet, files other: SampleSet) -> RunWarning? {
        guard matchedCount > 0, 2 * matchedCount >= set.rowCount else { return nil }
        let isWhole = matchedCount == set.rowCount && set.rowCount == id.rowCount
        if isWhole, id.identifiers == nil, other.identifiers == nil {
            return RunWarning(
                .pairedByReference,
                "neither set has ids and their references agree row by row: rows are taken as the same items")
        }
        return RunWarning(
            .pairedByReference,
            "\(matchedCount) of \(set.rowCount) rows have no id in common with the ID set, but the reference of one of its rows: they are "
                + "taken as the same items")
    }
}

extension SampleSet {
    fileprivate var isNamed: Bool { identifiers != nil || groups != nil }

    /// Whether the sets have an id or a group in common.
    fileprivate func sharesNames(with other: SampleSet) -> Bool {
        func overlap(_ names: [String]?, _ others: [String]?) -> Bool {
            guard let names, let others else { return false }
            return !Set(names).isDisjoint(with: others)
        }
        return overlap(identifiers, other.identifiers) || overlap(groups, other.groups)
    }

    /// The names of the items in the set by itself. Where groups tell rows apart, equal answers about different groups stay different
    /// items.
    fileprivate var itemNames: [String] { identifiers ?? (groups == nil ? referenceKeys : listKeys) }

    /// Each row by its reference, where that is the only one of its kind, and by its place in the list of references elsewhere.
    fileprivate var referenceKeys: [String] {
        let references = reference.rowFingerprints
        let counts = Dictionary(references.map { ($0, 1) }, uniquingKeysWith: +)
        return zip(references, listKeys).map { reference, key in counts[reference] == 1 ? "reference \(reference)" : key }
    }

    /// Each row by its place in the list of references.
    private var listKeys: [String] {
        let list = reference.fingerprint
        return (0..<rowCount).map { "references \(list), row \($0)" }
    }

    /// The set with these names of its items.
    fileprivate func namingItems(_ names: [String]) -> SampleSet {
        SampleSet(
            name: name, modalities: modalities, response: response, reference: reference, identifiers: names,
            groups: groups)
    }
}
