import Statistics
import Testing

@testable import Calibration

@Suite struct PropertyTests {
    @Test(arguments: [0.0, 5, 20]) func theOrderOfRowsDoesNotMatterToTheLastDigit(_ steps: Double) throws {
        let draw = Draw(count: 300, seed: 21, steps: steps, groupSize: 3)
        for grouped in [false, true] {
            let (a, b) = (
                CalibrationSummary(try draw.rows(grouped: grouped)),
                CalibrationSummary(try draw.shuffled(seed: 4).rows(grouped: grouped))
            )
            #expect(a.gap == b.gap && a.accuracy == b.accuracy && a.brier.score == b.brier.score)
            #expect(a.byWidth == b.byWidth && a.byMass == b.byMass && a.smoothed == b.smoothed)
            #expect(a.areaUnderCurve == b.areaUnderCurve && a.selective == b.selective)
            #expect(a.kernel == b.kernel && a.spiegelhalter == b.spiegelhalter && a.bins == b.bins)
            #expect(a.byWidth.squaredStandardError == b.byWidth.squaredStandardError)
        }
    }

    @Test func threadsDoNotMatter() throws {
        let rows = try Draw(count: 500, seed: 22).rows()
        let prepared = PreparedRows(rows, confidence: 0.95)
        #expect(
            KernelCalibrationError(prepared, .init(threadCount: 1)) == KernelCalibrationError(prepared, .init(threadCount: 2)))
    }

    @Test func equalConfidencesAreNeverInDifferentBins() throws {
        let rows = try Draw(count: 200, seed: 23, steps: 6).rows()
        for binning in [Binning.width(10), .mass(10), .mass(15), .widthRightClosed(10), .distinct] {
            let bounds = Set(binning.bounds(rows))
            #expect(bounds.isSubset(of: Set(rows.blocks.map { Int($0) })), "\(binning)")
        }
    }

    @Test func groupsOfOneRowAreNoGroups() throws {
        let draw = Draw(count: 80, seed: 24)
        let (a, b) = (CalibrationSummary(try draw.rows()), CalibrationSummary(try draw.rows(grouped: true)))
        #expect(a.gap.standardError.map { abs($0 - (b.gap.standardError ?? 0)) < 1e-15 } == true)
        #expect(abs((a.kernel.value ?? 0) - (b.kernel.value ?? 1)) < 1e-15)
        #expect(abs((a.byWidth.squared ?? 0) - (b.byWidth.squared ?? 1)) < 1e-15)
    }

    @Test func aConfidenceOfOneStandsInTheLastBin() throws {
        let rows = try ConfidenceRows(confidence: [0.95, 1, 1, 1], outcome: [1, 1, 0, 0])
        let summary = CalibrationSummary(rows)
        #expect(summary.byWidth.binCount == 1 && abs(summary.byWidth.ece - (3.95 - 2) / 4) < 1e-15)
    }

    @Test func tiesHaveOneRiskInAnyOrder() throws {
        let rows = try ConfidenceRows(
            confidence: [Double](repeating: 0.8, count: 10), outcome: [1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
        let selective = SelectivePrediction(rows)
        #expect(abs(selective.aurc - 0.4) < 1e-15 && selective.coverage(atRisk: 0.3) == 0)
    }

    @Test func scoresBetweenZeroAndOneHaveNoRanking() throws {
        let rows = try ConfidenceRows(confidence: [0.2, 0.5, 0.9], outcome: [0.5, 0, 1])
        let summary = CalibrationSummary(rows)
        #expect(summary.areaUnderCurve == nil)
        #expect(summary.gap.value.isFinite && summary.selective.oracle <= summary.selective.aurc)
    }

    @Test func scoresWithoutProbabilityAreLeftOutOfTheTemperature() throws {
        let options: [[Double]] = [[0, -1], [0, -2], [-1, 0], [0, -.infinity], [0, -1, -2]]
        let scores = try OptionScores(options: options, labels: [0, 1, 1, 1, 0])
        let fit = TemperatureFit(scores, Inference(clusters: scores.clusters, confidence: 0.95))
        #expect(fit.leftOutCount == 1 && fit.temperature.isFinite && fit.influences[3] == 0)
        let outcomes = OptionOutcomes(scores)
        #expect(outcomes.negativeLogLikelihood[3] == .infinity && outcomes.confidence[3] == 1)
        #expect(outcomes.entropy.allSatisfy { $0 >= 0 && $0 <= 1 })
    }

    @Test func theFirstOfEqualScoresIsTheAnswer() throws {
        let scores = try OptionScores(options: [[-1, -1], [-1, -1]], labels: [0, 1])
        #expect(scores.tieCount == 2 && OptionOutcomes(scores).outcome == [1, 0])
    }

    @Test func foldsHoldWholeGroups() throws {
        let clusters = Clusters(labels: ["b", "a", "b", "c", "a"])
        #expect(CrossFitting.folds(clusters, rowCount: 5) == [1, 0, 1, 2, 0])
        #expect(CrossFitting.folds(Clusters(labels: ["a", "a"]), rowCount: 2) == nil)
    }

    @Test func inSampleIsotonicErrorIsZeroAndCrossFittedIsNot() throws {
        let draw = Draw(count: 1_000, seed: 30)
        let fit = IsotonicFit(try draw.rows())
        let inSample = CalibrationSummary(
            try ConfidenceRows(confidence: draw.confidence.map { fit($0) }, outcome: draw.outcome))
        #expect(inSample.byWidth.ece < 1e-12)
        let crossFitted = try #require(CrossFitting.isotonic(try draw.rows()))
        let honest = CalibrationSummary(try ConfidenceRows(confidence: crossFitted, outcome: draw.outcome))
        #expect(honest.byWidth.ece > 0.005)
        #expect(CrossFitting.isotonic(try ConfidenceRows(confidence: [0.5], outcome: [1])) == nil)
    }

    /// Each fold's parameters are those of a fit to the rows of the others alone.
    @Test(arguments: [1, 3]) func crossFittedIsWhatFitsOfTheOtherFoldsSay(_ groupSize: Int) throws {
        let draw = Draw(count: 1_200, seed: 31)
        let clusters =
            groupSize == 1
            ? Clusters(rowCount: draw.confidence.count)
            : Clusters(ofRow: draw.confidence.indices.map { Int32($0 / groupSize) }, count: draw.confidence.count / groupSize)
        let folds = try #require(CrossFitting.folds(clusters, rowCount: draw.confidence.count))
        let platt = try #require(CrossFitting.platt(confidence: draw.confidence, outcome: draw.outcome, clusters: clusters))
        let isotonic = try #require(
            CrossFitting.isotonic(
                try ConfidenceRows(
                    confidence: draw.confidence, outcome: draw.outcome, clusters: clusters.areGiven ? clusters : nil)))
        for fold in 0..<5 {
            let others = folds.indices.filter { folds[$0] != fold }
            let (confidence, outcome) = (others.map { draw.confidence[$0] }, others.map { draw.outcome[$0] })
            let scaling = try #require(PlattScaling(confidence: confidence, outcome: outcome))
            let steps = IsotonicFit(try ConfidenceRows(confidence: confidence, outcome: outcome))
            for row in folds.indices where folds[row] == fold {
                #expect(abs(platt[row] - scaling(draw.confidence[row])) < 1e-11)
                #expect(abs(isotonic[row] - steps(draw.confidence[row])) < 1e-14)
            }
        }
    }

    @Test func plattScalingNeedsBothOutcomes() {
        #expect(PlattScaling(confidence: [0.2, 0.9], outcome: [1, 1]) == nil)
        #expect(PlattScaling(confidence: [0.2, 0.2], outcome: [1, 0]) == nil)
        #expect(PlattScaling(confidence: [0, 1, 1], outcome: [0, 1, 0]) != nil)
    }

    @Test func twoSetsWithoutSharedItemsHaveWelchsDegreesOfFreedom() {
        let change = Change(value: 0.1, first: (0.03, 40), second: (0.04, 20), confidence: 0.95)
        #expect(abs((change.value.standardError ?? 0) - 0.05) < 1e-15)
        let freedom = 0.0025 * 0.0025 / (0.0009 * 0.0009 / 39 + 0.0016 * 0.0016 / 19)
        let p = StudentDistribution(degreesOfFreedom: freedom).twoSidedTail(2)
        #expect(abs((change.pValue ?? 0) - p) < 1e-12)
        #expect(Change(value: 0.1, first: (nil, 1), second: (0.04, 20), confidence: 0.95).pValue == nil)
    }

    @Test func pairsOfAnItemCountBothAnswers() throws {
        let found = AbstentionSummary(
            answerable: [true, false, true, false], abstained: [false, true, false, false], scores: [1, 0, 1, 0],
            confidence: [nil, nil, nil, nil], pairKeys: ["a", "a", "b", "b"], clusters: Clusters(rowCount: 4))
        #expect(found.dualAccuracy?.value == 0.5)
    }

    @Test func binsOfADiagramHoldTheirAccuracy() throws {
        for grouped in [false, true] {
            let bins = CalibrationSummary(try Draw(count: 400, seed: 40, groupSize: 4).rows(grouped: grouped)).bins
            #expect(bins.map(\.count).reduce(0, +) == 400)
            for bin in bins { #expect(bin.interval.contains(bin.accuracy) && bin.band.contains(bin.confidence)) }
        }
    }

    /// R: binom.test(7, 10)$conf.int, qbinom(c(.025, .975), 20, .3).
    @Test func binomialIntervalsAreThoseOfTheTables() {
        let interval = Binomial.interval(successes: 7, count: 10, confidence: 0.95)
        #expect(abs(interval.lowerBound - 0.3475471499) < 1e-9 && abs(interval.upperBound - 0.9332604888) < 1e-9)
        let none = Binomial.interval(successes: 0, count: 10, confidence: 0.95)
        #expect(none.lowerBound == 0 && abs(none.upperBound - 0.3084971078) < 1e-9)
        #expect(Binomial.band(probability: 0.3, count: 20, confidence: 0.95, normalQuantile: 1.96) == 0.1...0.5)
    }
}

/// Rows that are refused, one case each.
@Suite struct BadRowTests {
    @Test(arguments: [1.0000001, -0.1, .nan, .infinity]) func aConfidenceOutsideOfItsRangeIsRefused(_ value: Double) {
        let error = #expect(throws: CalibrationError.self) {
            try ConfidenceRows(confidence: [0.5, value], outcome: [1, 0])
        }
        #expect(error?.description.hasPrefix("row 1 (from 0): expected a confidence between 0 and 1") == true)
    }

    @Test(arguments: [2, -1, .nan]) func aCorrectnessOutsideOfItsRangeIsRefused(_ value: Double) {
        #expect(throws: CalibrationError.self) { try ConfidenceRows(confidence: [0.5], outcome: [value]) }
    }

    @Test func columnsOfDifferentLengthAreRefused() {
        #expect(throws: CalibrationError.unequalLengths(expected: 2, found: 1)) {
            try ConfidenceRows(confidence: [0.5, 0.6], outcome: [1])
        }
        #expect(throws: CalibrationError.unequalLengths(expected: 1, found: 2)) {
            try ConfidenceRows(confidence: [0.5], outcome: [1], clusters: Clusters(labels: ["a", "b"]))
        }
    }

    @Test func noRowsAreRefused() {
        #expect(throws: CalibrationError.noRows) { try ConfidenceRows(confidence: [], outcome: []) }
        #expect(throws: CalibrationError.noRows) { try OptionScores(options: [], labels: []) }
    }

    @Test func optionsThatCannotBeAreRefused() {
        #expect(throws: CalibrationError.tooFewOptions(row: 0, found: 1)) { try OptionScores(options: [[-1]], labels: [0]) }
        #expect(throws: CalibrationError.labelOutOfRange(row: 0, found: 2, optionCount: 2)) {
            try OptionScores(options: [[-1, -2]], labels: [2])
        }
        #expect(throws: CalibrationError.scoreNotFinite(row: 1)) {
            try OptionScores(options: [[-1, -2], [.nan, .nan]], labels: [0, 0])
        }
        #expect(throws: CalibrationError.scoreNotFinite(row: 0)) {
            try OptionScores(options: [[.infinity, 0]], labels: [0])
        }
    }

    @Test func threeModalitiesNeedTheSameOptions() throws {
        let two = try OptionScores(options: [[0, -1]], labels: [0])
        let three = try OptionScores(options: [[0, -1, -2]], labels: [0])
        #expect(throws: CalibrationError.self) { try ModalityComparison(text: three, image: two, both: two) }
    }
}
