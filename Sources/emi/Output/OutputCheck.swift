import ArgumentParser
import EmbeddingFiles

/// Throws, as wrong usage, when an output is also an input: the result would overwrite the data.
///
/// - Parameters:
///   - outputs: the paths that a command writes to; nil for standard output.
///   - inputs: the paths that it reads, as `FILE` or `FILE:array`.
func checkOutputs(_ outputs: [String?], against inputs: [String]) throws {
    for output in outputs.compactMap({ $0 }) {
        guard !output.isEmpty else { throw ValidationError("output: expected the path of a file, found an empty text") }
        if let input = inputs.first(where: { isSameFile(output, asInput: $0) }) {
            throw ValidationError("output: expected a file that is not an input, found '\(output)', which is read as '\(input)'")
        }
    }
}

/// Throws when an output is named twice, or when one format is given for several outputs.
func checkOutputList(_ outputs: [String], hasFormat: Bool) throws {
    if hasFormat, outputs.count > 1 {
        throw ValidationError("--format: expected one -o, found \(outputs.count): of several, each has the format of its extension")
    }
    for (index, path) in outputs.enumerated() where outputs[..<index].contains(path) {
        throw ValidationError("-o: expected each file once, found '\(path)' twice")
    }
}
