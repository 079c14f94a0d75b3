import Studies

/// The shift that a name speaks of, whatever stands before it.
struct ScenarioKey: Hashable {
    private let visual: String?
    private let textual: String?

    init(_ name: String) {
        let found = ScenarioName(name)
        (visual, textual) = (found.visualCondition, found.textualCondition)
    }

    /// Whether the name speaks of a shift at all.
    var isKnown: Bool { visual != nil || textual != nil }
}
