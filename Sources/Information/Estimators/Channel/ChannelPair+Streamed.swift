import LinearAlgebra
import Statistics

/// Whose negatives the rows of a pair of sets are compared with.
enum PairNegatives: Sendable {
    /// Those of the row's own set.
    case own
    /// Those of both sets, each set weighing one half.
    case both
}

extension ChannelPair {
    /// What each row contributes to EMI, as `contributionsUnderOwn` and `contributionsUnderBoth`, for sets whose ratios are too many to keep:
    /// block by block, each ratio computed once, and the means under a set's own negatives taken from its estimate where that kept them.
    func streamedContributions(_ negatives: PairNegatives) -> PairContributions {
        let taken = comparedGroupCount
        let (left, right) = (ComparedGroups(first, taking: taken), ComparedGroups(second, taking: taken))
        let (own, other) = (
            first.streamedContributions(left, against: negatives == .both ? (second, right) : nil),
            second.streamedContributions(right, against: negatives == .both ? (first, left) : nil)
        )
        return PairContributions(
            model: own.model + other.model, reference: own.reference + other.reference, firstCount: first.rowCount)
    }
}

extension ChannelRows {
    /// What each row contributes to I(X; Y_theta) and I(X; Y), in nats, as a mean over choices of negatives.
    ///
    /// - Parameters:
    ///   - groups: the groups of the set's own negatives.
    ///   - other: another set whose negatives weigh one half, if there is one, with their groups.
    fileprivate func streamedContributions(
        _ groups: ComparedGroups, against other: (rows: ChannelRows, groups: ComparedGroups)?
    ) -> (model: [Double], reference: [Double]) {
        // With all groups there is one choice, which is that of the set's own estimate.
        let known = groups.takesAll ? keptMeans : nil
        func values(_ kind: Answers) -> [Double] {
            let knownMeans = known.map { kind == .model ? $0.model : $0.reference }
            var result: [Double] = []
            result.reserveCapacity(rowCount)
            for start in stride(from: 0, to: rowCount, by: AnswerVectors.blockSize) {
                let range = start..<min(start + AnswerVectors.blockSize, rowCount)
                let own = knownMeans == nil ? summedRatios(kind, against: self, rows: range) : nil
                let strange = other.map { summedRatios(kind, against: $0.rows, rows: range) }
                for row in range {
                    var means: [Double]
                    if let knownMeans {
                        means = [knownMeans[row]]
                    } else if let own {
                        means = groups.means(own.ratios.row(row - start), sum: own.sums[row - start], of: .own(row))
                    } else {
                        means = []
                    }
                    if let other, let strange {
                        let others = other.groups.means(
                            strange.ratios.row(row - start), sum: strange.sums[row - start], of: .stranger(hash: hashes[row]))
                        // One of the sets has one choice, in which are all of its groups.
                        let count = max(means.count, others.count)
                        means = (0..<count).map { (means[$0 % means.count] + others[$0 % others.count]) / 2 }
                    }
                    result.append(means.count == 1 ? logRatio(mean: means[0]) : means.map(logRatio).mean)
                }
            }
            return result
        }
        return (values(.model), values(.reference))
    }
}
