import Information
import Scenarios

/// What `emi mi` prints.
public struct MutualInformationReport: Codable, Sendable, Equatable {
    public var value: Double
    public var standardError: Double?
    public var interval: [Double]?
    /// The p-value of "x and y are independent", by pairing rows anew.
    public var pValue: Double?
    public var estimator: String
    public var sampleCount: Int
    /// The number of groups of dependent rows, where the files have any.
    public var groupCount: Int?
    public var settings: Settings
    /// What a reader should know, where there is something.
    public var warnings: [Report.Warning]?

    /// What decided the number.
    public struct Settings: Codable, Sendable, Equatable {
        public var alpha: Double?
        public var confidence: Double
        public var normalize: Bool
        public var units: String
        public var seed: UInt64
    }

    /// The report of one estimate.
    public init(_ result: MutualInformationResult, settings: RunSettings, unit: InformationUnit) {
        value = unit.value(result.estimate.value)
        standardError = result.estimate.standardError.map(unit.value)
        interval = result.estimate.interval.map { [unit.value($0.lowerBound), unit.value($0.upperBound)] }
        pValue = result.pValue
        estimator = settings.estimator
        sampleCount = result.sampleCount
        groupCount = result.groupCount
        warnings = result.warnings.isEmpty ? nil : result.warnings.map(Report.Warning.init)
        self.settings = Settings(
            alpha: settings.estimator == "matrix-renyi" ? settings.alpha : nil, confidence: settings.confidence,
            normalize: settings.normalize, units: unit.rawValue, seed: settings.seed)
    }

    /// One line.
    public var text: String {
        let groups = groupCount.map { " in \($0) \($0 == 1 ? "group" : "groups")" } ?? ""
        let error = standardError.map { " ± \(Numbers.decimal($0)) s.e." } ?? ""
        let ends = interval.map { _ in ", \(Numbers.confidence(settings.confidence)) interval \(Numbers.interval(interval))" } ?? ""
        let evidence = pValue.map { ", p = \(Numbers.decimal($0))" } ?? ""
        return "I(X;Y) = \(Numbers.decimal(value))\(error) \(settings.units)\(ends)\(evidence) (\(estimator), n = \(sampleCount)\(groups))\n"
    }
}

/// What `emi jsd` prints.
public struct DivergenceReport: Codable, Sendable, Equatable {
    public var jsd: Double
    public var nullMean: Double?
    public var excess: Double?
    /// Of the excess.
    public var standardError: Double?
    /// Of the divergence: around the excess, within [0, ln 2].
    public var interval: [Double]?
    public var pValue: Double?
    /// The squared maximum mean discrepancy under the same kernel, a second opinion, and its p-value.
    public var mmd: Double?
    public var mmdPValue: Double?
    public var kernel: String
    public var sampleCounts: [Int]
    /// The number of groups of dependent rows in either sample, where one of the files has any.
    public var groupCounts: [Int]?
    public var units: String
    /// What a reader should know, where there is something.
    public var warnings: [Report.Warning]?

    /// The report of one divergence.
    public init(_ result: DivergenceResult, kernel: String, unit: InformationUnit) {
        let values = Report.Discrepancy(result.estimate, excess: result.excess, unit: unit)
        (jsd, nullMean, excess, pValue) = (values.jsd, values.nullMean, values.excess, values.pValue)
        (standardError, interval) = (values.standardError, values.interval)
        (mmd, mmdPValue) = (values.mmd, values.mmdPValue)
        self.kernel = kernel
        sampleCounts = result.sampleCounts
        groupCounts = result.groupCounts
        units = unit.rawValue
        warnings = result.warnings.isEmpty ? nil : result.warnings.map(Report.Warning.init)
    }

    /// One line.
    public var text: String {
        let chance = nullMean.map { "; \(Numbers.decimal($0)) by chance at this size, excess \(Numbers.optional(excess)) \(Numbers.interval(interval))" } ?? ""
        let opinion = mmdPValue.map { ", by MMD \(Numbers.decimal($0))" } ?? ""
        let evidence = pValue.map { ", p = \(Numbers.decimal($0))\(opinion)" } ?? ""
        let counts = sampleCounts.map(String.init).joined(separator: " and ")
        let groups = groupCounts.map { " in " + $0.map(String.init).joined(separator: " and ") + " groups" } ?? ""
        return "JSD = \(Numbers.decimal(jsd)) \(units)\(chance)\(evidence) (\(kernel), \(counts) rows\(groups))\n"
    }
}
