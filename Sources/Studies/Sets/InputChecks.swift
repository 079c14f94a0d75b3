import EmbeddingFiles
import Information
import LinearAlgebra
import TextFeatures

/// Names that reports use for other things in the places where modalities are named.
private let reservedNames: Set<String> = [
    "joint", "output", "output_id", "output_ood", "concept", "interaction", "finite_sample", "response", "reference",
]

/// The most modalities that a set may have, more than anyone does; subsets of them have to fit into a bit mask.
private let modalityLimit = 32

/// Throws unless the set has the same modalities as the ID set, and every array the same width.
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
        let common = expected.filter(found.contains)
        throw RunError(
            code: "modality_mismatch",
            message: "\(table.response.file): expected the modalities of the ID set (\(expected.joined(separator: ", "))), "
                + "found \(found.joined(separator: ", "))",
            hint: common.isEmpty
                ? "name the array as in the ID set, on the command line with --ood-modality \(expected.first ?? "NAME")=FILE"
                : "compare what both sets have with --modalities \(common.joined(separator: ","))")
    }
    let idColumns = id.modalities + [id.response, id.reference]
    for (left, right) in zip(idColumns, table.modalities + [table.response, table.reference]) {
        try checkWidths(left, right)
    }
}

extension SampleTable {
    /// The table with its modalities in the order of the ID set's, if both have the same names; otherwise as it is. Flags and manifests
    /// may name modalities in any order.
    func inOrder(of id: SampleTable) -> SampleTable {
        let names = id.modalities.map(\.name)
        let ordered = names.compactMap { name in modalities.first { $0.name == name } }
        guard ordered.count == modalities.count, names.count == modalities.count else { return self }
        var table = self
        table.modalities = ordered
        return table
    }
}

/// Throws unless both columns hold texts, or both hold vectors of the same width.
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

/// Throws when the settings ask for what the columns do not allow: `--fuse mean` for modalities that cannot be averaged,
/// `--no-normalize` for values whose squares overflow.
func checkFusion(_ table: SampleTable, settings: StudySettings) throws {
    if !settings.normalize {
        for column in table.modalities + [table.response, table.reference] {
            try checkMagnitudes(column, hint: "leave out --no-normalize, or divide the array by a constant")
        }
    }
    guard settings.fuse == .mean else { return }
    // Texts become vectors of the featurizer's width; vectors keep their own.
    let widths = table.modalities.map { $0.values.width ?? TextFeaturizer().dimension }
    guard let first = widths.first, let other = widths.first(where: { $0 != first }) else { return }
    throw RunError(
        code: "width_mismatch",
        message: "\(table.response.file): expected modalities of one width for --fuse mean, found \(first) and \(other) columns",
        hint: "use --fuse concat or --fuse product")
}

/// Throws for a row of norm 0, which has no direction.
///
/// - Parameter firstRow: the position of the first of `rows` in the column.
func checkNorms(_ rows: Matrix, _ column: Column, firstRow: Int = 0) throws {
    guard let row = rows.largestRowMagnitudes.firstIndex(of: 0) else { return }
    throw RunError(
        code: "zero_norm",
        message: "\(column.file): array '\(column.key)', row \(firstRow + row) (from 0): expected a vector with a direction, "
            + "found norm zero",
        hint: "remove the row, embed it again, or use the vectors as they are with --no-normalize")
}

/// Throws for values so large or so small that sums of their squares overflow or vanish.
func checkMagnitudes(_ column: Column, hint: String) throws {
    guard case .vectors(let rows) = column.values else { return }
    try checkMagnitudes(rows, column, hint: hint)
}

/// Throws for values so large or so small that sums of their squares overflow or vanish.
///
/// - Parameter firstRow: the position of the first of `rows` in the column.
func checkMagnitudes(_ rows: Matrix, _ column: Column, firstRow: Int = 0, hint: String) throws {
    let magnitudes = rows.largestRowMagnitudes
    guard let largest = magnitudes.max(), largest > 0, !(1e-100...1e100).contains(largest),
        let row = magnitudes.firstIndex(of: largest)
    else { return }
    throw RunError(
        code: "extreme_values",
        message: "\(column.file): array '\(column.key)', row \(firstRow + row) (from 0): expected values between 1e-100 and 1e100, "
            + "whose squares are numbers, found \(largest) as the largest",
        hint: hint)
}

/// Throws when all references are equal: then no answer can say anything about the reference.
func checkReferencesDiffer(_ set: SampleSet, _ column: Column) throws {
    try checkRowsDiffer(set.reference, column, as: "references")
}

/// Throws when all rows are equal, since mutual information with a constant is zero; `words` names the rows in the message.
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
