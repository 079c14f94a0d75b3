import EmbeddingFiles
import Information
import LinearAlgebra

/// What is kept of some rows of a set, so that the set can be judged without them: sums that add up over the parts of the set.
package struct SetPart: Sendable, Equatable {
    /// A file that was summarized.
    package struct Input: Sendable, Equatable {
        /// SHA-256 of its content and of how it was read: equal for one file read twice in one way.
        package let digest: String
        /// The path, as given.
        package let path: String
        /// The number of rows that were summarized.
        package let rowCount: Int
    }

    /// What parts must agree on to be added.
    package struct Recipe: Sendable, Equatable {
        /// Whether rows were divided by their norms.
        package var normalize: Bool
        /// What names the groups of rows: `group`, `item` or `content`.
        package var labels: String
        /// A hash of the fit that judged the rows; nil for parts of the first round.
        package var fit: String?
    }

    /// The name of the set.
    package var set: String
    /// What was summarized, by digest.
    package var inputs: [Input]
    package var recipe: Recipe
    /// The moments of each array, by its name.
    package var moments: [String: RowMoments]
    /// The smallest hashes of labels of groups, ascending, by which sets that share groups are recognised.
    package var labelHashes: [UInt64]
    /// The rows with the smallest hashes, for a fit; nil for single arrays.
    package var kept: KeptRows?
    /// Sums of what the rows contribute to EMI; nil for parts of the first round.
    package var judged: JudgedSums?

    /// The number of rows.
    package var rowCount: Int { inputs.reduce(0) { $0 + $1.rowCount } }
}

/// Some rows of a set with their answers, those of the smallest hashes.
package struct KeptRows: Sendable, Equatable {
    /// Ascending.
    package var hashes: [UInt64]
    /// The group of each row.
    package var labels: [String]
    /// N x d.
    package var references: Matrix
    /// N x d.
    package var responses: Matrix
    /// The hash up to which every row of the set is here; the largest number where all rows are.
    package var completeHash: UInt64

    /// The rows of the smallest hashes of a set, at most `limit`.
    ///
    /// - Parameter labels: the group of each row.
    init(_ set: SampleSet, labels: [String], limit: Int) {
        let hashes = set.partHashes
        let order = hashes.indices.sorted { hashes[$0] == hashes[$1] ? $0 < $1 : hashes[$0] < hashes[$1] }.prefix(limit)
        let rows = Array(order)
        self.hashes = rows.map { hashes[$0] }
        self.labels = rows.map { labels[$0] }
        references = set.reference.selectingRows(rows)
        responses = set.response.selectingRows(rows)
        completeHash = rows.count < hashes.count ? self.hashes.last ?? 0 : .max
    }

    init(hashes: [UInt64], labels: [String], references: Matrix, responses: Matrix, completeHash: UInt64) {
        (self.hashes, self.labels, self.references) = (hashes, labels, references)
        (self.responses, self.completeHash) = (responses, completeHash)
    }

    /// Adds the rows of another part.
    mutating func add(_ other: KeptRows) {
        let hashes = self.hashes + other.hashes
        let labels = self.labels + other.labels
        let (references, responses) = (self.references.stacked(on: other.references), self.responses.stacked(on: other.responses))
        let order = hashes.indices.sorted {
            hashes[$0] == hashes[$1]
                ? references.row($0).lexicographicallyPrecedes(references.row($1)) : hashes[$0] < hashes[$1]
        }
        self = KeptRows(
            hashes: order.map { hashes[$0] }, labels: order.map { labels[$0] }, references: references.selectingRows(order),
            responses: responses.selectingRows(order), completeHash: min(completeHash, other.completeHash))
    }

    /// The rows that a whole set, however it was cut into parts, would keep up to one hash.
    var sample: KeptRows {
        let count = hashes.firstIndex { $0 > completeHash } ?? hashes.count
        let rows = Array(0..<count)
        return KeptRows(
            hashes: Array(hashes.prefix(count)), labels: Array(labels.prefix(count)), references: references.selectingRows(rows),
            responses: responses.selectingRows(rows), completeHash: completeHash)
    }
}

/// Sums of what rows contribute to EMI, by a bucket of their group.
package struct JudgedSums: Sendable, Equatable {
    /// The number of buckets: enough for the groups of most sets to be alone. With 1,024 buckets standard errors are within 2 % of those by
    /// group.
    package static let bucketCount = 4_096

    /// The number of rows of each bucket.
    package var counts = [Double](repeating: 0, count: bucketCount)
    /// The sums of what rows contribute to I(X; Y_theta), in nats.
    package var model = [Double](repeating: 0, count: bucketCount)
    /// The sums of what rows contribute to I(X; Y), in nats.
    package var reference = [Double](repeating: 0, count: bucketCount)
    /// The sums of the cosines of response and reference.
    package var similarity = [Double](repeating: 0, count: bucketCount)

    /// Adds the sums of other rows.
    mutating func add(_ other: JudgedSums) {
        for bucket in counts.indices {
            counts[bucket] += other.counts[bucket]
            model[bucket] += other.model[bucket]
            reference[bucket] += other.reference[bucket]
            similarity[bucket] += other.similarity[bucket]
        }
    }
}
