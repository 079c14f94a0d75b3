import LinearAlgebra
import Statistics

extension ChannelPair {
    /// The number of groups of references that the answers of both sets are compared with.
    package var comparedGroupCount: Int { min(ComparedGroups.count(first), ComparedGroups.count(second)) }

    /// What each row contributes to EMI, c(model) - c(reference), against the negatives of its own set: n1 and n2 numbers. The answers of
    /// both sets are compared with `comparedGroupCount` groups.
    func contributionsUnderOwn() -> PairContributions { contributions(underBoth: false) }

    /// What each row contributes to EMI, D = c(model) - c(reference), against the negatives of both sets, each set weighing one half: n1
    /// and n2 numbers. In this way one function judges the rows of both sets, as the bound requires. The answers of both are compared with
    /// `comparedGroupCount` groups of each set.
    package func contributionsUnderBoth() -> PairContributions { contributions(underBoth: true) }

    private func contributions(underBoth: Bool) -> PairContributions {
        let taken = comparedGroupCount
        let (left, right) = (ComparedGroups(first, taking: taken), ComparedGroups(second, taking: taken))
        let (own, other) = (
            first.contributions(left, against: underBoth ? (second, right) : nil),
            second.contributions(right, against: underBoth ? (first, left) : nil)
        )
        return PairContributions(
            model: own.model + other.model, reference: own.reference + other.reference, firstCount: first.rowCount)
    }

    /// D of the second set's rows against the first set's negatives.
    package func contributionsUnderFirst() -> [Double] {
        func means(_ kind: ChannelRows.Answers) -> [Double] {
            let ratios = second.likelihoodRatios(kind, against: first, rows: 0..<second.rowCount)
            return (0..<second.rowCount).map { (ratios.row($0).reduce(0, +) + 1) / Double(first.negatives.count + 1) }
        }
        let d = first.defence
        return zip(means(.model), means(.reference)).map { .log((d + (1 - d) / $0) / (d + (1 - d) / $1)) }
    }
}

/// What the rows of two sets contribute to I(X; Y_theta) and I(X; Y), in nats.
package struct PairContributions: Sendable {
    /// n1 + n2 contributions of responses, those of the first set first.
    let model: [Double]
    /// n1 + n2 contributions of references.
    let reference: [Double]
    private let firstCount: Int
    /// n1 contributions of the first set's rows to EMI.
    package let first: [Double]
    /// n2 contributions of the second set's rows to EMI.
    package let second: [Double]

    init(model: [Double], reference: [Double], firstCount: Int) {
        (self.model, self.reference, self.firstCount) = (model, reference, firstCount)
        let differences = zip(model, reference).map { $0 - $1 }
        (first, second) = (Array(differences.prefix(firstCount)), Array(differences.dropFirst(firstCount)))
    }

    /// I(X; Y_theta) of the second set.
    var secondModelInformation: Double { Array(model.dropFirst(firstCount)).mean }
}

extension ChannelRows {
    /// What each row contributes to I(X; Y_theta) and I(X; Y), in nats, as a mean over choices of negatives: block by block, each ratio
    /// computed once, and the means under the set's own negatives taken from its estimate where that kept them.
    ///
    /// - Parameters:
    ///   - groups: the groups of the set's own negatives.
    ///   - other: another set whose negatives weigh one half, if there is one, with their groups.
    fileprivate func contributions(
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
