import EmbeddingFiles

/// The sets of a batch: one ID set and its shifts, with what is known about each.
package struct Manifest: Sendable {
    /// The path, as given.
    package let path: String
    /// Flags that the run starts from, in the order of the file.
    package let settings: [Setting]
    /// The in-distribution set.
    package let id: StudySet
    /// The shifts, in the order of the file, names unique.
    package let scenarios: [StudySet]

    /// A manifest of these parts.
    package init(path: String, settings: [Setting], id: StudySet, scenarios: [StudySet]) {
        self.path = path
        self.settings = settings
        self.id = id
        self.scenarios = scenarios
    }

    /// One flag: `permutations: 0` is `--permutations 0`.
    package struct Setting: Sendable, Equatable {
        /// The name, without dashes before it, hyphens within.
        package let name: String
        /// The value as the file has it.
        package let value: String
        /// Its place in the file, for messages: `m.yaml:3`.
        package let place: String

        /// A flag with its value.
        package init(name: String, value: String, place: String) {
            self.name = name
            self.value = value
            self.place = place
        }
    }
}

/// Reads a manifest and checks all of it before anything runs: `.csv` and `.tsv` as a table whose columns are the keys, anything
/// else as YAML, of which JSON is a part.
///
/// - Throws: `RunError` with one line for each mistake, or `EmbeddingFileError` for a file that cannot be read.
package func readManifest(_ path: String) throws -> Manifest {
    let node: YAMLNode
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
    /// The folder of the manifest, ending in `/`; empty for a bare name.
    package var folder: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// All sets, the ID set first.
    package var sets: [StudySet] { [id] + scenarios }
}
