@testable import EmbeddingFiles

/// What the readers of files are fuzzed with. `Scripts/fuzz` runs it over ever new bytes, and a test of the readers, which has this file by a
/// link, over the bytes that were kept in `Fixtures/fuzz`. The bytes never touch the disk.
enum FileInputs {
    /// The formats, and readers that no format leads to.
    static let targets = [
        "npy", "npz", "safetensors", "jsonl", "json", "csv", "tsv", "xlsx", "eval", "stream", "confidences", "gzip",
    ]

    /// What is read of one input at most, so that a declared size alone fills no memory.
    private static let limit = 1 << 24

    /// Reads an input; what is refused is fine, what traps is a finding.
    static func read(_ bytes: UnsafeRawBufferPointer, target: String) {
        switch target {
        case "stream": read(bytes, as: nil)
        case "confidences": _ = try? readConfidenceLines(bytes, file: "fuzz.jsonl", ConfidenceRequest(), nil)
        case "gzip": _ = try? gunzipped(bytes, file: "fuzz.gz", limit: limit)
        default: read(bytes, as: FileFormat(rawValue: target))
        }
    }

    /// Reads an input as `emi inspect` and as a sample set would.
    private static func read(_ bytes: UnsafeRawBufferPointer, as format: FileFormat?) {
        let path = "fuzz.\(format?.rawValue ?? "")"
        _ = try? readTable(bytes, path, format, .everything(isLenient: true, limit: limit))
        var plan: ColumnPlan?
        let source = SampleSource(bundle: path)
        var request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
            let found = try ColumnPlan(bundle: outlines, of: path, for: source)
            plan = found
            return found.choice
        }
        request.limit = limit
        guard let table = try? readTable(bytes, path, format, request), let plan else { return }
        do throws(EmbeddingFileError) {
            let join = try SampleJoin([try SamplePart(table, plan)])
            _ = try join.labels(nil, .init(path), [])
        } catch {
            // Every error can be said.
            precondition(!error.description.isEmpty && !error.code.isEmpty)
            _ = error.hint
        }
    }
}
