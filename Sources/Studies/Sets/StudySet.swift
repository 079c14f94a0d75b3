import EmbeddingFiles
import LinearAlgebra

/// One set of a study: where its rows are, and what is known about it.
package struct StudySet: Sendable {
    /// Its name in reports.
    package let name: String
    /// A free word that groups scenarios.
    package let kind: String?
    /// Where its rows are.
    package let data: Data
    /// An external score.
    package let score: Double?
    /// Review files of LLaVA's judge, which give one.
    package let reviews: [String]

    /// Where rows are.
    package enum Data: Sendable {
        /// In files, which are read when the rows are needed.
        case files(SampleSource)
        /// In memory.
        case table(SampleTable)
    }

    /// A set in files.
    ///
    /// - Parameter name: nil takes that of the file.
    package init(
        name: String? = nil, kind: String? = nil, source: SampleSource, score: Double? = nil, reviews: [String] = []
    ) {
        self.name = name ?? source.name
        self.kind = kind
        data = .files(source)
        self.score = score
        self.reviews = reviews
    }

    /// A set in memory.
    package init(kind: String? = nil, table: SampleTable, score: Double? = nil) {
        name = table.name
        self.kind = kind
        data = .table(table)
        self.score = score
        reviews = []
    }

    /// Every file that the set names.
    package var files: [String] {
        switch data {
        case .files(let source): source.files + reviews
        case .table: []
        }
    }

    /// The score that was given, as a number or by a review.
    ///
    /// - Throws: as `relativePreference`.
    package func externalScore() throws -> Double? {
        if let score { return score }
        return reviews.isEmpty ? nil : try relativePreference(inReviews: reviews).value
    }

    /// The set and its files as they are now: what a run that goes on later compares.
    package var fingerprint: String {
        var selection = ("", "")
        if case .files(let source) = data {
            let rows = [source.identifierKey.map { "key \($0)" }, source.rows.map { "rows \($0.entries.joined(separator: ","))" }]
            selection = (
                source.groupKey ?? "",
                ([source.selectedModalities?.joined(separator: ",") ?? ""] + rows.compactMap { $0 }).joined(separator: ", ")
            )
        }
        return "\(name) (\(kind ?? ""), \(score.map { "\($0)" } ?? ""), \(selection.0), \(selection.1)): "
            + files.map { "\($0): \(fileFingerprint($0))" }.joined(separator: "; ")
    }
}
