import Information
import Statistics
import Studies

/// The difference of a value between two runs: row by row if rows are paired, otherwise with the standard error sqrt(s1² + s2²) of
/// independent runs.
///
/// Two runs over the same items share what the items do to both of them, so the true error is usually smaller than that of independent
/// runs. Interval and test are then conservative.
package struct RunDifference: Codable, Sendable, Equatable {
    /// The second value minus the first.
    package var value: Double
    package var standardError: Double?
    /// The lower and upper ends.
    package var interval: [Double]?
    /// The two-sided p-value of "no difference".
    package var pValue: Double?
    /// The p-value after Benjamini and Hochberg over the scenarios of a comparison.
    package var qValue: Double?
    /// The variance of independent runs divided by that of comparing rows with rows, which is how many times as many rows independent runs
    /// would need. Absent if rows were not paired.
    package var varianceRatio: Double?
    /// Whether rows were compared with rows.
    package var isPaired: Bool?
    /// Why there are neither error nor test; absent if there are, or if a report lacks the errors.
    package var reason: String?

    /// Uses Student's t with the smaller number of groups minus one as degrees of freedom, fewer than Welch and Satterthwaite would give.
    init(
        from old: (value: Double, standardError: Double?), to new: (value: Double, standardError: Double?),
        groupCounts: [Int],
        confidence: Double
    ) {
        let error = old.standardError.flatMap { first in
            new.standardError.map { (first * first + $0 * $0).squareRoot() }
        }
        self.init(
            value: new.value - old.value, standardError: error, groupCount: groupCounts.min() ?? 2,
            confidence: confidence)
    }

    /// The difference of paired rows.
    ///
    /// - Parameter errors: the standard errors of the two values by themselves.
    init(_ paired: PairedDifference, independentErrors errors: (Double?, Double?)) {
        value = paired.value.value
        standardError = paired.value.standardError
        interval = paired.value.interval.map { [$0.lowerBound, $0.upperBound] }
        pValue = paired.pValue
        varianceRatio = paired.varianceRatio(independentErrors: errors)
        isPaired = true
    }

    /// The difference of a value that only the queries decide, in runs with the same queries. Nothing about the models can be tested.
    init(ofSameQueries old: Double, _ new: Double) {
        value = new - old
        reason = Self.reasonOfSameQueries(isZero: value == 0)
    }

    /// Why a value of the queries has no error when runs with the same queries are compared.
    static func reasonOfSameQueries(isZero: Bool) -> String {
        isZero
            ? "the queries are the same in both runs, and this value does not depend on the model"
            : "the queries are the same in both runs: this difference is one of settings or seeds, and not of models"
    }

    /// A difference with a known standard error; nil means that the error is unknown.
    init(value: Double, standardError: Double?, groupCount: Int, confidence: Double) {
        self.value = value
        guard let error = standardError else { return }
        let student = StudentDistribution(degreesOfFreedom: Double(max(2, groupCount) - 1))
        let reach = error * student.twoSidedQuantile(confidence)
        self.standardError = error
        interval = [value - reach, value + reach]
        pValue = error > 0 ? student.twoSidedTail(value / error) : value == 0 ? 1 : 0
    }
}

/// A sentence for two runs whose fits differ; nil if the fits are the same or unknown.
func differentFits(_ own: String?, _ other: String?) -> String? {
    guard let own, let other, own != other else { return nil }
    return
        "the reports stand on different fits, and EMI of different fits does not compare: give both one (emi batch --fit-with MANIFEST, or "
        + "--save-fit FILE and --fit FILE)"
}

extension StudySettings {
    /// The differences of settings that make two reports hard to compare, in sentences.
    func differences(from old: StudySettings) -> [String] {
        let pairs = [
            ("estimator", estimator, old.estimator), ("kernel", kernel, old.kernel),
            ("bound", boundName, old.boundName),
            ("divergence", effectiveDivergence.rawValue, old.effectiveDivergence.rawValue),
            ("fit", fit?.text ?? "none", old.fit?.text ?? "none"),
            ("normalize", "\(normalize)", "\(old.normalize)"), ("confidence", "\(confidence)", "\(old.confidence)"),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { "\($0.0) is \($0.1), and was \($0.2)".withoutControls }
    }
}
