import Information

/// What `emi estimators` prints.
package struct EstimatorsReport: Codable, Sendable, Equatable {
    /// In the order of the documentation.
    package var estimators: [Entry]

    /// One estimator.
    package struct Entry: Codable, Sendable, Equatable {
        package var name: String
        /// What it computes.
        package var summary: String
        /// For which data.
        package var range: String
        /// Time for n rows of d columns.
        package var cost: String
        /// Where it is from.
        package var reference: String
    }

    /// All estimators.
    package init() {
        estimators = EstimatorCatalogue.all.map { $0.about }.map {
            Entry(name: $0.name, summary: $0.summary, range: $0.range, cost: $0.cost, reference: $0.reference)
        }
    }

    /// A paragraph each: columns would be wider than terminals are.
    package var text: String {
        estimators.map { entry in
            "\(entry.name): \(entry.summary)\n  range: \(entry.range)\n  cost: \(entry.cost)\n  source: \(entry.reference)\n"
        }.joined(separator: "\n")
    }

    /// A table.
    package var markdown: String {
        TextTable(
            header: ["estimator", "what it is", "range", "cost", "source"],
            rows: estimators.map { ["`\($0.name)`", $0.summary, $0.range, $0.cost, $0.reference] }
        ).markdown
    }
}
