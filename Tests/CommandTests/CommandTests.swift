import Foundation
import Reports
import Statistics
import Testing

private let clean = "Fixtures/digits/clean.npz"
private let frost = "Fixtures/digits/frost_3.npz"

@Suite struct CommandTests {
    @Test func theVersionIsPrinted() throws {
        let outcome = try Program.run(["--version"])
        #expect(outcome.status == 0 && outcome.output == emiVersion + "\n" && outcome.errors.isEmpty)
    }

    @Test(arguments: [
        "estimate", "batch", "report", "check", "compare", "init", "inspect", "mi", "jsd", "plan", "explain", "estimators", "schema",
        "summarize",
    ]) func theHelpEndsInExamplesThatRun(_ command: String) throws {
        let help = try Program.run([command, "--help"])
        #expect(help.status == 0)
        // A line that ends in a backslash goes on in the next one.
        let joined = help.output.replacing(/\\\n\s*/, with: "")
        let examples = joined.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter {
                $0.hasPrefix("emi \(command) -") || $0.hasPrefix("emi \(command) F") || $0.hasPrefix("emi \(command) few")
                    || $0.hasPrefix("emi schema c") || $0 == "emi \(command)"
            }
        #expect(examples.count >= 2)
        let folder = try TemporaryFolder()
        for example in examples {
            // Examples that write a file write it where it does no harm.
            let words = example.split(separator: " ").dropFirst().map { $0.trimmingCharacters(in: ["'"]) }
            let arguments = words.enumerated().map { index, word in
                index > 0 && words[index - 1] == "-o" ? folder.path(word) : word
            }
            let outcome = try Program.run(arguments)
            #expect(outcome.status == 0, "\(example): \(outcome.errors)")
        }
    }

    @Test func standardOutputIsJSONAndNothingElse() throws {
        let outcome = try Program.run(["estimate", "--id", clean, "--ood", frost, "--format", "json", "--permutations", "9"])
        #expect(outcome.status == 0)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(json["schema_version"] as? String == "1.1")
        #expect((json["environment"] as? [String: Any])?["blas"] as? String != nil)
    }

    @Test func theBytesDoNotDependOnThreads() throws {
        for estimator in ["reference-channel", "club-kernel", "matrix-renyi", "gaussian", "auto", "ksg", "infonce"] {
            let outputs = try ["1", "2", "3"].map { threads in
                try Program.run([
                    "estimate", "--id", clean, "--ood", frost, "--format", "json", "--reproducible", "--estimator",
                    estimator, "--permutations", "20", "--threads", threads,
                ])
            }
            #expect(outputs.allSatisfy { $0.status == 0 && $0.output == outputs[0].output })
            #expect(!outputs[0].output.contains("environment"))
        }
    }

    @Test func aSeedChangesOnlyWhatIsRandom() throws {
        func value(_ seed: String) throws -> String {
            try Program.run(["estimate", "--id", clean, "--ood", frost, "--format", "csv", "--seed", seed, "--permutations", "20"]).output
        }
        #expect(try value("1") == value("1"))
        #expect(try value("1") != value("2"))
    }

