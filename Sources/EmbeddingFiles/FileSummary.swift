/// What there is in one file or folder, for `emi inspect`.
public struct FileSummary: Sendable, Equatable {
    /// The path, as given.
    public var path: String
    /// `npy`, `npz`, `safetensors`, `jsonl`, `csv`, `tsv` or `folder`.
    public var format: String
    /// What the file holds when that is no samples: a saved fit, the weights of a network; nil for data.
    public var content: String?
    /// The arrays that could be read, in the order of the file.
    public var arrays: [ArraySummary]
    /// One sentence for everything that is wrong, in the order found.
    public var problems: [String]
}

/// What there is in one array.
public struct ArraySummary: Sendable, Equatable {
    /// The name in the file.
    public var name: String
    /// `visual`, `text`, `response`, `reference`, `id`, `group`, `score`, `log_prob`; the name of a further modality;
    /// nil for what would not be used.
    public var role: String?
    /// As stored.
    public var shape: [Int]
    /// The element type as stored; `text` and `number` for text files.
    public var dtype: String
    /// `C` or `Fortran`, with the byte order when it is big-endian.
    public var order: String
    /// Statistics of the rows; nil for texts and for arrays without rows.
    public var statistics: RowStatistics?
    /// How many rows are equal to an earlier row.
    public var duplicateRowCount: Int
    /// The first elements of the first row; nil stands for an element that is not finite. Empty for texts.
    public var previewValues: [Double?]
    /// The first texts. Empty for numbers.
    public var previewTexts: [String]
}

/// What the rows of an array of numbers are like.
public struct RowStatistics: Sendable, Equatable {
    /// The smallest Euclidean norm of a row with finite elements; nil when there is none.
    public var normMinimum: Double?
    /// The mean of the norms.
    public var normMean: Double?
    /// The largest norm.
    public var normMaximum: Double?
    /// How many rows have norm zero.
    public var zeroRowCount: Int
    /// How many rows have an element that is NaN or infinite.
    public var nonFiniteRowCount: Int
    /// The first of them, at most ten, counted from 0.
    public var nonFiniteRows: [Int]
    /// How many columns have one value in all rows.
    public var constantColumnCount: Int
}
