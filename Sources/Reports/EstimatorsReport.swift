import Information

/// What `emi estimators` prints.
public struct EstimatorsReport: Codable, Sendable, Equatable {
    /// In the order of the documentation.
    public var estimators: [Entry]

    /// One estimator.
    public struct Entry: Codable, Sendable, Equatable {
        public var name: String
        /// What it computes.
        public var summary: String
        /// For which data.
        public var range: String
        /// Time for n rows of d columns.
        public var cost: String
        /// Where it is from.
        public var reference: String
    }

    /// All estimators.
    public init() {
        estimators = Estimator.catalogue.map {
            Entry(name: $0.name, summary: $0.summary, range: $0.range, cost: $0.cost, reference: $0.reference)
        }
    }

    /// A paragraph each: columns would be wider than terminals are.
    public var text: String {
        estimators.map { entry in
            "\(entry.name): \(entry.summary)\n  range: \(entry.range)\n  cost: \(entry.cost)\n  source: \(entry.reference)\n"
        }.joined(separator: "\n")
    }

    /// A table.
    public var markdown: String {
        TextTable(
            header: ["estimator", "what it is", "range", "cost", "source"],
            rows: estimators.map { ["`\($0.name)`", $0.summary, $0.range, $0.cost, $0.reference] }
        ).markdown
    }
}
