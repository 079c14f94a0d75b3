import ArgumentParser
import EmbeddingFiles
import Foundation
import LinearAlgebra
import Reports
import Studies

/// Flags that every command with a computation has.
struct CommonOptions: ParsableArguments {
    @Option(help: "The units of information: nats or bits. (default: \(StudySettings().units.rawValue))")
    var units: InformationUnit?
    @Option(parsing: .unconditional, help: "The seed of every random step. (default: \(StudySettings().seed))")
    var seed: UInt64?
    @Option(parsing: .unconditional, help: ArgumentHelp("Threads; results do not depend on them (all cores).", valueName: "count"))
    var threads: Int?
    @Flag(help: "Leave out of JSON what may differ from run to run.")
    var reproducible = false
    @Flag(name: .shortAndLong, help: "No notes on standard error.")
    var quiet = false
    @Flag(help: "No bold type (also with the environment variable NO_COLOR).")
    var noColor = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads: expected at least 1, found \(threads)") }
    }

    func apply(to settings: inout StudySettings) {
        if let units { settings.units = units }
        if let seed { settings.seed = seed }
    }

    var threadCount: Int { min(threads ?? ProcessInfo.processInfo.activeProcessorCount, AddressSpace.threadLimit ?? .max) }

    /// Writes a note to standard error, unless notes are switched off.
    func note(_ text: String) {
        if !quiet { StandardError.say(text.withoutControls) }
    }

    /// The machine; nil if the output has to be reproducible on any machine.
    var environment: Report.Environment? {
        reproducible ? nil : .current(threads: threadCount)
    }
}

extension Report.Environment {
    /// The machine that the program runs on.
    static func current(threads: Int) -> Report.Environment {
        Report.Environment(
            blas: BLAS.identification, threads: threads, platform: platformName, date: Self.now, command: Self.ownCommand)
    }
}

extension Report.Environment {
    /// The time of day in UTC, to the second, or the time that a reproducible build sets.
    static var now: String {
        let seconds = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Double.init)
        return (seconds.map { Date(timeIntervalSince1970: $0) } ?? Date()).formatted(.iso8601)
    }

    /// The command line of this process, quoted for a shell.
    static var ownCommand: String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+")
        let words = CommandLine.arguments.dropFirst().map { word in
            !word.isEmpty && word.allSatisfy(plain.contains) ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }
        return (["emi"] + words).joined(separator: " ").withoutControls
    }
}

/// The flag of commands that have a single output.
struct SingleOutput: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"), completion: .file())
    var output: String?
    @Flag(help: "All columns of tables, also those that the terminal has no room for.")
    var wide = false

    /// Whether the user asked for JSON, by name or by the extension of the file.
    func isJSON(_ format: ArrayFormat?) -> Bool {
        format.map { $0 == .json } ?? output.map { ReportFormat(path: $0) == .json } ?? false
    }

    /// Writes a result to the file that was named, or to standard output.
    func write(_ text: String) throws {
        try writeResult(text, to: output)
    }

    /// Writes a text for people to the file that was named, or to standard output, there as wide as the terminal is.
    func write(text: () throws -> String) throws {
        let isForTerminal = output == nil || output == "-"
        try writeResult(isForTerminal ? try laidOut(isWide: wide, text) : try text(), to: output)
    }
}

extension InformationUnit: ExpressibleByArgument {}

private var platformName: String {
    #if os(Linux)
        let system = "linux"
    #elseif os(macOS)
        let system = "macos"
    #else
        let system = "other"
    #endif
    #if arch(x86_64)
        return system + "-x86_64"
    #elseif arch(arm64)
        return system + "-arm64"
    #else
        return system
    #endif
}

/// Writes a result to a file, or to standard output for nil and for `-`.
///
/// - Throws: `RunError` and `EmbeddingFileError` when the output cannot be written.
func writeResult(_ text: String, to output: String?) throws {
    if let output, output != "-" { return try writeAtomically(Array(text.utf8), to: output) }
    try StandardStreams.write(text)
}

/// Runs a command's work; an error becomes one sentence with its hint on standard error, and exit code 2.
func reportingErrors(_ work: () throws -> Void) throws {
    do {
        try work()
    } catch let error as ExitCode {
        throw error
    } catch let error as ValidationError {
        // Wrong usage that only showed when the data was read: the parser reports it, with exit code 64.
        throw error
    } catch {
        let error = RunError(error)
        StandardError.say("error: \(error.message)" + (error.hint.map { "\n  hint: \($0)" } ?? ""))
        throw ExitCode(2)
    }
}
