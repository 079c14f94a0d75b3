import Foundation
import Statistics
import Testing

private let clean = "Fixtures/digits/clean.npz"
private let frost = "Fixtures/digits/frost_3.npz"

/// What a new user ran into.
@Suite struct TrialTests {
    private func expect(
        _ arguments: [String], status: Int32, _ messages: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        for message in messages {
            #expect(outcome.errors.contains(message), "\(outcome.errors)", sourceLocation: sourceLocation)
        }
        #expect(!outcome.errors.contains("dpotrf") && !outcome.errors.contains("dsy"), sourceLocation: sourceLocation)
    }

    private func json(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try Program.run(arguments + ["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    /// Lines of two-dimensional vectors under x and y, with further keys.
    private func vectors(_ count: Int, scale: String = "", further: (Int) -> String = { _ in "" }) -> String {
        (0..<count).map { row in
            let (a, b) = (Double((row * 7 + 3) % 11) - 5, Double((row * 5 + 1) % 13) - 6.5)
            return "{\"text\": [\(a)\(scale), \(b)\(scale)], \"response\": [\(b + 1)\(scale), \(a)\(scale)], "
                + "\"reference\": [\(a * b + 0.5)\(scale), \(b - a + 0.25)\(scale)]\(further(row))}\n"
        }.joined()
    }

    @Test(arguments: ["1000", "1e300"]) func ordersOfAnySizeGiveNumbers(_ alpha: String) throws {
        let arguments = ["--estimator", "matrix-renyi", "--alpha", alpha]
        let mutual = try json(["mi", "--x", "\(clean):text", "--y", "\(clean):reference"] + arguments)
        #expect((mutual["value"] as? Double)?.isFinite == true && (mutual["interval"] as? [Double])?.count == 2)
        try expect(["estimate", "--id", clean] + arguments, status: 0)
    }

    @Test func numbersThatBreakAreExplainedWithoutRoutines() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a.jsonl", vectors(40))
        try expect(
            ["mi", "--x", "\(file):text", "--y", "\(file):text", "--estimator", "gaussian"], status: 2,
            "a.jsonl: array 'text': gaussian expected rows that do not follow from 'text'", "one array is a function of the other")
        let flat = try folder.file("flat.jsonl", vectors(40) { ", \"flat\": [1, 2], \"half\": [\($0), 2]" })
        try expect(
            ["mi", "--x", "\(flat):flat", "--y", "\(flat):text", "--estimator", "gaussian"], status: 2,
            "flat.jsonl: array 'flat': gaussian expected rows that differ, found all rows equal")
        try expect(
            ["mi", "--x", "\(flat):text", "--y", "\(flat):half", "--estimator", "gaussian"], status: 2,
            "flat.jsonl: array 'half': gaussian expected columns of which none follows from the others, found column 1 (from 0)")
        try expect(["jsd", "--p", clean, "--q", frost, "--kernel", "rbf", "--bandwidth", "1e-300"], status: 64, "--bandwidth: expected")
        for scale in ["e200", "e-200"] {
            let extreme = try folder.file("extreme.jsonl", vectors(40, scale: scale))
            try expect(
                ["estimate", "--id", extreme, "--no-normalize"], status: 2,
                "extreme.jsonl: array 'text', row ", "expected values between 1e-100 and 1e100", "leave out --no-normalize")
            try expect(
                ["mi", "--x", "\(extreme):text", "--y", "\(extreme):reference"], status: 2, "extreme.jsonl: array 'text'", "use --normalize"
            )
            try expect(
                ["jsd", "--p", "\(extreme):response", "--q", "\(extreme):reference", "--no-normalize"], status: 2, "array 'response'")
        }
    }

    @Test func directionsDoNotDependOnTheScale() throws {
        let folder = try TemporaryFolder()
        func report(_ scale: String) throws -> [String: Any] {
            let file = try folder.file("set.jsonl", vectors(30, scale: scale))
            return try #require(try json(["estimate", "--id", file])["id"] as? [String: Any])
        }
        let expected = try #require((try report("")["emi"] as? [String: Any])?["value"] as? Double)
        for scale in ["e200", "e-200"] {
            let found = try #require((try report(scale)["emi"] as? [String: Any])?["value"] as? Double)
            // The last bits of the directions differ; references that are functions of the queries divide that by their residuals,
            // whose variance is nearly 0 (EMI is -30 here).
            #expect(abs(found - expected) < 1e-3 * max(1, abs(expected)))
        }
    }

    @Test func groupsOfABundleCountInPrimitives() throws {
        let arrays = ["mi", "--x", "\(clean):text", "--y", "\(clean):reference"]
        let grouped = try json(arrays)
        let groupCount = try #require(grouped["group_count"] as? Int)
        #expect(groupCount > 1 && groupCount < 90)
        // The ids are one for each row, so that every row stands alone.
        let alone = try json(arrays + ["--group", "id"])
        #expect(alone["group_count"] as? Int == 90)
        #expect(grouped["standard_error"] as? Double != alone["standard_error"] as? Double)
        let pair = ["jsd", "--p", "\(clean):visual", "--q", "\(frost):visual", "--paired"]
        let divergence = try json(pair)
        #expect(divergence["group_counts"] as? [Int] == [groupCount, groupCount])
        #expect(divergence["null_mean"] as? Double != (try json(pair + ["--group", "id"]))["null_mean"] as? Double)
        #expect(try Program.run(arrays).output.contains("n = 90 in \(groupCount) groups"))
        try expect(arrays + ["--group", "gruop"], status: 2, "expected an array 'gruop'", "did you mean 'group'?")
        try expect(pair + ["--group", "nothing"], status: 2, "expected an array 'nothing'")
    }

    @Test func groupsOfTwoFilesMustNotContradict() throws {
        let folder = try TemporaryFolder()
        let pairs = try folder.file("pairs.jsonl", vectors(20) { ", \"group\": \"g\($0 / 2)\"" })
        let same = try folder.file("same.jsonl", vectors(20) { ", \"group\": \"other \($0 / 2)\"" })
        let fours = try folder.file("fours.jsonl", vectors(20) { ", \"group\": \"g\($0 / 4)\"" })
        #expect(try json(["mi", "--x", "\(pairs):text", "--y", "\(same):reference"])["group_count"] as? Int == 10)
        try expect(["mi", "--x", "\(pairs):text", "--y", "\(fours):reference"], status: 2, "fours.jsonl: expected the same groups of rows")
    }

    @Test func constantsAreWordedAsArrays() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a.jsonl", vectors(30) { _ in ", \"flat\": [1, 2]" })
        try expect(
            ["mi", "--x", "\(file):text", "--y", "\(file):flat"], status: 2,
            "array 'flat': expected rows that differ, found all 30 rows equal")
        let flat = ["mi", "--x", "\(file):flat", "--y", "\(file):text"]
        try expect(flat, status: 2, "array 'flat': auto expected rows that differ, found all rows equal")
        try expect(flat + ["--estimator", "club-kernel"], status: 0, "note (constant_array): all rows of 'flat'")
        let warned = try json(flat + ["--estimator", "club-kernel"])
        #expect((warned["warnings"] as? [[String: String]])?.map { $0["code"] } == ["constant_array"])
    }

    @Test func keysThatAreNotUsedAreNoProblem() throws {
        let folder = try TemporaryFolder()
        let answers = try folder.file("answers.jsonl", #"{"question_id": 0, "prompt": "a", "text": "b", "metadata": {}}"# + "\n")
        let outcome = try Program.run(["inspect", answers])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains(/metadata +not used/))
    }

    @Test func oneMissingFileDoesNotHideTheOthers() throws {
        let outcome = try Program.run(["inspect", "nowhere.npz", clean, ""])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("nowhere.npz: expected a file or folder") && outcome.errors.contains("'': expected the path"))
        #expect(outcome.errors.contains("start at the current folder") && !outcome.errors.contains("manifest"))
        #expect(outcome.output.contains("clean.npz (npz)"))
    }

    @Test func aSavedFitIsCalledOne() throws {
        let folder = try TemporaryFolder()
        let fit = folder.path("q.safetensors")
        try expect(["estimate", "--id", clean, "--save-fit", fit], status: 0)
        #expect(try Program.run(["inspect", fit]).output.contains("a fit saved by --save-fit (version "))
    }

    @Test func oneConstantColumnIsSingular() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a.jsonl", "{\"text\": [1, 2]}\n{\"text\": [1, 3]}\n")
        #expect(try Program.run(["inspect", file]).output.contains("text: 1 column is constant"))
    }

    @Test func emptyTextsAndRepeatedIdsAreNoted() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file(
            "a.jsonl",
            (0..<30).map {
                #"{"id": "\#(max(2, $0))", "text": "q \#($0)", "response": "\#($0 < 4 ? "" : "r \($0)")", "reference": "a \#($0)"}"# + "\n"
            }
            .joined())
        let warnings = try #require((try json(["estimate", "--id", file])["id"] as? [String: Any])?["warnings"] as? [[String: String]])
        #expect(warnings.map { $0["code"] } == ["few_rows", "empty_text", "repeated_ids"])
        #expect(warnings[1]["message"]?.contains("4 of 30 texts under 'response' are empty") == true)
        #expect(warnings[2]["message"]?.contains("1 of the ids of a occur in several rows (3 rows)") == true)
        try expect(["mi", "--x", "\(file):text", "--y", "\(file):response"], status: 0, "note (empty_text)")
    }

    @Test func anInputIsNeverTheOutput() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a.jsonl", vectors(20))
        let before = try Data(contentsOf: URL(filePath: file))
        for command in [
            ["mi", "--x", "\(file):text", "--y", "\(file):reference"], ["jsd", "--p", "\(file):text", "--q", "\(file):response"],
            ["inspect", file],
        ] {
            try expect(command + ["-o", file], status: 64, "output: expected a file that is not an input")
            try expect(command + ["-o", ""], status: 64, "output: expected the path of a file, found an empty text")
        }
        #expect(try Data(contentsOf: URL(filePath: file)) == before)
    }

    @Test func misspeltNamesAreGuessed() throws {
        try expect(["estimat"], status: 64, "found 'estimat'. Did you mean 'estimate'?")
        try expect(["estimate", "--id", clean, "--modalities", "visul"], status: 2, "did you mean 'visual'?")
        try expect(["estimate", "--id", clean, "--group", "gruop"], status: 2, "did you mean 'group'?")
        try expect(["estimate", "--id", clean, "--group", "nope"], status: 2, "choose one of those that there are")
        try expect(["help", "estimate"], status: 0)
    }

    @Test func anAlphabetOfOneHasNoScale() throws {
        try expect(["estimate", "--id", clean, "--ood", frost, "--entropy-scale", "alphabet:1"], status: 64, "alphabet:1")
    }

    @Test func anEndlessDeviceIsRefused() throws {
        try expect(["inspect", "/dev/zero"], status: 2, "/dev/zero: expected a file, a folder or a pipe, found a device")
    }
}
