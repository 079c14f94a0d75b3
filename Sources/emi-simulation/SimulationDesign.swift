import ArgumentParser

/// How the rows of two simulated sets depend on each other.
enum SimulationDesign: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// Every row is independent.
    case rows
    /// Groups of three rows, like questions on one image; the sets share no group.
    case groups
    /// Both sets hold the same items, row by row.
    case items
    /// Both sets hold the same items, in groups of three.
    case groupedItems = "grouped-items"

    var groupSize: Int { self == .groups || self == .groupedItems ? 3 : 1 }
    var sharesItems: Bool { self == .items || self == .groupedItems }
}
