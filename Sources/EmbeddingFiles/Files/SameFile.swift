import Glibc

/// Whether writing to `output` would replace what `input` reads: the same file under any path or link, or an array in a folder that is read
/// as a whole. `input` may be `FILE:array`. Pipes and devices never count as the same file.
package func isSameFile(_ output: String, asInput input: String) -> Bool {
    guard let written = FileIdentity(output), let read = FileIdentity(splitArrayName(input).file) else { return false }
    if written == read { return true }
    guard read.isFolder, let folder = FileIdentity(folderPart(output)) else { return false }
    let isPart = folder == read || FileIdentity(folderPart(output) + "/..") == read
    return isPart && pathExtension(output) == "npy"
}

/// The device and the inode number, which are equal for two paths of one file.
private struct FileIdentity: Equatable {
    let device: UInt
    let number: UInt
    let isFolder: Bool

    /// The identity of the file or folder at `path`; nil if there is neither.
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
