import EmbeddingFiles
import Foundation
import Studies

/// What an unfinished batch leaves for the run that continues it: one JSON object on each line. Every line is written in one piece, so a
/// kill at any moment costs at most the last line.
package enum JournalLine: Codable, Sendable, Equatable {
    /// The first line: everything that the numbers depend on.
    case key(JournalKey)
    /// The ID set.
    case id(Report.SampleSet)
    /// A finished scenario, in the units of the key's settings.
    case scenario(Report.Scenario)
    /// The rows of a set, if rows are kept.
    case rows(RowsFile.Rows)
    /// The results of another estimator for one set, if all estimators were asked for.
    case estimator(Report.EstimatorRun)

    /// The line, without a line break.
    ///
    /// - Throws: `EncodingError` for a number that is not finite.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads a line; nil if it was cut off.
    package init?(_ text: some StringProtocol) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let line = try? decoder.decode(JournalLine.self, from: Data(text.utf8)) else { return nil }
        self = line
    }
}

/// Everything that the numbers of a batch depend on.
package struct JournalKey: Codable, Sendable, Equatable {
    /// The program that wrote the journal.
    package var version = emiVersion
    /// The settings of the run.
    package var settings: StudySettings
    /// A description of each set with the sizes and times of its files, sorted.
    package var sets: [String]

    /// The key of a study.
    package init(_ study: Study) {
        settings = study.settings.resolved
        sets = ((study.sets + study.companions).map(\.fingerprint) + study.appliedFiles.map { "\($0): \(fileFingerprint($0))" }).sorted()
    }

    /// What differs from another key, in words; nil when nothing does.
    package func difference(from other: JournalKey) -> String? {
        if version != other.version { return "emi is another version" }
        if settings != other.settings { return "the settings differ" }
        guard sets != other.sets else { return nil }
        let changed = sets.first { !other.sets.contains($0) } ?? other.sets.first { !sets.contains($0) } ?? ""
        return "the files changed: \(changed)"
    }
}
