import Foundation
import Testing

/// What a newcomer stumbled over in the shell.
@Suite struct ShellTrialTests {
    private static let clean = "Fixtures/digits/clean.npz"

    private func shell(_ line: String, in folder: TemporaryFolder) throws -> Program.Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment.merging([
            "EMI": Program.url.path, "F": Program.project.appending(path: "Fixtures").path,
        ]) { $1 }
        let (output, errors) = (Pipe(), folder.path("errors.log"))
        FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Program.Outcome(status: process.terminationStatus, output: text, errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    @Test func noLineOfHelpIsLongerThanATerminal() throws {
        for command in [[]] + (try Program.run(["manual", "--list"]).output.split(separator: "\n").map { [String($0)] }) {
            let help = try Program.run(command + ["--help"]).output
            for line in help.split(separator: "\n") where line.count > 80 { Issue.record("\(command): \(line)") }
            // A paragraph that the source has broken would be broken again in its middle.
            #expect(!help.contains("\n    A shard"))
        }
    }

    @Test func theUsageBreaksBetweenOptions() throws {
        let help = try Program.run(["check", "--help"]).output
        let usage = try #require(help.components(separatedBy: "\n\n").first { $0.hasPrefix("USAGE:") })
        #expect(usage.contains("\n      [--on-inconclusive <on-inconclusive>]"), "\(usage)")
    }

    @Test func examplesSayWhereTheirFilesAre() throws {
        #expect(try Program.run(["mi", "--help"]).output.contains("Fixtures/ is a folder of emi's repository"))
        #expect(!(try Program.run(["explain", "--help"]).output.contains("Fixtures/")))
    }

    @Test(arguments: ["inspect", "schema"]) func flagsWithoutAUseAreNone(_ command: String) throws {
        #expect(try Program.run([command, Self.clean, "--seed", "3"]).status == 64)
    }

    @Test func aFolderOfSetsIsToldFromOneSet() throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("mkdir sets; cp $F/digits/{clean,frost_5}.npz sets; $EMI inspect sets", in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("give one, such as sets/clean.npz, or make a manifest of them for emi batch with 'emi init sets'"))
    }

