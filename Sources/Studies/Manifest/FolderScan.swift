import EmbeddingFiles

/// Lists the sets in a folder as lines of a manifest, the ID set first.
///
/// A set is a bundle (`.npz`, `.safetensors`), a file of texts (`.jsonl`, `.csv`, `.xlsx`, …) or a folder of arrays, and it contains a
/// model's responses. If two files have the same name, the bundle is taken. Scenario names of the paper get their kinds. A review is found
/// beside its set: `NAME_review.jsonl`, `review_NAME.jsonl` or `reviews/NAME.jsonl`.
///
/// - Parameters:
///   - names: the entries of the folder.
///   - prefix: the path from the manifest to the folder, either empty or ending in `/`.
///   - model: the pattern of one model's file names, with `*` for the name of the set; nil takes all files.
///   - idName: the name of the ID set; nil looks for a name that says so.
///   - isSet: whether a file or folder holds a set.
/// - Throws: `RunError` if there is no set, or if it is unclear which one is the ID set.
package func manifestLines(
    folder: String, names: [String], prefix: String, model: ModelPattern? = nil, idName: String?, isSet: (String) -> Bool
) throws -> [ManifestLine] {
    func split(_ name: String) -> (stem: String, ending: String) {
        // A compressed file is the set that it would be unpacked.
        let plain = name.lowercased().hasSuffix(".gz") ? name.dropLast(3) : name[...]
        guard let dot = plain.lastIndex(of: "."), dot != plain.startIndex else { return (name, "") }
        return (String(plain[..<dot]), plain[plain.index(after: dot)...].lowercased())
    }
    let order = ["npz", "safetensors", "", "jsonl", "json", "csv", "tsv", "xlsx", "eval"]
    var files: [String: String] = [:]
    for name in names.sorted() where !name.hasPrefix(".") && !name.contains("/") {
        let (whole, ending) = split(name)
        guard let stem = model.map({ $0.setName(in: whole) }) ?? whole else { continue }
        guard let rank = order.firstIndex(of: ending) else { continue }
        if let other = files[stem], order.firstIndex(of: split(other).ending) ?? order.count <= rank { continue }
        if isSet(name) { files[stem] = name }
    }
    let stems = files.keys.sorted()
    guard !stems.isEmpty else {
        throw RunError(
            code: "no_sets",
            message: "\(folder): expected files with responses (.npz, .safetensors, .jsonl, .csv) or folders of .npy "
                + "files, found none", hint: "look at a file with 'emi inspect'")
    }
    let candidates = stems.filter { ScenarioName($0).isID }
    guard let id = idName ?? candidates.min(by: { $0.count < $1.count }), files[id] != nil else {
        let found = stems.prefix(8).joined(separator: ", ") + (stems.count > 8 ? ", …" : "")
        let suggestion = idName.flatMap { nearestName(to: $0, in: stems) }.map { "; did you mean '\($0)'?" } ?? ""
        throw RunError(
            code: "no_id_set",
            message:
                "\(folder): expected \(idName.map { "a set named '\($0)'" } ?? "a set whose name says that nothing is shifted (clean, id, coco, …)"), "
                + "found \(found)\(suggestion)", hint: "name the ID set with --id NAME")
    }
    guard stems.count > 1 else {
        throw RunError(
            code: "no_sets", message: "\(folder): expected shifted sets beside '\(id)', found none",
            hint: "one set alone is for 'emi estimate'")
    }
    return ([id] + stems.filter { $0 != id }).map { stem in
        let file = files[stem] ?? stem
        let whole = split(file).stem
        let review = ["\(whole)_review", "review_\(whole)", "\(whole)-review", "reviews/\(whole)"]
            .flatMap { ["\($0).jsonl", "\($0).json"] }.first(where: names.contains)
        return ManifestLine(
            name: stem, kind: stem == id ? nil : ScenarioName(stem).kind, file: prefix + file, review: review.map { prefix + $0 })
    }
}

/// The files of one model in a folder of several models: `llava_*` matches `llava_clean.jsonl` and `llava_frost.jsonl`.
package struct ModelPattern: Sendable, Equatable {
    private let before: String
    private let after: String

    /// A pattern with one `*`; a pattern without `*` is the beginning of the name, before the name of the set.
    package init(_ pattern: String) {
        let parts = pattern.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
        before = String(parts[0])
        after = parts.count > 1 ? String(parts[1]) : ""
    }

    /// The name of the set in a file name without its ending; nil for a file of another model.
    func setName(in stem: String) -> String? {
        guard stem.count > before.count + after.count, stem.hasPrefix(before), stem.hasSuffix(after) else { return nil }
        return String(stem.dropFirst(before.count).dropLast(after.count))
    }
}

/// The file of references beside sets that lack them, recognised by its name.
package func referenceFile(among names: [String]) -> String? {
    let words = ["reference", "ground_truth", "groundtruth", "gpt4", "gpt-4", "gold"]
    let endings = [".jsonl", ".json", ".csv", ".tsv", ".npy", ".xlsx"]
    let found = names.filter { name in
        let lower = name.lowercased()
        return endings.contains { lower.hasSuffix($0) } && words.contains { lower.contains($0) } && !lower.contains("review")
    }
    return found.count == 1 ? found[0] : found.first { $0.lowercased().hasPrefix("reference") }
}

/// External scores by the name of the set, from a table with the columns `name` (or `scenario`) and `score` (or `accuracy`).
///
/// - Throws: `RunError` for a table without these columns or with a score that is not a number; `EmbeddingFileError` from the file.
package func readScores(_ path: String) throws -> [String: Double] {
    let records = try readRecords(path)
    let header = records.first?.fields ?? []
    func column(_ names: [String]) throws -> Int {
        if let index = header.firstIndex(where: { names.contains($0.lowercased()) }) { return index }
        throw RunError(
            code: "bad_scores", message: "\(path):1: expected a column '\(names[0])', found \(header.joined(separator: ", "))",
            hint: "scores are a table with the columns name and score")
    }
    let (nameColumn, scoreColumn) = (try column(["name", "scenario", "set"]), try column(["score", "accuracy"]))
    var scores: [String: Double] = [:]
    for record in records.dropFirst() {
        let field = scoreColumn < record.fields.count ? record.fields[scoreColumn] : ""
        guard nameColumn < record.fields.count, let score = Double(field), score.isFinite else {
            throw RunError(
                code: "bad_scores", message: "\(path):\(record.line): expected a number as score, found '\(field)'",
                hint: "leave out the lines of sets without a score")
        }
        scores[record.fields[nameColumn]] = score
    }
    return scores
}
