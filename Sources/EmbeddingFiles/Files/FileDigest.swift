import CCrypto
import Glibc
import LinearAlgebra

/// A file that a run read, with a digest of its content.
package struct FileDigest: Sendable, Equatable {
    /// The path as the user gave it; for a folder, the path of a file in it.
    package let path: String
    /// SHA-256 in hexadecimal digits; nil when the path is not a regular file or cannot be read.
    package let sha256: String?
}

/// The digests of files, each file once, sorted by path. A path may be `FILE:array`, or a folder, which stands for the files in it and in
/// its subfolders.
package func fileDigests(_ paths: [String], threadCount: Int) -> [FileDigest] {
    let files = Set(paths.flatMap { filesNamed(splitArrayName($0).file, depth: 2) }).sorted()
    let digests = try? concurrentMap(count: files.count, threadCount: threadCount) { index in
        FileDigest(path: files[index], sha256: isStream(files[index]) ? nil : sha256(ofFile: files[index]))
    }
    return digests ?? []
}

/// SHA-256 of some bytes (FIPS 180-4).
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes(digest)
}

private func filesNamed(_ path: String, depth: Int) -> [String] {
    guard depth > 0, PathKind(path) == .folder, let names = try? entries(of: path) else { return [path] }
    return names.flatMap { filesNamed("\(path)/\($0)", depth: depth - 1) }
        .filter { PathKind($0) == .file }
}

private func sha256(ofFile path: String) -> String? {
    let digits = Array("0123456789abcdef")
    return try? digest(ofFile: path).map { String($0.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) }
}

private func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
        // libcrypto is in the process anyway, because libzip depends on it.
        count = EVP_Digest(bytes.baseAddress, bytes.count, buffer.baseAddress, nil, EVP_sha256(), nil) == 1 ? 32 : 0
    }
}

/// The digest of a file; memory that holds mapped bytes is given back as soon as they have been read, so that a large file does not stay.
private func digest(ofFile path: String) throws(EmbeddingFileError) -> [UInt8]? {
    let file = try FileBytes(path: path)
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    return try file.withBytes { (bytes) throws(EmbeddingFileError) in
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { return nil }
        let step = 1 << 24
        for start in stride(from: 0, to: bytes.count, by: step) {
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + step, bytes.count)])
            guard EVP_DigestUpdate(context, part.baseAddress, part.count) == 1 else { return nil }
            if file.isMapping(bytes) { FileBytes.release(part) }
        }
        var found = [UInt8](repeating: 0, count: 32)
        return EVP_DigestFinal_ex(context, &found, nil) == 1 ? found : nil
    }
}
