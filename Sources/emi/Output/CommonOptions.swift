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

    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Writes a note to standard error, unless notes are switched off.
    func note(_ text: String) {
        guard !quiet else { return }
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// The machine; nil if the output has to be reproducible on any machine.
    var environment: Report.Environment? {
        reproducible ? nil : .current(threads: threadCount)
    }
}

extension Report.Environment {
    /// The machine that the program runs on.
    static func current(threads: Int) -> Report.Environment {
        Report.Environment(blas: BLAS.identification, threads: threads, platform: platformName)
    }
}

/// The flag of commands that have a single output.
struct SingleOutput: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    /// Whether the user asked for JSON, by name or by the extension of the file.
    func isJSON(_ format: ArrayFormat?) -> Bool {
        format.map { $0 == .json } ?? output.map { ReportFormat(path: $0) == .json } ?? false
    }

    /// Writes a result to the file that was named, or to standard output.
    func write(_ text: String) throws {
        try writeResult(text, to: output)
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
    do {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
        throw RunError(
            code: "unwritable_output", message: "standard output: expected room for \(text.utf8.count) bytes, found none",
            hint: "free some space, or write elsewhere with -o FILE")
    }
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
        let hint = error.hint.map { "\n  hint: \($0)" } ?? ""
        FileHandle.standardError.write(Data("error: \(error.message)\(hint)\n".utf8))
        throw ExitCode(2)
    }
}
