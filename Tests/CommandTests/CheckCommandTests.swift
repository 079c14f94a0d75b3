import Foundation
import Testing

private let saved = "Fixtures/reports/frost.json"

@Suite struct CheckCommandTests {
    @Test(arguments: [
        // The largest gap of the saved report is 1.396; two intervals reach 2, none lies above it as a whole.
        (
            ["--fail-if", "emid.value > 5"], 0,
            "verdict: pass (0 failures, 0 warnings, 0 inconclusive; 15 checks of 1 rule on 15 scenarios)"
        ),
        (["--fail-if", "emid.value > 2"], 0, "verdict: pass (0 failures, 2 warnings, 2 inconclusive"),
        (["--fail-if", "emid.value > 2", "--on-inconclusive", "fail"], 1, "verdict: fail (2 failures"),
        (["--fail-if", "emid.value > 2", "--on-inconclusive", "pass"], 0, "verdict: pass (0 failures, 0 warnings, 2 inconclusive"),
        (["--fail-if", "emid.interval_low > -1"], 1, "verdict: fail ("),
        (["--warn-if", "emid.interval_low > -1"], 0, "verdict: pass (0 failures, "),
        (["--fail-if", "bound.interval_low > 0"], 1, "verdict: fail (14 failures"),
        (["--fail-if", "change.emid.value > 0.1", "--baseline", saved], 0, "verdict: pass"),
        (["--policy", "Fixtures/policy.yaml"], 0, "verdict: pass"),
        (["--policy", "Fixtures/policy.yaml", "--on-inconclusive", "fail"], 1, "verdict: fail"),
    ]) func theVerdictIsTheExitCode(_ flags: [String], _ status: Int, _ words: String) throws {
        let outcome = try Program.run(["check", saved] + flags)
        #expect(outcome.status == Int32(status) && outcome.errors.isEmpty, "\(outcome.errors)")
        let last = try #require(outcome.output.split(separator: "\n").last)
        #expect(last.hasPrefix(words), "\(outcome.output)")
        let json = try Program.run(["check", saved, "--format", "json"] + flags)
        let found = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(found["exit_code"] as? Int == status && json.status == Int32(status))
        // Whoever reads JSON from standard output sees the verdict on standard error.
        #expect(json.errors == last + "\n")
    }

    @Test(
        arguments: [
            ([], "expected --policy, --fail-if or --warn-if, found none"),
            (["--fail-fi", "emid.value > 0"], "Did you mean '--fail-if'?"),
            (
                ["--fail-if", "emid.valu > 0"],
                "--fail-if: expected a field of the report ('emi schema' lists them), found 'emid.valu'; did you mean 'emid.value'?"
            ),
            (["--warn-if", "emid.value > x"], "--warn-if: expected a number after 'emid.value >', found 'x'"),
            (["--fail-if", "change.emid.value > 0"], "--fail-if: expected --baseline REPORT beside 'change.emid.value > 0', found none"),
            (
                ["--fail-if", "emid.value > 0", "-o", "x.html"],
                "expected an extension of json, markdown, md, text, txt, xml, or --format, found 'x.html'"
            ),
            (["--fail-if", "emid.value > 0", "--on-inconclusive", "ignore"], "ignore"),
            (["--fail-if", "emid.value > 0", "-o", saved], "expected a file that is not an input"),
        ] as [([String], String)]) func wrongUsageIsTold(_ flags: [String], _ words: String) throws
    {
        let outcome = try Program.run(["check", saved] + flags)
        #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errors.contains(words), "\(outcome.errors)")
    }

    @Test func whatCannotBeCheckedHasNoVerdict() throws {
        let folder = try TemporaryFolder()
        let policy = try folder.file("p.yaml", "version: 1\nrules:\n  - fail_if: emid.valeu > 0\n  - fail_if: emid.value ! 0\n")
        let wrong = try Program.run(["check", saved, "--policy", policy])
        #expect(wrong.status == 2 && wrong.output.isEmpty)
        #expect(wrong.errors.contains("p.yaml:3: ") && wrong.errors.contains("p.yaml:4: ") && wrong.errors.contains("hint: a policy has"))
        #expect(try Program.run(["check", folder.path("none.json"), "--fail-if", "emid.value > 0"]).status == 2)
        #expect(try Program.run(["check", "-", "--fail-if", "emid.value > 0"], input: "{}").status == 2)
        #expect(try Program.run(["check", "-", "--baseline", "-", "--fail-if", "emid.value > 0"], input: "{}").status == 64)
    }

    @Test func aBatchIsCheckedThroughAPipe() throws {
        let folder = try TemporaryFolder()
        let data = Program.project.appending(path: "Fixtures/digits").path
        let manifest = try folder.file(
            "m.yaml",
            """
            version: 1
            id: { name: clean, data: \(data)/clean.npz }
            scenarios:
              - { name: sr_4, data: \(data)/sr_4.npz }
              - { name: lost, data: \(data)/lost.npz }
            """)
        let policy = try folder.file("p.yaml", "version: 1\nfailed_scenarios: warn\nrules: [{ fail_if: emid.interval_low > 50 }]\n")
        let batch = try Program.run(["batch", manifest, "--permutations", "0", "--format", "json"])
        let checked = try Program.run(
            ["check", "-", "--policy", policy, "-o", "-", "-o", folder.path("gate.xml"), "-o", folder.path("gate.md")], input: batch.output)
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(checked.output.hasPrefix("warn: lost: the scenario failed and has no numbers") && checked.output.contains("verdict: pass"))
        #expect(try String(contentsOfFile: folder.path("gate.xml"), encoding: .utf8).contains("skipped=\"1\""))
        #expect(try String(contentsOfFile: folder.path("gate.md"), encoding: .utf8).hasPrefix("### emi check: pass"))
        let strict = try Program.run(["check", "-", "--fail-if", "emid.interval_low > 50"], input: batch.output)
        #expect(strict.status == 1 && strict.output.contains("fail: lost: "), "\(strict.output)")
    }
}
