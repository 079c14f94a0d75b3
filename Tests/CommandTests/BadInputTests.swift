import Foundation
import Statistics
import Testing

private let clean = "Fixtures/digits/clean.npz"

/// What a single run does with input that it cannot use; cases of single files stand with `EmbeddingFiles`.
@Suite struct BadInputTests {
    private func expect(
        _ arguments: [String], status: Int32, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.errors.contains(message), "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, "\(outcome.output)", sourceLocation: sourceLocation)
    }

    private func rows(_ count: Int, text: (Int) -> String = { "question \($0)" }, reference: (Int) -> String = { "answer \($0)" }) -> String
    {
        (0..<count).map {
            #"{"id": "\#($0)", "text": "\#(text($0))", "response": "reply \#($0)", "reference": "\#(reference($0))"}"# + "\n"
        }.joined()
    }

    @Test func wrongUsageIsSaid() throws {
        try expect(["estimate"], status: 64, "expected an ID set: --id SET")
        try expect(
            ["estimate", "--id", clean, "--estimator", "club-kernal"], status: 64,
            "found 'club-kernal'. Did you mean 'club-kernel'?")
        try expect(["estimate", "--id", clean, "--bound", "jiont"], status: 64, "Did you mean 'joint'?")
        try expect(["estimate", "--id", clean, "--kernel", "rfb"], status: 64, "Did you mean 'rbf'?")
        try expect(["estimate", "--id", clean, "--permutations", "-1"], status: 64, "permutations")
        try expect(
            ["estimate", "--id", clean, "--confidence", "1"], status: 64, "--confidence: expected a number between 0 and 1, found 1.0")
        try expect(["estimate", "--id", clean, "--entropy-scale", "alphabet:x"], status: 64, "entropy-scale")
        try expect(["estimate", "--id", clean, "--threads", "0"], status: 64, "--threads: expected at least 1, found 0")
        try expect(
            ["estimate", "--id", clean, "--fit", "id", "--estimator", "gaussian"], status: 64,
            "expected --estimator reference-channel or club-kernel or club-ridge")
        try expect(["estimat"], status: 64, "estimat")
    }

    @Test func missingFilesAreNamed() throws {
        try expect(["estimate", "--id", "nowhere.npz"], status: 2, "nowhere.npz: expected a file")
        try expect(["inspect", "nowhere.npz"], status: 2, "nowhere.npz: expected a file")
        try expect(
            ["estimate", "--id", clean, "--estimator", "club-network"], status: 64,
            "--estimator club-network: expected --weights FILE.safetensors")
    }

    @Test func aSingleRowIsTooFew() throws {
        let folder = try TemporaryFolder()
        let one = try folder.file("one.jsonl", rows(1))
        try expect(["estimate", "--id", one], status: 2, "one.jsonl: expected at least 2 rows, found 1")
    }

    @Test func referencesWithoutVariationAreRefused() throws {
        let folder = try TemporaryFolder()
        let flat = try folder.file("flat.jsonl", rows(5, reference: { _ in "same" }))
        try expect(
            ["estimate", "--id", flat], status: 2, "flat.jsonl: array 'reference': expected references that differ, found all 5 rows equal")
    }

    @Test func fewRowsAndGroupsAreSaidByEveryEstimator() throws {
        let folder = try TemporaryFolder()
        let five = try folder.file("five.jsonl", rows(5))
        let one = try folder.file("one.jsonl", rows(5).replacing("{\"id\"", with: "{\"group\": \"g\", \"id\""))
        // One label for all rows groups nothing: it is left out with a note, and refused where it was asked for.
        let left = try Program.run(["estimate", "--id", one])
        #expect(left.status == 0 && left.output.contains("'group' is the same in all 5 rows that have any and groups nothing"))
        try expect(
            ["estimate", "--id", one, "--group", "group"], status: 2, "expected different values to group rows by, found one for all 5 rows"
        )
        let four = try folder.file("four.jsonl", rows(4))
        try expect(["estimate", "--id", four, "--estimator", "gaussian"], status: 2, "gaussian expected at least 4 rows, found 3")
        for estimator in ["club-kernel", "club-ridge", "matrix-renyi", "gaussian"] {
            #expect(try Program.run(["estimate", "--id", five, "--estimator", estimator]).status == 0, "\(estimator)")
        }
    }

