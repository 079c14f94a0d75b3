import Foundation
import Testing

@testable import EmbeddingFiles

/// A folder that is removed with the last reference to it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory().appending("emi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, with the folders on its way, and returns its path.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: file, contents: Data(bytes)) else {
            throw CocoaError(.fileWriteUnknown)
        }
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    /// The path of a file in the folder.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// A message without the path of the folder.
    func trimmed(_ message: String) -> String {
        message.replacingOccurrences(of: path + "/", with: "").replacingOccurrences(of: path, with: "FOLDER")
    }

    /// The error that `body` throws, and its message without the path of the folder.
    func message<T>(
        _ body: () throws(EmbeddingFileError) -> T, _ location: SourceLocation = #_sourceLocation
    ) -> String {
        do throws(EmbeddingFileError) {
            let value = try body()
            Issue.record("no error, but \(value)", sourceLocation: location)
            return ""
        } catch {
            return trimmed(error.description)
        }
    }
}

/// What was published beside the project: skipped, saying so, where it is absent.
enum SharedData {
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["EMI_SHARED"] { return path }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.deletingLastPathComponent().appendingPathComponent("shared").path
    }()

    static let exists = FileManager.default.fileExists(atPath: path + "/golden/id.npz")

    static func files(_ folder: String, ending: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted().map { "\(path)/\(folder)/\($0)" }
    }
}
