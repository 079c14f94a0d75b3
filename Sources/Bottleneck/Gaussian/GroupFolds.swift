/// Decides which rows are held out together. Groups stay whole, and the i-th label in alphabetical order goes to fold i mod `count`.
///
/// The folds follow labels and not rows, because results must not depend on the order of the rows.
package struct GroupFolds: Sendable, Equatable {
    /// The number of folds; fewer than requested if there are fewer groups.
    package let count: Int
    /// The fold of each row.
    package let foldByRow: [Int]
    /// The labels in alphabetical order.
    package let labels: [String]
    /// The position of each row's label in `labels`.
    package let labelIndexByRow: [Int]

    /// The folds of rows with the group labels `groups`.
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
