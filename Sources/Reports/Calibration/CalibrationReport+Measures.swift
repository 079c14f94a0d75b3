extension CalibrationReport {
    /// An estimate with its interval and tests.
    package struct Value: Codable, Sendable, Equatable {
        /// The estimate.
        package var value: Double
        /// The standard error; absent if there are too few groups.
        package var standardError: Double?
        /// The lower and upper ends of the interval.
        package var interval: [Double]?
        /// The two-sided p-value of "no change"; only for changes.
        package var pValue: Double?
        /// The q-value over scenarios; only for changes.
        package var qValue: Double?
        /// The smallest size that would have been detected in 80 % of repetitions.
        package var smallest: Double?
    }

    /// What became of the rows of a file.
    package struct Rows: Codable, Sendable, Equatable {
        /// The number of rows that were read.
        package var read: Int
        /// The number of rows that the measures use.
        package var used: Int
        /// The number of rows on which the model abstained.
        package var abstained: Int
        /// The number of rows without a usable confidence.
        package var noConfidence: Int
        /// The number of rows whose answer is missing or cannot be read.
        package var unparsed: Int
        /// The number of rows whose request failed.
        package var failed: Int
        /// The number of unused rows for each reason, by code.
        package var excluded: [String: Int]
    }

    /// A calibration error over bins.
    package struct BinnedError: Codable, Sendable, Equatable {
        /// The error (ECE), and its parts from over- and under-confident bins.
        package var value: Double
        package var over: Double
        package var under: Double
        /// The error that chance alone would give, and the rest.
        package var chance: Double
        package var excess: Double
        /// The standard error of the error.
        package var standardError: Double?
        /// A bracket of the true error.
        package var interval: [Double]?
        /// The largest gap of a bin.
        package var largestGap: Double
        /// The number of bins that have rows.
        package var binCount: Int
        /// The bins of the reliability diagram, for bins of equal width.
        package var bins: [Bin]?
    }

    /// A bin of the reliability diagram.
    package struct Bin: Codable, Sendable, Equatable {
        /// The lowest and the highest confidence in the bin.
        package var low: Double
        package var high: Double
        /// The number of rows.
        package var n: Int
        /// The means of the confidences and of the outcomes.
        package var confidence: Double
        package var accuracy: Double
        /// The interval of the accuracy.
        package var interval: [Double]
        /// The range in which the accuracy of a calibrated model would lie.
        package var band: [Double]
    }

    /// The squared error from pairs of rows of different groups, which is unbiased and therefore sometimes negative.
    package struct Squared: Codable, Sendable, Equatable {
        /// The estimate with its standard error and interval.
        package var value: Double
        package var standardError: Double?
        package var interval: [Double]?
        /// The number of rows in bins without such a pair.
        package var rowsWithoutPair: Int
    }

    /// The Brier score with its decomposition: miscalibration - discrimination + uncertainty.
    package struct Brier: Codable, Sendable, Equatable {
        /// The score with its standard error and interval.
        package var value: Double
        package var standardError: Double?
        package var interval: [Double]?
        /// The gain from isotonic recalibration, in sample.
        package var miscalibration: Double
        /// The gain of the recalibrated confidences over the base rate.
        package var discrimination: Double
        /// The score of the base rate.
        package var uncertainty: Double
    }

    /// What the model gains by answering only the questions on which it is most confident.
    package struct Selective: Codable, Sendable, Equatable {
        /// The area under the risk-coverage curve.
        package var aurc: Double
        /// The same area with an oracle's order, and with a random order.
        package var oracle: Double
        package var random: Double
        /// `aurc` minus `oracle`.
        package var eaurc: Double
        /// The area under the generalised risk-coverage curve: the mean of risk times coverage.
        package var augrc: Double
        /// (random - aurc) / (random - oracle); absent if all rows are equally right.
        package var naurc: Double?
        /// `r01`, `r05`, `r10`, `r20`: the largest share answered with at most 1, 5, 10, 20 % wrong.
        package var coverageAtRisk: [String: Double]
        /// The accuracy at these coverages: `c50`, `c80`, `c90`.
        package var accuracyAtCoverage: [String: Double]
        /// Points of the risk-coverage curve.
        package var curve: [Point]?

        /// One point of the risk-coverage curve.
        package struct Point: Codable, Sendable, Equatable {
            /// The share of rows answered.
            package var coverage: Double
            /// The mean of 1 - y among them.
            package var risk: Double
            /// The same if the right rows were the most confident ones.
            package var oracle: Double
        }
    }

    /// The tests of perfect calibration.
    package struct Tests: Codable, Sendable, Equatable {
        package var spiegelhalter: Spiegelhalter?
        package var skce: Kernel?

        /// Spiegelhalter's test.
        package struct Spiegelhalter: Codable, Sendable, Equatable {
            /// The standardised statistic, with its two-sided p-value.
            package var z: Double
            package var pValue: Double
        }

        /// The kernel calibration error with its test.
        package struct Kernel: Codable, Sendable, Equatable {
            /// The squared error, unbiased.
            package var value: Double
            /// The one-sided p-value.
            package var pValue: Double?
            /// Whether the test used every pattern of signs.
            package var isExact: Bool?
        }
    }

    /// What option scores tell beyond the answer.
    package struct Options: Codable, Sendable, Equatable {
        /// The negative log-likelihood of the right option, in nats.
        package var nll: Value
        /// The Brier score over options, at most 2.
        package var brier: Value
        /// The entropy divided by ln K.
        package var entropy: Value
        /// The number of rows whose largest score occurs more than once.
        package var ties: Int
        /// The number of rows whose right option has no probability.
        package var impossible: Int
    }
}
