import ArgumentParser
import EmbeddingFiles
import Reports
import Studies

/// Flags that make runs of several models comparable.
struct ModelOptions: ParsableArguments {
    @Flag(
        help: """
            Keep what single rows add, in a file beside the JSON report (report.rows.jsonl): emi compare then sets rows against rows.
            """)
    var keepRows = false
    @Option(
        help: ArgumentHelp(
            """
            Fit q to the sets of this manifest too, which are not reported: two models are then judged by one q, fitted on both; may be \
            repeated.
            """, valueName: "manifest"), completion: .file())
    var fitWith: [String] = []

    /// The sets of the manifests that `--fit-with` names.
    func companions() throws -> [StudySet] {
        try fitWith.flatMap { path -> [StudySet] in
            let manifest = try readManifest(path)
            return [manifest.id] + manifest.scenarios
        }
    }

    /// The path of the file of rows, beside the JSON output or else the first; nil when rows are not kept.
    func rowsPath(beside outputs: [String]) -> String? {
        keepRows ? RowsFile.path(beside: outputs.first { $0.hasSuffix(".json") } ?? outputs.first ?? "") : nil
    }

    /// Writes the rows of a run, if rows are kept.
    ///
    /// - Parameter note: called with a sentence when there are no rows to keep.
    /// - Throws: what `writeAtomically` throws.
    func write(_ rows: RowsFile?, beside outputs: [String], note: (String) -> Void) throws {
        guard let path = rowsPath(beside: outputs) else { return }
        guard let rows else {
            note("note (no_rows): rows of this estimator add nothing that could be kept")
            return
        }
        try writeAtomically(Array(try rows.text().utf8), to: path)
    }
}
