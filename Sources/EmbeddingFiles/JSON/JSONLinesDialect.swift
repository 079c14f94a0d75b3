/// Which program's JSON lines a file holds; the keys of its first objects tell.
enum JSONLinesDialect: Sendable, Equatable {
    /// The keys mean what `Role` says.
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
                // The other keys are metrics and hashes, whose names depend on the task.
                let role = Role(name: key, kind: kind)
                return role == .group || role == .visual && kind == .vectors ? role : nil
            }
        }
    }

    /// The key that names the filter by which an answer was extracted from the model's words; the file contains each document once for each
    /// filter.
    var filterKey: String? {
        if case .evaluationSamples = self { return "filter" }
        return nil
    }

    /// Whether the value of a key is a text inside lists or objects.
    func isNested(_ key: String) -> Bool {
        guard case .evaluationSamples(let responseKey, let queryKey) = self else { return false }
        return key == responseKey || key == queryKey || key == "target"
    }

    /// Whether unused keys deserve a note; the harnesses log many keys for their own purposes.
    var mentionsUnusedKeys: Bool { self == .plain }

    /// The texts in a nested value: for the query the first text of the arguments, for an answer one text for each sample of the model, for
    /// a target every accepted answer.
    func texts(of key: String, in value: JSONValue) -> [String]? {
        guard case .evaluationSamples(_, let queryKey) = self else { return nil }
        if key == queryKey { return value.texts.first.map { [$0] } ?? value.scalars }
        // lmms-eval writes `str(target)`, so a list of accepted answers arrives as a text that looks like a list.
        if key == "target", case .string(let text) = value, let texts = PythonLiteral.texts(text) { return texts }
        return value.scalars
    }
}
