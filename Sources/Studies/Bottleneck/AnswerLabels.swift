import EmbeddingFiles

/// The labels of a set's answers, from an array or a key of its files. Answers with the same label are the same, whatever their wording.
///
/// - Throws: `EmbeddingFileError` from the files, `RunError` for a set without files or for labels of other rows.
package func answerLabels(of set: StudySet, key: String, rowCount: Int) throws -> [String] {
    guard case .files(let source) = set.data, let file = source.bundle ?? source.response else {
        throw RunError(
            code: "missing_array", message: "\(set.name): expected a file with '\(key)', found rows in memory",
            hint: "labels are read from the bundle of a set")
    }
    let column = try readColumn("\(file):\(key)")
    let labels: [String] =
        switch column.values {
        case .texts(let texts): texts
        case .vectors(let matrix):
            (0..<matrix.rowCount).map { row in matrix.row(row).map { "\($0)" }.joined(separator: " ") }
        }
    guard labels.count == rowCount else {
        throw RunError(
            code: "row_count_mismatch",
            message: "\(file): array '\(key)': expected \(rowCount) rows, one a row of the set, found \(labels.count)",
            hint: "row i of both has to be the same item")
    }
    return labels
}
