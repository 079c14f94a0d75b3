/// Two models on the same items under the same q: what the second adds to I(X; Y_theta) of each row, more than the
/// first.
///
/// Queries, references and q being the same, I(X; Y) is too, and EMI_B - EMI_A = mean (m_B,i - m_A,i): what makes an
/// item easy or hard is in both models, and cancels. Its variance is what sqrt(s_A^2 + s_B^2) has too much of (1.65
/// times the standard error in the median of 183 scenarios of the digits study, 2.25 under the null).
package struct PairedRows: Sendable, Equatable {
    /// n differences in nats, the second model less the first.
    package let differences: [Double]
    /// n group labels.
    package let groups: [String]

    /// Contributions to I(X; Y) that differ by more than this share of their largest size are of different queries,
    /// references or q.
    private static let tolerance = 1e-9

    /// Pairs the rows of two models.
    ///
    /// - Throws: `PairingObstacle` where they are not rows of the same items, judged alike.
    package init(_ first: ContributedRows, _ second: ContributedRows) throws(PairingObstacle) {
        let (a, b) = (first.sorted, second.sorted)
        for rows in [a, b] {
            for index in rows.identifiers.indices.dropFirst()
            where rows.identifiers[index] == rows.identifiers[index - 1] {
                throw .repeatedItem(rows.identifiers[index])
            }
        }
        guard a.identifiers == b.identifiers else {
            let (own, other) = (Set(a.identifiers), Set(b.identifiers))
            let example = a.identifiers.first { !other.contains($0) } ?? b.identifiers.first { !own.contains($0) } ?? ""
            throw .differentItems(example: example)
        }
        if let index = a.groups.indices.first(where: { a.groups[$0] != b.groups[$0] }) {
            throw .differentGroups(example: a.identifiers[index])
        }
        let scale = (a.reference + b.reference).reduce(1e-300) { max($0, abs($1)) }
        if let index = a.reference.indices.first(where: {
            !(abs(a.reference[$0] - b.reference[$0]) <= Self.tolerance * max(1, scale))
        }) {
            throw .differentReferences(example: a.identifiers[index])
        }
        differences = zip(a.model, b.model).map { $1 - $0 }
        groups = a.groups
    }

    /// The mean difference of EMI.
    package var mean: Double { differences.reduce(0, +) / Double(max(1, differences.count)) }

    /// How each group moves it.
    package var influence: GroupInfluence {
        // Deviations from the mean of two groups say nothing.
        Set(groups).count > 2
            ? GroupInfluence(contributions: differences, groups: groups) : GroupInfluence(unknownOf: groups)
    }
}
