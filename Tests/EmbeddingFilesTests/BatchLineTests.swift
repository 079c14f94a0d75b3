import Foundation
import Testing

@testable import EmbeddingFiles

/// Answers as the batches of four services give them (case 33 and its kind).
@Suite("Lines of batches")
struct BatchLineTests {
    private let set = QuestionSet()

    private static func line(_ form: String, _ name: String, _ answer: String) -> [String: Any] {
        switch form {
        case "chat": ["custom_id": name, "response": ["body": ["choices": [["message": ["content": answer]]]]], "error": NSNull()]
        case "responses":
            [
                "custom_id": name,
                "response": ["body": ["output": [["type": "message", "content": [["type": "output_text", "text": answer]]]]]],
            ]
        case "anthropic":
            ["custom_id": name, "result": ["type": "succeeded", "message": ["content": [["type": "text", "text": answer]]]]]
        case "gemini": ["key": name, "response": ["candidates": [["content": ["parts": [["text": answer]], "role": "model"]]]]]
        default: ["recordId": name, "modelInput": ["a": 1], "modelOutput": ["content": [["type": "text", "text": answer]]]]
        }
    }

    @Test("Each is the answer to the question of its name", arguments: ["chat", "responses", "anthropic", "gemini", "bedrock"])
    func answers(_ form: String) throws {
        let folder = try TemporaryFolder()
        let questions = try folder.write(
            "q.jsonl", set.jsonLines { ["custom_id": $0.id, "question": $0.question, "reference": $0.reference] })
        let answers = try folder.write("b.jsonl", set.shuffled.jsonLines { Self.line(form, $0.id, $0.answer) })
        let table = try readSampleTable(SampleSource(bundle: questions, response: answers))
        #expect(table.response.values == .texts(set.shuffled.rows.map(\.answer)))
        #expect(table.reference.values == .texts(set.shuffled.rows.map(\.reference)))
        #expect(table.identifiers == set.shuffled.rows.map(\.id))
    }

    @Test("Flat lines with the same keys are no batch")
    func flat() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "f.jsonl",
            set.jsonLines {
                ["key": $0.id, "question": $0.question, "response": $0.answer, "reference": $0.reference, "meta": ["a": [1]]]
            })
        let table = try readSampleTable(SampleSource(bundle: path))
        #expect(table.response.values == .texts(set.rows.map(\.answer)) && table.identifiers == set.rows.map(\.id))
    }
}
