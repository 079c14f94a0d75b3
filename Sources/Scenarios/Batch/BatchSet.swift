import Information

/// A set of a batch as it was read, and with items and groups that mean the same in every set.
struct BatchSet: Sendable {
    let loaded: LoadedSet
    let set: SampleSet
    let isPairedByReference: Bool

    /// The ID set: rows without ids are named, so that other sets can hold the same items.
    init(id: LoadedSet) {
        loaded = id
        set = id.set.identifiers == nil ? id.set.namingItems((0..<id.set.rowCount).map { "row \($0)" }) : id.set
        isPairedByReference = false
    }

    /// A scenario: rows without ids are those of the ID set where the references agree, and its own elsewhere.
    init(_ scenario: LoadedSet, id: LoadedSet) {
        loaded = scenario
        let paired = scenario.set.pairedByReference(with: id.set)
        isPairedByReference = paired != nil
        let named = paired ?? scenario.set
        let isAnonymous = named.identifiers == nil && named.groups == nil
        set = isAnonymous ? named.grouped(by: (0..<named.rowCount).map { "\(named.name), row \($0)" }) : named
    }
}
