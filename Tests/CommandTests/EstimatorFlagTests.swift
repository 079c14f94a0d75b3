import Foundation
import Testing

private let clean = "Fixtures/digits/clean.npz"

/// What the estimators do with settings and data that they cannot use.
@Suite struct EstimatorFlagTests {
    static let estimators = ["auto", "copula", "gaussian", "ksg", "infonce", "club-kernel", "club-ridge", "matrix-renyi"]

    @Test(arguments: [
        ["--estimator", "copula", "--k", "3"], ["--estimator", "ksg", "--alpha", "2"], ["--estimator", "auto", "--renyi-kernel", "linear"],
        ["--estimator", "gaussian", "--weights", "none.safetensors"],
    ]) func flagsWithoutAUseAreRefusedByEveryCommand(_ flags: [String]) throws {
        for command in [
            ["estimate", "--id", clean], ["mi", "--x", "\(clean):text", "--y", "\(clean):reference"],
            ["batch", "Fixtures/digits/manifest.yaml"], ["plan", "--id", clean, "--effect", "1"],
        ] {
            let outcome = try Program.run(command + flags)
            #expect(outcome.status == 64 && outcome.output.isEmpty, "\(command): \(outcome.errors)")
            #expect(
                outcome.errors.contains("\(flags[2]): expected --estimator ")
                    && outcome.errors.contains("found \(flags[1]), which has no use for it"))
        }
    }

    @Test(arguments: [
        ("--permutations", "expected 0 to 1000000, found -1"), ("--seed", "The value '-1' is invalid for '--seed <seed>'"),
        ("--threads", "expected at least 1, found -1"), ("--bandwidth", "expected a number above 0"),
        ("--bootstrap", "expected 0, or 200 to 1000000 resamples, found -1"),
        ("--confidence", "expected a number between 0 and 1, found -1.0"),
    ]) func aNegativeNumberIsAValue(_ flag: String, _ words: String) throws {
        let outcome = try Program.run(["estimate", "--id", clean, flag, "-1"])
        #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
    }

    @Test func aModalityMayBeTheGroup() throws {
        func groups(_ flags: [String]) throws -> Int? {
            let output = try Program.run(
                ["mi", "--x", "\(clean):text", "--y", "\(clean):reference", "--estimator", "gaussian", "--format", "json"] + flags
            ).output
            return (try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])?["group_count"] as? Int
        }
        // Thirty images with three questions each, under their names and by their own content.
        #expect(try groups([]) == 30 && groups(["--group", "visual"]) == 30)
    }

    @Test func theExtensionChoosesTheFormOfPrimitives() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("mi.json")
        _ = try Program.run(["mi", "--x", "\(clean):text", "--y", "\(clean):reference", "--estimator", "gaussian", "-o", path])
        #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) is [String: Any])
    }

    @Test func aBandwidthNeedsAKernelThatHasOne() throws {
        for command in [["estimate", "--id", clean], ["jsd", "--p", clean, "--q", clean], ["batch", "Fixtures/digits/manifest.yaml"]] {
            let outcome = try Program.run(command + ["--bandwidth", "2"])
            #expect(outcome.status == 64 && outcome.errors.contains("--bandwidth: expected --kernel rbf or laplacian, found linear"))
        }
    }

    @Test func anotherEstimatorLeavesBehindWhatTheManifestTellsItsOwn() throws {
        let folder = try TemporaryFolder()
        let digits = Program.project.appending(path: "Fixtures/digits").path
        let path = try folder.file(
            "m.yaml",
            "version: 1\nsettings: { estimator: ksg, k: 3, permutations: 0 }\nid: { name: clean, data: \(digits)/clean.npz }\nscenarios:\n"
                + "  - { name: frost_3, data: \(digits)/frost_3.npz }\n")
        let own = try Program.run(["batch", path, "--format", "json"])
        #expect(own.status == 0 && own.output.contains("\"k\" : 3"), "\(own.errors)")
        let other = try Program.run(["batch", path, "--estimator", "copula", "--format", "json"])
        #expect(other.status == 0 && !other.output.contains("\"k\" :"), "\(other.errors)")
        #expect(other.errors.contains("note (unused_setting): settings.k of the manifest is left out: copula has no use for it"))
        // What does not go together in the manifest itself is a mistake there.
        let wrong = try folder.file("w.yaml", try String(contentsOfFile: path, encoding: .utf8).replacing("estimator: ksg, ", with: ""))
        #expect(try Program.run(["batch", wrong]).status == 2)
    }

    @Test(arguments: estimators) func fewRowsAreOneSentence(_ estimator: String) throws {
        let folder = try TemporaryFolder()
        let rows = (0..<3).map { #"{"x": [\#($0 * $0 % 5), \#($0 % 2)], "y": [\#($0 * 7 % 4)]}"# }
        let file = try folder.file("three.jsonl", rows.joined(separator: "\n") + "\n")
        let refused = try Program.run(["mi", "--x", "\(file):x", "--y", "\(file):y", "--estimator", estimator])
        #expect(refused.status == 2 && refused.output.isEmpty, "\(refused.output)")
        #expect(refused.errors.contains("\(estimator) expected at least 4 rows, found 3"), "\(refused.errors)")
    }

    @Test(arguments: estimators) func badSettingsAndDataAreOneSentenceOrANumber(_ estimator: String) throws {
        let folder = try TemporaryFolder()
        func file(_ name: String, x: (Int) -> String, y: (Int) -> String = { "\($0 * $0 % 11)" }) throws -> [String] {
            let rows = (0..<30).map { #"{"x": [\#(x($0))], "y": [\#(y($0))]}"# }
            let path = try folder.file("\(name).jsonl", rows.joined(separator: "\n") + "\n")
            return ["mi", "--x", "\(path):x", "--y", "\(path):y", "--estimator", estimator, "--permutations", "5", "--no-bracket"]
        }
        let needsFullRank = ["auto", "copula", "gaussian"].contains(estimator)
        // A constant column, one that follows from another, an array of equal rows.
        for arguments in [
            try file("constant", x: { "\($0 % 7), 1" }), try file("copy", x: { "\($0 % 7), \(2 * ($0 % 7) + 1)" }),
            try file("flat", x: { _ in "1, 2" }),
        ] {
            let outcome = try Program.run(arguments)
            #expect(outcome.status == (needsFullRank ? 2 : 0), "\(outcome.errors)")
            if needsFullRank {
                #expect(outcome.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 1, "\(outcome.errors)")
            } else {
                #expect(outcome.output.hasPrefix("I(X;Y) = ") && !outcome.output.contains("nan"), "\(outcome.output)")
            }
        }
        let equal = try Program.run(try file("equal", x: { "\($0)" }, y: { _ in "3" }))
        #expect(equal.status == 2 && equal.errors.contains("expected rows that differ"), "\(equal.errors)")
        if ["ksg", "auto"].contains(estimator) {
            let neighbours = try Program.run(try file("few", x: { "\($0)" }) + ["--k", "30"])
            #expect(
                neighbours.status == 2 && neighbours.errors.contains("\(estimator) with 30 neighbours expected at least 31 rows, found 30"))
        }
        if estimator == "matrix-renyi" {
            let order = try Program.run(try file("order", x: { "\($0)" }) + ["--alpha=-1"])
            #expect(order.status == 2 && order.errors.contains("expected an order above 0 (--alpha), found -1.0"), "\(order.errors)")
        }
    }
}
