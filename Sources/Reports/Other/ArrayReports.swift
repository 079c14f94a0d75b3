import Information
import Statistics
import Studies

/// What `emi mi` prints.
package struct MutualInformationReport: Codable, Sendable, Equatable {
    /// I(X; Y), in the units of the settings.
    package var value: Double
    package var standardError: Double?
    package var interval: [Double]?
    /// The p-value of "x and y are independent", from random pairings of the rows.
    package var pValue: Double?
    /// A lower and an upper bound.
    package var bracket: Bracket?
    /// The estimator's name.
    package var estimator: String
    /// What `auto` chose.
    package var choice: Choice?
    /// The number of rows.
    package var sampleCount: Int
    /// The number of groups of dependent rows, if the files have any.
    package var groupCount: Int?
    package var settings: Settings
    /// What the reader should know, if there is anything.
    package var warnings: [Report.Warning]?

    /// The settings that decided the number.
    package struct Settings: Codable, Sendable, Equatable {
        /// The order of matrix-renyi.
        package var alpha: Double?
        /// The number of nearest neighbours of ksg and auto.
        package var k: Int?
        /// The kernel of matrix-renyi.
        package var renyiKernel: String?
        package var confidence: Double
        package var normalize: Bool
        package var units: String
        package var seed: UInt64
        /// Random pairings of the test.
        package var permutations: Int
    }

    /// Bounds of I(X; Y) from rows that their fits have not seen.
    package struct Bracket: Codable, Sendable, Equatable {
        /// InfoNCE, a lower bound in expectation.
        package var lower: Double?
        /// CLUB, an upper bound if y given x is Gaussian as fitted.
        package var upper: Double?
    }

    /// What `auto` chose, with the values of all candidates.
    package struct Choice: Codable, Sendable, Equatable {
        /// `copula`, `neighbours` or `features`.
        package var part: String
        /// The reason for the choice, in words.
        package var reason: String
        /// The degrees of freedom of the Student copula; absent for the Gaussian one.
        package var degreesOfFreedom: Double?
        /// The value of every part that was tried.
        package var values: [String: Double]
    }

    /// The report of one estimate of mutual information.
    package init(_ result: MutualInformationResult, settings: StudySettings, unit: InformationUnit) {
        value = unit.value(result.estimate.value)
        standardError = result.estimate.standardError.map(unit.value)
        interval = result.estimate.interval.map { [unit.value($0.lowerBound), unit.value($0.upperBound)] }
        pValue = result.pValue
        estimator = settings.estimator
        sampleCount = result.sampleCount
        groupCount = result.groupCount
        bracket = result.bracket.map { Bracket(lower: $0.lower.map(unit.value), upper: $0.upper.map(unit.value)) }
        choice = result.choice.map { choice in
            Choice(
                part: choice.part.name, reason: choice.reason,
                degreesOfFreedom: choice.degreesOfFreedom.isFinite ? choice.degreesOfFreedom : nil,
                values: Dictionary(uniqueKeysWithValues: choice.values.map { ($0.name, unit.value($0.value)) }))
        }
        warnings = result.warnings.isEmpty ? nil : result.warnings.map(Report.Warning.init)
        let resolved = settings.resolved
        self.settings = Settings(
            alpha: resolved.alpha, k: resolved.k, renyiKernel: resolved.renyiKernel, confidence: settings.confidence,
            normalize: settings.normalize, units: unit.rawValue, seed: settings.seed, permutations: settings.permutations)
    }

    /// The estimate, the part on which it rests, and its bounds.
    package var text: String {
        let groups = groupCount.map { " in \($0) \($0 == 1 ? "group" : "groups")" } ?? ""
        let error = standardError.map { " ± \(Numbers.decimal($0)) s.e." } ?? ""
        let ends = interval.map { _ in ", \(Numbers.confidence(settings.confidence)) interval \(Numbers.interval(interval))" } ?? ""
        let name = estimator + (choice.map { ": \($0.part)" } ?? "")
        let evidence = pValue.map { ", " + Numbers.evidence("p", $0, of: settings.permutations) } ?? ""
        return "I(X;Y) = \(Numbers.decimal(value))\(error) \(settings.units)\(ends)\(evidence) (\(name), n = \(sampleCount)\(groups))\n"
            + (choice.map { "  why: \($0.reason)\n" } ?? "") + (bracket?.text ?? "")
    }
}

extension MutualInformationReport.Bracket {
    /// The bounds in one line, with their meaning.
    fileprivate var text: String {
        let ends = [
            lower.map { "at least \(Numbers.decimal($0)) (InfoNCE, a lower bound in expectation)" },
            upper.map { "at most \(Numbers.decimal($0)) (CLUB, an upper bound if y given x is Gaussian as fitted)" },
        ].compactMap { $0 }
        return ends.isEmpty ? "" : "  " + ends.joined(separator: ", ") + "\n"
    }
}

/// What `emi jsd` prints.
package struct DivergenceReport: Codable, Sendable, Equatable {
    /// The divergence (plug-in).
    package var jsd: Double
    /// What chance alone gives at these sizes: `jsd` minus `excess`.
    package var nullMean: Double?
    /// The debiased divergence.
    package var excess: Double?
    /// The standard error of the excess.
    package var standardError: Double?
    /// The interval of the divergence, made around the excess and cut to [0, ln 2].
    package var interval: [Double]?
    /// The p-value of "no divergence".
    package var pValue: Double?
    /// The squared maximum mean discrepancy under the same kernel as a second opinion, and its p-value.
    package var mmd: Double?
    package var mmdPValue: Double?
    package var kernel: String
    package var sampleCounts: [Int]
    /// The number of groups of dependent rows in each sample, if one of the files has any.
    package var groupCounts: [Int]?
    package var units: String
    /// Random relabellings of the tests.
    package var permutations: Int
    /// What a reader should know, where there is something.
    package var warnings: [Report.Warning]?

    /// The report of one divergence.
    package init(_ result: DivergenceResult, settings: StudySettings, unit: InformationUnit) {
        let values = Report.Discrepancy(result.estimate, excess: result.excess, unit: unit)
        (jsd, nullMean, excess, pValue) = (values.jsd, values.nullMean, values.excess, values.pValue)
        (standardError, interval) = (values.standardError, values.interval)
        (mmd, mmdPValue) = (values.mmd, values.mmdPValue)
        (kernel, permutations) = (settings.kernel, settings.permutations)
        sampleCounts = result.sampleCounts
        groupCounts = result.groupCounts
        units = unit.rawValue
        warnings = result.warnings.isEmpty ? nil : result.warnings.map(Report.Warning.init)
    }

    /// The divergence in one line.
    package var text: String {
        let chance =
            nullMean.map {
                "; \(Numbers.decimal($0)) by chance at this size, excess \(Numbers.optional(excess)) \(Numbers.interval(interval))"
            } ?? ""
        let opinion = mmdPValue.map { ", by MMD \(Numbers.probability($0, of: permutations))" } ?? ""
        let evidence = pValue.map { ", \(Numbers.evidence("p", $0, of: permutations))\(opinion)" } ?? ""
        let counts = sampleCounts.map(String.init).joined(separator: " and ")
        let groups = groupCounts.map { " in " + $0.map(String.init).joined(separator: " and ") + " groups" } ?? ""
        return "JSD = \(Numbers.decimal(jsd)) \(units)\(chance)\(evidence) (\(kernel), \(counts) rows\(groups))\n"
    }
}
