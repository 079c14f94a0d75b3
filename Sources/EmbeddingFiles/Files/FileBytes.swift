import Glibc

/// The bytes of one file. A small or unseekable file is read into memory, a large one is mapped.
final class FileBytes {
    /// Files of at least this many bytes are mapped instead of read.
    static let mappingThreshold = 4 << 20

    private let owned: [UInt8]
    private let mapping: UnsafeRawBufferPointer?

    /// The number of bytes, at least 1.
    var count: Int { mapping?.count ?? owned.count }

    /// The largest number of bytes that is read from a pipe or device. Their length is not known beforehand, and a growing array is copied,
    /// so up to three times as much is in memory at once.
    static let streamLimit = MemoryBudget.machineLimit / 4

    /// What is read of a manifest, a policy or a report at most, far more than any has.
    static let textLimit = min(streamLimit, 1 << 30)

    /// Opens and reads `path`; `-` is standard input.
    ///
    /// - Parameters:
    ///   - streamLimit: the largest number of bytes to read from a pipe.
    ///   - check: called once with the first bytes of a pipe, to refuse a stream that would never end.
    ///
    /// Throws `missingFile`, `folderInsteadOfFile`, `fileInsteadOfFolder`, `unreadable`, `specialFile`, `emptyFile`,
    /// `exceedsMemory`, and what `check` throws.
    init(
        path: String, streamLimit: Int = FileBytes.streamLimit,
        check: (UnsafeRawBufferPointer) throws(EmbeddingFileError) -> Void = { _ in }
    ) throws(EmbeddingFileError) {
        let place = EmbeddingFileError.Place(path)
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw EmbeddingFileError.opening(place, errno: errno) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(place, reason: systemMessage(errno))
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw .folderInsteadOfFile(place) }
        if Self.isNull(status) { throw .emptyFile(place) }
        // What is typed ends; /dev/zero and /dev/random do not.
        if [S_IFCHR, S_IFBLK].contains(status.st_mode & S_IFMT), isatty(descriptor) == 0 {
            throw .specialFile(place, found: "a device")
        }
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        if isRegular && status.st_size >= Self.mappingThreshold {
            let size = Int(status.st_size)
            guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
                throw .unreadable(place, reason: systemMessage(errno))
            }
            madvise(start, size, MADV_SEQUENTIAL)
            mapping = UnsafeRawBufferPointer(start: start, count: size)
            owned = []
        } else {
            mapping = nil
            owned =
                isRegular
                ? try Self.contents(of: descriptor, expectedCount: Int(status.st_size), MemoryBudget.machineLimit, place)
                : try Self.contents(of: descriptor, expectedCount: 0, streamLimit, place, check: check)
        }
        if count == 0 { throw .emptyFile(place) }
    }

    private static func isNull(_ status: stat) -> Bool {
        var null = stat()
        return status.st_mode & S_IFMT == S_IFCHR && stat("/dev/null", &null) == 0 && null.st_rdev == status.st_rdev
    }

    deinit {
        if let mapping { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }
    }

    /// Whether these are the bytes of the mapped file, whose memory the system can take back and fill again, and not what they
    /// decompress to.
    func isMapping(_ bytes: UnsafeRawBufferPointer) -> Bool {
        mapping.map { $0.baseAddress == bytes.baseAddress } ?? false
    }

    /// Gives back the memory of mapped bytes that are not needed again soon: whole pages before their end.
    ///
    /// - Precondition: the bytes belong to a mapped file; of other memory this would erase the content.
    static func release(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        let pageSize = 1 << 12
        let first = UInt(bitPattern: start) & ~UInt(pageSize - 1)
        let end = (UInt(bitPattern: start) + UInt(bytes.count)) & ~UInt(pageSize - 1)
        guard end > first, let pages = UnsafeMutableRawPointer(bitPattern: first) else { return }
        madvise(pages, Int(end - first), MADV_DONTNEED)
    }

    /// Calls `body` with the bytes, which need not be aligned.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(EmbeddingFileError) -> Result
    ) throws(EmbeddingFileError) -> Result {
        defer { extendLifetime(self) }
        if let mapping { return try body(mapping) }
        return try owned.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) -> Result in
            try body(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Calls `body` with the content: the decompressed bytes of a gzip file, otherwise the bytes themselves.
    ///
    /// - Parameters:
    ///   - path: the path of the file, for messages.
    ///   - limit: the largest number of bytes to decompress to.
    /// - Throws: what `gunzipped` throws, `emptyFile` when the content is empty, and what `body` throws.
    func withContent<Result>(
        of path: String, limit: Int = MemoryBudget.machineLimit,
        _ body: (UnsafeRawBufferPointer) throws(EmbeddingFileError) -> Result
    ) throws(EmbeddingFileError) -> Result {
        try withBytes { (bytes) throws(EmbeddingFileError) in
            guard bytes.starts(with: gzipMagic) else { return try body(bytes) }
            let content = try gunzipped(bytes, file: path, limit: limit)
            return try content.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
                if buffer.isEmpty { throw .emptyFile(.init(path)) }
                return try body(UnsafeRawBufferPointer(buffer))
            }
        }
    }

    private static func contents(
        of descriptor: Int32, expectedCount: Int, _ limit: Int, _ place: EmbeddingFileError.Place,
        check: (UnsafeRawBufferPointer) throws(EmbeddingFileError) -> Void = { _ in }
    ) throws(EmbeddingFileError) -> [UInt8] {
        var isChecked = false
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expectedCount)
        // A regular file is read in one go, plus one byte to see whether it ends there.
        if expectedCount > 0 {
            var failure: Int32 = 0
            bytes = [UInt8](unsafeUninitializedCapacity: expectedCount + 1) { buffer, count in
                while count < buffer.count {
                    let more = read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                    if more < 0 && errno == EINTR { continue }
                    if more < 0 { failure = errno }
                    if more <= 0 { return }
                    count += more
                }
            }
            if failure != 0 { throw .unreadable(place, reason: systemMessage(failure)) }
            if bytes.count <= expectedCount { return bytes }
        }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .unreadable(place, reason: systemMessage(errno)) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            if !isChecked, bytes.count >= 64 {
                isChecked = true
                try bytes.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
                    try check(UnsafeRawBufferPointer(buffer))
                }
            }
            if bytes.count > limit {
                throw .exceedsMemory(place, neededBytes: bytes.count, availableBytes: limit)
            }
        }
    }
}

