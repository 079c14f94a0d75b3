// Lines that hold chats, or batches of chats.
//
// Layouts: openai/openai-openapi, openapi.yaml (`BatchRequestOutput`: custom_id, response.body, error; `BatchRequestInput`: custom_id,
// body; `CreateChatCompletionResponse`: choices[].message.content; `Response`: output[].content[].text); anthropics/anthropic-sdk-python,
// src/anthropic/types/messages (`custom_id`, `result.message.content[].text`); googleapis/python-genai, google/genai/types.py
// (`key`, `response.candidates[].content.parts[].text`); Amazon Bedrock's user guide (`recordId`, `modelOutput`); haotian-liu/LLaVA,
// docs/Finetune_Custom_Data.md (`conversations` of `from` and `value`).

extension JSONValue {
    /// A line of a batch's output as flat entries: the answers under the name of the request; no answers if the request failed.
    var batchOutput: [(key: String, value: JSONValue)] {
        var entries: [(key: String, value: JSONValue)] = []
        if let name = self["custom_id"] ?? self["key"] ?? self["recordId"] ?? self["id"] { entries.append(("custom_id", name)) }
        let body = self["response"]?["body"] ?? self["result"]?["message"] ?? self["modelOutput"] ?? self["response"] ?? self
        entries.append(("response", .array(body.completions.map { .string($0) })))
        for key in ["reference", "target", "group", "image", "image_id"] {
            if let value = self[key] { entries.append((key, value)) }
        }
        return entries
    }

    /// A line of a batch's input as flat entries: the question under the name of the request.
    var batchInput: [(key: String, value: JSONValue)] {
        let turns = (self["body"] ?? self["params"])?.turns ?? []
        var entries = [(key: "custom_id", value: self["custom_id"] ?? .null)]
        entries.append(("text", .string(turns.filter { !$0.isAnswer && !$0.isSystem }.map(\.text).joined(separator: "\n"))))
        let images = turns.flatMap(\.images)
        if !images.isEmpty { entries.append(("image", .array(images.map { .string($0) }))) }
        return entries
    }

    /// A whole chat as flat entries: the model's last turn is the answer, what people said before it is the query, and other keys stay.
    var chat: [(key: String, value: JSONValue)] {
        guard case .object(let all) = self else { return [] }
        let turns = self.turns
        let last = turns.lastIndex(where: \.isAnswer)
        let before = turns[..<(last ?? turns.count)].filter { !$0.isAnswer && !$0.isSystem }
        var entries = all.filter { !["messages", "conversations", "response", "text"].contains($0.key) }
        entries.append(("text", .string(before.map(\.text).joined(separator: "\n"))))
        if let last { entries.append(("response", .string(turns[last].text))) }
        let images = turns.flatMap(\.images)
        if !images.isEmpty, self["image"] == nil { entries.append(("image", .array(images.map { .string($0) }))) }
        return entries
    }

    /// The answers in the body of a reply, one for each choice.
    var completions: [String] {
        if case .array(let choices)? = self["choices"] {
            return choices.map { ($0["message"] ?? $0).spoken ?? $0["text"]?.spoken ?? "" }
        }
        if case .array(let candidates)? = self["candidates"] { return candidates.map { $0["content"]?.spoken ?? "" } }
        if case .array(let items)? = self["output"] {
            return [items.compactMap { $0["content"]?.spoken }.joined(separator: "\n")]
        }
        return spoken.map { [$0] } ?? []
    }

    /// One turn of a chat.
    struct Turn {
        var isAnswer: Bool
        var isSystem: Bool
        var text: String
        var images: [String]
    }

    /// The turns under `messages`, `conversations` or `input`.
    var turns: [Turn] {
        let list = self["messages"] ?? self["conversations"] ?? self["input"] ?? self
        if case .string(let text) = list { return [Turn(isAnswer: false, isSystem: false, text: text, images: [])] }
        guard case .array(let items) = list else { return [] }
        return items.map { item in
            let role = (item["role"] ?? item["from"])?.label ?? ""
            return Turn(
                isAnswer: ["assistant", "gpt", "model"].contains(role), isSystem: ["system", "developer"].contains(role),
                text: item.spoken ?? "", images: (item["content"] ?? .null).imageNames)
        }
    }

    /// What a message says: its text, or the texts of its parts one after the other; nil if it says nothing.
    var spoken: String? {
        switch self {
        case .string(let text): return text
        case .array(let parts):
            let texts = parts.compactMap(\.spoken)
            return texts.isEmpty ? nil : texts.joined(separator: "\n")
        case .object: return (self["content"] ?? self["value"] ?? self["text"] ?? self["parts"])?.spoken
        case .number, .bool, .null: return nil
        }
    }

    private var imageNames: [String] {
        guard case .array(let parts) = self else { return [] }
        return parts.compactMap { ($0["image_url"] ?? $0["image"] ?? $0["source"])?.label }.filter { !$0.isEmpty }
    }
}
