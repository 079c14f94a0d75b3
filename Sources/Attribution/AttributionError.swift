import LinearAlgebra

/// Reasons why pairs of embeddings cannot be analysed.
package enum AttributionError: Error, Equatable, Sendable {
    /// Some rows are zero or have an element that is not finite, so they have no direction.
    case unusableRows(side: String, rows: [Int])
    /// There are fewer pairs, or fewer groups of pairs, than folds and decoys need.
    case tooFewPairs(rows: Int, groups: Int, needed: Int)
    /// The two sides, or two sets, must have the same width but do not.
    case widthsDiffer(side: String, found: Int, expected: Int)
    /// The fit did not reach the minimum; `relativeGradient` is the norm of the gradient over its norm at the start.
    case notConverged(relativeGradient: Double, steps: Int)
    /// A factorisation failed.
    case linearAlgebra(LinearAlgebraError)
}

extension AttributionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusableRows(let side, let rows):
            "\(side) side: expected rows with a direction, found \(rows.count) that are zero or not finite "
                + "(row \(rows.prefix(5).map(String.init).joined(separator: ", "))\(rows.count > 5 ? ", …" : ""))"
        case .tooFewPairs(let rows, let groups, let needed):
            "pairs: expected at least \(needed) in at least 2 groups, found \(rows) in \(groups)"
        case .widthsDiffer(let side, let found, let expected):
            "\(side) side: expected \(expected) columns as the pairs have, found \(found)"
        case .notConverged(let relativeGradient, let steps):
            "fit of the head: expected to converge, stopped after \(steps) steps at \(relativeGradient) of the first gradient"
        case .linearAlgebra(let error): error.description
        }
    }
}
