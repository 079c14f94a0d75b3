import Foundation
import Information
import Scenarios

/// How scenarios differ from those of the same names in an earlier report.
///
/// The difference of two values has the standard error sqrt(s1² + s2²) of independent runs. Two runs over the same items agree in
/// what the items do to both of them, so that the true error is smaller as a rule: the test is conservative.
struct BaselineChange {
    let report: Report
    let baseline: Report
    private let earlier: [String: Report.Scenario]

    /// - Throws: `RunError` where the two reports are in different units.
    init(report: Report, baseline: Report) throws {
        guard report.settings.units == baseline.settings.units else {
            throw RunError(
                code: "baseline_units",
                message: "the baseline: expected values in \(report.settings.units), found \(baseline.settings.units)".withoutControls,
                hint: "run both with the same --units")
        }
        self.report = report
        self.baseline = baseline
        earlier = Dictionary(baseline.scenarios.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The changes of a scenario as fields that rules can be about; nil where the baseline has no numbers for it.
    func fields(of scenario: Report.Scenario) -> FieldValue? {
        guard let old = earlier[scenario.name], old.status == "ok" else { return nil }
        let groups = [scenario.groupCount, old.groupCount, report.id.groupCount, baseline.id.groupCount].compactMap { $0 }
        var members: [String: FieldValue] = [:]
        if let new = scenario.emid, let old = old.emid {
            members["emid"] = change(new.value - old.value, new.standardError, old.standardError, groups)
        }
        if let new = scenario.emi, let old = old.emi {
            members["emi"] = change(new.value - old.value, new.standardError, old.standardError, groups)
        }
        return .object(members)
    }

    /// Why a scenario has no change.
    func absence(of name: String) -> String {
        earlier[name] == nil ? "the baseline has no scenario of this name" : "the scenario has no such value in both reports"
    }

    /// Scenarios that only the baseline has.
    var lost: [String] {
        let names = Set(report.scenarios.map(\.name))
        return baseline.scenarios.map(\.name).filter { !names.contains($0) }
    }

    /// What makes two reports hard to compare.
    var differingSettings: [String] {
        let (new, old) = (report.settings, baseline.settings)
        let pairs = [
            ("estimator", new.estimator, old.estimator), ("kernel", new.kernel, old.kernel), ("bound", new.bound, old.bound),
            ("divergence", new.divergence, old.divergence), ("fit", new.fit ?? "none", old.fit ?? "none"),
            ("normalize", "\(new.normalize)", "\(old.normalize)"),
        ]
        return pairs.filter { $0.1 != $0.2 }.map { "\($0.0) is \($0.1), and was \($0.2)".withoutControls }
    }

    /// Student's t with the fewest groups of both reports less one as degrees of freedom, fewer than Welch and Satterthwaite would give.
    private func change(_ difference: Double, _ new: Double?, _ old: Double?, _ groups: [Int]) -> FieldValue {
        var members: [String: FieldValue] = ["value": .number(difference)]
        if let new, let old {
            let standardError = (new * new + old * old).squareRoot()
            let student = StudentDistribution(degreesOfFreedom: Double((groups.min() ?? 2) - 1))
            let reach = standardError * student.twoSidedQuantile(report.settings.confidence)
            members["standard_error"] = .number(standardError)
            members["interval"] = .list([.number(difference - reach), .number(difference + reach)])
            members["p_value"] = .number(standardError > 0 ? student.twoSidedTail(difference / standardError) : difference == 0 ? 1 : 0)
        }
        return .object(members)
    }
}
