import EmbeddingFiles

extension Report {
    /// Where the numbers come from.
    package struct Provenance: Codable, Sendable, Equatable {
        /// By path.
        package var inputs: [Input]

        /// The files of a run.
        package init(inputs: [Input]) {
            self.inputs = inputs
        }

        /// The digests of a run's files; paths lose `folder`, the place of the manifest, so that they read as it has them.
        package init(_ digests: [FileDigest], folder: String = "") {
            inputs = digests.map { digest in
                let path = digest.path.hasPrefix(folder) ? String(digest.path.dropFirst(folder.count)) : digest.path
                return Input(path: path, sha256: digest.sha256)
            }.sorted { $0.path < $1.path }
        }
    }

    /// One file.
    package struct Input: Codable, Sendable, Equatable {
        /// As the manifest or the command line has it.
        package var path: String
        /// Of its bytes, in hexadecimal digits; absent for what is no regular file or cannot be read.
        package var sha256: String?

        /// A file with its digest.
        package init(path: String, sha256: String?) {
            self.path = path
            self.sha256 = sha256
        }
    }
}
