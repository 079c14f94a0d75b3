import EmbeddingFiles

/// What `emi inspect` prints.
public struct InspectionReport: Codable, Sendable, Equatable {
    public var files: [File]

    /// One file or folder.
    public struct File: Codable, Sendable, Equatable {
        public var path: String
        public var format: String
        public var arrays: [Array]
        public var problems: [String]
    }

    /// One array.
    public struct Array: Codable, Sendable, Equatable {
        public var name: String
        /// How `emi` would use it; absent where it would not.
        public var role: String?
        public var shape: [Int]
        public var dtype: String
        public var order: String
        public var normMinimum: Double?
        public var normMean: Double?
        public var normMaximum: Double?
        public var nonFiniteRows: [Int]?
        public var constantColumnCount: Int?
        public var duplicateRowCount: Int
        public var previewValues: [Double?]?
        public var previewTexts: [String]?
    }

    /// The report of some files.
    public init(_ summaries: [FileSummary]) {
        files = summaries.map { summary in
            File(
                path: summary.path, format: summary.format, arrays: summary.arrays.map(Array.init),
                problems: summary.problems)
        }
    }

    /// A table a file, its problems below.
    public var text: String {
        files.map { file in
            let table = TextTable(
                header: ["array", "used as", "shape", "dtype", "norms", "repeats", "first values"],
                rows: file.arrays.map { array in
                    [
                        array.name, array.role ?? "-", array.shape.map(String.init).joined(separator: "x"), array.dtype,
                        array.norms, "\(array.duplicateRowCount)", array.preview,
                    ]
                })
            let notes = file.arrays.flatMap(\.notes) + file.problems.map { "problem: \($0)" }
            return "\(file.path) (\(file.format))\n" + table.plain + notes.map { "  \($0)\n" }.joined()
        }.joined(separator: "\n")
    }
}

extension InspectionReport.Array {
    init(_ summary: ArraySummary) {
        let statistics = summary.statistics
        self.init(
            name: summary.name, role: summary.role, shape: summary.shape, dtype: summary.dtype, order: summary.order,
            normMinimum: statistics?.normMinimum, normMean: statistics?.normMean, normMaximum: statistics?.normMaximum,
            nonFiniteRows: statistics?.nonFiniteRows, constantColumnCount: statistics?.constantColumnCount,
            duplicateRowCount: summary.duplicateRowCount,
            previewValues: summary.previewValues.isEmpty ? nil : summary.previewValues,
            previewTexts: summary.previewTexts.isEmpty ? nil : summary.previewTexts)
    }

    fileprivate var norms: String {
        guard let normMinimum, let normMaximum else { return "-" }
        let (low, high) = (Numbers.decimal(normMinimum), Numbers.decimal(normMaximum))
        return low == high ? low : "\(low) to \(high)"
    }

    fileprivate var preview: String {
        if let text = previewTexts?.first {
            return text.count > 32 ? text.prefix(31) + "…" : text
        }
        return (previewValues ?? []).prefix(3).map { $0.map { Numbers.decimal($0) } ?? "not finite" }.joined(separator: " ")
    }

    fileprivate var notes: [String] {
        var notes: [String] = []
        if let rows = nonFiniteRows, !rows.isEmpty {
            notes.append("\(name): rows that are not finite (from 0): \(rows.map(String.init).joined(separator: ", "))")
        }
        if let count = constantColumnCount, count > 0 { notes.append("\(name): \(count) columns are constant") }
        return notes
    }
}
