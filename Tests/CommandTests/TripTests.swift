import Foundation
import Testing

/// Files, streams and names that are not what they should be: a sentence and an exit code, whatever happens.
@Suite struct TripTests {
    private static let clean = Program.project.appending(path: "Fixtures/digits/clean.npz").path

    /// Runs a line of shell in which `$EMI` is the program.
    private func shell(_ line: String, in folder: TemporaryFolder? = nil) throws -> Program.Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder?.url ?? Program.project
        process.environment = ProcessInfo.processInfo.environment.merging([
            "EMI": Program.url.path, "PROJECT": Program.project.path,
        ]) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Program.Outcome(status: process.terminationStatus, output: text, errors: complaint)
    }

    @Test(arguments: [
        ("$EMI inspect nope.npz 2>/dev/full", 2), ("$EMI inspect nope.npz 2>&-", 2), ("$EMI batch --foo 2>/dev/full", 64),
        ("$EMI batch --foo 2>&-", 64), ("$EMI inspect nope.npz 2>&- >&- <&-", 2),
        // A pipe that nobody reads.
        ("$EMI inspect nope.npz 2> >(exec true); sleep 0.1; exit $?", 0),
    ])
    func standardErrorThatTakesNothingChangesNoExitCode(_ line: String, _ status: Int32) throws {
        #expect(try shell(line).status == status)
    }

    @Test(arguments: ["estimators", "report Fixtures/reports/frost.json --format html", "--help", "batch --help"])
    func whatCannotBeWrittenIsSaid(_ arguments: String) throws {
        let full = try shell("$EMI \(arguments) >/dev/full")
        #expect(full.status == 2 && full.errors.contains("found a full disk"), "\(full.errors)")
        let closed = try shell("$EMI \(arguments) >&-")
        #expect(closed.status == 2 && closed.errors.contains("found it closed"), "\(closed.errors)")
    }

    @Test func aStreamThatWasClosedIsNotTakenForAFile() throws {
        let folder = try TemporaryFolder()
        let outcome = try shell("$EMI estimate --id \(Self.clean) --permutations 0 -o r.json -o r.txt 2>&- >&-", in: folder)
        #expect(outcome.status == 0)
        let text = try String(contentsOfFile: folder.path("r.json"), encoding: .utf8)
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
    }

    /// OpenBLAS waits without end for addresses that it does not get.
    @Test(arguments: ["-v 160000", "-v 200000", "-v 300000", "-d 20000", "-d 100000"]) func aShortAddressSpaceIsASentence(_ limit: String)
        throws
    {
        for arguments in ["estimate --id \(Self.clean) --permutations 5", "mi --x \(Self.clean):text --y \(Self.clean):response"] {
            let outcome = try shell("ulimit \(limit); timeout 60 $EMI \(arguments)")
            #expect(outcome.status == 2 && outcome.errors.contains("not enough memory"), "\(outcome.status) \(outcome.errors)")
        }
    }

    @Test func aLimitOfAddressesThatSufficesChangesNoDigit() throws {
        let arguments = "estimate --id \(Self.clean) --permutations 5 --threads 8 --reproducible --format json"
        let limited = try shell("ulimit -v 700000; timeout 120 $EMI \(arguments)")
        let free = try shell("$EMI \(arguments)")
        #expect(limited.status == 0 && limited.output == free.output, "\(limited.errors)")
    }

    @Test func namesFromFilesReachNoTerminalAndNoLog() throws {
        let folder = try TemporaryFolder()
        let name = "x\\u001b[2J\\n::error title=pwn::owned\\n##vso[task.setvariable]\\u0007y"
        let rows = #"{"\#(name)": [1, 2], "text": "a"}"# + "\n" + #"{"\#(name)": [1, 3], "text": "b"}"# + "\n"
        let file = try folder.file("evil.jsonl", rows)
        let manifest = try folder.file(
            "m.json",
            #"{"version": 1, "id": {"name": "\#(name)", "data": "\#(Self.clean)"}, "scenarios": [{"name": "\#(name)2", "data": "nope.npz"}]}"#
        )
        for arguments in [
            ["estimate", "--id", file], ["inspect", file], ["mi", "--x", "\(file):nope", "--y", file],
            ["batch", manifest, "--permutations", "0"], ["batch", manifest, "--permutations", "0", "--format", "markdown"],
            ["batch", manifest, "--permutations", "0", "-o", folder.path("r.json")], ["batch", manifest, "--dry-run"],
            ["batch", manifest, "--only", "q\u{1B}[2J\n::error::q"],
            ["check", "x\u{1B}[2J\n::error::q", "--fail-if", "\u{1B}[2J\n::error::q"],
        ] {
            let outcome = try Program.run(arguments)
            for text in [outcome.output, outcome.errors] {
                #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(arguments): \(text)")
                let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
                #expect(!lines.contains { $0.hasPrefix("::") } && !text.contains("##vso["), "\(arguments): \(text)")
            }
        }
    }

    @Test func oneArrayGivenAnewIsTheSameResult() throws {
        func json(_ arguments: [String]) throws -> String {
            let outcome = try Program.run(["estimate", "--permutations", "0", "--reproducible", "--format", "csv"] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output
        }
        let frost = "Fixtures/digits/frost_3.npz"
        let plain = try json(["--id", Self.clean, "--ood", frost])
        #expect(try json(["--id", Self.clean, "--id-visual", "\(Self.clean):visual", "--ood", frost]) == plain)
        #expect(try json(["--id", Self.clean, "--ood", frost, "--ood-text", "\(frost):text"]) == plain)
        #expect(try json(["--id", Self.clean, "--ood", frost, "--ood-visual", "\(frost):visual", "--ood-text", "\(frost):text"]) == plain)
        #expect(try json(["--id", Self.clean, "--ood", frost, "--modalities", "text,visual"]) == plain)
        // Modalities are told apart by their names, not by the order of flags.
        func flags(_ set: String, _ file: String, _ modalities: [String]) -> [String] {
            ["response", "reference"].flatMap { ["--\(set)-\($0)", "\(file):\($0)"] }
                + modalities.flatMap { ["--\(set)-modality", $0.replacing("=", with: "=\(file):")] }
        }
        let (visual, text) = ("a=visual", "b=text")
        let id = flags("id", Self.clean, [visual, text])
        #expect(try json(id + flags("ood", frost, [text, visual])) == json(id + flags("ood", frost, [visual, text])))
    }

    @Test(arguments: ["npz", "npy", "safetensors", "jsonl", "json", "csv", "tsv", "xlsx", "eval"]) func devicesAreNotRead(_ ending: String)
        throws
    {
        let folder = try TemporaryFolder()
        let outcome = try shell("ln -s /dev/zero z.\(ending); timeout 20 $EMI inspect z.\(ending)", in: folder)
        #expect(outcome.status == 2 && outcome.errors.contains("found a device"), "\(outcome.errors)")
        // A pipe that goes on and on with what is no such file.
        let pipe = try shell("mkfifo p.\(ending); timeout 20 cat /dev/zero > p.\(ending) & timeout 20 $EMI inspect p.\(ending)", in: folder)
        #expect(pipe.status == 2, "\(pipe.errors)")
    }

    @Test(arguments: [
        "batch m.yaml", "report m.yaml", "check m.yaml --fail-if 'emid.value>1'", "compare m.yaml m.yaml", "calibrate m.yaml",
        "check $PROJECT/Fixtures/reports/frost.json --policy m.yaml", "estimate --id $PROJECT/Fixtures/digits/clean.npz --fit m.yaml",
        "init . --set-scores m.yaml", "attribute m.yaml",
    ]) func devicesAreNoManifestReportOrPolicy(_ arguments: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try shell(
            "cp $PROJECT/Fixtures/digits/{clean,frost_3}.npz .; ln -s /dev/zero m.yaml; timeout 60 $EMI \(arguments)", in: folder)
        #expect(outcome.status == 2 && outcome.errors.hasPrefix("error: "), "\(outcome.status) \(outcome.errors)")
    }

    /// Files that are long and were never written.
    @Test(arguments: [
        "inspect z.csv", "inspect z.tsv", "inspect z.jsonl", "inspect z.json", "inspect z.npz", "calibrate z.jsonl", "calibrate z.csv",
        "batch z.csv", "batch z.yaml", "report z.json",
    ])
    func gigabytesOfZerosAreRefusedAtOnce(_ arguments: String) throws {
        let folder = try TemporaryFolder()
        let name = arguments.split(separator: " ")[1]
        let outcome = try shell("truncate -s 40G \(name); timeout 20 $EMI \(arguments)", in: folder)
        #expect(outcome.status == 2 && outcome.errors.hasPrefix("error: "), "\(outcome.status) \(outcome.errors)")
    }

    @Test func whoLooksThroughAFolderPassesOverPipesSocketsAndDevices() throws {
        let folder = try TemporaryFolder()
        let line = """
            mkdir f && mkfifo f/x.jsonl f/visual.npy f/x_review.jsonl f/response.npy && ln -s /dev/zero f/y.csv && cp \(Self.clean) f/clean.npz \
            && cp $PROJECT/Fixtures/digits/frost_3.npz f/ && timeout 20 $EMI init f
            """
        let outcome = try shell(line, in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("frost_3"), "\(outcome.status) \(outcome.errors)")
        #expect(try shell("timeout 20 $EMI inspect f", in: folder).status == 2)
        #expect(try shell("timeout 20 $EMI estimate --id f", in: folder).status == 2)
        // The files that stand beside others are no pipes to wait for.
        let beside = "cp $PROJECT/Fixtures/reports/frost.json r.json; mkfifo r.rows.json r.json.rows.jsonl r.rows.jsonl r.json.partial; "
        #expect(try shell(beside + "timeout 20 $EMI compare r.json r.json", in: folder).status == 0)
    }

    @Test func cellsOfATableAreNoFormulas() throws {
        let folder = try TemporaryFolder()
        let manifest = try folder.file(
            "m.json",
            #"{"version": 1, "id": {"name": "@x", "data": "\#(Self.clean)"}, "scenarios": [{"name": "=HYPERLINK(\"http://x\",\"y\")", "data": "\#(Self.clean)"}, {"name": "-1+1", "data": "\#(Self.clean)"}, {"name": "\t=1", "data": "\#(Self.clean)"}, {"name": "a\u001b", "data": "\#(Self.clean)"}]}"#
        )
        let outcome = try Program.run(["batch", manifest, "--permutations", "0", "--format", "csv", "-q"])
        let cells = outcome.output.split(separator: "\r\n").dropFirst().map { $0.split(separator: ",")[0] }
        #expect(cells.count == 4 && cells.allSatisfy { $0 == "'@x" }, "\(outcome.output)")
        for text in ["\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"", ",'-1+1,", ",' =1,", ",a\u{FFFD},"] {
            #expect(outcome.output.contains(text))
        }
        // Numbers stay numbers.
        #expect(outcome.output.contains(",-1.") && !outcome.output.contains("'-0."))
    }

    @Test func whatIsWrongIsSaidOfWhatIsWrong() throws {
        let folder = try TemporaryFolder()
        func expect(_ arguments: [String], _ status: Int32, _ words: String..., absent: String = "\u{0}") throws {
            let outcome = try Program.run(arguments)
            #expect(outcome.status == status, "\(outcome.errors)")
            for word in words { #expect(outcome.errors.contains(word), "\(word): \(outcome.errors)") }
            #expect(!outcome.errors.contains(absent), "\(outcome.errors)")
        }
        try expect(
            ["estimate", "--id", Self.clean, "--modalities", "response"], 2, "the modalities of the query",
            "'response', which holds answers",
            absent: "did you mean")
        try expect(["estimate", "--id", Self.clean, "--modalities", "visul"], 2, "did you mean 'visual'?", absent: "'response'")
        for empty in ["", " , "] {
            try expect(["estimate", "--id", Self.clean, "--modalities", empty], 64, "--modalities: expected names")
        }
        let head = "version: 1\nid: {name: clean, data: \(Self.clean)}\n"
        let scenarios = "scenarios: [{name: a, data: \(Self.clean)}]\n"
        let two = try folder.file("two.yaml", head + scenarios + "---\nversion: 1\n")
        try expect(["batch", two], 2, "found another document", absent: "found but")
        let deep = try folder.file("deep.yaml", String(repeating: "[", count: 2000))
        try expect(["batch", deep], 2, "lists or mappings within each other", absent: "yaml_set")
        let setting = try folder.file("k.yaml", head + "settings:\n  k: 5\n" + scenarios)
        try expect(["batch", setting], 2, "k.yaml:4: settings.k: expected --estimator auto or ksg", absent: "Usage:")
        try expect(["batch", setting, "--k", "5"], 64, "--k: expected --estimator auto or ksg", "Usage: emi batch ", "'emi batch --help'")
        try expect(["batch", setting, "--estimator", "ksg", "--only", "zzz"], 64, "Usage: emi batch ", absent: "'emi --help'")
        let none = try folder.file("none.yaml", head + "settings: {modalities: ''}\n" + scenarios)
        try expect(["batch", none], 2, "settings.modalities: expected names separated by commas")
        let report = try String(contentsOf: Program.project.appending(path: "Fixtures/reports/frost.json"), encoding: .utf8)
        let cut = try folder.file("cut.json", String(report.prefix(5000)))
        try expect(["report", cut], 2, "found text that ends in the middle, on line")
        let broken = try folder.file("broken.json", report.replacing("\"scenarios\"", with: "]"))
        try expect(["report", broken], 2, "found text that is not JSON from line")
    }

    @Test(arguments: [
        ("estimate --id CLEAN --id FROST", "--id: expected one value, found 'CLEAN' and 'FROST': give the one that is meant"),
        ("estimate --id CLEAN --ood FROST --ood CLEAN", "'FROST' and 'CLEAN': for several shifts write a manifest (emi init, emi batch)"),
        ("estimate --id CLEAN --seed 1 --seed=2", "--seed: expected one value, found '1' and '2'"),
        ("estimators -o a.txt --output b.txt", "--output: expected one value, found 'a.txt' and 'b.txt'"),
        ("merge p.safetensors -qo a.txt -o b.txt", "-o: expected one value, found 'a.txt' and 'b.txt'"),
    ])
    func anOptionWithTwoValuesIsRefused(_ line: String, _ message: String) throws {
        func filled(_ text: String) -> String {
            text.replacing("CLEAN", with: Self.clean).replacing("FROST", with: Self.clean.replacing("clean", with: "frost_3"))
        }
        let folder = try TemporaryFolder()
        let outcome = try shell("$EMI \(filled(line))", in: folder)
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains(filled(message)), "\(outcome.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func theSameValueTwiceDoesNoHarm() throws {
        #expect(
            try shell(
                "$EMI jsd --p $SET --q $SET --permutations 0 --quiet -q --seed 1 --seed 1".replacing("$SET", with: "\(Self.clean):visual")
            ).status == 0)
        // What may be repeated still may, and after -- nothing is an option.
        #expect(try shell("$EMI check Fixtures/reports/frost.json --fail-if 'emid.value > 9' --fail-if 'emid.value > 8'").status == 0)
        #expect(try shell("$EMI inspect -o a.txt -- -o b.txt; rm -f a.txt").errors.contains("-o: expected a file or folder"))
    }

    @Test func whatIsPipedInHasAName() throws {
        let outcome = try Program.run(["report", "-"])
        #expect(outcome.status == 2 && outcome.errors.contains("standard input: expected data, found an empty file"), "\(outcome.errors)")
        #expect(outcome.errors.contains("the command before the pipe wrote nothing"))
    }

    @Test func everyFileInAnExampleIsThere() throws {
        let commands = try Program.run(["manual", "--list"]).output.split(separator: "\n").map(String.init)
        #expect(commands.count > 10)
        for command in [[]] + commands.map({ [$0] }) {
            let help = try Program.run(command + ["--help"]).output
            let parts = help.components(separatedBy: "\nEXAMPLES:\n")
            #expect(parts.count == 2, "\(command)")
            let examples = parts.last?.replacing("\\\n", with: " ") ?? ""
            // They stand at the end.
            #expect(examples.split(separator: "\n").allSatisfy { $0.hasPrefix("  ") }, "\(examples)")
            // These two are what job arrays of emi batch write.
            var written: Set<String> = ["batch-1.json", "batch-2.json"]
            for line in examples.split(separator: "\n") {
                let words = line.split(separator: " ").map(String.init)
                let outputs = ["-o", "--save-fit", "--save-temperature", "--recalibrated", "--export"]
                for (flag, name) in zip(words, words.dropFirst()) where outputs.contains(flag) { written.insert(name) }
                for word in words where word.contains("/") || word.hasSuffix(".json") || word.hasSuffix(".yaml") || word.hasSuffix(".jsonl")
                {
                    let path = word.split(separator: ":")[0]
                    let exists = FileManager.default.fileExists(atPath: Program.project.appending(path: String(path)).path)
                    #expect(exists || written.contains(word), "\(command): \(word)")
                }
            }
        }
    }
}
