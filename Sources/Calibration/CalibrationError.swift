/// The reason why calibration cannot be measured on these rows, with one case for each condition. Readers of files add the place in the
/// file.
package enum CalibrationError: Error, Sendable, Equatable {
    /// There is no row at all.
    case noRows
    /// The columns have different lengths.
    case unequalLengths(expected: Int, found: Int)
    /// A confidence is outside [0, 1] or not a number.
    case confidenceOutOfRange(row: Int, found: Double)
    /// A score of correctness is outside [0, 1] or not a number.
    case outcomeOutOfRange(row: Int, found: Double)
    /// A row has fewer than two options.
    case tooFewOptions(row: Int, found: Int)
    /// A label is not one of its row's options.
    case labelOutOfRange(row: Int, found: Int, optionCount: Int)
    /// A score is NaN or +infinity, or all scores of a row are -infinity.
    case scoreNotFinite(row: Int)
}

extension CalibrationError: CustomStringConvertible {
    /// One sentence; rows count from 0.
    package var description: String {
        switch self {
        case .noRows: "expected at least one row with a confidence, found none"
        case .unequalLengths(let expected, let found): "expected \(expected) values, one a row, found \(found)"
        case .confidenceOutOfRange(let row, let found):
            "row \(row) (from 0): expected a confidence between 0 and 1, found \(found)"
        case .outcomeOutOfRange(let row, let found):
            "row \(row) (from 0): expected a correctness between 0 and 1, found \(found)"
        case .tooFewOptions(let row, let found): "row \(row) (from 0): expected at least two options, found \(found)"
        case .labelOutOfRange(let row, let found, let optionCount):
            "row \(row) (from 0): expected a label below \(optionCount), the number of options, found \(found)"
        case .scoreNotFinite(let row): "row \(row) (from 0): expected finite scores, found one that is not"
        }
    }
}
