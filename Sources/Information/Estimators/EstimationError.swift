/// Why an estimate does not exist for this data.
package enum EstimationError: Error, Equatable, Sendable {
    /// Cross-fitting needs at least two groups of rows, one for each fold.
    case tooFewGroups(found: Int, needed: Int = 2)
    /// The estimator needs more rows.
    case tooFewRows(estimator: String, set: String, needed: Int, found: Int)
    /// There are more rows than the estimator's several n x n matrices leave memory for.
    case tooManyRows(estimator: String, set: String, limit: Int, found: Int)
    /// All rows of an array are equal, so that it carries no information.
    case constantRows(estimator: String, set: String, array: String)
    /// A column is determined by others, so that a Gaussian has no density. `arrays` names the array that holds them, or two arrays if the
    /// dependence is between these.
    case dependentColumns(estimator: String = "gaussian", set: String, arrays: [String], column: Int?)
    /// The numbers overflowed on the way, and the estimate came out as infinity or NaN.
    case notFinite(estimator: String, set: String)
    /// The weights of a network do not fit the data.
    case networkShape(expected: String, found: String)
    /// A parameter is missing or has a value that makes no sense.
    case parameter(estimator: String, parameter: EstimatorParameter, expected: String, found: String)
    /// The estimator judges responses by references, but there are no responses.
    case noResponses(estimator: String)
    /// A fit was made for other modalities or widths.
    case fitShape(expected: String, found: String)
}

extension EstimationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooFewGroups(let found, let needed):
            "cross-fitting: expected at least \(needed) groups of rows, found \(found)"
        case .tooFewRows(let estimator, let set, let needed, let found):
            "\(set): \(estimator) expected at least \(needed) rows, found \(found)"
        case .tooManyRows(let estimator, let set, let limit, let found):
            "\(set): \(estimator) expected at most \(limit) rows, found \(found)"
        case .constantRows(let estimator, let set, let array):
            "\(set): array '\(array)': \(estimator) expected rows that differ, found all rows equal"
        case .dependentColumns(let estimator, let set, let arrays, let column):
            "\(set): \(Self.phrase(arrays)): \(estimator) expected columns of which none follows from the others, found "
                + (column.map { "column \($0) (from 0) that does" } ?? "one that does")
        case .notFinite(let estimator, let set):
            "\(set): \(estimator) expected a finite estimate, found one that overflows"
        case .networkShape(let expected, let found):
            "club-network: expected \(expected), found \(found)"
        case .parameter(let estimator, let parameter, let expected, let found):
            "\(estimator): expected \(expected) (\(parameter.rawValue)), found \(found)"
        case .noResponses(let estimator):
            "\(estimator): expected responses and references, found a query and one answer: it needs both to estimate EMI, and has no I(X; Y) "
                + "of two arrays"
        case .fitShape(let expected, let found):
            "fit: expected \(expected), found \(found)"
        }
    }

    private static func phrase(_ arrays: [String]) -> String {
        (arrays.count == 1 ? "array " : "arrays ") + arrays.map { "'\($0)'" }.joined(separator: " and ")
    }
}
