/// Whose JSON lines a file holds, told by the keys of its first objects.
enum JSONLinesDialect: Sendable, Equatable {
    /// Keys mean what `Role` says.
    case plain
    /// LLaVA's answer files: `question_id`, `prompt`, `text`, where `text` is the answer.
    case llavaAnswers
    /// Samples logged by lmms-eval or lm-evaluation-harness: `doc_id`, `target`, `filtered_resps` or `resps`, and the
    /// query in `input`, `arguments` or `input_text`.
    ///
    /// Layouts: EvolvingLMMs-Lab/lmms-eval, lmms_eval/loggers/evaluation_tracker.py (`save_results_samples`);
    /// EleutherAI/lm-evaluation-harness, lm_eval/loggers/evaluation_tracker.py.
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

    /// The key whose values say by which filter an answer was taken out of the model's words; each document stands in
    /// the file once for each.
    var filterKey: String? {
        if case .evaluationSamples = self { return "filter" }
        return nil
    }

    /// Whether the value of a key is a text inside lists or objects.
    func isNested(_ key: String) -> Bool {
        guard case .evaluationSamples(let responseKey, let queryKey) = self else { return false }
        return key == responseKey || key == queryKey || key == "target"
    }

    /// Whether keys without a use are worth a note: the harnesses log many that are meant for themselves.
    var mentionsUnusedKeys: Bool { self == .plain }

    /// The texts in a nested value: of the query the first text of the arguments, of an answer one for each time that
    /// the model was asked, of a target every one that is accepted.
    func texts(of key: String, in value: JSONValue) -> [String]? {
        guard case .evaluationSamples(_, let queryKey) = self else { return nil }
        if key == queryKey { return value.texts.first.map { [$0] } ?? value.scalars }
        // lmms-eval writes `str(target)`, so that a list of accepted answers is a text that looks like one.
        if key == "target", case .string(let text) = value, let texts = PythonLiteral.texts(text) { return texts }
        return value.scalars
    }
}
