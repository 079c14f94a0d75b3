extension CalibrationReport {
    /// One set of answers.
    package struct Set: Codable, Sendable, Equatable {
        /// The set's name.
        package var name: String
        /// A free word that groups scenarios.
        package var kind: String?
        /// `ok` or `failed`.
        package var status: String
        /// The reason why there are no results.
        package var error: Report.Failure?
        /// What became of the rows of the file.
        package var rows: Rows?
        /// The number of groups of dependent rows.
        package var groups: Int?
        /// The mean outcome.
        package var accuracy: Value?
        /// The accuracy if excluded rows count as wrong.
        package var accuracyOfAll: Value?
        /// The mean confidence, and that minus the accuracy.
        package var confidence: Value?
        package var gap: Value?
        /// The calibration error over bins of equal width, over bins of equal mass, and with a bin for each confidence.
        package var ece: BinnedError?
        package var eceMass: BinnedError?
        package var eceDistinct: BinnedError?
        /// The squared calibration error.
        package var ce2: Squared?
        /// The calibration error without bins.
        package var smece: Double?
        package var brier: Brier?
        /// The log loss in nats; absent if a row was certain and wrong.
        package var logLoss: Value?
        /// The log loss with clipped confidences.
        package var logLossClipped: Value?
        /// The number of rows that were certain and wrong.
        package var certainAndWrong: Int?
        /// The area under the ROC curve of the confidence.
        package var auroc: Value?
        package var selective: Selective?
        package var tests: Tests?
        /// The measures of option scores.
        package var options: Options?
        package var temperature: Temperature?
        /// Platt's parameters for a scalar confidence.
        package var platt: Platt?
        /// The method of the recalibration, `temperature` or `platt`, with parameters from other folds.
        package var recalibration: String?
        /// The measures after this recalibration, and after the isotonic one.
        package var recalibrated: Short?
        package var isotonic: Short?
        /// The measures if the confidence is the probability of the answer's token.
        package var tokenProbability: Short?
        /// How the model handles unanswerable questions.
        package var idk: Abstention?
        /// The changes since the first set; absent for the first set.
        package var change: Change?
    }
}
