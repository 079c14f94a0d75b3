import Foundation
import Testing

private let saved = "Fixtures/reports/frost.json"

@Suite struct ReportCommandTests {
    private var json: String {
        get throws { try String(contentsOf: Program.project.appending(path: saved), encoding: .utf8) }
    }

    @Test func everyFormatComesFromOneReport() throws {
        let folder = try TemporaryFolder()
        let names = ["r.html", "r.md", "r.csv", "r.xml", "r.txt", "r.json"]
        let outcome = try Program.run(["report", saved] + names.flatMap { ["-o", folder.path($0)] })
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
        let starts = ["<!DOCTYPE html>", "### EMI of clean", "id,ood,status", "<?xml", "EMI of clean", "{"]
        for (name, start) in zip(names, starts) {
            #expect(try String(contentsOfFile: folder.path(name), encoding: .utf8).hasPrefix(start), "\(name)")
        }
        #expect(try String(contentsOfFile: folder.path("r.json"), encoding: .utf8) == json)
    }

    @Test func aReportComesThroughAPipe() throws {
        let piped = try Program.run(["report", "-", "--format", "csv"], input: json)
        let read = try Program.run(["report", saved, "--format", "csv"])
        #expect(piped.status == 0 && piped.output == read.output && !piped.output.isEmpty, "\(piped.errors)")
        let empty = try Program.run(["report", "-"], input: "{}")
        #expect(empty.status == 2 && empty.errors.contains("standard input: expected a JSON report of emi, found no schema_version"))
    }

    @Test func standardOutputIsOneOfSeveral() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(["report", saved, "-o", folder.path("r.md"), "-o", "-"])
        #expect(outcome.status == 0 && outcome.output.hasPrefix("EMI of clean"))
        #expect(FileManager.default.fileExists(atPath: folder.path("r.md")))
    }

    @Test func anotherVersionIsReadOrRefused() throws {
        let newer = try Program.run(
            ["report", "-"], input: json.replacing("\"schema_version\" : \"1.1\"", with: "\"schema_version\" : \"1.9\""))
        #expect(newer.status == 0 && newer.errors.contains("note (newer_report)") && newer.output.hasPrefix("EMI of clean"))
        let other = try Program.run(
            ["report", "-"], input: json.replacing("\"schema_version\" : \"1.1\"", with: "\"schema_version\" : \"2.0\""))
        #expect(other.status == 2 && other.output.isEmpty)
        #expect(other.errors.contains("standard input: expected a report of schema version 1.x, found 2.0"))
        #expect(try Program.run(["report", "-", "-q"], input: json.replacing("\"1.1\"", with: "\"1.9\"")).errors.isEmpty)
    }

    @Test(arguments: [
        (["-o", "r.pdf"], "expected an extension of csv, htm, html, json, markdown, md, text, txt, xml, or --format, found 'r.pdf'"),
        (["-o", "r.html", "-o", "r.md", "--format", "html"], "expected one -o, found 2"),
        (["-o", "r.html", "-o", "r.html"], "expected each file once"),
        (["-o", saved], "expected a file that is not an input"), (["--max-bytes", "10"], "expected at least 4096, found 10"),
        (["--format", "htm"], "html"),
    ]) func wrongUsageIsToldBeforeAnythingIsWritten(_ flags: [String], _ words: String) throws {
        let outcome = try Program.run(["report", saved] + flags)
        #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: Program.project.appending(path: "r.html").path))
    }

    @Test func aFormatDecidesOverAnExtension() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(["report", saved, "--format", "markdown", "-o", folder.path("summary")])
        #expect(outcome.status == 0)
        #expect(try String(contentsOfFile: folder.path("summary"), encoding: .utf8).hasPrefix("### "))
    }

    @Test func aBatchWritesSeveralFormsAndNamesItsInputs() throws {
        let folder = try TemporaryFolder()
        let flags = ["--permutations", "0"]
        let manifest = Program.project.appending(path: "Fixtures/digits").path
        let path = try folder.file(
            "m.yaml", "version: 1\nid: { name: clean, data: \(manifest)/clean.npz }\nscenarios: [{ name: sr_4, data: sub.npz }]\n")
        try FileManager.default.copyItem(atPath: "\(manifest)/sr_4.npz", toPath: folder.path("sub.npz"))
        let outcome = try Program.run(["batch", path, "-o", folder.path("r.json"), "-o", folder.path("r.html")] + flags)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url.appending(path: "r.json"))) as? [String: Any])
        let inputs = try #require((report["provenance"] as? [String: Any])?["inputs"] as? [[String: String]])
        #expect(inputs.map { $0["path"] } == ["\(manifest)/clean.npz", "m.yaml", "sub.npz"])
        #expect(inputs.allSatisfy { $0["sha256"]?.count == 64 })
        #expect(FileManager.default.fileExists(atPath: folder.path("r.html")))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["m.yaml", "r.html", "r.json", "sub.npz"])
    }
}
