import Statistics

/// Everything that is said of the calibration of one set.
package struct CalibrationSummary: Sendable {
    /// How it is computed.
    package struct Settings: Sendable, Equatable {
        /// Bins of equal width and of equal mass.
        package var binCount: Int
        /// Of intervals.
        package var confidence: Double
        /// Of the kernel test.
        package var signs: KernelCalibrationError.Signs

        package init(binCount: Int = 10, confidence: Double = 0.95, signs: KernelCalibrationError.Signs = .init()) {
            (self.binCount, self.confidence, self.signs) = (binCount, confidence, signs)
        }
    }

    /// Most different confidences for which each gets a bin: stated ones, or shares of k answers.
    package static let mostDistinct = 21

    /// n, and G.
    package let count: Int
    package let groupCount: Int
    /// Whether groups were given.
    package let isGrouped: Bool
    /// The mean of y, of c, and of c - y: above 0 for an over-confident model.
    package let accuracy: UncertainValue
    package let confidence: UncertainValue
    package let gap: UncertainValue
    /// Over bins of equal width, of equal mass, and one for each confidence where there are at most 21.
    package let byWidth: BinnedError
    package let byMass: BinnedError
    package let byValue: BinnedError?
    /// The number of different confidences.
    package let distinctCount: Int
    /// Without bins.
    package let smoothed: Double
    package let brier: BrierScore
    package let logLoss: LogLoss
    /// Of c for y; nil where all outcomes are equal or some are between 0 and 1.
    package let areaUnderCurve: UncertainValue?
    package let selective: SelectivePrediction
    /// Nil where each confidence is 0, 1/2 or 1.
    package let spiegelhalter: SpiegelhalterTest?
    package let kernel: KernelCalibrationError
    /// For diagrams, by width.
    package let bins: [ReliabilityBin]

    /// The summary of sorted rows.
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
