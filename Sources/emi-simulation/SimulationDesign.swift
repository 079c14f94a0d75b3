import ArgumentParser

/// How the rows of two simulated sets depend on each other.
enum SimulationDesign: String, Sendable, CaseIterable, ExpressibleByArgument {
    /// Every row by itself.
    case rows
    /// Groups of three rows, as questions on one image; the sets have none in common.
    case groups
    /// Both sets hold the same items, row by row.
    case items
    /// Both sets hold the same items, in groups of three.
    case groupedItems = "grouped-items"

    var groupSize: Int { self == .groups || self == .groupedItems ? 3 : 1 }
    var sharesItems: Bool { self == .items || self == .groupedItems }
}
