import EmbeddingFiles
import Foundation
import Testing

@testable import Studies

/// Reviews as LLaVA's judge leaves them (cases 15, 16, 18 and their kind), and manifests as people write them (36).
@Suite struct ReviewTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: folder.appending(path: name))
        return folder.appending(path: name).path
    }

    private func score(_ paths: [String], questions: [String]? = nil, rowCount: Int? = nil) throws -> (value: Double, notes: [String]) {
        defer { try? FileManager.default.removeItem(at: folder) }
        let score = try relativePreference(inReviews: paths, questions: questions, rowCount: rowCount)
        return (score.value, score.warnings.map { $0.message.replacingOccurrences(of: folder.path + "/", with: "") })
    }

    private let questions = (0..<6).map { "\($0)" }

    @Test func bothFormsOfTheJudgeAreRead() throws {
        let tuples = questions.enumerated().map {
            "{\"id\": \($0 + 1), \"question_id\": \($1), \"answer1_id\": \"x\", \"category\": \"c\", \"content\": \"8 6\", \"tuple\": [8.0, 6.0]}\n"
        }
        let pairs = questions.map {
            "{\"review_id\": \"r\($0)\", \"question_id\": \($0), \"text\": \"8 6\", \"score\": [8.0, 6.0], \"metadata\": {}}\n"
        }
        let files = [try write("new.jsonl", tuples.joined()), try write("old.jsonl", pairs.joined())]
        let found = try score(files, questions: questions, rowCount: 6)
        #expect(found.value == 75)
        #expect(found.notes == ["the score is the mean of 2 reviews, 75.0 with a standard error of 0.0 over the runs of the judge"])
    }

    @Test(arguments: [
        "\"rating\": \"8, 6\"", "\"score\": \"[8, 6]\"", "\"scores\": \"(8.0; 6.0)\"", "\"content\": \"8 6\\nThe first answer is better.\"",
        "\"text\": \" 8 6 \\r\\n\"", "\"content\": \"8 6\", \"tuple\": null",
    ])
    func pairsAreReadOutOfWords(_ pair: String) throws {
        let unreadable = #""content": "I cannot say", "tuple": null"#
        let lines = questions.map { "{\"question_id\": \($0), \($0 == "5" ? unreadable : pair)}\n" }
        let isOfWords = pair.contains("tuple")
        let found = try score([try write("r.jsonl", isOfWords ? lines.joined() : lines.dropLast().joined())], questions: questions)
        #expect(found.value == 75 && found.notes.count == 1)
    }

    @Test func whatAReviewLeavesOutIsSaid() throws {
        let lines = [
            #"{"question_id": 0, "tuple": [8, 6]}"#, #"{"question_id": 1, "tuple": [-1, -1]}"#, #"{"question_id": 2, "tuple": [10, 5]}"#,
            #"{"question_id": 2, "tuple": [10, 7]}"#, #"{"question_id": 99, "tuple": [10, 1]}"#,
        ]
        let found = try score([try write("r.jsonl", lines.joined(separator: "\n"))], questions: questions, rowCount: 6)
        #expect(abs(found.value - 100 * 12 / 18) < 1e-12)
        #expect(
            found.notes == [
                "r.jsonl: 2 of 6 answers have a readable review; 1 reviews are unreadable (-1) and left out; 1 reviews are of other questions and "
                    + "left out; 1 repeat a question, of which the mean is taken"
            ])
    }

    @Test func reviewsThatAreNoneAreSentences() throws {
        func message(_ line: String) -> String {
            do {
                let path = try write("r.jsonl", line)
                _ = try relativePreference(inReviews: [path], questions: questions)
                return "no error"
            } catch {
                return RunError(error).message.replacingOccurrences(of: folder.path + "/", with: "")
            }
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(
            message(#"{"question_id": 0, "score": 7}"#)
                == "r.jsonl: key 'score': expected two numbers a line, [reference, model], found one number")
        #expect(
            message(#"{"question_id": 0, "grade": 7}"#)
                == "r.jsonl: expected a key 'tuple' or 'score' with the pairs [reference, model], found question_id, grade")
        #expect(
            message(#"{"question_id": 7, "tuple": [7, 7]}"#)
                == "r.jsonl: expected reviews of the set's questions, such as '0', found those of others, such as '7'")
    }

    @Test func aManifestIsWhatPythonWrites() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let text =
            "\u{FEFF}{\"version\": 1,\n\t\"id\": {\"name\": \"a \\\\ud83d \\\"b\", \"data\": \"a.npz\", \"review\": [\"r.jsonl\", \"s.jsonl\"]},\n"
            + "\t\"scenarios\": [{\"name\": \"\\ud83d\\ude42 \\u00e9\", \"data\": \"b.npz\", \"key\": \"uid\", \"rows\": \"0-9\"}]}"
        let manifest = try readManifest(try write("m.json", text))
        #expect(manifest.id.name == "a \\ud83d \"b" && manifest.scenarios[0].name == "🙂 é")
        #expect(manifest.id.reviews.map { URL(filePath: $0).lastPathComponent } == ["r.jsonl", "s.jsonl"])
        guard case .files(let source) = manifest.scenarios[0].data else { throw RunError(code: "test", message: "no files") }
        #expect(source.identifierKey == "uid" && source.rows?.entries == ["0-9"])
        _ = try write("hard.txt", "1\n4-6\n")
        let yaml = try readManifest(
            try write("m.yaml", "version: 1\nid: { data: a.npz, rows: hard.txt }\nscenarios:\n- { name: b, data: b.npz, rows: [2, x7] }\n"))
        let rows = ([yaml.id] + yaml.scenarios).map { set -> [String]? in
            if case .files(let source) = set.data { source.rows?.entries } else { nil }
        }
        #expect(rows == [["1", "4-6"], ["2", "x7"]])
    }
}
