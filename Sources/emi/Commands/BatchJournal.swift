import Foundation
import Reports
import Studies
import Synchronization

/// The file in which a batch keeps what it has finished, until its report is written.
final class BatchJournal: Sendable {
    /// Where it is.
    let path: String
    private let handle: Mutex<FileHandle?>

    /// What an earlier run left behind.
    struct Content {
        var key: JournalKey?
        var id: Report.Set?
        var scenarios: [String: Report.Scenario] = [:]
        var estimators: [Report.EstimatorRun] = []
        /// The bytes up to the last whole line.
        var wholeByteCount = 0
    }

    private init(path: String, handle: FileHandle?) {
        self.path = path
        self.handle = Mutex(handle)
    }

    /// Reads a journal; nothing where there is none.
    static func content(of path: String) -> Content {
        var content = Content()
        guard let data = FileManager.default.contents(atPath: path) else { return content }
        guard let end = data.lastIndex(of: UInt8(ascii: "\n")) else { return content }
        for line in data[...end].split(separator: UInt8(ascii: "\n")) {
            switch JournalLine(String(decoding: line, as: UTF8.self)) {
            case .key(let key): content.key = key
            case .id(let id): content.id = id
            case .scenario(let scenario): content.scenarios[scenario.name] = scenario
            case .estimator(let run): content.estimators.append(run)
            case nil: break
            }
        }
        content.wholeByteCount = data.distance(from: data.startIndex, to: end) + 1
        return content
    }

    /// Opens a journal to write on after `keptByteCount` bytes; nil where another run holds it.
    ///
    /// - Throws: `RunError` where it cannot be written.
    static func open(_ path: String, keptByteCount: Int) throws -> BatchJournal? {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw RunError(
                code: "unwritable_output", message: "\(path): expected a place to keep finished scenarios, found: \(reason)",
                hint: "write the report elsewhere with -o FILE; the journal is kept beside it")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        try handle.truncate(atOffset: UInt64(keptByteCount))
        try handle.seekToEnd()
        return BatchJournal(path: path, handle: handle)
    }

    /// Writes a line in one piece.
    ///
    /// - Throws: what writing throws, for example on a full disk.
    func append(_ line: JournalLine) throws {
        let data = Data((try line.text() + "\n").utf8)
        try handle.withLock { try $0?.write(contentsOf: data) }
    }

    /// Removes the file: the report has been written.
    func remove() {
        handle.withLock { $0 = nil }
        try? FileManager.default.removeItem(atPath: path)
    }
}
