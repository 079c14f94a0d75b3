import Information
import Scenarios

extension Report {
    /// What other estimators say of the same sets (`--estimator all`).
    public struct EstimatorAgreement: Codable, Sendable, Equatable {
        /// In the order of the catalogue.
        public var estimators: [Entry]
        /// The share of estimators whose EMI of the ID set has the sign of most of them.
        public var emiSignAgreement: Double?
        /// The same of EMID: whether they rank the two sets alike.
        public var emidSignAgreement: Double?

        /// One estimator.
        public struct Entry: Codable, Sendable, Equatable {
            public var name: String
            /// EMI of the ID set.
            public var id: Estimate?
            /// EMI of the OOD set.
            public var ood: Estimate?
            /// EMI(ID) - EMI(OOD).
            public var emid: Estimate?
            /// Spearman's correlation of what rows of the ID set add to EMI with the same under the first estimator.
            public var rowsSpearman: Double?
            /// Why there are no numbers.
            public var error: Failure?
        }

        /// A value with its uncertainty.
        public struct Estimate: Codable, Sendable, Equatable {
            public var value: Double
            public var standardError: Double?
        }

        /// The report of a comparison.
        public init(_ comparison: EstimatorComparison, unit: InformationUnit) {
            func estimate(_ value: UncertainValue?) -> Estimate? {
                value.map { Estimate(value: unit.value($0.value), standardError: $0.standardError.map(unit.value)) }
            }
            estimators = comparison.entries.map { entry in
                Entry(
                    name: entry.name, id: estimate(entry.id), ood: estimate(entry.ood), emid: estimate(entry.emid),
                    rowsSpearman: entry.rowCorrelation,
                    error: entry.failure.map { Failure(code: $0.code, message: $0.message) })
            }
            emiSignAgreement = EstimatorComparison.signAgreement(estimators.compactMap(\.id?.value))
            emidSignAgreement = EstimatorComparison.signAgreement(estimators.compactMap(\.emid?.value))
        }
    }

    /// The estimates of all estimators side by side; nil without them.
    func estimatorTable() -> TextTable? {
        estimators.map { agreement in
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
