import Bottleneck
import LinearAlgebra
import Statistics
import Testing

@testable import Reports
@testable import Studies

/// A set of 12 items in groups of two, whose matched pairs have `gain` more.
private func set(_ name: String, gain: Double, hasReference: Bool = true, hasLabels: Bool = true) throws -> LogProbabilitySet {
    func matrix(_ gain: Double, _ stream: String) -> Matrix {
        var generator = SeededGenerator(seed: 1, stream: stream)
        let noise = generator.normals(12, 12)
        return Matrix(rowCount: 12, columnCount: 12) { -20 + noise[$0, $1] + ($0 == $1 ? gain : 0) }
    }
    let groups = (0..<12).map { hasLabels ? "image \($0 / 2)" : "\(name) \($0)" }
    let model = try LogProbabilityInformation(matrix(gain, name), groups: groups)
    let reference = hasReference ? try LogProbabilityInformation(matrix(3, name + "references"), groups: groups) : nil
    return LogProbabilitySet(
        name: name, itemCount: 12, groupCount: Set(groups).count, hasLabels: hasLabels, model: model,
        emi: reference.map { LogProbabilityEMI(model: model, reference: $0) })
}

private func result(_ id: LogProbabilitySet, _ others: [LogProbabilitySet]) -> LogProbabilityResult {
    func test(_ set: LogProbabilitySet) -> PairedDifference? {
        set.emi.map { PairedDifference(value: $0.value.value, influence: $0.influence, intervals: IntervalMethod()) }
    }
    return LogProbabilityResult(
        id: id, idTest: test(id),
        shifts: others.map { other in
            let gap = id.emi.flatMap { own in
                other.emi.map {
                    PairedDifference(
                        value: own.value.value - $0.value.value, influence: own.influence.subtracting($0.influence),
                        intervals: IntervalMethod())
                }
            }
            return LogProbabilityResult.Shift(set: other, test: test(other), gap: gap, sharedGroupCount: other.hasLabels ? 6 : 0)
        })
}

@Suite struct LogProbabilityReportTests {
    @Test func theJSONKeepsToItsSchema() throws {
        let schema = try JSONSchema(PublishedSchema.logprobs.text)
        let clean = try set("clean", gain: 3)
        for found in [
            result(clean, [try set("frost", gain: 1), try set("fog", gain: 3, hasLabels: false)]), result(clean, []),
            result(clean, [try set("frost", gain: 1, hasReference: false)]),
        ] {
            var report = LogProbabilityReport(found, scale: .answer, confidence: 0.95, unit: .nats)
            report.environment = Report.Environment(blas: "b", threads: 1, platform: "p", date: "d", command: "c")
            report.provenance = Report.Provenance(inputs: [Report.Input(path: "a.npz", sha256: nil)])
            #expect(try schema.problems(in: report.rendered(.json)) == [])
        }
    }

    @Test func aLossIsNamedAndAChangeWithinTheErrorIsNot() throws {
        let found = result(try set("clean", gain: 3), [try set("frost", gain: 0), try set("fog", gain: 3)])
        let report = LogProbabilityReport(found, scale: .answer, confidence: 0.95, unit: .nats)
        #expect(report.findings.count == 2 && report.findings[0].hasPrefix("frost: EMI falls by "))
        #expect(report.findings[1].hasPrefix("fog: no change of EMI is resolved"))
        let text = try report.rendered(.text)
        #expect(text.contains("EMI from log-probabilities, nats per answer") && text.contains("6 of 6"))
        // Sets that name their groups need no remark about it.
        #expect(!text.contains("no array 'id' or 'group'") && !text.contains("divided by the length"))
        let p = try #require(report.scenarios[1].emid?.pValue)
        #expect(report.scenarios[1].emid?.qValue == p)
        let twice = (report.scenarios[0].emid?.qValue ?? 0) / (report.scenarios[0].emid?.pValue ?? 1)
        #expect(abs(twice - 2) < 1e-12)
    }
}
