import Foundation
import Reports
import Testing

private let golden = Program.project.appending(path: "../shared/bottleneck/golden").standardizedFileURL

private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// The bytes of a `.npy` file.
private func npy(_ rows: [[Double]]) -> Data {
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows.count), \(rows.first?.count ?? 0)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data.append(contentsOf: header.utf8)
    for value in rows.joined() { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
}

/// Log-probabilities that depend on query and answer, and are larger by `gain` for matched pairs.
private func scores(_ n: Int, gain: Double, phase: Double = 0) -> [[Double]] {
    (0..<n).map { i in
        let query = -20 + sin(Double(i) * 2.3)
        return (0..<n).map { j -> Double in
            let answer = 2 * sin(Double(j) * 1.7 + phase)
            let pair = 0.3 * cos(Double(i * n + j) + phase)
            return query + answer + pair + (i == j ? gain : 0)
        }
    }
}

private func mean(_ scores: [[Double]]) -> Double {
    let n = scores.count
    let diagonal = (0..<n).reduce(0) { $0 + scores[$1][$1] }
    return diagonal / Double(n) - (scores.joined().reduce(0, +) - diagonal) / Double(n * (n - 1))
}

extension TemporaryFolder {
    fileprivate func matrix(_ name: String, _ rows: [[Double]]) throws -> String {
        try npy(rows).write(to: url.appending(path: name))
        return path(name)
    }
}

