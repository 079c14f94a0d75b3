import EmbeddingFiles
import Foundation
import LinearAlgebra
import Testing

@testable import Studies

/// One set in the forms of many programs, its rows in any order and its ids under any name: one result.
@Suite struct SameNumbersTests {
    private struct Row {
        let id: String
        let question: String
        let answer: String
        let reference: String
    }

    private static func rows(shift: Bool) -> [Row] {
        let (things, places, colours) = (
            ["car", "dog", "kite", "boat", "lamp"], ["station", "bridge", "field"], ["red", "blue", "white", "brown"]
        )
        return (0..<60).map { index in
            let thing = "\(things[index * 3 % 5]) near the \(places[index % 3])"
            let colour = colours[index * 7 % 4]
            let said = (shift ? index % 2 == 0 : index % 6 == 0) ? colours[(index + 1) % 4] : colour
            return Row(
                id: "q\(index)", question: "What colour is the \(thing), picture \(index)?",
                answer: "It is \(said), the \(thing) \(index).",
                reference: "The \(thing) \(index) is \(colour).")
        }
    }

    private func json(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys]), as: UTF8.self)
    }

    private func write(_ rows: [Row], as form: String, in folder: URL) throws -> SampleSource {
        func lines(_ object: (Row) -> [String: Any]) throws -> String { try rows.map { try json(object($0)) + "\n" }.joined() }
        func table(_ separator: String, _ names: [String], _ values: (Row) -> [String]) -> String {
            ([names] + rows.map(values)).map { $0.map { "\"\($0)\"" }.joined(separator: separator) + "\n" }.joined()
        }
        func file(_ name: String, _ text: String) throws -> String {
            try Data(text.utf8).write(to: folder.appending(path: name))
            return folder.appending(path: name).path
        }
        switch form {
        case "jsonl":
            return SampleSource(
                bundle: try file(
                    "a.jsonl", try lines { ["id": $0.id, "question": $0.question, "answer": $0.answer, "reference": $0.reference] }))
        case "json":
            let all = rows.map { ["uid": $0.id, "question": $0.question, "response": $0.answer, "reference": $0.reference] }
            return SampleSource(bundle: try file("a.json", try json(all)))
        case "csv":
            return SampleSource(
                bundle: try file(
                    "a.csv", table(",", ["sample_id", "text", "response", "reference"]) { [$0.id, $0.question, $0.answer, $0.reference] }))
        case "VLMEvalKit":
            return SampleSource(
                bundle: try file(
                    "a.tsv", table("\t", ["index", "question", "answer", "prediction"]) { [$0.id, $0.question, $0.reference, $0.answer] }))
        case "lmms-eval":
            return SampleSource(
                bundle: try file(
                    "a.jsonl", try lines { ["doc_id": $0.id, "input": $0.question, "target": $0.reference, "filtered_resps": [$0.answer]] })
            )
        case "batch":
            let output = try lines { ["custom_id": $0.id, "response": ["body": ["choices": [["message": ["content": $0.answer]]]]]] }
            let input = try lines { ["custom_id": $0.id, "body": ["messages": [["role": "user", "content": $0.question]]]] }
            return SampleSource(
                modalities: [("text", try file("in.jsonl", input))], response: try file("out.jsonl", output),
                reference: try file("ref.jsonl", try lines { ["custom_id": $0.id, "reference": $0.reference] }))
        case "inspect":
            let samples = rows.map {
                [
                    "id": $0.id, "epoch": 1, "input": $0.question, "target": $0.reference,
                    "output": ["choices": [["message": ["content": $0.answer]]]],
                ] as [String: Any]
            }
            return SampleSource(bundle: try file("a.json", try json(["eval": ["task": "t"], "samples": samples] as [String: Any])))
        default:
            // The answers in a file of their own, their ids under a name that nobody knows.
            return SampleSource(
                bundle: try file("d.csv", table(",", ["Fall", "question", "reference"]) { [$0.id, $0.question, $0.reference] }),
                response: try file(
                    "m.jsonl",
                    try lines { ["fall": $0.id, "prediction": $0.answer] }.split(separator: "\n").reversed().joined(separator: "\n")))
        }
    }

    private func numbers(_ form: String, isShuffled: Bool) throws -> [Double] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var sets: [StudySet] = []
        for shift in [false, true] {
            let rows = Self.rows(shift: shift)
            let own = folder.appending(path: shift ? "ood" : "id")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            let ordered = isShuffled ? rows.indices.map { rows[($0 * 7 + 5) % rows.count] } : rows
            sets.append(StudySet(name: shift ? "ood" : "id", source: try write(ordered, as: form, in: own)))
        }
        var settings = StudySettings()
        settings.permutations = 0
        let result = try analyse(sets, settings: settings, threadCount: 1)
        let shift = try #require(result.shift)
        return [
            result.id.emi.value, result.id.modelMutualInformation, result.id.referenceMutualInformation, result.id.responseSimilarity.value,
            result.id.emi.standardError ?? 0, shift.ood.emi.value, shift.emid.value, shift.emid.standardError ?? 0,
        ]
    }

    @Test(arguments: ["jsonl", "json", "csv", "VLMEvalKit", "lmms-eval", "batch", "inspect", "two files"])
    func everyFormGivesTheSameNumbers(_ form: String) throws {
        let expected = try numbers("jsonl", isShuffled: false)
        for isShuffled in [false, true] {
            for (a, b) in zip(expected, try numbers(form, isShuffled: isShuffled)) { #expect(abs(a - b) <= 1e-12 * max(1, abs(a))) }
        }
    }
}
