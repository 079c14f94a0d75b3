import ArgumentParser
import Reports

/// The outputs of a command that can write some or all of the formats of reports.
struct FormattedOutputs<Format>: ParsableArguments
where Format: ExpressibleByArgument & CaseIterable & RawRepresentable & Sendable & Equatable, Format.RawValue == String {
    @Option(
        help: """
            How to write the result: \(Format.allCases.map(\.rawValue).joined(separator: ", ")) (what the extension of -o says, else text).
            """)
    var format: Format?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to a file instead of standard output, which is '-'; may be repeated, each in the format of its extension.",
            valueName: "file"), completion: .file())
    var output: [String] = []
    @Flag(help: "All columns of tables, also those that the terminal has no room for.")
    var wide = false

    func validate() throws {
        try checkOutputList(output, hasFormat: format != nil)
    }

    /// The files among the outputs.
    var files: [String] { output.filter { $0 != "-" } }

    /// Throws, as wrong usage, when an output would overwrite an input, or when its format is not clear.
    func check(against inputs: [String], also others: [String?] = []) throws {
        try checkOutputs(files + others, against: inputs)
        guard format == nil else { return }
        for path in files where Self.format(of: path) == nil {
            let known = ReportFormat.extensions.filter { Self.format(of: "x.\($0)") != nil }.joined(separator: ", ")
            throw ValidationError("-o: expected an extension of \(known), or --format, found '\(path)'")
        }
    }

    /// Whether standard output gets the result as text, for people.
    var showsText: Bool {
        targets.contains { $0.path == nil && $0.format.rawValue == "text" }
    }

    /// Writes the result to every output. If it cannot be rendered in one of the formats, nothing is written.
    ///
    /// - Parameter rendered: renders the result in a format, for standard output or for a file.
    /// - Throws: `RunError` and `EmbeddingFileError` when an output cannot be written.
    func write(_ rendered: (_ format: Format, _ isStandardOutput: Bool) throws -> String) throws {
        let texts = try targets.map { target in
            guard target.path == nil, target.format.rawValue == "text" else { return try rendered(target.format, target.path == nil) }
            return try laidOut(isWide: wide) { try rendered(target.format, true) }
        }
        for (target, text) in zip(targets, texts) { try writeResult(text, to: target.path) }
    }

    /// Each output with its format; the path is nil for standard output.
    var targets: [(path: String?, format: Format)] {
        let standard = format ?? Format(rawValue: "text")
        let all = output.isEmpty ? ["-"] : output
        return all.compactMap { path in
            let wanted = path == "-" ? standard : format ?? Self.format(of: path)
            return wanted.map { (path == "-" ? nil : path, $0) }
        }
    }

    private static func format(of path: String) -> Format? {
        ReportFormat(path: path).flatMap { Format(rawValue: $0.rawValue) }
    }
}
