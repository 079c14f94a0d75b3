import Foundation

/// Runs the real binary.
struct Program {
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// `emi` beside the tests' own executable, so that both are of one build.
    static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "emi")
    static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    static func run(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.currentDirectoryURL = project
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        if let input {
            let pipe = Pipe()
            process.standardInput = pipe
            let handle = pipe.fileHandleForWriting
            Thread.detachNewThread {
                try? handle.write(contentsOf: Data(input.utf8))
                try? handle.close()
            }
        }
        try process.run()
        // Both pipes are drained before the wait: a full pipe would stop the program for good.
        let errorReader = Reader(errors.fileHandleForReading)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: text, errors: errorReader.text())
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Reader: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var data = Data()

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            data = handle.readDataToEndOfFile()
            done.signal()
        }
    }

    func text() -> String {
        done.wait()
        return String(decoding: data, as: UTF8.self)
    }
}

/// A folder that is removed when it is no longer used.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file with this content.
    func file(_ name: String, _ content: String) throws -> String {
        let path = url.appending(path: name)
        try Data(content.utf8).write(to: path)
        return path.path
    }

    func path(_ name: String) -> String { url.appending(path: name).path }
}
