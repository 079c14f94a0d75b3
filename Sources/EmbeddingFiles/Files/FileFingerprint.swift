import Glibc

/// The size of a file and the time of its last change, by which a later run recognises that the file is unchanged. For a folder, those of
/// the files in it; "missing" if nothing is at the path.
package func fileFingerprint(_ path: String) -> String {
    let file = splitArrayName(path).file
    var status = stat()
    guard stat(file, &status) == 0 else { return "missing" }
    guard status.st_mode & S_IFMT == S_IFDIR else {
        return "\(status.st_size) bytes, \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
    guard let names = try? entries(of: file) else { return "unreadable" }
    return names.map { name in
        var status = stat()
        guard stat("\(file)/\(name)", &status) == 0 else { return "\(name): missing" }
        return "\(name): \(status.st_size) bytes, \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }.joined(separator: "; ")
}