    @Test func modalitiesThatCannotBeAveragedAreRefused() throws {
        let folder = try TemporaryFolder()
        let uneven = try folder.file(
            "uneven.jsonl",
            (0..<6).map { #"{"visual": [1, \#($0)], "text": [1, 2, \#($0)], "response": [1, \#($0)], "reference": [\#($0), 1]}"# + "\n" }
                .joined())
        try expect(
            ["estimate", "--id", uneven, "--fuse", "mean"], status: 2,
            "expected modalities of one width for --fuse mean, found 2 and 3 columns")
        #expect(try Program.run(["estimate", "--id", uneven]).status == 0)
    }

    @Test func rowsOfNormZeroAreNamed() throws {
        let folder = try TemporaryFolder()
        let zero = try folder.file(
            "zero.jsonl",
            (0..<4).map {
                #"{"id": \#($0), "text": [\#($0 == 2 ? "0, 0" : "1, 2")], "response": [1, \#($0)], "reference": [\#($0), 1]}"# + "\n"
            }.joined())
        try expect(
            ["estimate", "--id", zero], status: 2,
            "zero.jsonl: array 'text', row 2 (from 0): expected a vector with a direction, found norm zero")
    }

    @Test func setsOfDifferentWidthsAreRefused() throws {
        let folder = try TemporaryFolder()
        func file(_ name: String, _ width: Int) throws -> String {
            let vector = (0..<width).map { "\($0 + 1)" }.joined(separator: ", ")
            return try folder.file(
                name, (0..<6).map { #"{"text": [\#(vector)], "response": [1, \#($0)], "reference": [\#($0), 1]}"# + "\n" }.joined())
        }
        let (narrow, wide) = (try file("narrow.jsonl", 2), try file("wide.jsonl", 3))
        try expect(["estimate", "--id", narrow, "--ood", wide], status: 2, "wide.jsonl: array 'text': expected 2 columns, as in 'text' of")
        let texts = try folder.file("texts.jsonl", rows(6))
        try expect(["estimate", "--id", narrow, "--ood", texts], status: 2, "expected 2 columns, as in 'text' of")
    }

    @Test func setsOfDifferentModalitiesAreRefused() throws {
        let folder = try TemporaryFolder()
        let texts = try folder.file("texts.jsonl", rows(6))
        try expect(
            ["estimate", "--id", clean, "--ood", texts], status: 2,
            "texts.jsonl: expected the modalities of the ID set (visual, text), found text")
    }

    @Test func namesThatTheReportUsesAreRefused() throws {
        let folder = try TemporaryFolder()
        let texts = try folder.file("texts.jsonl", rows(6))
        try expect(
            ["estimate", "--id", texts, "--id-modality", "joint=\(texts):text"], status: 2,
            "expected a modality with a name of its own, found 'joint'")
    }

    @Test func aFullDiskBehindStandardOutputIsSaid() throws {
        let process = Process()
        process.executableURL = Program.url
        process.arguments = ["estimate", "--id", clean]
        process.currentDirectoryURL = Program.project
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        #expect(message.hasPrefix("error: standard output: expected room for"))
    }

    @Test func outputThatCannotBeWrittenIsSaid() throws {
        let folder = try TemporaryFolder()
        try expect(["estimate", "--id", clean, "-o", folder.path("missing/report.txt")], status: 2, "missing")
        #expect(!FileManager.default.fileExists(atPath: folder.path("missing")))
        let good = folder.path("report.json")
        let outcome = try Program.run(["estimate", "--id", clean, "--format", "json", "-o", good])
        #expect(outcome.status == 0 && outcome.output.isEmpty)
        #expect(try String(contentsOfFile: good, encoding: .utf8).hasSuffix("}\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["report.json"])
    }
}
