import EmbeddingFiles

/// The groups of rows that are the same items in both columns: those of either file, which must not contradict each other.
///
/// - Throws: `RunError` where both files have groups and divide the rows differently, or where neither has those that
///   `key` names.
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

/// The groups of either column, where rows are not the same items.
///
/// - Throws: `EmbeddingFileError.missingArray` for a file without the groups that `key` names.
func separateGroups(
    _ first: GroupedColumn, _ second: GroupedColumn, key: String?
) throws -> (first: [String]?, second: [String]?) {
    if let key {
        for column in [first, second] where column.groups == nil { throw column.missingGroup(key) }
    }
    return (first.groups, second.groups)
}

/// For each row the first row of its group: equal for labels that divide the rows in one way, whatever they are called.
private func partition(_ labels: [String]) -> [Int] {
    var firstRows: [String: Int] = [:]
    return labels.enumerated().map { row, label in
        if let first = firstRows[label] { return first }
        firstRows[label] = row
        return row
    }
}
