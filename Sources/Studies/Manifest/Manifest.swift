import EmbeddingFiles

/// The sets of a batch: one ID set and its shifts, with what is known about each.
package struct Manifest: Sendable, Equatable {
    /// The path, as given.
    package let path: String
    /// Flags that the run starts from, in the order of the file.
    package let settings: [Setting]
    /// The in-distribution set.
    package let id: Entry
    /// The shifts, in the order of the file, names unique.
    package let scenarios: [Entry]

    /// A manifest of these parts.
    package init(path: String, settings: [Setting], id: Entry, scenarios: [Entry]) {
        self.path = path
        self.settings = settings
        self.id = id
        self.scenarios = scenarios
    }

    /// One flag: `permutations: 0` is `--permutations 0`.
    package struct Setting: Sendable, Equatable {
        /// The name, without dashes before it, hyphens within.
        package let name: String
        /// As it stands.
        package let value: String
        /// Where it stands: `m.yaml:3`.
        package let place: String
    }

    /// One set.
    package struct Entry: Sendable, Equatable {
        /// Its name in reports.
        package let name: String
        /// A free word that groups scenarios.
        package let kind: String?
        /// Its files, relative paths taken from the folder of the manifest.
        package let source: SampleSource
        /// An external score.
        package let score: Double?
        /// LLaVA's review file, which holds one.
        package let review: String?

        /// A set with what is known about it.
        package init(name: String, kind: String? = nil, source: SampleSource, score: Double? = nil, review: String? = nil) {
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
        let shown = reader.problems.prefix(20).joined(separator: "\n")
        let more = reader.problems.count > 20 ? "\n… and \(reader.problems.count - 20) more" : ""
        throw RunError(code: "bad_manifest", message: shown + more, hint: manifestHint)
    }
    return manifest
}

let manifestHint = "a manifest has version: 1, id: { data: FILE } and scenarios: [{ name: NAME, data: FILE }, …]; "
    + "'emi init FOLDER' writes one"

extension Manifest.Entry {
    /// Every file that the entry names.
    package var files: [String] {
        ([source.bundle, source.response, source.reference, review] + source.modalities.map(\.file)).compactMap { $0 }
    }

    /// The score that the manifest gives, from its number or its review.
    ///
    /// - Throws: as `relativePreference(inReview:)`.
    package func externalScore() throws -> Double? {
        if let score { return score }
        return try review.map(relativePreference)
    }
}
