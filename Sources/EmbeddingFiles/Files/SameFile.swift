import Glibc

/// Whether writing to `output` would replace what `input` reads: the same file under whatever path or link, or an array of a
/// folder that is read as a whole. `input` may be `FILE:array`; pipes and devices are no files in this sense.
package func isSameFile(_ output: String, asInput input: String) -> Bool {
    guard let written = FileIdentity(output), let read = FileIdentity(splitArrayName(input).file) else { return false }
    if written == read { return true }
    guard read.isFolder, let folder = FileIdentity(folderPart(output)) else { return false }
    let isPart = folder == read || FileIdentity(folderPart(output) + "/..") == read
    return isPart && pathExtension(output) == "npy"
}

/// What tells two paths of one file: the device and the number on it.
private struct FileIdentity: Equatable {
    let device: UInt
    let number: UInt
    let isFolder: Bool

    /// The identity of what is at `path`; nil for nothing, and for what is neither a file nor a folder.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFDIR else { return nil }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
        isFolder = kind == S_IFDIR
    }
}
