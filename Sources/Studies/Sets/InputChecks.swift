import EmbeddingFiles
import Information
import LinearAlgebra
import TextFeatures

/// Names that the report uses beside those of modalities.
private let reservedNames: Set<String> = [
    "joint", "output", "output_id", "output_ood", "concept", "interaction", "finite_sample", "response", "reference",
]

/// More modalities than anyone has; subsets of them are bit masks.
private let modalityLimit = 32

/// Throws unless the set has the modalities and widths of the ID set.
func checkAgreement(id: SampleTable, _ table: SampleTable) throws {
    guard table.modalities.count <= modalityLimit else {
        throw RunError(
            code: "too_many_modalities",
            message: "\(table.response.file): expected at most \(modalityLimit) modalities, found \(table.modalities.count)",
            hint: "choose some with --modalities")
    }
    for column in table.modalities where reservedNames.contains(column.name) {
        throw RunError(
            code: "reserved_name",
            message: "\(column.file): expected a modality with a name of its own, found '\(column.name)'",
            hint: "rename the array, or give it as --id-modality NAME=FILE")
    }
    let (expected, found) = (id.modalities.map(\.name), table.modalities.map(\.name))
    guard expected == found else {
        throw RunError(
            code: "modality_mismatch",
            message: "\(table.response.file): expected the modalities of the ID set (\(expected.joined(separator: ", "))), "
                + "found \(found.joined(separator: ", "))",
            hint: "choose the ones that both sets have with --modalities")
    }
    let idColumns = id.modalities + [id.response, id.reference]
    for (left, right) in zip(idColumns, table.modalities + [table.response, table.reference]) {
        try checkWidths(left, right)
    }
}

/// Throws unless both columns hold texts, or vectors of one width.
func checkWidths(_ expected: Column, _ found: Column) throws {
    guard expected.values.width != found.values.width else { return }
    throw RunError(
        code: "width_mismatch",
        message: "\(found.file): array '\(found.key)': expected \(expected.kind), as in '\(expected.key)' of "
            + "\(expected.file), found \(found.kind)",
        hint: "embed both with the same encoder")
}

extension Column {
    /// What the column holds, in words.
    fileprivate var kind: String { values.width.map { "\($0) columns" } ?? "texts" }
}

/// Throws where the settings ask for what the columns do not allow: `--fuse mean` for modalities that cannot be averaged,
/// `--no-normalize` for values whose squares overflow.
func checkFusion(_ table: SampleTable, settings: StudySettings) throws {
    if !settings.normalize {
        for column in table.modalities + [table.response, table.reference] {
            try checkMagnitudes(column, hint: "leave out --no-normalize, or divide the array by a constant")
        }
    }
    guard settings.fuse == .mean else { return }
    // A text gets the width of the featurizer; vectors keep theirs.
    let widths = table.modalities.map { $0.values.width ?? TextFeaturizer().dimension }
    guard let first = widths.first, let other = widths.first(where: { $0 != first }) else { return }
    throw RunError(
        code: "width_mismatch",
        message: "\(table.response.file): expected modalities of one width for --fuse mean, found \(first) and \(other) columns",
        hint: "use --fuse concat or --fuse product")
}

/// Throws for a row without a direction.
func checkNorms(_ rows: Matrix, _ column: Column) throws {
    guard let row = rows.largestRowMagnitudes.firstIndex(of: 0) else { return }
    throw RunError(
        code: "zero_norm",
        message: "\(column.file): array '\(column.key)', row \(row) (from 0): expected a vector with a direction, "
            + "found norm zero",
        hint: "remove the row, embed it again, or use the vectors as they are with --no-normalize")
}

/// Throws for values whose squares, added up over rows and columns, are not numbers any more.
func checkMagnitudes(_ column: Column, hint: String) throws {
    guard case .vectors(let rows) = column.values else { return }
    let magnitudes = rows.largestRowMagnitudes
    guard let largest = magnitudes.max(), largest > 0, !(1e-100...1e100).contains(largest),
        let row = magnitudes.firstIndex(of: largest)
    else { return }
    throw RunError(
        code: "extreme_values",
        message: "\(column.file): array '\(column.key)', row \(row) (from 0): expected values between 1e-100 and 1e100, "
            + "whose squares are numbers, found \(largest) as the largest",
        hint: hint)
}

/// Throws where all references are equal: there is nothing that an answer could be about.
func checkReferencesDiffer(_ set: SampleSet, _ column: Column) throws {
    try checkRowsDiffer(set.reference, column, as: "references")
}

/// Throws where all rows are equal, since mutual information with a constant is zero; `words` says what the rows are.
func checkRowsDiffer(_ rows: Matrix, _ column: Column, as words: String) throws {
    guard rows.rowCount > 1 else {
        throw RunError(
            code: "too_few_rows", message: "\(column.file): expected at least 2 rows, found 1", hint: "give more rows")
    }
    guard rows.rowsAreEqual else { return }
    throw RunError(
        code: "zero_variance",
        message: "\(column.file): array '\(column.key)': expected \(words) that differ, "
            + "found all \(rows.rowCount) rows equal",
        hint: "mutual information with a constant is zero: check that the right array was exported")
}
