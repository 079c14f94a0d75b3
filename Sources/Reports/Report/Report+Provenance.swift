import EmbeddingFiles

extension Report {
    /// Where the numbers come from.
    public struct Provenance: Codable, Sendable, Equatable {
        /// By path.
        public var inputs: [Input]

        /// The files of a run.
        public init(inputs: [Input]) {
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
    public struct Input: Codable, Sendable, Equatable {
        /// As the manifest or the command line has it.
        public var path: String
        /// Of its bytes, in hexadecimal digits; absent for what is no regular file or cannot be read.
        public var sha256: String?

        /// A file with its digest.
        public init(path: String, sha256: String?) {
            self.path = path
            self.sha256 = sha256
        }
    }
}
