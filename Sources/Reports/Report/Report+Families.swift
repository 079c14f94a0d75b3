import Information
import Statistics

extension Report {
    /// Tests that share one control of the false discovery rate.
    public struct Family: Codable, Sendable, Equatable {
        /// The name: `emid`, that of a discrepancy, `mmd_` followed by that, `model_mi` or `reference_mi`.
        public var name: String
        /// The hypothesis that is tested, in words.
        public var hypothesis: String?
        /// The number of tests.
        public var testCount: Int
        /// The number of tests with a q-value of at most `Resolution.level`.
        public var resolvedCount: Int?
    }

    /// One test of a batch: its p-value, and a function that writes its q-value into the report.
    private struct Test {
        let pValue: Double
        let assign: (inout Report, Double) -> Void
    }

    /// Computes Benjamini and Hochberg's q-values within every family of tests, and names the families in the summary.
    mutating func assignQValues() {
        var found: [Family] = []
        for (name, hypothesis, tests) in families where !tests.isEmpty {
            let qValues = benjaminiHochbergQValues(tests.map(\.pValue))
            for (test, q) in zip(tests, qValues) { test.assign(&self, q) }
            found.append(
                Family(
                    name: name, hypothesis: hypothesis, testCount: tests.count,
                    resolvedCount: qValues.count { $0 <= Resolution.level }))
        }
        summary.qValueFamilies = found.isEmpty ? nil : found
    }

    private var families: [(name: String, hypothesis: String, tests: [Test])] {
        [("emid", "EMI is the same in both sets", gapTests)]
            + discrepancyKeys.flatMap { key in
                let what = key == "output_ood" ? "responses and references" : key == "joint" ? "the queries" : "'\(key)'"
                let hypothesis =
                    key == "output_ood"
                    ? "\(what) of a set have one distribution" : "\(what) of both sets have one distribution"
                return [
                    (key, hypothesis, discrepancyTests(key, \.pValue) { $0.qValue = $1 }),
                    ("mmd_\(key)", "\(hypothesis), by means", discrepancyTests(key, \.mmdPValue) { $0.mmdQValue = $1 }),
                ]
            } + [
                ("model_mi", "responses do not depend on queries", informationTests(\.modelMiPValue) { $0.modelMiQValue = $1 }),
                (
                    "reference_mi", "references do not depend on queries",
                    informationTests(\.referenceMiPValue) { $0.referenceMiQValue = $1 }
                ),
            ]
    }

    private var gapTests: [Test] {
        scenarios.indices.compactMap { index in
            scenarios[index].emid?.pValue.map { p in
                Test(pValue: p) { $0.scenarios[index].emid?.qValue = $1 }
            }
        }
    }

    private func discrepancyTests(
        _ key: String, _ pValue: (Discrepancy) -> Double?, _ assign: @escaping (inout Discrepancy, Double) -> Void
    ) -> [Test] {
        scenarios.indices.compactMap { index in
            scenarios[index].discrepancies?[key].flatMap(pValue).map { p in
                Test(pValue: p) { report, q in
                    guard var found = report.scenarios[index].discrepancies?[key] else { return }
                    assign(&found, q)
                    report.scenarios[index].discrepancies?[key] = found
                }
            }
        }
    }

    /// The tests of one mutual information in all sets, the ID set included.
    private func informationTests(
        _ pValue: (EffectiveInformation) -> Double?, _ assign: @escaping (inout EffectiveInformation, Double) -> Void
    ) -> [Test] {
        let own = pValue(id.emi).map { p in Test(pValue: p) { assign(&$0.id.emi, $1) } }
        return [own].compactMap { $0 }
            + scenarios.indices.compactMap { index in
                scenarios[index].emi.flatMap(pValue).map { p in
                    Test(pValue: p) { report, q in
                        guard var found = report.scenarios[index].emi else { return }
                        assign(&found, q)
                        report.scenarios[index].emi = found
                    }
                }
            }
    }

    /// The names of the discrepancies whose tests form families. The outputs of the ID set are left out: they are one test, which every
    /// scenario repeats.
    private var discrepancyKeys: [String] {
        Set(scenarios.flatMap { $0.discrepancies.map { Array($0.keys) } ?? [] }).subtracting(["output_id"]).sorted()
    }
}
