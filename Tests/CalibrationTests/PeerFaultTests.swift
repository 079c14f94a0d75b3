import Testing

@testable import Calibration

/// Inputs on which a library in wide use is wrong; `Scripts/compare_calibration.py` shows what each of them says.
@Suite struct PeerFaultTests {
    private func rows(_ confidence: [Double], right: Int) throws -> ConfidenceRows {
        try ConfidenceRows(confidence: confidence, outcome: confidence.indices.map { $0 < right ? 1 : 0 })
    }

    /// torchmetrics 1.9.0 (#3510) gives a confidence of exactly 1 a bin of its own: 0.45 here.
    @Test func aConfidenceOfOneSharesTheLastBin() throws {
        // Five right rows at 0.95 and five wrong ones at 1: together 0.975 against 0.5.
        let rows = try ConfidenceRows(
            confidence: [Double](repeating: 0.95, count: 5) + [Double](repeating: 1, count: 5),
            outcome: [1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
        let error = CalibrationSummary(rows).byWidth
        #expect(abs(error.ece - 0.475) < 1e-15 && error.binCount == 1)
    }

    /// netcal 1.4.0 throws on ties with bins of equal size.
    @Test func binsOfEqualSizeTakeTies() throws {
        let rows = try rows([Double](repeating: 0.5, count: 30) + [Double](repeating: 0.9, count: 70), right: 40)
        let error = CalibrationSummary(rows).byMass
        // All of 0.5 are right, and 10 of the 70 at 0.9.
        #expect(error.binCount == 2 && abs(error.ece - (30 * 0.5 + (63 - 10)) / 100) < 1e-14)
    }

    /// uncertainty-calibration 0.1.4 has a selective area of 0.90 or 0.24 here, by the order of rows.
    @Test func equalConfidencesHaveOneRiskInAnyOrder() throws {
        let tied = [Double](repeating: 0.8, count: 100)
        let first = SelectivePrediction(try rows(tied, right: 60))
        let last = SelectivePrediction(
            try ConfidenceRows(confidence: tied, outcome: (0..<100).map { $0 < 40 ? 0 : 1 }))
        #expect(first == last && abs(first.aurc - 0.4) < 1e-14)
    }

    /// relplot 1.0.3 counts a confidence of exactly 1 half: 0.168 here.
    @Test func smoothedErrorsCountSaturatedAnswersWhole() throws {
        // Of 100 certain answers half are right, and of 100 at 0.5: the error is 0.5 in half of the rows.
        let rows = try ConfidenceRows(
            confidence: [Double](repeating: 1, count: 100) + [Double](repeating: 0.5, count: 100),
            outcome: (0..<200).map { $0 % 2 == 0 ? 1 : 0 })
        #expect(abs(CalibrationSummary(rows).smoothed - 0.25) < 1e-8)
    }
}
