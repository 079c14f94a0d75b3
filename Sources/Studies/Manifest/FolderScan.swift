import EmbeddingFiles

/// The sets in a folder as lines of a manifest, the ID set first.
///
/// A set is a bundle (`.npz`, `.safetensors`), a file of texts (`.jsonl`, `.csv`, `.tsv`) or a folder of arrays, in which a model's
/// responses are found; of two files of one name the bundle is taken. Names of the paper's scenarios get their kinds.
///
/// - Parameters:
///   - names: the entries of the folder.
///   - prefix: from the manifest to the folder, ending in `/` or empty.
///   - idName: the name of the ID set; nil looks for one that says so.
///   - isSet: whether a file or folder holds a set.
/// - Throws: `RunError` where no set is found, or the ID set cannot be told.
package func manifestLines(
    folder: String, names: [String], prefix: String, idName: String?, isSet: (String) -> Bool
) throws -> [ManifestLine] {
    func split(_ name: String) -> (stem: String, ending: String) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }
    let order = ["npz", "safetensors", "", "jsonl", "csv", "tsv"]
    var files: [String: String] = [:]
    for name in names.sorted() where !name.hasPrefix(".") {
        let (stem, ending) = split(name)
        guard let rank = order.firstIndex(of: ending) else { continue }
        if let other = files[stem], order.firstIndex(of: split(other).ending) ?? order.count <= rank { continue }
        if isSet(name) { files[stem] = name }
    }
    let stems = files.keys.sorted()
    guard !stems.isEmpty else {
        throw RunError(
            code: "no_sets", message: "\(folder): expected files with responses (.npz, .safetensors, .jsonl, .csv) or folders of .npy "
                + "files, found none", hint: "look at a file with 'emi inspect'")
    }
    let candidates = stems.filter { ScenarioName($0).isID }
    guard let id = idName ?? candidates.min(by: { $0.count < $1.count }), files[id] != nil else {
        let found = stems.prefix(8).joined(separator: ", ") + (stems.count > 8 ? ", …" : "")
        let suggestion = idName.flatMap { nearestName(to: $0, in: stems) }.map { "; did you mean '\($0)'?" } ?? ""
        throw RunError(
            code: "no_id_set", message: "\(folder): expected \(idName.map { "a set named '\($0)'" } ?? "a set whose name says that nothing is shifted (clean, id, coco, …)"), "
                + "found \(found)\(suggestion)", hint: "name the ID set with --id NAME")
    }
    guard stems.count > 1 else {
        throw RunError(
            code: "no_sets", message: "\(folder): expected shifted sets beside '\(id)', found none",
            hint: "one set alone is for 'emi estimate'")
    }
    return ([id] + stems.filter { $0 != id }).map { stem in
        ManifestLine(name: stem, kind: stem == id ? nil : ScenarioName(stem).kind, file: prefix + (files[stem] ?? stem))
    }
}

/// External scores by name of the set, from a table with the columns `name` (or `scenario`) and `score` (or `accuracy`).
///
/// - Throws: `RunError` for a table without them, or with a score that is no number; `EmbeddingFileError` from the file.
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
