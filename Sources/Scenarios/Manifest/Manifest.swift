import EmbeddingFiles

/// The sets of a batch: one ID set and its shifts, with what is known about each.
public struct Manifest: Sendable, Equatable {
    /// The path, as given.
    public let path: String
    /// Flags that the run starts from, in the order of the file.
    public let settings: [Setting]
    /// The in-distribution set.
    public let id: Entry
    /// The shifts, in the order of the file, names unique.
    public let scenarios: [Entry]

    /// A manifest of these parts.
    public init(path: String, settings: [Setting], id: Entry, scenarios: [Entry]) {
        self.path = path
        self.settings = settings
        self.id = id
        self.scenarios = scenarios
    }

    /// One flag: `permutations: 0` is `--permutations 0`.
    public struct Setting: Sendable, Equatable {
        /// The name, without dashes before it, hyphens within.
        public let name: String
        /// As it stands.
        public let value: String
        /// Where it stands: `m.yaml:3`.
        public let place: String
    }

    /// One set.
    public struct Entry: Sendable, Equatable {
        /// Its name in reports.
        public let name: String
        /// A free word that groups scenarios.
        public let kind: String?
        /// Its files, relative paths taken from the folder of the manifest.
        public let source: SampleSource
        /// An external score.
        public let score: Double?
        /// LLaVA's review file, which holds one.
        public let review: String?

        /// A set with what is known about it.
        public init(name: String, kind: String? = nil, source: SampleSource, score: Double? = nil, review: String? = nil) {
            self.name = name
            self.kind = kind
            self.source = source
            self.score = score
            self.review = review
        }
    }
}

/// Reads a manifest and checks all of it before anything runs: `.csv` and `.tsv` as a table whose columns are the keys, anything
/// else as YAML, of which JSON is a part.
///
/// - Throws: `RunError` with one line for each mistake, or `EmbeddingFileError` for a file that cannot be read.
public func readManifest(_ path: String) throws -> Manifest {
    let node: ManifestNode
    if path.hasSuffix(".csv") || path.hasSuffix(".tsv") {
        node = try tableNode(try readRecords(path), file: path)
    } else {
        node = try yamlNode(try readText(path), file: path)
    }
    var reader = ManifestReader(path: path)
    let manifest = reader.manifest(node)
    guard let manifest, reader.problems.isEmpty else {
        let shown = reader.problems.prefix(20).joined(separator: "\n")
        let more = reader.problems.count > 20 ? "\n… and \(reader.problems.count - 20) more" : ""
        throw RunError(code: "bad_manifest", message: shown + more, hint: manifestHint)
    }
    return manifest
}

let manifestHint = "a manifest has version: 1, id: { data: FILE } and scenarios: [{ name: NAME, data: FILE }, …]; "
    + "'emi init FOLDER' writes one"
