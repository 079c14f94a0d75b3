import Foundation
import Testing

private let clean = "Fixtures/digits/clean.npz"

private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

@Suite struct BottleneckCommandTests {
    @Test func aShiftIsReadInEveryRepresentation() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            ["bottleneck", "--id", clean, "--ood", "Fixtures/digits/defocus_blur_5.npz", "--permutations", "9"]
                + ["b.json", "b.md", "b.html"].flatMap { ["-o", folder.path($0)] } + [
                    "-o", "-", "--export", folder.path("small"),
                ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("principal components") && outcome.output.contains("nats of reference"))
        let found = try json(String(contentsOfFile: folder.path("b.json"), encoding: .utf8))
        let names = (found["representations"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
        #expect(names == ["raw", "bottleneck", "principal", "random"])
        let shifted = (found["scenarios"] as? [[String: Any]])?.first?["representations"] as? [String: [String: Any]]
        #expect(Set(shifted?.keys.map { $0 } ?? []) == Set(names ?? []) && shifted?["raw"]?["own_nearest"] is Double)
        #expect(try String(contentsOfFile: folder.path("b.html"), encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
        #expect(try String(contentsOfFile: folder.path("b.md"), encoding: .utf8).hasPrefix("### emi bottleneck"))
        // What was exported is a set like any other.
        let again = try Program.run(
            [
                "estimate", "--id", folder.path("small/clean.safetensors"), "--ood",
                folder.path("small/defocus_blur_5.safetensors"),
            ]
                + ["--permutations", "0", "--format", "json", "-q"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try (json(again.output)["scenarios"] as? [[String: Any]])?.first?["status"] as? String == "ok")
    }

    @Test func resultsDoNotDependOnTheThreads() throws {
        let arguments = [
            "bottleneck", "--id", clean, "--of", "text", "--kernel", "linear", "--permutations", "9", "--format",
            "json", "-q", "--reproducible",
        ]
        let (one, two) = (
            try Program.run(arguments + ["--threads", "1"]), try Program.run(arguments + ["--threads", "2"])
        )
        #expect(one.status == 0 && one.output == two.output, "\(one.errors)")
    }

    @Test func posteriorsOfTwoModelsAreCompared() throws {
        let folder = try TemporaryFolder()
        func file(_ name: String, shift: Double) throws -> String {
            let rows = (0..<12).map { row in
                let mean = (0..<3).map { "\(sin(Double(row * 3 + $0)) + shift)" }.joined(separator: ",")
                return "{\"mean\":[\(mean)],\"log_variance\":[-1,0.5,0]}"
            }
            return try folder.file(name, rows.joined(separator: "\n") + "\n")
        }
        let (a, b) = (try file("a.jsonl", shift: 0), try file("b.jsonl", shift: 1))
        let outcome = try Program.run([
            "bottleneck", "--posterior", a, "--posterior", b, "--compat", "vittle", "--format", "json",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let found = try json(outcome.output)
        let posteriors = try #require(found["posteriors"] as? [[String: Any]])
        let rates = posteriors.compactMap { ($0["rate"] as? [String: Any])?["value"] as? Double }
        // Shifting all means by 1 adds (1 + 2 mean)/2 a column.
        let means = (0..<36).reduce(0.0) { $0 + sin(Double($1)) } / 12
        #expect(rates.count == 2 && abs(rates[1] - rates[0] - (1.5 + means)) < 1e-9)
        #expect(posteriors.allSatisfy { $0["published"] is Double && $0["rate_best_prior"] is Double })
        let comparison = try #require((found["comparisons"] as? [[String: Any]])?.first)
        #expect(abs((comparison["rate_per_column"] as? [String: Double])?["value"] ?? 0 - (1.5 + means) / 3) < 10)
        let text = try Program.run(["bottleneck", "--posterior", a])
        #expect(text.status == 0 && text.output.contains("upper bound of I(X;Z)"))
    }

    @Test func wrongUsageAndWrongInputAreTold() throws {
        #expect(try Program.run(["bottleneck"]).status == 64)
        #expect(try Program.run(["bottleneck", "--id", clean, "--posterior", clean]).status == 64)
        #expect(try Program.run(["bottleneck", "--id", clean, "--beta", "0.5"]).status == 64)
        let unknown = try Program.run(["bottleneck", "--id", clean, "--of", "audio"])
        #expect(
            unknown.status == 2
                && unknown.errors.contains("expected one of query, response, visual, text, found 'audio'"))
        let missing = try Program.run(["bottleneck", "--posterior", clean])
        #expect(missing.status == 2 && missing.errors.contains("expected arrays 'mean' and 'log_variance'"))
        let folder = try TemporaryFolder()
        let wide = try folder.file(
            "w.jsonl", "{\"mean\":[1,2],\"log_variance\":[1,900]}\n{\"mean\":[1,2],\"log_variance\":[1,2]}\n")
        let outside = try Program.run(["bottleneck", "--posterior", wide])
        #expect(
            outside.status == 2 && outside.errors.contains("expected values between -600 and 600, found 900.0 in row 0")
        )
    }
}
