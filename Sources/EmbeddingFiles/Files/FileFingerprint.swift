import Glibc

/// The size of a file and the time of its last change, by which a later run recognises that the file is unchanged. For a folder, those of
/// the files in it and in its subfolders, as `fileDigests` has them; "missing" if nothing is at the path.
package func fileFingerprint(_ path: String) -> String { fingerprint(splitArrayName(path).file, depth: 2) }

private func fingerprint(_ file: String, depth: Int) -> String {
    var status = stat()
    guard stat(file, &status) == 0 else { return "missing" }
    guard depth > 0, status.st_mode & S_IFMT == S_IFDIR else {
        return "\(status.st_size) bytes, \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
    guard let names = try? entries(of: file) else { return "unreadable" }
    return names.map { "\($0): (\(fingerprint("\(file)/\($0)", depth: depth - 1)))" }.joined(separator: "; ")
}
