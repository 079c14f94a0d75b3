import EmbeddingFiles
import Foundation
import Studies
import Testing

/// Writes a file into a folder of its own and reads it as a manifest.
private func manifest(_ text: String, name: String = "m.yaml") throws -> Manifest {
    let folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return try readManifest(file.path)
}

@Suite struct ManifestTests {
    private let yaml = """
        version: 1
        settings: { estimator: club-ridge, permutations: 0, entropy_scale: alphabet:10 }
        id: { name: clean, data: clean.npz, score: 0.91 }
        scenarios:
          - { name: frost_3, kind: visual, data: frost_3.npz, score: 0.74 }
          - name: wild
            kind: joint
            data: { visual: wild/v.npy, text: wild/t.npy, response: wild/yhat.npy, reference: wild/y.npy }
            review: wild/review.jsonl
        """

    @Test func allThreeFormsAreTheSameManifest() throws {
        let json = """
            {"version": 1,
            \t"settings": {"estimator": "club-ridge", "permutations": 0, "entropy_scale": "alphabet:10"},
             "id": {"name": "clean", "data": "clean.npz", "score": 0.91},
             "scenarios": [{"name": "frost_3", "kind": "visual", "data": "frost_3.npz", "score": 0.74},
              {"name": "wild", "kind": "joint", "data": {"visual": "wild/v.npy", "text": "wild/t.npy",
               "response": "wild/yhat.npy", "reference": "wild/y.npy"}, "review": "wild/review.jsonl"}]}
            """
        let table = """
            name,kind,data,data.visual,data.text,data.response,data.reference,score,review
            clean,id,clean.npz,,,,,0.91,
            frost_3,visual,frost_3.npz,,,,,0.74,
            wild,joint,,wild/v.npy,wild/t.npy,wild/yhat.npy,wild/y.npy,,wild/review.jsonl
            """
        func parts(_ manifest: Manifest) -> [String] {
            let folder = String(manifest.path[...(manifest.path.lastIndex(of: "/") ?? manifest.path.startIndex)])
            return ([manifest.id] + manifest.scenarios).map { entry in
                "\(entry.name) \(entry.kind ?? "-") \(entry.score.map { "\($0)" } ?? "-") \(entry.files.sorted())"
                    .replacing(folder, with: "")
            }
        }
        let first = try manifest(yaml)
        #expect(parts(first).count == 3 && parts(first)[2].contains("wild/yhat.npy"))
        #expect(first.settings.map(\.name) == ["estimator", "permutations", "entropy-scale"])
        #expect(first.settings.map(\.value) == ["club-ridge", "0", "alphabet:10"])
        #expect(parts(try manifest(json, name: "m.json")) == parts(first))
        #expect(parts(try manifest(table, name: "m.csv")) == parts(first))
    }

    static let mistakes: [(text: String, expected: String)] = [
        ("# nothing but a comment\n", "found nothing"),
        ("- a\n- b", "m.yaml:1: expected a mapping with the keys version, settings, id, scenarios, found a list"),
        ("version: 1\nid: {data: a}\nscenarios: [\n", "m.yaml:"),
        ("id: {data: a}\nscenarios: [{name: b, data: b}]", "m.yaml:1: version: expected 1, found nothing"),
        ("version: 2\nid: {data: a}\nscenarios: [{name: b, data: b}]", "m.yaml:1: version: expected 1, the only one there is, found '2'"),
        ("version: 1\nscenarios: [{name: b, data: b}]", "id: expected the ID set, found nothing"),
        ("version: 1\nid: {data: a}", "scenarios: expected a list of sets, found nothing"),
        ("version: 1\nid: {data: a}\nscenarios: []", "m.yaml:3: scenarios: expected a list of sets, found an empty list"),
        (
            "version: 1\nid: {data: a}\nscenarios: [{name: b}]",
            "m.yaml:3: scenarios[0].data: expected a file, or a mapping of files, found nothing"
        ),
        ("version: 1\nid: {data: a}\nscenarios:\n- {data: b}", "m.yaml:4: scenarios[0].name: expected a name, found nothing"),
        (
            "version: 1\nid: {data: a}\nscenarios:\n- {name: b, data: b}\n- {name: c, data: c}\n- {name: b, data: d}",
            "m.yaml:6: scenarios[2].name: expected a name of its own, found 'b', as on line 4"
        ),
        (
            "version: 1\nid: {data: x/clean.npz}\nscenarios:\n- {name: clean, data: b}",
            "m.yaml:4: scenarios[0].name: expected a name of its own, found 'clean', the name of the ID set"
        ),
        (
            "version: 1\nid: {data: a}\nscenarios:\n- {name: b, dta: b, data: b}",
            "m.yaml:4: scenarios[0]: expected one of the keys name, kind, data, score, scores, review, key, rows, confidences, found 'dta'; did you mean 'data'?"
        ),
        (
            "version: 1\nid: {data: a}\nscenaros:\n- {name: b, data: b}",
            "m.yaml:3: expected one of the keys version, settings, id, scenarios, found 'scenaros'; did you mean 'scenarios'?"
        ),
        (
            "version: 1\nid: {data: a}\nscenarios:\n- {name: b, data: b, score: good}",
            "m.yaml:4: scenarios[0].score: expected a number, found 'good'"
        ),
        ("version: 1\nid: {data: a}\nscenarios:\n- {name: b, data: b, score: .nan}", "score: expected a number"),
        (
            "version: 1\nid: {data: a}\nscenarios:\n- {name: b, data: {visual: v.npy}}",
            "scenarios[0].data: expected a bundle, or files by modality with response and reference, found no response"
        ),
        (
            "version: 1\nsettings: [a]\nid: {data: a}\nscenarios: [{name: b, data: b}]",
            "m.yaml:2: settings: expected a mapping of flags, found a list"
        ),
        ("version: 1\nversion: 1\nid: {data: a}", "'version' twice"),
    ]

