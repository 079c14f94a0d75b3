import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics

/// Repeats are worth a warning above this share of rows.
let noticeableShare = 0.05

/// Warnings about the rows of one set.
func inputWarnings(_ set: SampleSet, contents: [[UInt64]], copyCount: Int = 0) -> [RunWarning] {
    let answers = answerWarnings(set)
    let duplicates = answers.contains { $0.code == .constantResponse } ? nil : duplicateRows(contents, copyCount: copyCount)
    return [fewGroups(set.groups ?? set.identifiers, rowCount: set.rowCount)].compactMap { $0 }
        + set.modalities.filter(\.rows.rowsAreEqual).map { modality in
            RunWarning(
                .constantModality, "all rows of '\(modality.name)' are equal: it carries no information in this set")
        } + repeatedQueries(set) + answers + [duplicates, set.identifiers.flatMap { repeatedIdentifiers($0, set) }].compactMap { $0 }
}

/// Warns when standard errors rest on few groups, or on a few that outweigh the others. Without labels every row is a group.
func fewGroups(_ groups: [String]?, rowCount: Int) -> RunWarning? {
    let sizes = groups.map { Dictionary($0.map { ($0, 1.0) }, uniquingKeysWith: +).values.map { $0 } }
    let units = sizes?.count ?? rowCount
    let effective = sizes.map(effectiveGroupCount) ?? Double(rowCount)
    guard effective < 20 else { return nil }
    let words =
        "\(units) independent group\(units == 1 ? "" : "s") of rows"
        + (effective < 0.9 * Double(units) ? ", which weigh as \(Int(effective.rounded())) equal ones" : "")
    return RunWarning(.fewGroups, words + ": below 20, standard errors and intervals are rough")
}

/// Warns when rows share a part of the query but no groups say that they were sampled together.
private func repeatedQueries(_ set: SampleSet) -> [RunWarning] {
    guard set.groups == nil else { return [] }
    return set.modalities.compactMap { modality in
        let distinctCount = Set(modality.rows.rowFingerprints).count
        // A handful of prompts is a fixed condition of the study, not a sample from a population.
        guard distinctCount >= 10, Double(set.rowCount - distinctCount) > noticeableShare * Double(set.rowCount) else { return nil }
        return RunWarning(
            .repeatedQuery,
            "\(set.rowCount) rows have \(distinctCount) different rows of '\(modality.name)': where these were sampled and the rest asked of "
                + "them, rows depend on each other, and --group \(modality.name) says so")
    }
}

/// Warns when all or most rows have the same response.
private func answerWarnings(_ set: SampleSet) -> [RunWarning] {
    if set.response.rowsAreEqual {
        return [RunWarning(.constantResponse, "all responses are equal: I(X; Y_theta) is 0 and EMI is -I(X; Y)")]
    }
    let counts = Dictionary(set.response.rowFingerprints.map { ($0, 1) }, uniquingKeysWith: +)
    let most = counts.values.max() ?? 0
    guard 2 * most > set.rowCount else { return [] }
    return [
        RunWarning(
            .repeatedResponse,
            "\(most) of \(set.rowCount) responses are one and the same: a refusal or a default answer, perhaps")
    ]
}

/// Warns when rows repeat another row of the set in every array, as when an export ran twice.
///
/// - Parameter copyCount: the number of rows that count as the same item as an earlier row.
private func duplicateRows(_ rows: [[UInt64]], copyCount: Int) -> RunWarning? {
    if copyCount > 0 {
        return RunWarning(
            .duplicateRows,
            "\(copyCount) of \(rows.count) rows repeat the query and the reference of another row: each is one item with it, for folds and "
                + "standard errors alike")
    }
    let repeats = rows.count - Set(rows).count
    guard Double(repeats) > noticeableShare * Double(rows.count) else { return nil }
    return RunWarning(
        .duplicateRows,
        "\(repeats) of \(rows.count) rows repeat another row in every array: they count as further evidence, but are none")
}

/// Warns when rows share an identifier: they count as one group, which the user may not have meant.
private func repeatedIdentifiers(_ identifiers: [String], _ set: SampleSet) -> RunWarning? {
    let repeated = Dictionary(identifiers.map { ($0, 1) }, uniquingKeysWith: +).values.filter { $0 > 1 }
    guard !repeated.isEmpty else { return nil }
    return RunWarning(
        .repeatedIdentifiers,
        "\(repeated.count) of the ids of \(set.name) occur in several rows (\(repeated.reduce(0, +)) rows): "
            + (set.groups == nil
                ? "rows of one id are taken as one group" : "only the first row of an id is paired with another set"))
}

/// The warning that a note of the reader becomes.
func warning(_ note: InputNote) -> RunWarning {
    RunWarning(note.code.flatMap(WarningCode.init) ?? .inputNote, note.message)
}

extension SampleSet {
    /// For each row one fingerprint an array; equal rows have equal fingerprints.
    var contentFingerprints: [[UInt64]] {
        let arrays = modalities.map(\.fingerprints) + [responseFingerprints, referenceFingerprints]
        return (0..<rowCount).map { row in arrays.map { $0[row] } }
    }
}

extension Matrix {
    /// Whether all rows are equal.
    var rowsAreEqual: Bool {
        (1..<max(1, rowCount)).allSatisfy { row($0).elementsEqual(row(0)) }
    }
}
