import ArgumentParser
import Foundation
import Reports

/// Where reports go, and how they are written.
struct ReportOutputs: ParsableArguments {
    @Option(
        help: """
            How to write the report: \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")) (what the extension of -o says, \
            else text).
            """)
    var format: ReportFormat?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to a file instead of standard output, which is '-'; may be repeated, each in the format of its extension.",
            valueName: "file"))
    var output: [String] = []

    func validate() throws {
        try checkOutputList(output, hasFormat: format != nil)
    }

    /// Throws, as wrong usage, where an output would take the place of an input, or does not say what to write.
    func check(against inputs: [String], also others: [String?] = []) throws {
        try checkOutputs(files + others, against: inputs)
        guard format == nil else { return }
        for path in files where ReportFormat(path: path) == nil {
            throw ValidationError(
                "-o: expected an extension of \(ReportFormat.extensions.joined(separator: ", ")), or --format, found '\(path)'")
        }
    }

    /// The files among the outputs.
    var files: [String] { output.filter { $0 != "-" } }

    /// Whether an output shows warnings and failures in words.
    var isReadByPeople: Bool {
        targets.contains { ![.json, .csv].contains($0.format) }
    }

    /// Writes a report wherever it was asked for; nothing is written where it cannot be rendered in every format.
    ///
    /// - Throws: `RunError` and `EmbeddingFileError` where there is no room or no place.
    func write(_ report: Report, noColor: Bool, byteLimit: Int = Report.stepSummaryByteLimit) throws {
        let isBold = showsBold(
            noColor: noColor, environment: ProcessInfo.processInfo.environment, isTerminal: isatty(STDOUT_FILENO) == 1)
        let texts = try targets.map { target in
            try report.rendered(target.format, bold: isBold && target.path == nil, byteLimit: byteLimit)
        }
        for (target, text) in zip(targets, texts) { try writeResult(text, to: target.path) }
    }

    /// Each output with its format; nil for standard output.
    private var targets: [(path: String?, format: ReportFormat)] {
        guard !output.isEmpty else { return [(nil, format ?? .text)] }
        return output.map { path in
            path == "-" ? (nil, format ?? .text) : (path, format ?? ReportFormat(path: path) ?? .text)
        }
    }
}

/// Whether standard output gets bold type: a terminal that knows it, and nobody who does not want it (https://no-color.org).
func showsBold(noColor: Bool, environment: [String: String], isTerminal: Bool) -> Bool {
    isTerminal && !noColor && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
}

extension ReportFormat: ExpressibleByArgument {}
