import EmbeddingFiles
import Foundation
import Studies
import Synchronization

/// The file in which a study saves finished scenarios until its report is written.
package final class Journal: Sendable {
    /// The path of the file.
    package let path: String
    private let handle: Mutex<FileHandle?>

    /// What an earlier run left behind.
    package struct Content {
        package var key: JournalKey?
        package var id: Report.SampleSet?
        package var scenarios: [String: Report.Scenario] = [:]
        package var estimators: [Report.EstimatorRun] = []
        /// The rows of each set, by the name of the set.
        package var rows: [String: RowsFile.Rows] = [:]
        /// The number of bytes up to the end of the last whole line.
        package var wholeByteCount = 0

        package init() {}
    }

    private init(path: String, handle: FileHandle?) {
        self.path = path
        self.handle = Mutex(handle)
    }

    /// Reads a journal; the content is empty if there is none.
    package static func content(of path: String) -> Content {
        var content = Content()
        guard isFileOrFolder(path), let data = FileManager.default.contents(atPath: path) else { return content }
        guard let end = data.lastIndex(of: UInt8(ascii: "\n")) else { return content }
        for line in data[...end].split(separator: UInt8(ascii: "\n")) {
            switch JournalLine(String(decoding: line, as: UTF8.self)) {
            case .key(let key): content.key = key
            case .id(let id): content.id = id
            case .scenario(let scenario): content.scenarios[scenario.name] = scenario
            case .estimator(let run): content.estimators.append(run)
            case .rows(let rows): content.rows[rows.name] = rows
            case nil: break
            }
        }
        content.wholeByteCount = data.distance(from: data.startIndex, to: end) + 1
        return content
    }

    /// Opens a journal to continue after its first `keptByteCount` bytes; nil if another run has it open.
    ///
    /// - Throws: `RunError` if it cannot be written.
    package static func open(_ path: String, keptByteCount: Int) throws -> Journal? {
        let isUsable = isFileOrFolder(path) || !FileManager.default.fileExists(atPath: path)
        let descriptor = isUsable ? unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) : -1
        guard descriptor >= 0 else {
            let reason = isUsable ? unsafe String(cString: strerror(errno)) : "a pipe, a socket or a device"
            throw RunError(
                code: "unwritable_output", message: "\(path): expected a place to keep finished scenarios, found: \(reason)",
                hint: "write the report elsewhere with -o FILE; the journal is kept beside it")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        try handle.truncate(atOffset: UInt64(keptByteCount))
        try handle.seekToEnd()
        return Journal(path: path, handle: handle)
    }

    /// Writes a line in one piece.
    ///
    /// - Throws: `RunError` if the file takes no more, for example on a full disk.
    package func append(_ line: JournalLine) throws {
        let data = Data((try line.text() + "\n").utf8)
        do {
            try handle.withLock { try $0?.write(contentsOf: data) }
        } catch {
            let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            let reason =
                system.domain == NSPOSIXErrorDomain
                ? unsafe String(cString: strerror(Int32(system.code))).lowercased() : system.localizedDescription
            throw RunError(
                code: "unwritable_output", message: "\(path): expected room to keep finished scenarios, found: \(reason)".withoutControls,
                hint: "free some space, or write the report elsewhere with -o FILE; finished scenarios are kept beside it")
        }
    }

    /// Removes the file, once the report has been written.
    package func remove() {
        handle.withLock { $0 = nil }
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension Journal.Content {
    /// The content from which a run with this key can continue; if that is nothing, also the reason.
    ///
    /// Failed scenarios are left out, so that the run tries them again: the cause may be gone.
    package func usable(for key: JournalKey, path: String) -> (content: Journal.Content, refusal: String?) {
        guard let own = self.key else {
            return (Journal.Content(), "note (nothing_to_resume): \(path) holds no finished scenario: starting anew")
        }
        if let difference = own.difference(from: key) {
            return (Journal.Content(), "note (started_anew): \(path) is of another run (\(difference)): starting anew")
        }
        var usable = self
        usable.scenarios = scenarios.filter { $0.value.status == "ok" }
        usable.estimators = estimators.filter { $0.error == nil }
        return (usable, nil)
    }
}
