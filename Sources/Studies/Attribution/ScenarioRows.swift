import Attribution
import Information
import LinearAlgebra
import Statistics

/// The rows of one set, with what each contributes to EMI.
package struct JudgedRows: Sendable {
    /// The rows.
    package let set: SampleSet
    /// n numbers in nats whose mean is EMI; nil for estimators whose rows have no contributions.
    package let contributions: [Double]?

    init(_ set: SampleSet, _ estimate: EMIEstimate) {
        self.set = set
        contributions = estimate.contributions
    }
}

/// Which rows of a shift carry its loss, and what the detector says about their answers.
package struct ScenarioRows: Sendable {
    /// One row of the shifted set.
    package struct Row: Sendable, Equatable {
        /// The row's number in the set.
        package let index: Int
        /// The row's identifier, or its number if it has none.
        package let name: String
        /// The row's part of the gap in nats; all parts add up to EMID. A row above 0 loses.
        package let loss: Double
        /// What the row contributes to the EMI of the shifted set.
        package let contribution: Double
        /// What the same item contributes to the EMI of the ID set; nil if the sets hold different items.
        package let before: Double?
    }

    /// A group of rows, such as the questions on one image.
    package struct Item: Sendable, Equatable {
        /// The group's label.
        package let name: String
        /// The sum of the losses of the group's rows.
        package let loss: Double
        /// The number of rows in the group.
        package let rowCount: Int
    }

    /// EMI of the ID set minus EMI of the shift, in nats.
    package let gap: Double
    /// Whether the rows are the items of the ID set, so that each is compared with itself.
    package let isPaired: Bool
    /// The rows, largest losses first.
    package let rows: [Row]
    /// The groups, largest losses first; empty if the set has none.
    package let items: [Item]
    /// The smallest number of rows whose losses add up to the gap; nil if the gap is not above 0.
    package let carrierCount: Int?
    /// What the detector says about queries with their answers, by row of the set; nil if it says nothing.
    package let detection: MisalignmentDetection?
    /// The reason why `detection` is nil.
    package let absence: String?

    /// Divides the gap of a shift among its rows.
    ///
    /// - Parameter settings: the settings of the detector.
    /// - Throws: `RunError` for an estimator whose rows have no contributions.
    package init(id: JudgedRows, ood: JudgedRows, settings: AttributionSettings, threadCount: Int) throws {
        guard let before = id.contributions, let after = ood.contributions else {
            throw RunError(
                code: "no_contributions",
                message: "\(ood.set.name): expected an estimator whose rows add up to EMI, found one without contributions",
                hint: "choose the default estimator, or --estimator club-ridge")
        }
        let count = Double(after.count)
        let mean = before.reduce(0, +) / Double(max(1, before.count))
        let own = Self.rowOfItem(id.set.identifiers, ood.set.identifiers)
        isPaired = own != nil
        let parts = after.indices.map { row in
            let former = own.map { before[$0[row]] }
            return Row(
                index: row, name: ood.set.identifiers?[row] ?? "row \(row)", loss: ((former ?? mean) - after[row]) / count,
                contribution: after[row], before: former)
        }
        rows = parts.sorted { ($1.loss, $0.index) < ($0.loss, $1.index) }
        let gap = parts.reduce(0) { $0 + $1.loss }
        self.gap = gap
        items = ood.set.groups.map { Self.items(parts, $0) } ?? []
        if gap > 0 {
            var (sum, number) = (0.0, 0)
            for row in rows where sum < gap * (1 - 1e-12) {
                sum += row.loss
                number += 1
            }
            carrierCount = number
        } else {
            carrierCount = nil
        }
        (detection, absence) = Self.detect(ood.set, settings, threadCount: threadCount)
    }

    /// For each row of the shift, the row of the ID set with the same identifier; nil if sizes or items differ.
    private static func rowOfItem(_ id: [String]?, _ ood: [String]?) -> [Int]? {
        guard let id, let ood, id.count == ood.count, Set(id).count == id.count else { return nil }
        let rows = Dictionary(uniqueKeysWithValues: id.enumerated().map { ($1, $0) })
        let found = ood.compactMap { rows[$0] }
        return Set(found).count == ood.count ? found : nil
    }

    private static func items(_ rows: [Row], _ groups: [String]) -> [Item] {
        Dictionary(grouping: rows) { groups[$0.index] }
            .map { Item(name: $0.key, loss: $0.value.reduce(0) { $0 + $1.loss }, rowCount: $0.value.count) }
            .sorted { ($1.loss, $0.name) < ($0.loss, $1.name) }
    }

    /// Treats queries and the model's answers as pairs. A query of several modalities consists of their rows side by side.
    private static func detect(_ set: SampleSet, _ settings: AttributionSettings, threadCount: Int)
        -> (MisalignmentDetection?, String?)
    {
        let parts = set.modalities.map { $0.rows.rowsNormalized }
        let width = parts.reduce(0) { $0 + $1.columnCount }
        var elements: [Double] = []
        elements.reserveCapacity(width * set.rowCount)
        for row in 0..<set.rowCount {
            for part in parts { elements.append(contentsOf: part.row(row)) }
        }
        let query = parts.count == 1 ? parts[0] : Matrix(rowCount: set.rowCount, columnCount: width, elements: elements)
        do {
            let pairs = try EmbeddedPairs(left: query, right: set.response, identifiers: set.identifiers, groups: set.groups)
            return (try detector(settings, threadCount: threadCount).detect(pairs), nil)
        } catch let error as AttributionError {
            return (nil, error.description)
        } catch {
            return (nil, RunError(error, set: set.name).message)
        }
    }
}
