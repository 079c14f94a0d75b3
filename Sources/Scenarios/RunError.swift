import EmbeddingFiles
import Information
import LinearAlgebra

/// What stops a run: one sentence, what to do about it, and a code for reports.
public struct RunError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A name for programs, in snake_case.
    public let code: String
    /// Where: expected X, found Y.
    public let message: String
    /// What to do.
    public let hint: String?

    /// An error that is said in these words.
    public init(code: String, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Any error of the libraries below, in words; `set` names the data where the error does not.
    public init(_ error: any Error, set: String? = nil) {
        switch error {
        case let error as RunError: self = error
        case let error as EmbeddingFileError:
            self.init(code: error.code, message: error.description, hint: error.hint)
        case let error as EstimationError:
            self.init(code: error.code, message: error.description, hint: error.hint)
        case let error as LinearAlgebraError:
            self.init(
                code: "linear_algebra", message: set.map { "\($0): \(error)" } ?? "\(error)",
                hint: "rows that repeat or columns that depend on each other can cause this: look with 'emi inspect'")
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
        case .networkShape: "network_shape"
        case .fitShape: "fit_shape"
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .tooFewGroups: "give more rows, or another --group"
        case .tooFewRows: "give more rows"
        case .tooManyRows: "give a sample of the rows, or choose --estimator club-kernel, which has no limit"
        case .constantRows: "leave the array out, or choose --estimator club-kernel, which allows it"
        case .networkShape: "the published weights are for queries and answers of 768 columns, fused by --fuse mean"
        case .fitShape: "apply a fit to the modalities and widths that it was made with"
        }
    }
}

/// Something that a reader of the numbers should know.
public struct RunWarning: Sendable, Equatable {
    /// A name for programs, in snake_case; the documentation has a section of that name.
    public let code: String
    /// One sentence.
    public let message: String

    /// A warning in these words.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
