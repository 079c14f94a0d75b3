import Information

/// What `emi estimators` prints.
package struct EstimatorsReport: Codable, Sendable, Equatable {
    /// The estimators in the order of the documentation.
    package var estimators: [Entry]

    /// One estimator.
    package struct Entry: Codable, Sendable, Equatable {
        package var name: String
        /// What the estimator computes.
        package var summary: String
        /// The data for which it is suited.
        package var range: String
        /// The time that it takes for n rows of d columns.
        package var cost: String
        /// The source of the method.
        package var reference: String
    }

    /// A report of all estimators.
    package init() {
        estimators = EstimatorCatalogue.all.map { $0.about }.map {
            Entry(name: $0.name, summary: $0.summary, range: $0.range, cost: $0.cost, reference: $0.reference)
        }
    }

    /// A paragraph for each estimator, because columns would be wider than terminals are.
    package var text: String {
        estimators.map { entry in
            "\(entry.name): \(entry.summary)\n  range: \(entry.range)\n  cost: \(entry.cost)\n  source: \(entry.reference)\n"
        }.joined(separator: "\n")
    }

    /// The estimators as a table.
    package var markdown: String {
        TextTable(
            header: ["estimator", "what it is", "range", "cost", "source"],
            rows: estimators.map { ["`\($0.name)`", $0.summary, $0.range, $0.cost, $0.reference] }
        ).markdown
    }
}
