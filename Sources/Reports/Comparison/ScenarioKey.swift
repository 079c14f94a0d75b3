import Studies

/// The shift that a name denotes, whatever prefix the name has.
struct ScenarioKey: Hashable {
    private let visual: String?
    private let textual: String?

    init(_ name: String) {
        let found = ScenarioName(name)
        (visual, textual) = (found.visualCondition, found.textualCondition)
    }

    /// Whether the name denotes a shift at all.
    var isKnown: Bool { visual != nil || textual != nil }
}
