import EmbeddingFiles
import Information
import LinearAlgebra

/// An error that stops a run: one sentence, advice on what to do, and a code for reports.
public struct RunError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An identifier for programs, in snake_case.
    public let code: String
    /// The sentence: where, what was expected, what was found.
    public let message: String
    /// Advice on what to do; nil if the message is enough.
    public let hint: String?

    /// An error with the given words.
    package init(code: String, message: String, hint: String? = nil) {
        self.init(code: code, lines: [message], hint: hint)
    }

    /// An error about several mistakes, each on a line of its own; beyond the twentieth they are only counted.
    package init(code: String, lines: [String], hint: String? = nil) {
        self.code = code
        let more = lines.count > 20 ? ["… and \(lines.count - 20) more"] : []
        message = (lines.prefix(20).map(\.withoutControls) + more).joined(separator: "\n")
        self.hint = hint?.withoutControls
    }

    /// Puts any error of the libraries below into words; `set` names the data if the error does not.
    package init(_ error: any Error, set: String? = nil) {
        switch error {
        case let error as RunError: self = error
        case let error as EmbeddingFileError:
            self.init(code: error.code, message: error.description, hint: error.hint ?? error.suggestion)
        case EstimationError.parameter(let estimator, let parameter, let expected, let found):
            self.init(
                code: parameter == .weights ? "missing_weights" : "bad_setting",
                message: "\(estimator): expected \(expected) (--\(parameter.rawValue)), found \(found)")
        case let error as EstimationError:
            self.init(code: error.code, message: error.description, hint: error.hint)
        case let error as LinearAlgebraError:
            let (sentence, hint) = error.plainWords
            self.init(code: "linear_algebra", message: "\(set ?? "the data"): \(sentence)", hint: hint)
        default: self.init(code: "unexpected", message: "\(error)")
        }
    }

    public var description: String { message }
}

extension EstimationError {
    fileprivate var code: String {
        switch self {
        case .tooFewGroups: "too_few_groups"
        case .tooFewRows: "too_few_rows"
        case .tooManyRows: "too_many_rows"
        case .constantRows: "constant_array"
        case .dependentColumns: "dependent_columns"
        case .notFinite: "estimate_not_finite"
        case .networkShape: "network_shape"
        case .fitShape: "fit_shape"
        case .noResponses: "no_responses"
        case .parameter: "bad_setting"
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .tooFewGroups: "give more rows, or another --group"
        case .tooFewRows: "give more rows"
        case .tooManyRows: "give a sample of the rows, or choose --estimator club-kernel, which has no limit"
        case .constantRows: "leave the array out, or choose --estimator club-kernel, which allows it"
        case .dependentColumns(_, _, let arrays, _):
            arrays.count > 1
                ? "one array is a function of the other: check that both are meant, or choose --estimator club-kernel, which stays finite"
                : "leave out columns that repeat or follow from others, or choose --estimator club-kernel, which allows them"
        case .notFinite: "bring the arrays to values near 1, or choose another --estimator"
        case .networkShape: "the published weights are for queries and answers of 768 columns, fused by --fuse mean"
        case .parameter: nil
        case .noResponses: "choose --estimator auto, which is made for two arrays"
        case .fitShape: "apply a fit to the modalities and widths that it was made with"
        }
    }
}

extension EmbeddingFileError {
    /// The name that the user probably meant, or the choice that there is.
    fileprivate var suggestion: String? {
        guard case .missingArray(_, let name, let found) = self, !found.isEmpty else { return nil }
        return nearestName(to: name, in: found).map { "did you mean '\($0)'?" } ?? "choose one of those that there are"
    }
}

extension LinearAlgebraError {
    /// What the error means for the data, without the names of routines that a user never called.
    fileprivate var plainWords: (sentence: String, hint: String) {
        switch self {
        case .nonFiniteElement:
            (
                "expected numbers whose products stay finite, found an overflow",
                "divide arrays with very large or very small values by a constant, or leave out --no-normalize"
            )
        case .dimensionTooLarge(_, let dimension):
            ("expected fewer than 2^31 rows and columns, found \(dimension)", "give a sample of the rows")
        case .notConverged:
            (
                "expected eigenvalues to working precision, found none",
                "look with 'emi inspect' for rows of very different sizes"
            )
        case .notPositiveDefinite:
            (
                "expected columns of which none follows from the others, found one that does",
                "look with 'emi inspect' for rows that repeat and columns that are constant"
            )
        }
    }
}
