/// Which rows are held out together: whole groups, the i-th label in the order of its text in fold i mod `count`.
///
/// By label and not by row: results must not depend on the order of the rows.
package struct GroupFolds: Sendable, Equatable {
    /// The number of folds; fewer than asked for where there are fewer groups.
    package let count: Int
    /// The fold of each row.
    package let foldByRow: [Int]
    /// The labels in their order.
    package let labels: [String]
    /// The position of each row's label in `labels`.
    package let labelIndexByRow: [Int]

    /// The folds of rows with these group labels.
    package init(groups: [String], count: Int = 5) {
        labels = Set(groups).sorted()
        let position = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        labelIndexByRow = groups.map { position[$0] ?? 0 }
        let foldCount = max(1, min(count, labels.count))
        self.count = foldCount
        foldByRow = labelIndexByRow.map { $0 % foldCount }
    }

    /// The rows of a fold, ascending.
    package func rows(in fold: Int) -> [Int] { foldByRow.indices.filter { foldByRow[$0] == fold } }

    /// The rows of all other folds, ascending.
    package func rows(outside fold: Int) -> [Int] { foldByRow.indices.filter { foldByRow[$0] != fold } }
}
