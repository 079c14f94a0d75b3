import EmbeddingFiles

/// What `emi inspect` prints.
package struct InspectionReport: Codable, Sendable, Equatable {
    package var files: [File]

    /// One file or folder.
    package struct File: Codable, Sendable, Equatable {
        package var path: String
        package var format: String
        /// What the file is if it holds no data, such as a saved fit or the weights of a network.
        package var content: String?
        package var arrays: [Array]
        package var problems: [String]
    }

    /// One array.
    package struct Array: Codable, Sendable, Equatable {
        package var name: String
        /// The role in which `emi` would use the array; absent if it would not.
        package var role: String?
        package var shape: [Int]
        package var dtype: String
        package var order: String
        package var normMinimum: Double?
        package var normMean: Double?
        package var normMaximum: Double?
        package var nonFiniteRows: [Int]?
        package var constantColumnCount: Int?
        package var duplicateRowCount: Int
        package var previewValues: [Double?]?
        package var previewTexts: [String]?
    }

    /// The report of some files.
    package init(_ summaries: [FileSummary]) {
        files = summaries.map { summary in
            File(
                path: summary.path, format: summary.format, content: summary.content,
                arrays: summary.arrays.map(Array.init),
                problems: summary.problems)
        }
    }

    /// A table for each file, with its problems below.
    package var text: String {
        files.map { file in
            let table = TextTable(
                header: ["array", "used as", "shape", "dtype", "norms", "repeats", "first values"],
                rows: file.arrays.map { array in
                    [
                        array.name, array.role ?? "not used", array.sizes, array.dtype,
                        array.norms, "\(array.duplicateRowCount)", array.preview,
                    ]
                }, dispensable: ["first values", "repeats", "norms"])
            let notes = file.arrays.flatMap(\.notes) + file.problems.map { "problem: \($0)" }
            let names = Set(file.arrays.map(\.name))
            let isConfidences = names.isSuperset(of: ["confidence", "correct"]) || names.isSuperset(of: ["options", "label"])
            let use = isConfidences ? "  its confidences are for emi calibrate\n" : ""
            let content = file.content.map { ": \($0)" } ?? ""
            return "\(file.path.withoutControls) (\(file.format))\(content)\n" + table.plain
                + use + notes.map { "  \($0.withoutControls)\n" }.joined()
        }.joined(separator: "\n")
    }
}

extension InspectionReport.Array {
    init(_ summary: ArraySummary) {
        let statistics = summary.statistics
        self.init(
            name: summary.name, role: summary.role, shape: summary.shape, dtype: summary.dtype, order: summary.order,
            normMinimum: statistics?.normMinimum?.ifFinite, normMean: statistics?.normMean?.ifFinite,
            normMaximum: statistics?.normMaximum?.ifFinite,
            nonFiniteRows: statistics?.nonFiniteRows, constantColumnCount: statistics?.constantColumnCount,
            duplicateRowCount: summary.duplicateRowCount,
            previewValues: summary.previewValues.isEmpty ? nil : summary.previewValues,
            previewTexts: summary.previewTexts.isEmpty ? nil : summary.previewTexts)
    }

    fileprivate var sizes: String { shape.isEmpty ? "-" : shape.map(String.init).joined(separator: "x") }

    fileprivate var norms: String {
        guard let normMinimum, let normMaximum else { return "-" }
        func text(_ norm: Double) -> String {
            norm > 0 && norm < 0.0005 ? Numbers.scientific(norm) : Numbers.decimal(norm)
        }
        let (low, high) = (text(normMinimum), text(normMaximum))
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
        if let count = constantColumnCount, count > 0 {
            notes.append("\(name): \(count == 1 ? "1 column is" : "\(count) columns are") constant")
        }
        return notes
    }
}

extension Double {
    /// The number, or nil if JSON cannot hold it: norms of rows near the largest double are infinite.
    fileprivate var ifFinite: Double? { isFinite ? self : nil }
}
