import Information

/// A set of a batch as it was read, and with items and groups that mean the same in every set.
struct BatchSet: Sendable {
    let loaded: LoadedSet
    let items: ItemPairing

    /// The rows with their names.
    var set: SampleSet { items.set }

    /// The ID set.
    init(id: LoadedSet) {
        loaded = id
        items = ItemPairing(id: id.set)
    }

    /// A scenario beside the ID set.
    init(_ scenario: LoadedSet, id: LoadedSet) {
        loaded = scenario
        items = ItemPairing(scenario.set, id: id.set)
    }
}