@Suite struct LogProbabilityCommandTests {
    @Test(.enabled(if: FileManager.default.fileExists(atPath: golden.path), "../shared/bottleneck/golden is not here"))
    func theNumbersAreThoseOfTheTwin() throws {
        let expected = try #require(
            try json(String(contentsOf: golden.appending(path: "expected.json"), encoding: .utf8))["logprob"] as? [String: Double])
        let file = golden.appending(path: "logprob.npz").path
        let outcome = try Program.run(["logprobs", "--id", file, "--ood", file, "--format", "json", "--reproducible"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let found = try json(outcome.output)
        let id = try #require(found["id"] as? [String: Any])
        for (name, key) in [("model_mi", "model_mi"), ("reference_mi", "reference_mi"), ("emi", "emi")] {
            let value = try #require((id[name] as? [String: Any])?["value"] as? Double)
            #expect(abs(value - (expected[key] ?? .nan)) < 1e-8)
        }
        let contributions = try #require(id["contributions"] as? [Double])
        #expect(contributions.count == 20 && abs(contributions.reduce(0, +) / 20 - (expected["emi"] ?? .nan)) < 1e-8)
        #expect(id["model_pairs"] as? Int == 380 && id["sample_count"] as? Int == 20)
        // The gap of a set to itself is 0. Without names its items count as others, so that it still has an error.
        let scenario = try #require((found["scenarios"] as? [[String: Any]])?.first)
        let emid = try #require(scenario["emid"] as? [String: Any])
        #expect(emid["value"] as? Double == 0 && scenario["shared_groups"] as? Int == 0)
        let own = try #require((id["emi"] as? [String: Any])?["standard_error"] as? Double)
        #expect(abs(try #require(emid["standard_error"] as? Double) - own * 2.0.squareRoot()) < 1e-12)
    }

    @Test func matricesInFilesOfTheirOwn() throws {
        let folder = try TemporaryFolder()
        let (response, reference) = (scores(24, gain: 2), scores(24, gain: 3, phase: 0.5))
        let files = [
            try folder.matrix("clean.npy", response), try folder.matrix("gold.npy", reference),
            try folder.matrix("frost.npy", scores(24, gain: 1)), try folder.matrix("frost_gold.npy", scores(24, gain: 3, phase: 1)),
        ]
        let arguments = [
            "logprobs", "--id", files[0], "--id-reference", files[1], "--ood", files[2], "--ood-reference", files[3], "--per", "token",
        ]
        let outputs = ["l.json", "l.md"].flatMap { ["-o", folder.path($0)] }
        let outcome = try Program.run(arguments + outputs + ["-o", "-"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("frost: EMI falls by") && outcome.output.contains("nats per token"))
        #expect(outcome.output.contains("no array 'id' or 'group' in clean, frost"))
        #expect(try String(contentsOfFile: folder.path("l.md"), encoding: .utf8).hasPrefix("### emi logprobs"))
        let text = try String(contentsOfFile: folder.path("l.json"), encoding: .utf8)
        let found = try json(text)
        let emi = ((found["id"] as? [String: Any])?["emi"] as? [String: Any])?["value"] as? Double
        #expect(abs((emi ?? .nan) - (mean(response) - mean(reference))) < 1e-12)
        #expect(((found["scenarios"] as? [[String: Any]])?.first?["emid"] as? [String: Any])?["q_value"] is Double)
        #expect((found["environment"] as? [String: Any])?["command"] is String)
        // Responses alone have no EMI, and no gap.
        let alone = try Program.run(["logprobs", "--id", files[0], "--ood", files[2]])
        #expect(alone.status == 0 && alone.output.contains("I(X;Yθ) alone") && !alone.output.contains("EMID "))
        // In bits everything is divided by ln 2.
        let bits = try json(Program.run(arguments + ["--units", "bits", "--format", "json"]).output)
        let inBits = ((bits["id"] as? [String: Any])?["emi"] as? [String: Any])?["value"] as? Double
        #expect(abs((inBits ?? .nan) * log(2) - (emi ?? .infinity)) < 1e-12)
    }

    @Test func sharedItemsAreComparedWithThemselves() throws {
        let folder = try TemporaryFolder()
        func lines(_ name: String, gain: Double, group: Bool) throws -> String {
            let (response, reference) = (scores(20, gain: gain), scores(20, gain: 3, phase: 0.5))
            let rows = (0..<20).map { row in
                "{\"id\":\"q\(row)\"\(group ? ",\"group\":\"image \(row / 2)\"" : "")"
                    + ",\"response\":\(response[row]),\"reference\":\(reference[row])}"
            }
            return try folder.file(name, rows.joined(separator: "\n") + "\n")
        }
        for (isGrouped, count) in [(false, 20), (true, 10)] {
            let (a, b) = (
                try lines("a.jsonl", gain: 2, group: isGrouped), try lines("b.jsonl", gain: 1, group: isGrouped)
            )
            let outcome = try Program.run(["logprobs", "--id", a, "--ood", b, "--format", "json"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let scenario = try #require((try json(outcome.output)["scenarios"] as? [[String: Any]])?.first)
            #expect(scenario["shared_groups"] as? Int == count && scenario["group_count"] as? Int == count)
            let emid = try #require(scenario["emid"] as? [String: Any])
            // Matched pairs lost exactly 1, in every item: nothing about that is uncertain.
            #expect(abs(try #require(emid["value"] as? Double) - 1) < 1e-12)
            #expect(try #require(emid["standard_error"] as? Double) < 1e-12)
        }
    }

    @Test func whatIsNoMatrixOfLogProbabilitiesIsRefused() throws {
        let folder = try TemporaryFolder()
        let good = try folder.matrix("good.npy", scores(5, gain: 1))
        func changed(_ change: (inout [[Double]]) -> Void) -> [[Double]] {
            var rows = scores(5, gain: 1)
            change(&rows)
            return rows
        }
        let cases: [(String, [[Double]], String)] = [
            ("wide", changed { $0.removeLast() }, "expected as many columns as rows, ln p of every answer given every query, found 4 x 5"),
            (
                "own", changed { $0[3][3] = .nan },
                "expected ln p of every answer given its own query, found nan in row 3, column 3 (from 0)"
            ),
            (
                "infinite", changed { $0[1][2] = -.infinity },
                "expected a finite logarithm, or nan for a pair that was not scored, found -infinity in row 1, column 2 (from 0)"
            ),
            (
                "positive", changed { $0[2][4] = 3.5 },
                "expected natural logarithms of probabilities, which are below 0, found 3.5 in row 2, column 4 (from 0)"
            ),
            ("probable", scores(5, gain: 1).map { $0.map(exp) }, "expected natural logarithms of probabilities, which are below 0, found"),
            (
                "diagonal", changed { rows in for i in 0..<5 { for j in 0..<5 where i != j { rows[i][j] = .nan } } },
                "expected answers scored given the queries of other items, found none"
            ),
        ]
        for (name, rows, sentence) in cases {
            let outcome = try Program.run(["logprobs", "--id", try folder.matrix("\(name).npy", rows)])
            #expect(outcome.status == 2 && outcome.errors.contains("\(name).npy: \(sentence)"), "\(outcome.errors)")
            #expect(outcome.errors.contains("hint: "))
        }
        let other = try folder.matrix("other.npy", scores(6, gain: 1))
        let unlike = try Program.run(["logprobs", "--id", good, "--id-reference", other])
        #expect(unlike.status == 2 && unlike.errors.contains("other.npy: expected 5 x 5, as ") && unlike.errors.contains("found 6 x 6"))
        let group = try Program.run(["logprobs", "--id", good, "--group", "image"])
        #expect(group.status == 2 && group.errors.contains("image"))
        let alone = try Program.run(["logprobs", "--id", "Fixtures/digits/scores.csv"])
        #expect(alone.status == 2, "\(alone.errors)")
        #expect(try Program.run(["logprobs"]).status == 64)
        #expect(try Program.run(["logprobs", "--id", good, "--ood", good, "--ood", good, "--ood-reference", good]).status == 64)
        #expect(try Program.run(["logprobs", "--id", good, "--confidence", "2"]).status == 64)
    }
}