    @Test(arguments: mistakes.indices) func mistakesAreToldWithTheirLines(_ index: Int) throws {
        let (text, expected) = Self.mistakes[index]
        let error = #expect(throws: RunError.self) { try manifest(text) }
        let found = try #require(error)
        #expect(found.code == "bad_manifest" && found.message.contains(expected), "\(found.message)")
    }

    @Test func everyMistakeIsToldAtOnce() throws {
        let error = #expect(throws: RunError.self) {
            try manifest("version: 1\nid: {data: a}\nscenarios:\n- {name: b}\n- {data: c}\n- {name: d, data: d, scor: 1}")
        }
        #expect(try #require(error).message.split(separator: "\n").count == 3)
    }

    @Test func aliasesDoNotExplode() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 { text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n" }
        let error = #expect(throws: RunError.self) { try manifest(text) }
        #expect(try #require(error).code == "bad_manifest")
    }

    @Test func tablesHaveOneIDSet() throws {
        for (text, expected) in [
            ("name,data\na,a.npz\n", "expected one row of kind 'id', the ID set, found none"),
            ("name,kind,data\na,id,a.npz\nb,id,b.npz\n", "m.csv:3: expected one row of kind 'id', found two"),
            ("name,kind,data\na,id,a.npz\nb,b.npz\n", "m.csv:3: expected 3 fields, as in the header, found 2"),
            ("name,kind,dta\na,id,a.npz\nb,,b.npz\n", "did you mean 'data'?"),
        ] {
            let error = #expect(throws: RunError.self) { try manifest(text, name: "m.csv") }
            #expect(try #require(error).message.contains(expected))
        }
    }

    @Test func thePapersNamesHaveTheirKinds() {
        let visual = ["defocus_blur", "frost"].flatMap { name in [1, 3, 5].map { "\(name)_\($0)" } }
        let textual = ["sr_4", "sr_7", "KeyboardAug_1", "KeyboardAug_3"]
        let languages = ["German", "Chinese", "Korean", "Greek", "Arabic", "Hindi"]
        let prefix = "llava_bench_coco"
        var kinds: [String: Int] = [:]
        for name in visual + textual + visual.flatMap({ v in textual.map { "\(v)_\($0)" } }) {
            kinds[ScenarioName("\(prefix)_\(name)").kind ?? "none", default: 0] += 1
        }
        for language in languages { kinds[ScenarioName("\(prefix)_\(language)").kind ?? "none", default: 0] += 1 }
        for domain in ["easy", "normal", "hard"] {
            for language in ["English"] + languages {
                kinds[ScenarioName("llava_bench_in_the_wild_\(domain)_\(language)").kind ?? "none", default: 0] += 1
            }
        }
        #expect(kinds == ["visual": 6, "text": 4, "joint": 24, "natural-text": 6, "natural-visual": 3, "natural-joint": 18])
        #expect(ScenarioName(prefix).isID && ScenarioName("\(prefix)_English").isID && !ScenarioName("\(prefix)_sr_4").isID)
    }

    @Test func aReviewIsARelativePreference() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func review(_ lines: String) throws -> Double {
            let file = folder.appending(path: "review.jsonl")
            try Data(lines.utf8).write(to: file)
            return try relativePreference(inReviews: [file.path]).value
        }
        // 100 (6 + 9) / (8 + 10); the judge's failure is left out.
        let value = try review(
            #"{"question_id": 1, "tuple": [8, 6], "content": "8 6"}"# + "\n"
                + #"{"question_id": 2, "tuple": [10, 9], "content": ""}"# + "\n" + #"{"question_id": 3, "tuple": [-1, -1]}"# + "\n")
        #expect(abs(value - 100 * 15.0 / 18) < 1e-12)
        #expect(throws: RunError.self) { try review(#"{"tuple": [0, 1]}"# + "\n") }
        #expect(throws: RunError.self) { try review(#"{"tuple": [1, 2, 3]}"# + "\n") }
        #expect(throws: RunError.self) { try review(#"{"question_id": 1}"# + "\n") }
    }
}
