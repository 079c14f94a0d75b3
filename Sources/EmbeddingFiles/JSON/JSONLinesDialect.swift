/// Whose JSON lines a file holds, told by the keys of its first object.
enum JSONLinesDialect: Sendable, Equatable {
    /// Keys mean what `Role` says.
    case plain
    /// LLaVA's answer files: `question_id`, `prompt`, `text`, where `text` is the answer.
    case llavaAnswers
    /// Samples logged by lmms-eval or lm-evaluation-harness: `doc_id`, `target`, `filtered_resps` or `resps`, and the
    /// query in `input`, `arguments` or `input_text`.
    case evaluationSamples(responseKey: String, queryKey: String?)

    init(keys: [String]) {
        let keys = Set(keys)
        if keys.contains("doc_id"), keys.contains("target"),
            let responseKey = ["filtered_resps", "resps"].first(where: keys.contains)
        {
            let queryKey = ["input", "arguments", "input_text"].first(where: keys.contains)
            self = .evaluationSamples(responseKey: responseKey, queryKey: queryKey)
        } else if keys.isSuperset(of: ["question_id", "prompt", "text"]), !keys.contains("response") {
            self = .llavaAnswers
        } else {
            self = .plain
        }
    }

    /// The role of a key in this dialect.
    func role(of key: String, kind: ColumnKind) -> Role? {
        switch self {
        case .plain: return Role(name: key, kind: kind)
        case .llavaAnswers:
            switch key {
            case "prompt": return .text
            case "text": return .response
            default: return Role(name: key, kind: kind)
            }
        case .evaluationSamples(let responseKey, let queryKey):
            switch key {
            case "doc_id": return .id
            case "target": return .reference
            case responseKey: return .response
            case queryKey: return .text
            default:
                // The other keys are metrics and hashes, named by the task.
                let role = Role(name: key, kind: kind)
                return role == .group || role == .visual && kind == .vectors ? role : nil
            }
        }
    }

    /// Whether the value of a key is a text inside lists or objects.
    func isNested(_ key: String) -> Bool {
        guard case .evaluationSamples(let responseKey, let queryKey) = self else { return false }
        return key == responseKey || key == queryKey || key == "target"
    }

    /// Whether a vector under a key without a role is a modality.
    var hasFurtherModalities: Bool {
        if case .evaluationSamples = self { return false }
        return true
    }

    /// The one text in a nested value: the query is the first text of the arguments; an answer must be the only one,
    /// since log-likelihood tasks have one for each choice.
    func text(of key: String, in value: JSONValue) -> String? {
        guard case .evaluationSamples(_, let queryKey) = self else { return nil }
        let texts = value.texts
        if key == queryKey { return texts.first }
        return texts.isEmpty ? value.identifier : texts.count == 1 ? texts[0] : nil
    }
}