    @Test func primitivesPrintWhatTheContractSays() throws {
        let mi = try Program.run(["mi", "--x", "\(clean):text", "--y", "\(clean):reference", "--format", "json"])
        let mutual = try #require(try JSONSerialization.jsonObject(with: Data(mi.output.utf8)) as? [String: Any])
        #expect(
            Set(mutual.keys) == [
                "value", "standard_error", "interval", "p_value", "bracket", "choice", "estimator", "sample_count", "group_count",
                "settings", "warnings",
            ])
        #expect((mutual["choice"] as? [String: Any])?["reason"] as? String != nil)
        let jsd = try Program.run(["jsd", "--p", "\(clean):visual", "--q", "\(frost):visual", "--format", "json"])
        let divergence = try #require(try JSONSerialization.jsonObject(with: Data(jsd.output.utf8)) as? [String: Any])
        #expect(
            Set(divergence.keys) == [
                "jsd", "null_mean", "excess", "standard_error", "interval", "p_value", "mmd", "mmd_p_value", "kernel", "sample_counts",
                "group_counts", "permutations", "units",
            ])
        #expect((divergence["sample_counts"] as? [Int]) == [90, 90])
    }

    @Test func aPlanNeedsMoreRowsForASmallerGap() throws {
        func rows(_ effect: String, _ more: [String] = []) throws -> Int {
            let outcome = try Program.run(["plan", "--id", clean, "--effect", effect, "--format", "json"] + more)
            let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect(json["design"] as? String == (more.isEmpty ? "independent" : "same items"))
            return try #require(json["rows_needed"] as? Int)
        }
        let (small, large) = (try rows("0.05"), try rows("0.1"))
        // Twice the effect takes a quarter of the rows.
        #expect(abs(Double(small) / Double(large) - 4) < 0.05)
        #expect(try rows("0.1", ["--ood", frost]) != large)
        #expect(try Program.run(["plan", "--id", clean, "--effect", "0"]).status == 64)
        #expect(try Program.run(["plan", "--id", clean, "--effect", "1", "--power", "0.5"]).status == 64)
    }

    @Test func warningsAreExplained() throws {
        let outcome = try Program.run(["explain", "small_sample"])
        #expect(outcome.status == 0 && outcome.output.hasPrefix("small_sample\n\n") && outcome.output.contains("excess"))
        let wrong = try Program.run(["explain", "small_samples"])
        #expect(wrong.status == 64 && wrong.errors.contains("Did you mean 'small_sample'?"))
    }

    @Test func theBootstrapMovesIntervalsAndNothingElse() throws {
        func report(_ more: [String]) throws -> [String: Any] {
            let outcome = try Program.run(["estimate", "--id", clean, "--ood", frost, "--format", "json", "--permutations", "9"] + more)
            return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        }
        func emi(_ report: [String: Any]) throws -> [String: Any] {
            try #require((report["id"] as? [String: Any])?["emi"] as? [String: Any])
        }
        let (student, bootstrap) = (try emi(report([])), try emi(report(["--bootstrap", "500"])))
        #expect(student["value"] as? Double == bootstrap["value"] as? Double)
        #expect(student["interval"] as? [Double] != bootstrap["interval"] as? [Double])
        #expect(try Program.run(["estimate", "--id", clean, "--bootstrap", "5"]).status == 64)
    }

    @Test func mutualInformationSaysWhatItStandsOn() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<120).map { row -> String in
            let (angle, radius) = (Double(row) * 2.4, 1 + Double(row % 17))
            return #"{"x": [\#(cos(angle) * radius)], "y": [\#(radius + 0.1 * Double(row % 5))]}"#
        }
        let file = try folder.file("pairs.jsonl", rows.joined(separator: "\n") + "\n")
        let outcome = try Program.run(["mi", "--x", "\(file):x", "--y", "\(file):y"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("(auto: ") && outcome.output.contains("  why: "), "\(outcome.output)")
        #expect(outcome.output.contains("InfoNCE, a lower bound in expectation"))
        let plain = try Program.run(["mi", "--x", "\(file):x", "--y", "\(file):y", "--no-bracket", "--estimator", "ksg", "--k", "3"])
        let short = try Program.run([
            "mi", "--x", "\(file):x", "--y", "\(file):y", "--no-bracket", "--no-error", "--estimator", "ksg", "--k", "3",
        ])
        #expect(short.output.prefix(12) == plain.output.prefix(12) && !short.output.contains("s.e."), "\(short.output)")
        #expect(plain.status == 0 && plain.output.split(separator: "\n").count == 1, "\(plain.output)")
        for (arguments, message) in [
            (["--estimator", "ksg", "--k", "120"], "ksg with 120 neighbours expected at least 121 rows, found 120"),
            (["--estimator", "all"], "expected one of"), (["--k", "0"], "auto: expected at least 1 neighbour (--k), found 0"),
            (["--k", "120"], "auto with 120 neighbours expected at least 121 rows, found 120"),
            (["--estimator", "matrix-renyi", "--alpha", "0"], "matrix-renyi: expected an order above 0 (--alpha), found 0.0"),
        ] {
            let refused = try Program.run(["mi", "--x", "\(file):x", "--y", "\(file):y"] + arguments)
            #expect(refused.status != 0 && refused.errors.contains(message), "\(refused.errors)")
        }
    }

    @Test func columnsThatSayNothingAreRefusedInOneSentence() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file(
            "flat.jsonl", (0..<30).map { #"{"x": [\#($0 % 7), 1], "y": [\#($0 * $0 % 11)]}"# }.joined(separator: "\n") + "\n")
        for estimator in ["auto", "copula", "gaussian"] {
            let refused = try Program.run(["mi", "--x", "\(file):x", "--y", "\(file):y", "--estimator", estimator])
            #expect(refused.status == 2, "\(refused.output)")
            #expect(
                refused.errors.contains(
                    "array 'x': \(estimator) expected columns of which none follows from the others, found column 1 (from 0) that does"),
                "\(refused.errors)")
        }
    }

    @Test func estimatorsAreListed() throws {
        let text = try Program.run(["estimators"])
        let json = try Program.run(["estimators", "--format", "json"])
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [[String: String]]])
        let names = try #require(parsed["estimators"]).compactMap { $0["name"] }
        #expect(names.count == 10 && names.allSatisfy { text.output.contains("\($0): ") })
        #expect(try Program.run(["estimators", "--format", "markdown"]).output.hasPrefix("| estimator |"))
    }

    @Test func everyEstimatorRunsAndTheirAgreementIsReported() throws {
        let arguments = ["estimate", "--id", clean, "--ood", frost, "--estimator", "all", "--permutations", "5"]
        let outcome = try Program.run(arguments + ["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect((json["settings"] as? [String: Any])?["estimator"] as? String == "reference-channel")
        let agreement = try #require(json["estimators"] as? [String: Any])
        let entries = try #require(agreement["estimators"] as? [[String: Any]])
        // All but club-network, which needs weights; the first is the report's own.
        #expect(entries.count == 9 && entries.allSatisfy { $0["emid"] != nil }, "\(entries)")
        let own = ((json["scenarios"] as? [[String: Any]])?.first?["emid"] as? [String: Any])?["value"] as? Double
        #expect((entries[0]["emid"] as? [String: Any])?["value"] as? Double == own)
        #expect(try #require(agreement["emid_sign_agreement"] as? Double) >= 0.5)
        let text = try Program.run(arguments)
        #expect(text.output.contains("of the estimators agree in the sign of EMI"))
    }

    @Test func everySchemaIsJSON() throws {
        for (arguments, title) in [
            ([], "emi report 1.1"), (["report"], "emi report 1.1"), (["check"], "emi check 1.0"), (["compare"], "emi compare 1.0"),
        ] {
            let outcome = try Program.run(["schema"] + arguments)
            let schema = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema" && schema["title"] as? String == title)
        }
    }

    @Test func aFitIsSavedAndApplied() throws {
        let folder = try TemporaryFolder()
        let fit = folder.path("q.safetensors")
        let first = try Program.run(["estimate", "--id", clean, "--save-fit", fit, "--format", "csv"])
        #expect(first.status == 0, "\(first.errors)")
        let second = try Program.run(["estimate", "--id", clean, "--ood", frost, "--fit", fit, "--permutations", "5"])
        #expect(second.status == 0, "\(second.errors)")
        let refused = try Program.run(["estimate", "--id", clean, "--fit", clean])
        #expect(refused.status == 2)
    }

    @Test func wordsAreBoldOnlyWhereTheyCanBe() throws {
        // Standard output is a pipe here.
        #expect(try !Program.run(["estimate", "--id", clean]).output.contains("\u{1B}"))
    }
}