extension EmbeddingFileError {
    /// The condition that explains a failed `open`.
    static func opening(_ place: Place, errno code: Int32) -> EmbeddingFileError {
        switch code {
        case ENOENT: .missingFile(place)
        case ENOTDIR: .fileInsteadOfFolder(place)
        case EISDIR: .folderInsteadOfFile(place)
        case ENXIO: .specialFile(place, found: "a socket or device")
        default: .unreadable(place, reason: systemMessage(code))
        }
    }
}

/// The system's message for an error number, in lower case, such as `permission denied`.
func systemMessage(_ code: Int32) -> String {
    guard let message = strerror(code) else { return "error \(code)" }
    return String(cString: message).startingInLowerCase
}

extension String {
    /// The text with a lower-case initial, unless it starts with an abbreviation such as CRC.
    var startingInLowerCase: String {
        dropFirst().first?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst()
    }
}

/// What kind of thing is at a path.
enum PathKind {
    case nothing, file, folder

    init(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            self = .nothing
            return
        }
        self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }
}

/// Whether `path` is a regular file or a folder. Whoever looks through a folder passes over all else: opening a pipe waits for a writer.
package func isFileOrFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
}

/// Whether `path` is standard input, a pipe or a device, whose name says nothing of its format.
func isStream(_ path: String) -> Bool {
    var status = stat()
    return path == "-" || (stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG)
}
