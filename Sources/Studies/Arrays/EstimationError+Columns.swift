import EmbeddingFiles
import Information

extension EstimationError {
    /// The error of an estimate from two arrays, phrased with the names in their files, because the estimator knows them only as a set.
    func inWords(x: Column, y: Column) -> RunError {
        func place(_ array: String) -> String {
            let column = array == "x" ? x : y
            return "\(column.file): array '\(column.key)'"
        }
        let plain = RunError(self)
        switch self {
        case .dependentColumns(let estimator, _, let arrays, _) where arrays.count > 1:
            return RunError(
                code: plain.code,
                message: "\(place("y")): \(estimator) expected rows that do not follow from '\(x.key)' of \(x.file), "
                    + "found columns that do",
                hint: plain.hint)
        case .dependentColumns(let estimator, _, let arrays, let column):
            let found = column.map { "column \($0) (from 0) that does" } ?? "one that does"
            return RunError(
                code: plain.code,
                message: "\(place(arrays.first ?? "y")): \(estimator) expected columns of which none follows from the others, "
                    + "found \(found)",
                hint: plain.hint)
        case .constantRows(let estimator, _, let array):
            return RunError(
                code: plain.code,
                message: "\(place(array)): \(estimator) expected rows that differ, found all rows equal", hint: plain.hint)
        case .tooFewGroups, .tooFewRows, .tooManyRows, .notFinite, .networkShape, .fitShape, .noResponses, .parameter:
            return plain
        }
    }
}
