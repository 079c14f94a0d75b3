import Glibc

@testable import EmbeddingFiles

// libFuzzer over the readers of files: emi-fuzz-files FORMAT [CORPUS …] [-FLAG=VALUE …]. The bytes never touch the disk.

@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What is read of one input at most, so that a declared size alone fills no memory.
let limit = 1 << 24

/// Reads an input as `emi inspect` and as a sample set would; what is refused is fine, what traps is a finding.
func read(_ bytes: UnsafeRawBufferPointer, as format: FileFormat?) {
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

func fuzz(_ bytes: UnsafeRawBufferPointer) {
    switch target {
    case "stream": read(bytes, as: nil)
    case "confidences":
        _ = try? readConfidenceLines(bytes, file: "fuzz.jsonl", ConfidenceRequest(), nil)
    case "gzip": _ = try? gunzipped(bytes, file: "fuzz.gz", limit: limit)
    default: read(bytes, as: format)
    }
}

/// What is fuzzed: a format, or one of the names below.
let target = CommandLine.arguments.dropFirst().first ?? ""
let format = FileFormat(rawValue: target)

@main
enum FuzzFiles {
    static func main() {
        guard format != nil || ["stream", "confidences", "gzip"].contains(target) else {
            print("emi-fuzz-files FORMAT [CORPUS ...]: npy, npz, safetensors, jsonl, json, csv, tsv, xlsx, eval, stream, confidences, gzip")
            exit(64)
        }
        // The fuzzer sees the arguments without the target.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        exit(
            runFuzzer(&count, &arguments) { data, size in
                guard let data, size > 0 else { return 0 }
                fuzz(UnsafeRawBufferPointer(start: data, count: size))
                return 0
            })
    }
}
