import Foundation
import Testing

/// `Scripts/make-example-report` makes the example report anew.
@Suite struct ExampleReportTests {
    @Test func theExampleIsWhatTheProgramSaysToday() throws {
        let outcome = try Program.run(
            ["batch", "Fixtures/digits/manifest.yaml", "--only", "frost_*", "--reproducible", "-q", "--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let file = Program.project.appending(path: "Fixtures/reports/frost.json")
        let now = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let then = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        let differences = Self.differences(then, now, at: "")
        #expect(differences.isEmpty, "run Scripts/make-example-report: \(differences.prefix(5))")
    }

    /// Where two values differ; numbers may by the rounding of other processors, and what counts relabellings by one of them.
    private static func differences(_ old: Any, _ new: Any, at path: String) -> [String] {
        switch (old, new) {
        case (let old as [String: Any], let new as [String: Any]):
            let keys = Set(old.keys).union(new.keys).subtracting(path.hasSuffix(".id") || path == ".id" ? ["fit"] : [])
            return keys.sorted().flatMap { key -> [String] in
                guard let a = old[key], let b = new[key] else { return ["\(path).\(key) is in one of them only"] }
                return differences(a, b, at: "\(path).\(key)")
            }
        case (let old as [Any], let new as [Any]):
            guard old.count == new.count else { return ["\(path) has \(old.count) and \(new.count) entries"] }
            return zip(old, new).enumerated().flatMap { differences($1.0, $1.1, at: "\(path)[\($0)]") }
        case (let old as NSNumber, let new as NSNumber):
            let tolerance = path.contains("p_value") || path.contains("q_value") ? 0.02 : 1e-6 * max(1, abs(old.doubleValue))
            return abs(old.doubleValue - new.doubleValue) <= tolerance ? [] : ["\(path): \(old) and \(new)"]
        default: return "\(old)" == "\(new)" ? [] : ["\(path): \(old) and \(new)"]
        }
    }
}
