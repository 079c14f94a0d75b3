// Samples of lm-evaluation-harness whose answers were scored instead of generated.
//
// Layout: EleutherAI/lm-evaluation-harness, lm_eval/api/task.py (`loglikelihood`: one argument [context, continuation] and one
// response [log-likelihood, is greedy] for each choice; `target` is the index of the right one, or its text). lmms-eval writes only the
// context of the first choice (`input`).

extension JSONValue {
    /// The log-likelihood of each choice; nil if the sample's answers are texts.
    var loglikelihoods: [Double]? {
        guard case .array(var items)? = self["filtered_resps"] ?? self["resps"], !items.isEmpty else { return nil }
        // `resps` wraps each pair in a list of its own.
        items = items.map { item in
            if case .array(let inner) = item, inner.count == 1, case .array = inner[0] { return inner[0] }
            return item
        }
        var values: [Double] = []
        for item in items {
            guard case .array(let pair) = item, pair.count == 2, let value = pair[0].numeric, pair[1].isTruthValue
            else { return nil }
            values.append(value)
        }
        return values
    }

    /// A scored sample as if it had been generated: the context is the query, the likeliest choice the answer, the right choice the
    /// reference. Other samples in such a file stay as they are.
    var multipleChoice: [(key: String, value: JSONValue)] {
        guard case .object(let all) = self, let values = loglikelihoods else {
            if case .object(let all) = self { return all }
            return []
        }
        let best = values.indices.max { values[$0] < values[$1] } ?? 0
        let arguments = self.arguments
        func choice(_ index: Int) -> String {
            guard index < arguments.count, let text = arguments[index].continuation else { return "choice \(index + 1)" }
            return String(text.drop { $0 == " " })
        }
        var reference = self["target"] ?? .null
        if let index = reference.numeric.flatMap(Int.init(exactly:)), values.indices.contains(index) {
            reference = .string(choice(index))
        }
        let query = arguments.first?.context ?? self["input"]?.texts.first ?? ""
        let used = ["doc_id", "filtered_resps", "resps", "target", "arguments", "input", "doc"]
        return [
            ("doc_id", self["doc_id"] ?? .null), ("input", .string(query)), ("target", reference),
            ("filtered_resps", .array([.string(choice(best))])),
        ] + all.filter { !used.contains($0.key) }
    }

    /// Reads `[[context, continuation], …]` or `{gen_args_0: {arg_0: context, arg_1: continuation}, …}`.
    private var arguments: [(context: String?, continuation: String?)] {
        switch self["arguments"] {
        case .array(let items)?:
            return items.map { item in
                guard case .array(let pair) = item else { return (item.texts.first, nil) }
                return (pair.first?.texts.first, pair.dropFirst().first?.spoken)
            }
        case .object(let entries)?:
            return entries.sorted { $0.key.naturalKey < $1.key.naturalKey }.map {
                ($0.value["arg_0"]?.texts.first, $0.value["arg_1"]?.spoken)
            }
        default: return []
        }
    }

    /// The number, also if a text spells it.
    private var numeric: Double? {
        switch self {
        case .number(let value, _): value
        case .string(let text): Double(text)
        default: nil
        }
    }

    private var isTruthValue: Bool {
        switch self {
        case .bool: true
        case .string(let text): ["True", "False", "true", "false"].contains(text)
        default: false
        }
    }
}
