/// One column with the clusters of its rows, for commands that take arrays one by one.
package struct GroupedColumn: Sendable, Equatable {
    /// The column.
    package var column: Column
    /// The cluster of each row; nil if the file has none.
    package var groups: [String]?
    /// The names of all arrays in the file, for messages that offer a choice.
    package var arrayNames: [String]

    /// A column whose rows are clustered by `groups`.
    package init(column: Column, groups: [String]? = nil, arrayNames: [String] = []) {
        self.column = column
        self.groups = groups
        self.arrayNames = arrayNames
    }

    /// The error for a group that the user named but the file lacks.
    package func missingGroup(_ name: String) -> EmbeddingFileError {
        .missingArray(.init(column.file), name: name, found: arrayNames)
    }
}
