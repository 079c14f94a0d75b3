import ArgumentParser
import EmbeddingFiles
import Foundation

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
    let places = outputs.map { $0 == "-" ? $0 : URL(fileURLWithPath: $0).standardizedFileURL.path }
    for (index, path) in outputs.enumerated() where places[..<index].contains(places[index]) {
        throw ValidationError("-o: expected each file once, found '\(path)' twice")
    }
}

/// Throws where a file would be written into a folder that does not exist: said at once, and not after hours of computing.
///
/// - Parameter arguments: the words of the command line.
func checkOutputFolders(_ arguments: [String]) throws {
    let flags: Set<String> = ["-o", "--output", "--save-fit", "--save-temperature", "--recalibrated"]
    for (index, word) in arguments.enumerated() {
        if word == "--" { return }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard flags.contains(parts[0]), let path = parts.count > 1 ? parts[1] : arguments.dropFirst(index + 1).first else { continue }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { continue }
        let folder = String(path[..<slash])
        if !isFileOrFolder(folder) { throw EmbeddingFileError.missingOutputFolder(.init(path), folder: folder) }
    }
}
