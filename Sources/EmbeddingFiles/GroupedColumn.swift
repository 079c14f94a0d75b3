/// One column with the clusters of its rows, for commands that take arrays one by one.
public struct GroupedColumn: Sendable, Equatable {
    /// The column.
    public var column: Column
    /// The cluster of each row; nil where the file has none.
    public var groups: [String]?
    /// Everything that there is in the file, to choose from.
    public var arrayNames: [String]

    /// A column whose rows are clustered by `groups`.
    public init(column: Column, groups: [String]? = nil, arrayNames: [String] = []) {
        self.column = column
        self.groups = groups
        self.arrayNames = arrayNames
    }

    /// The error for a group that was named and is not there.
    public func missingGroup(_ name: String) -> EmbeddingFileError {
        .missingArray(.init(column.file), name: name, found: arrayNames)
    }
}
