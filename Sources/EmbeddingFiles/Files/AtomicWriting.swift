import Glibc

/// Writes `bytes` to `path`, all or nothing: it writes a temporary file in the same folder and then renames it.
///
/// A reader sees the old file or the new one, never a part. Symbolic links are followed, and an existing file keeps its permissions.
/// Anything that is not a regular file (`/dev/stdout`, a pipe) is written to directly.
///
/// Throws `missingOutputFolder`, `unwritable`, `diskFull` and `folderInsteadOfFile`, and then leaves nothing behind.
package func writeAtomically(_ bytes: [UInt8], to path: String) throws(EmbeddingFileError) {
    let place = EmbeddingFileError.Place(path)
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists && status.st_mode & S_IFMT == S_IFDIR { throw .folderInsteadOfFile(place) }
    if exists && status.st_mode & S_IFMT != S_IFREG { return try writeDirectly(bytes, to: path) }

    let target = exists ? resolved(path) : path
    let folder = folderPart(target)
    if PathKind(folder) != .folder { throw .missingOutputFolder(place, folder: folder) }
    let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
    let temporary = "\(folder)/.\(lastComponent(target)).\(suffix)"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .writing(place, errno: errno, byteCount: bytes.count) }

    if exists { fchmod(descriptor, status.st_mode & 0o7777) }
    var failure = write(bytes, to: descriptor)
    if failure == 0 && fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    if failure == 0 && rename(temporary, target) != 0 { failure = errno }
    if failure != 0 {
        unlink(temporary)
        throw .writing(place, errno: failure, byteCount: bytes.count)
    }
}

private func writeDirectly(_ bytes: [UInt8], to path: String) throws(EmbeddingFileError) {
    let place = EmbeddingFileError.Place(path)
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(place, reason: systemMessage(errno)) }
    var failure = write(bytes, to: descriptor)
    if close(descriptor) != 0 && failure == 0 { failure = errno }
    if failure != 0 { throw .writing(place, errno: failure, byteCount: bytes.count) }
}

/// Writes all bytes; returns 0 or the error number.
private func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
        var done = 0
        while done < buffer.count {
            let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return errno }
            done += count
        }
        return 0
    }
}

private func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
}

/// The folder part of a path; `.` for a bare name.
func folderPart(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

extension EmbeddingFileError {
    /// The condition that explains a failed write.
    static func writing(_ place: Place, errno code: Int32, byteCount: Int) -> EmbeddingFileError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull(place, byteCount: byteCount) : .unwritable(place, reason: systemMessage(code))
    }
}