    @Test func compressedFilesAreSetsWithTheNamesOfWhatTheyHold() throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("for f in clean frost_5; do gzip -c $F/digits/$f.npz > $f.npz.gz; done; $EMI init .", in: folder)
        #expect(outcome.output.contains("id: { name: clean, data: clean.npz.gz }"), "\(outcome.output) \(outcome.errors)")
        #expect(outcome.output.contains("{ name: frost_5, kind: visual, data: frost_5.npz.gz }"), "\(outcome.output)")
        let estimate = try shell("$EMI estimate --id clean.npz.gz --ood frost_5.npz.gz --permutations 0", in: folder)
        #expect(estimate.output.hasPrefix("EMI of clean → frost_5:"), "\(estimate.output)")
    }

    @Test(arguments: [
        ("gzip -c $F/digits/clean.jsonl | head -c 900 > t.jsonl.gz; $EMI inspect t.jsonl.gz", "expected a gzip stream up to its end"),
        ("$EMI estimate --id $'caf\\xe9.npz'", "its name may hold bytes that are not UTF-8"),
        ("$EMI batch $F/digits/clean.npz", "expected a manifest, found a file of the sort that holds a set"),
        ("$EMI report $F/digits/clean.npz", "the file holds arrays or something else that is no text"),
        ("tr '\\n' '\\r' < $F/digits/clean.jsonl > r.jsonl; $EMI inspect r.jsonl", "a line ends with a line feed"),
        (
            "$EMI summarize $F/digits/clean.npz --set c -o p.safetensors; $EMI estimate --id p.safetensors",
            "this is a part that emi summarize wrote"
        ),
        ("$EMI estimate --id $F/digits/clean.npz -o no/r.json", "expected an existing folder 'no', found none"),
        ("$EMI calibrate $F/options/clean.jsonl --save-temperature=no/t.json", "expected an existing folder 'no', found none"),
    ])
    func theHintFitsTheCause(_ line: String, _ sentence: String) throws {
        let outcome = try shell(line, in: try TemporaryFolder())
        #expect(outcome.status == 2 && outcome.errors.contains(sentence), "\(outcome.status) \(outcome.errors)")
    }

    /// Said before anything is computed, so that no note of the run stands before it.
    @Test func aFolderThatIsNotThereIsSaidAtOnce() throws {
        let outcome = try shell("$EMI batch $F/digits/manifest.yaml -o no/r.json", in: try TemporaryFolder())
        #expect(outcome.status == 2 && outcome.errors.hasPrefix("error: no/r.json: expected an existing folder"), "\(outcome.errors)")
    }

    @Test(arguments: [
        ("-o a.json -o ./a.json", "expected each file once, found './a.json' twice"),
        ("--modalities visual,visual", "expected each name once, found 'visual' twice"),
    ])
    func whatIsGivenTwiceIsRefused(_ flags: String, _ sentence: String) throws {
        let outcome = try shell("$EMI estimate --id $F/digits/clean.npz \(flags)", in: try TemporaryFolder())
        #expect(outcome.status == 64 && outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    /// The signal would end the program with a word of the shell, and leave the journal behind.
    @Test func aLimitOfFileSizesIsASentence() throws {
        let folder = try TemporaryFolder()
        let report = try shell("ulimit -f 2; $EMI report $F/reports/frost.json -o r.html", in: folder)
        #expect(report.status == 2 && report.errors.hasPrefix("error: r.html: expected"), "\(report.status) \(report.errors)")
        let batch = try shell("ulimit -f 1; $EMI batch $F/digits/manifest.yaml --only 'frost_*' --permutations 0 -o b.json", in: folder)
        #expect(
            batch.status == 2 && batch.errors.contains("expected room to keep finished scenarios, found: file too large"), "\(batch.errors)"
        )
        #expect(!batch.errors.contains("NSCocoaErrorDomain"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("r.") }.isEmpty)
    }

    @Test func aDryRunWritesNoFileAndNamesWhatIsReported() throws {
        let folder = try TemporaryFolder()
        let outcome = try shell(
            "echo kept > r.json; $EMI batch $F/digits/manifest.yaml --only frost_5 --dry-run -o r.json; cat r.json", in: folder)
        #expect(outcome.status == 0 && outcome.output.hasSuffix("kept\n"), "\(outcome.errors)")
        #expect(outcome.output.contains("\n1 scenario, ") && outcome.output.contains(", for q alone\n"), "\(outcome.output)")
    }

    @Test(arguments: [
        "mi --x $C:text --y $C:reference --no-bracket --no-error", "jsd --p $C:text --q $C:response", "inspect $C",
        "plan --id $C --effect 1",
    ])
    func arraysHaveTextAndJSONOfOneRun(_ command: String) throws {
        let folder = try TemporaryFolder()
        let line = "C=$F/digits/clean.npz; $EMI \(command) -o a.json -o a.txt -o -; grep -q . a.json && cat a.txt"
        let outcome = try shell(line, in: folder)
        let half = outcome.output.prefix(outcome.output.count / 2)
        #expect(outcome.status == 0 && !half.isEmpty && outcome.output == half + half, "\(outcome.output) \(outcome.errors)")
    }

    @Test func confidencesAreRecognised() throws {
        #expect(try Program.run(["inspect", "Fixtures/options/clean.jsonl"]).output.contains("its confidences are for emi calibrate"))
        #expect(!(try Program.run(["inspect", Self.clean]).output.contains("emi calibrate")))
    }

    @Test func aRuleOfAReportWithoutScenariosIsOnTheWhole() throws {
        let folder = try TemporaryFolder()
        let line = "$EMI attribute $F/pairs/digits.jsonl -o a.json -q; $EMI check a.json --fail-if 'detection.share > 0.9'"
        #expect(try shell(line, in: folder).output.contains("1 check of 1 rule on the report as a whole)"))
    }
}
