import EmbeddingFiles

/// The groups of rows if row i of both columns is the same item. Either file may give them, but the two must not contradict each other.
///
/// - Throws: `RunError` if both files have groups and divide the rows differently, or if neither has the groups that `key` names.
func pairedGroups(_ first: GroupedColumn, _ second: GroupedColumn, key: String?) throws -> [String]? {
    guard let left = first.groups, let right = second.groups else {
        let groups = first.groups ?? second.groups
        if let key, groups == nil { throw first.missingGroup(key) }
        return groups
    }
    guard partition(left) == partition(right) else {
        throw RunError(
            code: "group_mismatch",
            message: "\(second.column.file): expected the same groups of rows as in \(first.column.file), found others",
            hint: "choose groups that both files have with --group NAME, or put both arrays into one file")
    }
    return left
}

/// The groups of each column, if rows of the two columns are different items.
///
/// - Throws: `EmbeddingFileError.missingArray` for a file that lacks the groups that `key` names.
func separateGroups(
    _ first: GroupedColumn, _ second: GroupedColumn, key: String?
) throws -> (first: [String]?, second: [String]?) {
    if let key {
        for column in [first, second] where column.groups == nil { throw column.missingGroup(key) }
    }
    return (first.groups, second.groups)
}

/// For each row the first row of its group, which is the same for all labels that divide the rows in the same way.
private func partition(_ labels: [String]) -> [Int] {
    var firstRows: [String: Int] = [:]
    return labels.enumerated().map { row, label in
        if let first = firstRows[label] { return first }
        firstRows[label] = row
        return row
    }
}
