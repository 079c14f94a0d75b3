import Foundation
import Reports

/// How many columns there are for text.
///
/// A terminal has the width that `COLUMNS` says, else the one that it reports, else 80. What is not a terminal (a file, a pipe) has none:
/// its lines stay whole, so that they can be searched and compared.
enum TerminalWidth {
    static var ofStandardOutput: Int? { width(of: STDOUT_FILENO, environment: ProcessInfo.processInfo.environment) }
    static var ofStandardError: Int? { width(of: STDERR_FILENO, environment: ProcessInfo.processInfo.environment) }

    /// The width of what a descriptor leads to; nil if that is no terminal.
    static func width(of descriptor: Int32, environment: [String: String]) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        let reported = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
        return width(reported: reported, columns: environment["COLUMNS"])
    }

    /// The width of a terminal that reports so many columns, 0 if it reports none; below 40 no text is broken, because words would be.
    static func width(reported: Int, columns: String?) -> Int {
        let wanted = columns.flatMap { Int($0) } ?? 0
        return max(40, wanted > 0 ? wanted : reported > 0 ? reported : 80)
    }
}

/// A text for standard output: as wide as the terminal, or as it is where there is none.
///
/// - Parameter isWide: whether tables keep all their columns.
func laidOut(isWide: Bool, _ render: () throws -> String) rethrows -> String {
    guard let width = TerminalWidth.ofStandardOutput else { return try render() }
    return try TextLayout(width: width, isWide: isWide).text(render)
}
