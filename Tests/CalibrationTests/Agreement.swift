import Statistics
import Testing

@testable import Calibration

/// Compares with a golden number: 1e-10, or 1e-9 of it, and zero for what is below 1e-15.
func expect(
    _ found: Double?, _ golden: Golden.Value, tolerance: Double = 1e-10, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let wanted = golden.number else {
        #expect(found == nil, "\(golden.path): expected null, found \(String(describing: found))", sourceLocation: sourceLocation)
        return
    }
    guard let found else {
        Issue.record("\(golden.path): expected \(wanted), found nil", sourceLocation: sourceLocation)
        return
    }
    let limit = max(tolerance, 10 * tolerance * abs(wanted))
    #expect(abs(found - wanted) <= limit, "\(golden.path): expected \(wanted), found \(found)", sourceLocation: sourceLocation)
}

/// A value with its standard error and the ends of its interval, under either of their names.
func expect(
    _ found: UncertainValue?, _ golden: Golden.Value, tolerance: Double = 1e-10,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expect(found?.value, golden["value"], tolerance: tolerance, sourceLocation: sourceLocation)
    expect(found?.standardError, golden["se"], tolerance: tolerance, sourceLocation: sourceLocation)
    for (low, high) in [("interval_low", "interval_high"), ("low", "high")] where !golden[low].isNull {
        expect(found?.interval?.lowerBound, golden[low], tolerance: tolerance, sourceLocation: sourceLocation)
        expect(found?.interval?.upperBound, golden[high], tolerance: tolerance, sourceLocation: sourceLocation)
    }
}

/// Compares a block of binned errors.
func expect(_ found: BinnedError, _ golden: Golden.Value) {
    expect(found.ece, golden["ece"])
    expect(found.over, golden["over"])
    expect(found.under, golden["under"])
    expect(found.chance, golden["chance"])
    expect(found.excess, golden["excess"])
    expect(found.largestGap, golden["mce"])
    expect(found.standardError, golden["se"])
    expect(found.squared, golden["ce2"])
    expect(found.squaredStandardError, golden["ce2_se"])
    expect(found.interval?.lowerBound, golden["interval_low"])
    expect(found.interval?.upperBound, golden["interval_high"])
    expect(Double(found.binCount), golden["bins"])
    expect(Double(found.rowsWithoutPair), golden["rows_without_pair"])
}

/// Compares everything that a golden report has.
func expectReport(_ rows: ConfidenceRows, _ golden: Golden.Value) {
    let summary = CalibrationSummary(rows, .init(signs: .init(draws: 0)))
    expect(Double(summary.count), golden["n"])
    expect(Double(summary.groupCount), golden["groups"])
    expect(summary.accuracy, golden["accuracy"])
    expect(summary.confidence, golden["confidence"])
    expect(summary.gap, golden["gap"])
    expect(summary.brier.score, golden["brier"])
    let prepared = PreparedRows(rows, confidence: 0.95)
    let gapError = summary.gap.standardError
    expect(summary.byWidth, golden["width10"])
    expect(BinnedError(prepared, .width(15), gapError: gapError), golden["width15"])
    expect(summary.byMass, golden["mass10"])
    expect(BinnedError(prepared, .mass(15), gapError: gapError), golden["mass15"])
    #expect((summary.byValue == nil) == golden["distinct"].isNull)
    if let byValue = summary.byValue { expect(byValue, golden["distinct"]) }
    expect(Double(summary.distinctCount), golden["distinct_values"])
    expect(
        BinnedError(prepared, .widthRightClosed(10), gapError: gapError).ece, golden["ece_width10_right_closed"])
    expect(summary.smoothed, golden["smece"], tolerance: 1e-8)
    expect(summary.brier.miscalibration, golden["brier_decomposition"]["miscalibration"])
    expect(summary.brier.discrimination, golden["brier_decomposition"]["discrimination"])
    expect(summary.brier.uncertainty, golden["brier_decomposition"]["uncertainty"])
    expect(Double(summary.logLoss.certainAndWrong), golden["certain_and_wrong"])
    expect(summary.logLoss.value?.value, golden["log_loss"])
    expect(summary.logLoss.clipped.value, golden["log_loss_clipped"])
    expect(summary.areaUnderCurve?.value, golden["auroc"]["value"])
    expect(summary.areaUnderCurve?.standardError, golden["auroc"]["se"])
    expect(summary.selective.aurc, golden["selective"]["aurc"])
    expect(summary.selective.oracle, golden["selective"]["oracle"])
    expect(summary.selective.excess, golden["selective"]["eaurc"])
    expect(summary.selective.random, golden["selective"]["random"])
    expect(summary.selective.normalised, golden["selective"]["naurc"])
    expect(summary.selective.augrc, golden["selective"]["augrc"])
    for risk in [0.05, 0.1, 0.2] {
        expect(summary.selective.coverage(atRisk: risk), golden["coverage_at_risk"]["\(risk)"])
    }
    for coverage in [0.5, 0.8] {
        expect(summary.selective.accuracy(atCoverage: coverage), golden["accuracy_at_coverage"]["\(coverage)"])
    }
    expectSpiegelhalter(summary.spiegelhalter, rows, golden["spiegelhalter"])
    expect(summary.kernel.value, golden["skce"])
}

/// The golden z of grouped rows is by squared sums of groups alone; ours is smaller where independent rows would vary more.
private func expectSpiegelhalter(_ found: SpiegelhalterTest?, _ rows: ConfidenceRows, _ golden: Golden.Value) {
    var (sums, independent) = ([Int: Double](), 0.0)
    for row in 0..<rows.count {
        let (c, y) = (rows.confidence[row], rows.outcome[row])
        sums[rows.clusters.group(row), default: 0] += (y - c) * (1 - 2 * c)
        independent += (1 - 2 * c) * (1 - 2 * c) * c * (1 - c)
    }
    let clustered = sums.values.sorted().reduce(0) { $0 + $1 * $1 }
    guard rows.clusters.areGiven, clustered < independent, let found else {
        expect(found?.z, golden["z"])
        expect(found?.pValue, golden["p"])
        return
    }
    expect(found.z * (independent / clustered).squareRoot(), golden["z"])
}
