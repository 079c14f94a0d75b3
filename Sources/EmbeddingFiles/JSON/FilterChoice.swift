/// Chooses one filter of a log that contains every document once for each filter.
///
/// lm-evaluation-harness can extract the answer from the model's words in several ways, called filters, and logs a line for each
/// (EleutherAI/lm-evaluation-harness, lm_eval/evaluator.py). A mixture of two filters would be two sets of answers in one.
struct FilterChoice {
    private let key: String
    private let response: String?

    /// Nil for a file that has no filters.
    init?(_ outlines: [ColumnOutline], _ dialect: JSONLinesDialect, _ choice: ColumnChoice) {
        guard let key = dialect.filterKey, outlines.contains(where: { $0.name == key && $0.kind == .texts }) else { return nil }
        self.key = key
        response = outlines.first { $0.role == .response }?.name
    }

    /// The columns that must be read in order to choose.
    var furtherColumns: ColumnChoice {
        var choice = [key: ColumnUse(form: .names, isOptional: true)]
        if let response { choice[response] = ColumnUse(isOptional: true) }
        return choice
    }

    /// Keeps the rows of the filter that lost the fewest answers, and adds a note. Among equally good filters it prefers one that is not
    /// `none`, then the first by name, so that the order of lines does not matter.
    func apply(to table: inout RawTable, _ wanted: ColumnChoice) {
        defer { table.columns.removeAll { wanted[$0.name] == nil } }
        guard case .texts(let filters)? = table.columns.first(where: { $0.name == key })?.values else { return }
        var order: [String] = []
        var lost: [String: Int] = [:]
        var answers: [String]?
        if case .texts(let texts)? = table.columns.first(where: { $0.name == response })?.values { answers = texts }
        for (row, filter) in filters.enumerated() {
            if lost[filter] == nil { order.append(filter) }
            lost[filter, default: 0] += answers?[row] == "[invalid]" ? 1 : 0
        }
        func rank(_ filter: String) -> (Int, Int, String) { (lost[filter, default: 0], filter == "none" ? 1 : 0, filter) }
        guard order.count > 1, let best = order.min(by: { rank($0) < rank($1) }) else { return }
        let rows = filters.indices.filter { filters[$0] == best }
        table.columns = table.columns.map { $0.rows(rows) }
        let others = order.filter { $0 != best }
        let names = others.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (others.count > 5 ? ", …" : "")
        let lostByOthers = others.map { lost[$0, default: 0] }.min() ?? 0
        table.notes.append(
            InputNote(
                code: nil,
                message: "\(table.file): documents are logged once for each of \(order.count) filters: the \(rows.count) answers "
                    + "of '\(best)' were taken, not those of \(names)"
                    + (lostByOthers > 0 ? ", which found no answer in \(lostByOthers)" : "")
                    + "; for another one: jq -c 'select(.filter == \"NAME\")' \(table.file) > one.jsonl"))
    }
}
