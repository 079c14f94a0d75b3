import EmbeddingFiles

extension Report {
    /// The files that the numbers come from.
    public struct Provenance: Codable, Sendable, Equatable {
        /// The files, sorted by path.
        public var inputs: [Input]

        /// The files of a run.
        public init(inputs: [Input]) {
            self.inputs = inputs
        }

        /// The files of a run from their digests. Paths lose `folder`, the folder of the manifest, so that they read as in the manifest.
        package init(_ digests: [FileDigest], folder: String = "") {
            inputs = digests.map { digest in
                let path = digest.path.hasPrefix(folder) ? String(digest.path.dropFirst(folder.count)) : digest.path
                return Input(path: path, sha256: digest.sha256)
            }.sorted { $0.path < $1.path }
        }
    }

    /// One file with its digest.
    public struct Input: Codable, Sendable, Equatable {
        /// The path as the manifest or the command line gives it.
        public var path: String
        /// The SHA-256 of its bytes in hexadecimal digits; absent if it is not a regular file or cannot be read.
        public var sha256: String?

        /// A file with its digest.
        public init(path: String, sha256: String?) {
            self.path = path
            self.sha256 = sha256
        }
    }
}
