/// What one file or folder contains, for `emi inspect`.
package struct FileSummary: Sendable, Equatable {
    /// The path, as given.
    package var path: String
    /// `npy`, `npz`, `safetensors`, `jsonl`, `json`, `csv`, `tsv`, `xlsx`, `eval` or `folder`.
    package var format: String
    /// What the file holds if it holds no samples, such as a saved fit or the weights of a network; nil for data.
    package var content: String?
    /// The arrays that could be read, in the order of the file.
    package var arrays: [ArraySummary]
    /// One sentence for each problem, in the order in which they were found.
    package var problems: [String]
}

/// What one array contains.
package struct ArraySummary: Sendable, Equatable {
    /// The name in the file.
    package var name: String
    /// The role: `visual`, `text`, `response`, `reference`, `id`, `group`, `score`, `log_prob`, or the name of another modality; nil if emi
    /// would not use the array.
    package var role: String?
    /// The shape as the file stores it.
    package var shape: [Int]
    /// The element type as stored; `text` and `number` for text files.
    package var dtype: String
    /// `C` or `Fortran`, with the byte order when it is big-endian.
    package var order: String
    /// Statistics of the rows; nil for texts and for arrays without rows.
    package var statistics: RowStatistics?
    /// The number of rows that equal an earlier row.
    package var duplicateRowCount: Int
    /// The first elements of the first row; nil stands for an element that is not finite. Empty for texts.
    package var previewValues: [Double?]
    /// The first few texts; empty for numbers.
    package var previewTexts: [String]
}

/// Statistics of the rows of a numeric array.
package struct RowStatistics: Sendable, Equatable {
    /// The smallest Euclidean norm of a row with finite elements; nil when there is none.
    package var normMinimum: Double?
    /// The mean of the norms.
    package var normMean: Double?
    /// The largest norm.
    package var normMaximum: Double?
    /// The number of rows whose norm is zero.
    package var zeroRowCount: Int
    /// The number of rows with a NaN or infinite element.
    package var nonFiniteRowCount: Int
    /// The indices of the first such rows, at most ten, counted from 0.
    package var nonFiniteRows: [Int]
    /// The number of columns that have the same value in all rows.
    package var constantColumnCount: Int
}
