/// One column with the clusters of its rows, for commands that take arrays one by one.
package struct GroupedColumn: Sendable, Equatable {
    /// The column.
    package var column: Column
    /// The cluster of each row; nil where the file has none.
    package var groups: [String]?
    /// Everything that there is in the file, to choose from.
    package var arrayNames: [String]

    /// A column whose rows are clustered by `groups`.
    package init(column: Column, groups: [String]? = nil, arrayNames: [String] = []) {
        self.column = column
        self.groups = groups
        self.arrayNames = arrayNames
    }

    /// The error for a group that was named and is not there.
    package func missingGroup(_ name: String) -> EmbeddingFileError {
        .missingArray(.init(column.file), name: name, found: arrayNames)
    }
}
