import LinearAlgebra

/// The rows that the answers of a set are compared with, in whatever parts the set comes: those with the smallest hashes.
package struct ChannelNegatives: Sendable, Equatable {
    /// A hash of each row's name, else of what it holds (`SampleSet.rowHashes`), ascending.
    package let hashes: [UInt64]
    /// The references of these rows, N x d.
    package let references: Matrix

    /// Known negatives, in any order: those of the smallest hashes are taken, at most `limit`.
    ///
    /// - Precondition: a hash a row.
    package init(hashes: [UInt64], references: Matrix, limit: Int = ReferenceChannel().negativeLimit) {
        precondition(hashes.count == references.rowCount, "a hash a row")
        let order = hashes.indices.sorted {
            hashes[$0] == hashes[$1]
                ? references.row($0).lexicographicallyPrecedes(references.row($1)) : hashes[$0] < hashes[$1]
        }.prefix(limit)
        self.hashes = order.map { hashes[$0] }
        self.references = references.selectingRows(Array(order))
    }
}

extension SampleSet {
    /// A hash of each row that does not depend on its place: of its item's name, else of what it holds.
    package var partHashes: [UInt64] { rowHashes }
}

extension ChannelFit {
    /// What each row of a part of a set contributes, compared with the negatives of the whole set: the values that `ChannelRows.contributions`
    /// gives these rows when the set is judged as one.
    ///
    /// - Parameter hashes: `partHashes` of the part.
    /// - Throws: `EstimationError.fitShape` when the width is not that of the fit.
    package func contributions(
        of part: SampleSet, hashes: [UInt64], against negatives: ChannelNegatives, threadCount: Int = 1
    ) throws -> (model: [Double], reference: [Double]) {
        let compared = SampleSet(
            name: part.name, modalities: [Modality(name: "reference", rows: negatives.references)], response: negatives.references,
            reference: negatives.references)
        guard let rows = try rows(of: [part], threadCount: threadCount).first,
            let others = try self.rows(of: [compared], threadCount: threadCount).first
        else { return ([], []) }
        let places = negatives.places(of: part, hashes)
        return (
            rows.contributions(.model, against: others, places: places), rows.contributions(.reference, against: others, places: places)
        )
    }
}

extension ChannelNegatives {
    /// For each row of a part its place among the negatives; nil for a row that is none of them.
    fileprivate func places(of part: SampleSet, _ rowHashes: [UInt64]) -> [Int?] {
        var byHash: [UInt64: [Int]] = [:]
        for (place, hash) in hashes.enumerated() { byHash[hash, default: []].append(place) }
        return rowHashes.enumerated().map { row, hash in
            byHash[hash]?.first { references.row($0).elementsEqual(part.reference.row(row)) }
        }
    }
}

extension ChannelRows {
    /// - Parameters:
    ///   - other: the negatives, all of whose rows are compared.
    ///   - places: of the rows among the negatives.
    fileprivate func contributions(_ kind: Answers, against other: ChannelRows, places: [Int?]) -> [Double] {
        let count = Double(other.negatives.count)
        var result: [Double] = []
        result.reserveCapacity(rowCount)
        for start in stride(from: 0, to: rowCount, by: AnswerVectors.blockSize) {
            let range = start..<min(start + AnswerVectors.blockSize, rowCount)
            let (ratios, sums) = summedRatios(kind, against: other, rows: range)
            for row in range {
                let sum = sums[row - start]
                if let place = places[row] {
                    // Its own ratio is 1, whatever rounding says.
                    result.append(logRatio(mean: (sum + (1 - ratios[row - start, place])) / count))
                } else {
                    result.append(logRatio(mean: (sum + 1) / (count + 1)))
                }
            }
        }
        return result
    }
}
