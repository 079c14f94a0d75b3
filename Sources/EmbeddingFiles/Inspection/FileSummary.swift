/// What there is in one file or folder, for `emi inspect`.
package struct FileSummary: Sendable, Equatable {
    /// The path, as given.
    package var path: String
    /// `npy`, `npz`, `safetensors`, `jsonl`, `json`, `csv`, `tsv`, `xlsx`, `eval` or `folder`.
    package var format: String
    /// What the file holds when that is no samples: a saved fit, the weights of a network; nil for data.
    package var content: String?
    /// The arrays that could be read, in the order of the file.
    package var arrays: [ArraySummary]
    /// One sentence for everything that is wrong, in the order found.
    package var problems: [String]
}

/// What there is in one array.
package struct ArraySummary: Sendable, Equatable {
    /// The name in the file.
    package var name: String
    /// `visual`, `text`, `response`, `reference`, `id`, `group`, `score`, `log_prob`; the name of a further modality;
    /// nil for what would not be used.
    package var role: String?
    /// As stored.
    package var shape: [Int]
    /// The element type as stored; `text` and `number` for text files.
    package var dtype: String
    /// `C` or `Fortran`, with the byte order when it is big-endian.
    package var order: String
    /// Statistics of the rows; nil for texts and for arrays without rows.
    package var statistics: RowStatistics?
    /// How many rows are equal to an earlier row.
    package var duplicateRowCount: Int
    /// The first elements of the first row; nil stands for an element that is not finite. Empty for texts.
    package var previewValues: [Double?]
    /// The first texts. Empty for numbers.
    package var previewTexts: [String]
}

/// What the rows of an array of numbers are like.
package struct RowStatistics: Sendable, Equatable {
    /// The smallest Euclidean norm of a row with finite elements; nil when there is none.
    package var normMinimum: Double?
    /// The mean of the norms.
    package var normMean: Double?
    /// The largest norm.
    package var normMaximum: Double?
    /// How many rows have norm zero.
    package var zeroRowCount: Int
    /// How many rows have an element that is NaN or infinite.
    package var nonFiniteRowCount: Int
    /// The first of them, at most ten, counted from 0.
    package var nonFiniteRows: [Int]
    /// How many columns have one value in all rows.
    package var constantColumnCount: Int
}
