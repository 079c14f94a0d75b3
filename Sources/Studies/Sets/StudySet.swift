import EmbeddingFiles
import LinearAlgebra

/// One set of a study: where to find its rows, and what the user says about it.
public struct StudySet: Sendable {
    /// Its name in reports.
    package let name: String
    /// A free word that groups scenarios.
    package let kind: String?
    /// The rows, or the files that hold them.
    package let data: Data
    /// A score from outside, such as accuracy, to correlate with EMI.
    package let score: Double?
    /// Further scores from outside, by name.
    package let namedScores: [String: Double]
    /// Review files of LLaVA's judge, from which a score can be computed.
    package let reviews: [String]
    /// The file of the model's confidences, for `emi calibrate`; nil if the bundle holds them.
    package let confidences: String?

    /// The place where a set keeps its rows.
    package enum Data: Sendable {
        /// The set is in files, which are read only when its rows are needed.
        case files(SampleSource)
        /// The set is in memory.
        case table(SampleTable)
    }

    /// A set in files.
    ///
    /// - Parameter name: the name in reports; nil takes that of the file.
    package init(
        name: String? = nil, kind: String? = nil, source: SampleSource, score: Double? = nil,
        namedScores: [String: Double] = [:], reviews: [String] = [], confidences: String? = nil
    ) {
        self.name = name ?? source.name
        self.kind = kind
        data = .files(source)
        self.score = score
        self.namedScores = namedScores
        self.reviews = reviews
        self.confidences = confidences
    }

    /// A set in memory.
    package init(kind: String? = nil, table: SampleTable, score: Double? = nil) {
        name = table.name
        self.kind = kind
        data = .table(table)
        self.score = score
        namedScores = [:]
        reviews = []
        confidences = nil
    }

    /// A set in a file: a bundle (`.npz`, `.safetensors`), a folder of arrays, or texts (`.jsonl`, `.csv`, `.tsv`).
    ///
    /// - Parameters:
    ///   - path: the file; nothing is read before the study runs.
    ///   - name: the name in reports; nil takes that of the file.
    ///   - reference: a file of references, if the bundle has none.
    ///   - group: the name of the array or key that says which rows depend on each other.
    public static func file(
        _ path: String, name: String? = nil, kind: String? = nil, score: Double? = nil, reference: String? = nil,
        group: String? = nil
    ) -> StudySet {
        StudySet(
            name: name, kind: kind, source: SampleSource(bundle: path, reference: reference, groupKey: group), score: score)
    }

    /// A set in memory: n aligned rows.
    ///
    /// - Parameters:
    ///   - visual: n embeddings of the visual part of the query; at least one part of the query has to be given.
    ///   - text: n embeddings of the textual part of the query.
    ///   - others: further parts of the query, by name.
    ///   - response: n embeddings of the model's responses.
    ///   - reference: n embeddings of the references, of the same width.
    ///   - identifiers: n names of items; the same name in two sets is the same item.
    ///   - groups: n labels; rows with one label depend on each other, such as several questions on one image.
    ///   - scores: n scores of the single answers.
    /// - Throws: `RunError` for arrays of different lengths, rows of different widths and numbers that are not finite.
    public init(
        name: String, kind: String? = nil, visual: [[Double]]? = nil, text: [[Double]]? = nil,
        others: [(name: String, rows: [[Double]])] = [], response: [[Double]], reference: [[Double]],
        identifiers: [String]? = nil, groups: [String]? = nil, scores: [Double]? = nil, score: Double? = nil
    ) throws {
        let parts =
            [("visual", visual), ("text", text)].compactMap { name, rows in rows.map { (name, $0) } }
            + others.map { ($0.name, $0.rows) }
        guard !parts.isEmpty else {
            throw RunError(
                code: "missing_modality", message: "\(name): expected a part of the query, found none", hint: "give visual or text")
        }
        let arrays = ArraysInMemory(set: name, rowCount: response.count)
        for (label, count) in [("identifiers", identifiers?.count), ("groups", groups?.count), ("scores", scores?.count)] {
            if let count { try arrays.checkCount(count, of: label) }
        }
        self.init(
            kind: kind,
            table: SampleTable(
                name: name, modalities: try parts.map { try arrays.column($0.0, $0.1) },
                response: try arrays.column("response", response),
                reference: try arrays.column("reference", reference, width: response.first?.count),
                identifiers: identifiers, groups: groups, scores: scores),
            score: score)
    }

    /// Every file that the set names.
    package var files: [String] {
        switch data {
        case .files(let source): source.files + reviews
        case .table: []
        }
    }

    /// The score from outside: the number that was given, or else the one that the reviews give.
    ///
    /// - Throws: what `relativePreference` throws.
    package func externalScore() throws -> Double? {
        if let score { return score }
        return reviews.isEmpty ? nil : try relativePreference(inReviews: reviews).value
    }

    /// Describes the set and its files as they are now. A resumed run compares it to notice that something has changed.
    package var fingerprint: String {
        var selection = ("", "")
        if case .files(let source) = data {
            let rows = [source.identifierKey.map { "key \($0)" }, source.rows.map { "rows \($0.entries.joined(separator: ","))" }]
            selection = (
                source.groupKey ?? "",
                ([source.selectedModalities?.joined(separator: ",") ?? ""] + rows.compactMap { $0 }).joined(separator: ", ")
            )
        }
        return "\(name) (\(kind ?? ""), \(score.map { "\($0)" } ?? ""), \(selection.0), \(selection.1)"
            + namedScores.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value)" }.joined() + "): "
            + files.map { "\($0): \(fileFingerprint($0))" }.joined(separator: "; ")
    }
}

/// Checks the arrays that a program has in memory as the readers check those of files.
private struct ArraysInMemory {
    let set: String
    let rowCount: Int

    func checkCount(_ count: Int, of array: String) throws {
        guard count == rowCount, count > 0 else {
            throw RunError(
                code: "row_count_mismatch",
                message: "\(set): array '\(array)': expected \(max(1, rowCount)) rows, as in 'response', found \(count)",
                hint: "row i of all arrays has to belong to the same item")
        }
    }

    func column(_ name: String, _ rows: [[Double]], width: Int? = nil) throws -> Column {
        try checkCount(rows.count, of: name)
        let width = width ?? rows[0].count
        for (index, row) in rows.enumerated() {
            guard row.count == width, width > 0 else {
                throw RunError(
                    code: "width_mismatch",
                    message: "\(set): array '\(name)', row \(index) (from 0): expected \(max(1, width)) columns, found \(row.count)",
                    hint: "embed all rows with one encoder")
            }
            if let column = row.firstIndex(where: { !$0.isFinite }) {
                throw RunError(
                    code: "not_finite",
                    message: "\(set): array '\(name)', row \(index), column \(column) (from 0): expected a finite number, "
                        + "found \(row[column])",
                    hint: "take the row out or embed it again")
            }
        }
        let matrix = Matrix(rowCount: rows.count, columnCount: width, elements: rows.flatMap { $0 })
        return Column(name: name, values: .vectors(matrix), file: set, key: name)
    }
}
