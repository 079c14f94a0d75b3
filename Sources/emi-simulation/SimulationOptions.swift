import ArgumentParser
import Foundation

/// The flags that all simulations have.
struct SimulationOptions: ParsableArguments {
    @Option(help: "The seed of every random step.")
    var seed: UInt64 = 0
    @Option(help: ArgumentHelp("Threads; results do not depend on them (all cores).", valueName: "count"))
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads: expected at least 1, found \(threads)") }
    }

    var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}

/// Throws unless the count that a flag gives is large enough.
func checkAtLeast(_ minimum: Int, _ value: Int, _ flag: String) throws {
    guard value >= minimum else { throw ValidationError("\(flag): expected at least \(minimum), found \(value)") }
}

/// Reports progress on standard error.
func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
