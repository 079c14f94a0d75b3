import ArgumentParser
import Foundation
import Reports

/// Where reports go, and how they are written.
typealias ReportOutputs = FormattedOutputs<ReportFormat>

extension FormattedOutputs<ReportFormat> {
    /// Whether an output shows warnings and failures in words.
    var isReadByPeople: Bool {
        targets.contains { ![.json, .csv].contains($0.format) }
    }

    /// Writes a report wherever it was asked for.
    ///
    /// - Throws: as `write`.
    func write(_ report: Report, noColor: Bool, byteLimit: Int = Report.stepSummaryByteLimit) throws {
        let isBold = showsBold(
            noColor: noColor, environment: ProcessInfo.processInfo.environment, isTerminal: isatty(STDOUT_FILENO) == 1)
        try write { format, isStandardOutput in
            try report.rendered(format, bold: isBold && isStandardOutput, byteLimit: byteLimit)
        }
    }
}

/// Whether standard output gets bold type: a terminal that knows it, and nobody who does not want it (https://no-color.org).
func showsBold(noColor: Bool, environment: [String: String], isTerminal: Bool) -> Bool {
    isTerminal && !noColor && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
}

extension ReportFormat: ExpressibleByArgument {}
