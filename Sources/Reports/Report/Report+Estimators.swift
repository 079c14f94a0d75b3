import Information
import Statistics
import Studies

extension Report {
    /// What all estimators say about the same sets (`--estimator all`).
    public struct EstimatorAgreement: Codable, Sendable, Equatable {
        /// One entry for each estimator, in the order of the catalogue.
        public var estimators: [Entry]
        /// The share of estimators whose EMI of the ID set has the most frequent sign.
        public var emiSignAgreement: Double?
        /// The share of estimators whose EMID has the most frequent sign, so that they rank the two sets alike.
        public var emidSignAgreement: Double?

        /// The results of one estimator.
        public struct Entry: Codable, Sendable, Equatable {
            public var name: String
            /// EMI of the ID set.
            public var id: Estimate?
            /// EMI of the OOD set.
            public var ood: Estimate?
            /// EMI(ID) - EMI(OOD).
            public var emid: Estimate?
            /// Spearman's correlation of the ID rows' contributions to EMI with those under the first estimator.
            public var rowsSpearman: Double?
            /// Why there are no numbers.
            public var error: Failure?
            /// The scenarios of a batch, in the order of the report.
            public var scenarios: [ScenarioEntry]?
        }

        /// One estimator's numbers for one scenario of a batch.
        public struct ScenarioEntry: Codable, Sendable, Equatable {
            /// The name of the scenario.
            public var name: String
            /// EMI of the OOD set.
            public var emi: Estimate?
            /// EMI(ID) - EMI(OOD).
            public var emid: Estimate?
            /// Why there are no numbers.
            public var error: Failure?
        }

        /// A value with its uncertainty.
        public struct Estimate: Codable, Sendable, Equatable {
            public var value: Double
            public var standardError: Double?

            init(value: Double, standardError: Double?) {
                (self.value, self.standardError) = (value, standardError)
            }

            init(_ value: UncertainValue, _ unit: InformationUnit) {
                self.init(value: unit.value(value.value), standardError: value.standardError.map(unit.value))
            }
        }

        /// Whether this is the agreement over a batch.
        var isBatch: Bool { estimators.contains { $0.scenarios != nil } }

        /// The agreement of some estimators. If a batch has one scenario, its estimates appear like those of a pair too.
        init(_ entries: [Entry]) {
            estimators = entries.map { entry in
                var entry = entry
                if let only = entry.scenarios?.first, entry.scenarios?.count == 1 {
                    (entry.ood, entry.emid, entry.error) = (only.emi, only.emid, entry.error ?? only.error)
                }
                return entry
            }
            emiSignAgreement = Self.signAgreement(estimators.compactMap(\.id?.value))
            emidSignAgreement = Self.signAgreement(estimators.compactMap(\.emid?.value))
        }

        /// The same of a pair, which has no list of scenarios.
        var ofPair: EstimatorAgreement {
            var own = self
            for index in own.estimators.indices { own.estimators[index].scenarios = nil }
            return own
        }

        /// The share of estimates that have the most frequent sign; nil if there are no estimates other than 0.
        static func signAgreement(_ values: [Double]) -> Double? {
            let signs = values.filter { $0 != 0 }
            guard !signs.isEmpty else { return nil }
            let positive = signs.count { $0 > 0 }
            return Double(max(positive, signs.count - positive)) / Double(signs.count)
        }
    }

    /// The estimates of all estimators side by side; nil without them.
    func estimatorTable() -> TextTable? {
        estimators.map { agreement in
            if isBatch { return batchEstimatorTable(agreement) }
            let hasShift = agreement.estimators.contains { $0.emid != nil }
            func cells(_ estimate: EstimatorAgreement.Estimate?) -> [String] {
                [Numbers.optional(estimate?.value), Numbers.optional(estimate?.standardError)]
            }
            return TextTable(
                header: ["estimator", "EMI, ID", "s.e."] + (hasShift ? ["EMI, OOD", "EMID", "s.e."] : []) + ["rows' rank corr."],
                rows: agreement.estimators.map { entry in
                    [entry.name] + cells(entry.id)
                        + (hasShift ? [Numbers.optional(entry.ood?.value)] + cells(entry.emid) : [])
                        + [Numbers.optional(entry.rowsSpearman)]
                })
        }
    }

    /// How far estimators agree, in a sentence, and why some have no numbers.
    var estimatorSentences: [String] {
        guard let agreement = estimators else { return [] }
        func share(_ value: Double?, _ name: String) -> String? {
            value.map { "\(Numbers.percent($0)) of the estimators agree in the sign of \(name)" }
        }
        let shares = [share(agreement.emiSignAgreement, "EMI"), share(agreement.emidSignAgreement, "EMID")].compactMap { $0 }
        return (shares.isEmpty ? [] : [shares.joined(separator: ", ") + "."])
            + agreement.estimators.compactMap { entry in entry.error.map { "\(entry.name): \($0.message)" } }
    }
}
