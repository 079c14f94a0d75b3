import Foundation
import Testing

@testable import emi

private let saved = "Fixtures/reports/frost.json"

/// What is nearly right is told with what was likely meant.
@Suite struct MisspellingTests {
    /// Half a minute before, by comparing 60,000 letters with every field of a report.
    @Test func aLongNameIsRefusedAtOnce() throws {
        let start = ContinuousClock.now
        let name = String(repeating: "a", count: 60_000)
        let outcome = try Program.run(["check", "Fixtures/reports/frost.json", "--fail-if", "\(name).b > 1"])
        #expect(outcome.status == 64 && outcome.errors.contains("expected a field of the report"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(arguments: [
        ("batch m.yaml --permutation 100", "Did you mean '--permutations'?"),
        ("batch m.yaml --permutatoins=100", "Did you mean '--permutations'?"),
        ("batch m.yaml --estimator club-kernal", "Did you mean 'club-kernel'?"),
        ("estimate --id x --bound joit", "Did you mean 'joint'?"),
        ("estimate --id x --units bit", "Did you mean 'bits' instead of 'bit'?"),
        ("estimate --id x --fuse=men", "Did you mean 'mean' instead of 'men'?"),
        ("estimate --id x --log-prob samled", "Did you mean 'sampled' instead of 'samled'?"),
        ("estimate --id x --entropy-scale kernl", "Did you mean 'kernel' instead of 'kernl'?"),
        ("estimate -id x", "Did you mean '--id' instead of '-id'?"),
        ("report \(saved) --fromat html", "Did you mean '--format'?"),
        ("report \(saved) --format htm", "Did you mean 'html' instead of 'htm'?"),
        ("check \(saved) --polcy p.yaml", "Did you mean '--policy'?"),
        ("check \(saved) --fail-if emid.value>1 --on-inconclusive fial", "Did you mean 'fail' instead of 'fial'?"),
        ("compare \(saved) \(saved) --format htnl", "Did you mean 'html' instead of 'htnl'?"),
        ("plan --id x --efect 3", "Did you mean '--effect' instead of '--efect'?"),
        ("mi --x a --yy b", "Did you mean '--y'"),
        ("init --forse x", "Did you mean '--force'?"),
        ("explain few_grups", "Did you mean 'few_groups'?"),
        ("schema chek", "Did you mean 'check' instead of 'chek'?"),
        ("estimators --format markdwn", "Did you mean 'markdown' instead of 'markdwn'?"),
        ("batchh", "Did you mean 'batch'?"), ("help batchh", "Did you mean 'batch'?"),
        ("--vresion", "Did you mean '--version'"),
    ]) func theLikelyWordIsTold(_ line: String, _ words: String) throws {
        let outcome = try Program.run(line.split(separator: " ").map(String.init))
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.output)")
        #expect(outcome.errors.contains(words) && outcome.errors.contains("Usage: emi"), "\(outcome.errors)")
        #expect(outcome.errors.components(separatedBy: "Did you mean").count == 2, "\(outcome.errors)")
    }

    @Test(arguments: ["batch m.yaml --frobnicate", "estimate --id x --units parsecs", "report", "help"])
    func whatIsNothingLikeItIsNotGuessed(_ line: String) throws {
        let outcome = try Program.run(line.split(separator: " ").map(String.init))
        #expect(!outcome.errors.contains("Did you mean"), "\(outcome.errors)")
    }

    @Test func wordsAreBoldOnlyOnATerminalThatWantsThem() {
        #expect(showsBold(noColor: false, environment: ["NO_COLOR": ""], isTerminal: true))
        #expect(!showsBold(noColor: false, environment: ["NO_COLOR": "1"], isTerminal: true))
        #expect(!showsBold(noColor: true, environment: [:], isTerminal: true))
        #expect(!showsBold(noColor: false, environment: ["TERM": "dumb"], isTerminal: true))
        #expect(!showsBold(noColor: false, environment: [:], isTerminal: false))
    }
}
