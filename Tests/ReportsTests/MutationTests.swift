import Statistics
import Testing

@testable import Reports
@testable import Studies

/// What people write, and what an earlier run wrote, with bytes changed, left out and put in: a sentence or a result, never a trap. The
/// long run is `Scripts/fuzz`.
@Suite struct MutationTests {
    private static let texts: [(name: String, text: String)] = [
        (
            "manifest",
            "version: 1\nsettings: {k: 5}\nid: &i {name: a, data: {bundle: a, response: 'r:x'}}\nscenarios:\n  - {name: b, data: c, rows: 0-9}\n"
        ),
        ("manifest", #"{"version": 1, "id": {"data": "a"}, "scenarios": [{"name": "\ud83d\ude42", "data": "b", "scores": {"f1": 0.2}}]}"#),
        (
            "policy",
            "version: 1\non_inconclusive: warn\nrules:\n  - fail_if: emid.interval_low > 0.05\n    kind: joint\n  - {warn_if: bound.holds == false}\n"
        ),
        ("condition", "change.emid.p_value <= 1e-3"), ("report", ""),
    ]

    @Test(arguments: texts.indices) func nothingTraps(_ index: Int) throws {
        var (name, text) = Self.texts[index]
        if name == "report" {
            var report = try savedReport()
            report.scenarios = Array(report.scenarios.prefix(1))
            text = try report.json()
        }
        let bytes = Array(text.utf8)
        var random = SeededGenerator(seed: UInt64(index))
        for round in 0..<(name == "report" ? 150 : 600) {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) where !damaged.isEmpty {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch round % 4 {
                case 0: damaged.removeSubrange(place..<min(damaged.count, place + Int.random(in: 1...20, using: &random)))
                case 1: damaged.insert(UInt8.random(in: 0...255, using: &random), at: place)
                case 2: damaged[place] = UInt8.random(in: 0x20...0x7E, using: &random)
                default: damaged.insert(contentsOf: "1e999".utf8, at: place)
                }
            }
            let found = String(decoding: damaged, as: UTF8.self)
            switch name {
            case "manifest":
                guard let node = try? yamlNode(found, file: "m.yaml") else { continue }
                var reader = ManifestReader(path: "m.yaml")
                _ = reader.manifest(node)
            case "policy": _ = try? GatePolicy(yaml: found, path: "p.yaml", hasBaseline: true)
            case "condition": _ = try? Condition(found)
            default:
                guard let report = try? Report.read(found, name: "r").report else { continue }
                for format in ReportFormat.allCases where format != .html { _ = try? report.rendered(format) }
            }
        }
    }
}
