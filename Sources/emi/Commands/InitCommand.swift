import ArgumentParser
import EmbeddingFiles
import Foundation
import Reports
import Studies

/// `emi init`: writes a manifest for a folder of sets.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "A manifest for a folder of sets, for 'emi batch'.",
        discussion: reflowed(
            """
            Every bundle, file of texts or folder of arrays in FOLDER is a set. The paper's 34 synthetic and 27 natural scenarios
            are known by their names and get their kinds. Where files of several models lie together, --model 'NAME_*' takes
            those of one, and * is what the set is called. References and reviews that lie beside the sets are found by their
            names. The manifest goes to standard output, or to -o FILE.

            EXAMPLES:
              emi init Fixtures/digits -o manifest.yaml
              emi init Fixtures/digits --id clean --set-scores Fixtures/digits/scores.csv
            """))

    @Argument(help: ArgumentHelp("The folder.", valueName: "folder"), completion: .directory) var folder: String
    @Option(help: ArgumentHelp("The name of the ID set (one that says clean, id, coco, … or English).", valueName: "name"))
    var id: String?
    @Option(help: ArgumentHelp("The files of one model, with * for the name of the set (all files).", valueName: "pattern"))
    var model: String?
    @Option(help: ArgumentHelp("References for all sets, where their files hold none.", valueName: "file"), completion: .file())
    var reference: String?
    @Option(help: ArgumentHelp("External scores: a table with the columns name and score.", valueName: "file.csv"), completion: .file())
    var setScores: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"), completion: .file())
    var output: String?
    @Flag(help: "Replace an existing file.") var force = false
    @Flag(name: .shortAndLong, help: "No notes on standard error.") var quiet = false

    func run() throws {
        try reportingErrors {
            if let output, !force, FileManager.default.fileExists(atPath: output) {
                throw RunError(
                    code: "file_exists", message: "\(output): expected no file of that name, found one",
                    hint: "replace it with --force")
            }
            let kind = try? FileManager.default.attributesOfItem(atPath: folder)[.type] as? FileAttributeType
            guard kind == .typeDirectory || kind == .typeSymbolicLink else {
                throw RunError(
                    code: "missing_folder",
                    message: "\(folder): expected a folder of sets, found \(kind == nil ? "nothing" : "a file")",
                    hint: "give the folder that holds the exported files")
            }
            var names = try FileManager.default.contentsOfDirectory(atPath: folder)
            let reviews = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/reviews")) ?? []
            names += reviews.map { "reviews/\($0)" }
            let base = URL(filePath: folder).standardizedFileURL
            let target = (output.map { URL(filePath: $0).deletingLastPathComponent() } ?? URL(filePath: "."))
                .standardizedFileURL
            let prefix = relativePath(of: base, from: target)
            var lines = try manifestLines(
                folder: folder, names: names, prefix: prefix, model: model.map(ModelPattern.init), idName: id,
                isSet: { holdsSet(base.appending(path: $0).path) })
            let beside =
                holdsReferences(
                    lines[0].file.hasPrefix(prefix)
                        ? base.appending(path: String(lines[0].file.dropFirst(prefix.count))).path : lines[0].file)
                ? nil : referenceFile(among: names).map { base.appending(path: $0).path }
            if let reference = reference ?? beside {
                let place = URL(filePath: reference).standardizedFileURL
                let path = relativePath(of: place.deletingLastPathComponent(), from: target) + place.lastPathComponent
                lines = lines.filter { !path.hasSuffix($0.file) || $0.name == lines[0].name }
                lines[0].reference = path
            }
            if let setScores { try add(try readScores(setScores), to: &lines) }
            try writeResult(manifestText(lines), to: output)
            let kinds = Set(lines.dropFirst().compactMap(\.kind)).sorted()
            note(
                "\(lines[0].name) as the ID set, \(lines.count - 1) scenario\(lines.count == 2 ? "" : "s")"
                    + (kinds.isEmpty ? "" : " (kinds: \(kinds.joined(separator: ", ")))"))
        }
    }

    private func add(_ scores: [String: Double], to lines: inout [ManifestLine]) throws {
        for index in lines.indices { lines[index].score = scores[lines[index].name] }
        let unknown = scores.keys.filter { name in !lines.contains { $0.name == name } }.sorted()
        if !unknown.isEmpty {
            note("note (unused_scores): no set is named \(unknown.prefix(5).joined(separator: ", "))\(unknown.count > 5 ? ", …" : "")")
        }
        let missing = lines.filter { $0.score == nil }.map(\.name)
        if !missing.isEmpty {
            note("note (missing_scores): no score for \(missing.prefix(5).joined(separator: ", "))\(missing.count > 5 ? ", …" : "")")
        }
    }

    private func note(_ text: String) {
        if !quiet { StandardError.say(text.withoutControls) }
    }

    /// Whether the file or folder has an array that emi takes for a model's responses.
    private func holdsSet(_ path: String) -> Bool {
        guard isFileOrFolder(path), let summary = try? inspectFile(path) else { return false }
        return summary.arrays.contains { $0.role == "response" }
    }

    /// Whether the file itself holds references.
    private func holdsReferences(_ path: String) -> Bool {
        guard isFileOrFolder(path), let summary = try? inspectFile(path) else { return true }
        return summary.arrays.contains { $0.role == "reference" }
    }

    /// The path of `folder` seen from `base`, ending in `/`; empty if they are the same.
    private func relativePath(of folder: URL, from base: URL) -> String {
        let (target, start) = (folder.pathComponents, base.pathComponents)
        let shared = zip(target, start).prefix { $0 == $1 }.count
        let parts = [String](repeating: "..", count: start.count - shared) + target.dropFirst(shared)
        return parts.map { $0 + "/" }.joined()
    }
}
