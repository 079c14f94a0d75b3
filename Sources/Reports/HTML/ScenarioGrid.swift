import Studies

/// A grid of scenarios whose names consist of a visual and a textual condition.
struct ScenarioGrid: Encodable {
    /// The title of the grid.
    let title: String
    /// The visual conditions; the first is that of the ID set.
    let rows: [String]
    /// The textual conditions; the first is that of the ID set.
    let columns: [String]
    /// The scenarios that exist, each in its cell.
    let cells: [Cell]

    struct Cell: Encodable {
        let row: String
        let column: String
        /// The index of the scenario in the chart's data; nil for the ID set.
        let index: Int?
    }

    /// The grids that the names of a batch form: the paper's corruptions and natural shifts, or any names of the form `A × B`, `A + B` or
    /// `A / B`.
    static func grids(_ names: [String], id: String) -> [ScenarioGrid] {
        let known = names.enumerated().map { ($0.offset, ScenarioName($0.element)) }
        let corrupted = known.filter { !($0.1.kind ?? "natural").hasPrefix("natural") }
        let natural = known.filter { ($0.1.kind ?? "").hasPrefix("natural") }
        let found = [
            grid("corruptions of images and of questions", of: corrupted, id: id),
            grid("collections of images and languages", of: natural, id: id),
        ].compactMap { $0 }
        return found.isEmpty ? [separated(names)].compactMap { $0 } : found
    }

    private static func grid(_ title: String, of known: [(Int, ScenarioName)], id: String) -> ScenarioGrid? {
        ScenarioGrid(
            title: title,
            places: known.map { ($0.0, $0.1.visualCondition ?? id, $0.1.textualCondition ?? id) }, id: id)
    }

    private static func separated(_ names: [String]) -> ScenarioGrid? {
        for separator in [" × ", "×", " x ", " + ", "+", " / ", "/"] {
            let places = names.enumerated().compactMap { index, name -> (Int, String, String)? in
                let parts = name.split(separator: separator, omittingEmptySubsequences: false)
                return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } ? (index, String(parts[0]), String(parts[1])) : nil
            }
            if 2 * places.count > names.count,
                let grid = ScenarioGrid(title: "first and second condition", places: places, id: nil)
            {
                return grid
            }
        }
        return nil
    }

    /// Nil for a grid with fewer than a third of its cells filled, with two scenarios for one cell, or too large for a page.
    private init?(title: String, places: [(index: Int, row: String, column: String)], id: String?) {
        func labels(_ found: [String]) -> [String] {
            func rank(_ label: String) -> Int {
                label == id ? -1 : ScenarioName.conditions.firstIndex(of: label) ?? ScenarioName.conditions.count
            }
            return Set(found).sorted { (rank($0), $0) < (rank($1), $1) }
        }
        let origin = id.map { [$0] } ?? []
        rows = labels(places.map(\.row) + origin)
        columns = labels(places.map(\.column) + origin)
        self.title = title
        cells =
            places.map { Cell(row: $0.row, column: $0.column, index: $0.index) }
            + origin.map { Cell(row: $0, column: $0, index: nil) }
        guard (2...40).contains(rows.count), (2...20).contains(columns.count), 3 * cells.count >= rows.count * columns.count,
            Set(cells.map { [$0.row, $0.column] }).count == cells.count
        else { return nil }
    }
}
