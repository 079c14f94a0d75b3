import ArgumentParser
import Foundation
import Reports

/// The outputs of a command that writes reports, in all formats of reports.
typealias ReportOutputs = FormattedOutputs<ReportFormat>

extension FormattedOutputs<ReportFormat> {
    /// Whether some output shows warnings and failures in words.
    var isReadByPeople: Bool {
        targets.contains { ![.json, .csv].contains($0.format) }
    }

    /// Writes a report to every output.
    ///
    /// - Throws: what `write` throws.
    func write(_ report: Report, noColor: Bool, byteLimit: Int = Report.stepSummaryByteLimit) throws {
        let isBold = showsBold(
            noColor: noColor, environment: ProcessInfo.processInfo.environment, isTerminal: isatty(STDOUT_FILENO) == 1)
        try write { format, isStandardOutput in
            try report.rendered(format, bold: isBold && isStandardOutput, byteLimit: byteLimit)
        }
    }
}

/// Whether to use bold type on standard output: only on a terminal that supports it, and only if the user has not declined it
/// (https://no-color.org).
func showsBold(noColor: Bool, environment: [String: String], isTerminal: Bool) -> Bool {
    isTerminal && !noColor && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
}

extension ReportFormat: ExpressibleByArgument {}
