import Statistics

/// Everything that a report says about the calibration of one set.
package struct CalibrationSummary: Sendable {
    /// The settings of the measures.
    package struct Settings: Sendable, Equatable {
        /// The number of bins, for bins of equal width and for bins of equal mass.
        package var binCount: Int
        /// The confidence level of intervals, between 0 and 1.
        package var confidence: Double
        /// The settings of the kernel test's random signs.
        package var signs: KernelCalibrationError.Signs

        package init(binCount: Int = 10, confidence: Double = 0.95, signs: KernelCalibrationError.Signs = .init()) {
            (self.binCount, self.confidence, self.signs) = (binCount, confidence, signs)
        }
    }

    /// Up to this many different confidences, each gets its own bin; this suits stated confidences and shares of k answers.
    package static let mostDistinct = 21

    /// The number of rows n, and the number of groups G.
    package let count: Int
    package let groupCount: Int
    /// Whether the rows were given groups.
    package let isGrouped: Bool
    /// The mean of y, of c, and of c - y: above 0 for an over-confident model.
    package let accuracy: UncertainValue
    package let confidence: UncertainValue
    package let gap: UncertainValue
    /// The errors over bins of equal width, over bins of equal mass, and with a bin for each confidence if there are at most 21.
    package let byWidth: BinnedError
    package let byMass: BinnedError
    package let byValue: BinnedError?
    /// The number of different confidences.
    package let distinctCount: Int
    /// The calibration error without bins.
    package let smoothed: Double
    package let brier: BrierScore
    package let logLoss: LogLoss
    /// The area under the ROC curve of c as a predictor of y; nil when all outcomes are equal or some are between 0 and 1.
    package let areaUnderCurve: UncertainValue?
    package let selective: SelectivePrediction
    /// Spiegelhalter's test; nil when every confidence is 0, 1/2 or 1.
    package let spiegelhalter: SpiegelhalterTest?
    package let kernel: KernelCalibrationError
    /// The bins of equal width, for reliability diagrams.
    package let bins: [ReliabilityBin]

    /// Computes the summary of sorted rows.
    package init(_ rows: ConfidenceRows, _ settings: Settings = Settings(), reach: StudentReach? = nil) {
        let prepared = PreparedRows(rows, confidence: settings.confidence, reach: reach)
        let inference = prepared.inference
        count = rows.count
        (groupCount, isGrouped) = (rows.clusters.count, rows.clusters.areGiven)
        accuracy = inference.rate(rows.outcome)
        confidence = inference.mean(rows.confidence)
        gap = inference.mean(prepared.residuals.map { -$0 })
        byWidth = BinnedError(prepared, .width(settings.binCount), gapError: gap.standardError)
        byMass = BinnedError(prepared, .mass(settings.binCount), gapError: gap.standardError)
        distinctCount = rows.distinctCount
        byValue =
            distinctCount <= Self.mostDistinct
            ? BinnedError(prepared, .distinct, gapError: gap.standardError) : nil
        smoothed = SmoothedError(rows, residuals: prepared.residuals).fixedPoint
        brier = BrierScore(prepared)
        logLoss = LogLoss(prepared)
        areaUnderCurve = Discrimination.areaUnderCurve(rows, inference)
        selective = SelectivePrediction(rows)
        spiegelhalter = SpiegelhalterTest(prepared)
        kernel = KernelCalibrationError(prepared, settings.signs)
        bins = ReliabilityBin.bins(prepared, .width(settings.binCount))
    }
}
