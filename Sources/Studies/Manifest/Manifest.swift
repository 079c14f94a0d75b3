import EmbeddingFiles

/// The sets of a batch: one ID set and its shifts, with what is known about each.
package struct Manifest: Sendable {
    /// The path as the user gave it.
    package let path: String
    /// The settings with which the run starts, in the order of the file.
    package let settings: [Setting]
    /// The in-distribution set.
    package let id: StudySet
    /// The shifts in the order of the file, with unique names.
    package let scenarios: [StudySet]

    /// A manifest with these parts.
    package init(path: String, settings: [Setting], id: StudySet, scenarios: [StudySet]) {
        self.path = path
        self.settings = settings
        self.id = id
        self.scenarios = scenarios
    }

    /// One setting, which stands for a flag: `permutations: 0` means `--permutations 0`.
    package struct Setting: Sendable, Equatable {
        /// The name of the flag, with hyphens but without leading dashes.
        package let name: String
        /// The value as the file spells it.
        package let value: String
        /// The setting's place in the file, for messages: `m.yaml:3`.
        package let place: String

        /// A setting with its value.
        package init(name: String, value: String, place: String) {
            self.name = name
            self.value = value
            self.place = place
        }
    }
}

/// Reads a manifest and checks all of it before anything runs. A `.csv` or `.tsv` file is read as a table whose columns are the keys,
/// anything else as YAML, which includes JSON.
///
/// - Throws: `RunError` with one line for each mistake; `EmbeddingFileError` for a file that cannot be read.
package func readManifest(_ path: String) throws -> Manifest {
    let node: YAMLNode
    let ending = path.split(separator: ".").last?.lowercased() ?? ""
    if ["npz", "npy", "safetensors", "jsonl", "ndjson", "xlsx", "eval", "gz", "parquet"].contains(ending) {
        throw RunError(
            code: "bad_manifest", message: "\(path): expected a manifest, found a file of the sort that holds a set".withoutControls,
            hint: "one shift is for 'emi estimate --id SET --ood SET'; " + manifestHint)
    }
    if path.hasSuffix(".csv") || path.hasSuffix(".tsv") {
        node = try tableNode(try readRecords(path), file: path)
    } else {
        node = try yamlNode(try readText(path), file: path)
    }
    var reader = ManifestReader(path: path)
    let manifest = reader.manifest(node)
    guard let manifest, reader.problems.isEmpty else {
        throw RunError(code: "bad_manifest", lines: reader.problems, hint: manifestHint)
    }
    return manifest
}

let manifestHint =
    "a manifest has version: 1, id: { data: FILE } and scenarios: [{ name: NAME, data: FILE }, …]; "
    + "'emi init FOLDER' writes one"

extension Manifest {
    /// The folder of the manifest, ending in `/`; empty if the path is a bare name.
    package var folder: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// All sets, the ID set first.
    package var sets: [StudySet] { [id] + scenarios }
}
