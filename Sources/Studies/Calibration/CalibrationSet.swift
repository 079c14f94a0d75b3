import Calibration
import EmbeddingFiles
import Statistics

/// A file of confidences after reading: the rows that are used, and what became of the others.
package struct CalibrationSet: Sendable {
    package let source: CalibrationSource
    package let table: ConfidenceTable
    /// The positions in the table of the rows that are used, in their order.
    package let used: [Int]
    /// The confidence c and the outcome y of the used rows.
    package let confidence: [Double]
    package let outcome: [Double]
    /// The groups of the used rows.
    package let clusters: Clusters
    /// The option scores of the used rows; nil unless all have them with a right option.
    package let options: OptionScores?
    /// Whether the published confidence replaces that of the options.
    package let usesTokenProbability: Bool

    /// Reads a file.
    ///
    /// - Throws: `RunError` for a file that cannot be read, holds no confidences, or has rows at fault.
    package init(_ source: CalibrationSource, _ settings: CalibrationSettings) throws {
        do {
            let table = try source.read(settings.request)
            self.source = source
            self.table = table
            let canFollow = settings.followsPaper && !table.tokenProbability.isEmpty
            usesTokenProbability = canFollow
            used = table.usedRows.filter { !canFollow || table.tokenProbability[$0].isFinite }
            let used = used
            // If every row is used, the columns of the table serve without a copy.
            let isWhole = used.count == table.count
            confidence =
                canFollow
                ? used.map { min(1, table.tokenProbability[$0]) }
                : isWhole ? table.confidence : used.map { table.confidence[$0] }
            outcome = isWhole ? table.outcome : used.map { table.outcome[$0] }
            clusters =
                (table.groups.isEmpty
                ? Clusters(rowCount: table.count)
                : Clusters(ofRow: table.groups, count: table.groupLabels.count)).selecting(used)
            options = table.hasOptions && !used.isEmpty ? try Self.options(table, used, clusters) : nil
        } catch let error as ConfidenceFileError {
            throw RunError(code: error.code, message: error.description, hint: error.hint)
        } catch let error as CalibrationError {
            throw RunError(code: "bad_rows", message: "\(source.path): \(error)")
        }
        guard !used.isEmpty || !table.answerable.isEmpty || table.states.contains(.abstained) else {
            let counts = table.stateCounts.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.value) \($0.key.code)" }.joined(separator: ", ")
            throw RunError(
                code: "no_confidences", message: "\(source.path): expected rows with a confidence, found \(counts)",
                hint: "log option scores or token log-probabilities, ask the model to state its confidence, or sample several answers")
        }
    }

    private static func options(_ table: ConfidenceTable, _ used: [Int], _ clusters: Clusters) throws -> OptionScores {
        var (starts, scores): ([Int32], [Double]) = ([0], [])
        starts.reserveCapacity(used.count + 1)
        for row in used {
            scores += table.options(row)
            starts.append(Int32(scores.count))
        }
        return try OptionScores(starts: starts, scores: scores, labels: used.map { table.labels[$0] }, clusters: clusters)
    }

    /// The used rows, sorted by confidence.
    package func rows(_ confidence: [Double]? = nil) throws -> ConfidenceRows {
        try ConfidenceRows(
            confidence: confidence ?? self.confidence, outcome: outcome, clusters: clusters.areGiven ? clusters : nil)
    }

    /// The rows that are the same items in both sets, matched by id.
    ///
    /// - Returns: nil if a file names no rows, or if the sets share less than half of the smaller one.
    func pairs(with other: CalibrationSet) -> RowPairs? {
        guard table.hasIdentifiers, other.table.hasIdentifiers else { return nil }
        var places: [String: Int] = [:]
        places.reserveCapacity(other.used.count)
        for (place, row) in other.used.enumerated() { places[other.table.ids[row]] = place }
        var (first, second): ([Int], [Int]) = ([], [])
        for (place, row) in used.enumerated() {
            guard let partner = places[table.ids[row]] else { continue }
            first.append(place)
            second.append(partner)
        }
        guard first.count >= 2, 2 * first.count >= min(used.count, other.used.count) else { return nil }
        return RowPairs(first: first, second: second, clusters: clusters)
    }
}
