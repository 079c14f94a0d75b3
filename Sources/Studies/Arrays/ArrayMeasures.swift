import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics
import TextFeatures

/// I(X; Y) of two arrays with its uncertainty, in nats.
package struct MutualInformationResult: Sendable {
    /// The estimate with its standard error and interval.
    package let estimate: UncertainValue
    /// The p-value of "x and y are independent", from random pairings of the rows; nil without pairings.
    package let pValue: Double?
    /// A lower and an upper bound; nil if nobody asked for them.
    package let bracket: InformationBracket?
    /// What `auto` chose, and why; nil for other estimators.
    package let choice: AutoInformation.Choice?
    /// The number of rows n.
    package let sampleCount: Int
    /// The number of groups of dependent rows; nil if the files have none.
    package let groupCount: Int?
    /// What the reader should know.
    package let warnings: [RunWarning]
}

/// The divergence of two arrays.
package struct DivergenceResult: Sendable {
    /// The divergence and its distribution under relabelling, in nats.
    package let estimate: DivergenceEstimate
    /// The debiased divergence with its interval; nil without relabellings.
    package let excess: UncertainValue?
    /// The number of rows of each array.
    package let sampleCounts: [Int]
    /// The number of groups of dependent rows in each array; nil if neither file has any.
    package let groupCounts: [Int]?
    /// What the reader should know.
    package let warnings: [RunWarning]
}

/// Estimates the mutual information of the paired rows of two arrays. Rows of one group are left out together and count as one.
///
/// - Parameters:
///   - groupKey: the name of the groups, if the user gave one.
///   - bracketed: whether to compute bounds beside the estimate.
///   - hasError: whether to compute a standard error and an interval.
/// - Throws: `RunError` or an error of the estimator.
package func runMutualInformation(
    x: GroupedColumn, y: GroupedColumn, groupKey: String? = nil, bracketed: Bool = false, hasError: Bool = true, settings: StudySettings,
    threadCount: Int
) throws -> MutualInformationResult {
    let (first, second) = (x.column, y.column)
    guard first.values.rowCount == second.values.rowCount else {
        throw RunError(
            code: "row_count_mismatch",
            message: "\(second.file): array '\(second.key)': expected \(first.values.rowCount) rows, as in "
                + "'\(first.key)' of \(first.file), found \(second.values.rowCount)",
            hint: "row i of both arrays has to belong to the same item")
    }
    let groups = try pairedGroups(x, y, key: groupKey)
    let hint = "divide the array by a constant, or use --normalize"
    let queries = try matrix(first, settings: settings, magnitudeHint: hint)
    let answers = try matrix(second, settings: settings, magnitudeHint: hint)
    try checkRowsDiffer(answers, second, as: "rows")
    let set = SampleSet(
        name: first.file, modalities: [Modality(name: "x", rows: queries)], response: answers, reference: answers,
        groups: groups)
    let estimator = try settings.makeEstimator()
    let found: InformationEstimate
    let pValue: Double?
    do {
        try estimator.check(set)
        found = try estimator.information(set, hasError: hasError, threadCount: threadCount)
        pValue = try found.independenceTest(
            hasError ? settings.pairingCount(rowCount: set.rowCount) : 0, settings.seed)?.referencePValue
    } catch let error as EstimationError {
        throw error.inWords(x: first, y: second)
    }
    let groupCount = groups.map { Set($0).count }
    var warnings = [fewGroups(groups, rowCount: set.rowCount), groupedRowsWarning(groups, type(of: estimator).about)].compactMap { $0 }
    if queries.rowsAreEqual {
        warnings.append(
            RunWarning(
                .constantArray,
                "all rows of '\(first.key)' in \(first.file) are equal: it carries no information"))
    }
    warnings += emptyTextWarnings(first, second)
    let bracket = bracketed ? InformationBracket(set, seed: settings.seed, threadCount: threadCount) : nil
    if let lower = bracket?.lower, let upper = bracket?.upper, lower > max(0, upper) {
        warnings.append(
            RunWarning(
                .bracketCrossed,
                "the lower bound exceeds the upper one: noise, or y given x is not Gaussian, so that CLUB is no upper bound here"))
    }
    return MutualInformationResult(
        estimate: UncertainValue(value: found.value, influence: found.influence, intervals: settings.intervals),
        pValue: pValue, bracket: bracket, choice: found.choice, sampleCount: set.rowCount, groupCount: groupCount,
        warnings: warnings)
}

/// The divergence of the rows of two arrays in files; large ones are read block by block (`runLargeDivergence`).
///
/// - Parameters:
///   - p: `FILE` or `FILE:array`.
///   - paired: whether row i of both arrays is the same item.
///   - groupKey: the name of the groups, where the user gave one.
/// - Throws: `EmbeddingFileError`, `RunError`, or `LinearAlgebraError` when eigenvalues do not converge.
package func runDivergence(
    p: String, q: String, paired: Bool, groupKey: String? = nil, settings: StudySettings, threadCount: Int
) throws -> DivergenceResult {
    if let first = try largeColumn(p, group: groupKey, fewestBytes: 0), let second = try largeColumn(q, group: groupKey, fewestBytes: 0) {
        if LargeDivergence.suits(first, second, settings) {
            return try LargeDivergence(first, second, paired: paired, groupKey: groupKey, settings, threadCount: threadCount).result()
        }
        // The arrays, divided by norms, stacked, and the rows of each sample and of the mixture.
        let larger = first.byteCount > second.byteCount ? first : second
        try checkMemory(5 * min(first.byteCount, .max / 16) + 5 * min(second.byteCount, .max / 16), for: larger)
    }
    return try runDivergence(
        p: try readGroupedColumn(p, group: groupKey), q: try readGroupedColumn(q, group: groupKey), paired: paired, groupKey: groupKey,
        settings: settings, threadCount: threadCount)
}

/// Estimates the divergence of the rows of two arrays; rows of one group are relabelled together.
///
/// - Parameters:
///   - paired: whether row i of both arrays is the same item.
///   - groupKey: the name of the groups, if the user gave one.
/// - Throws: `RunError`, or `LinearAlgebraError` when eigenvalues do not converge.
package func runDivergence(
    p: GroupedColumn, q: GroupedColumn, paired: Bool, groupKey: String? = nil, settings: StudySettings, threadCount: Int
) throws -> DivergenceResult {
    let (first, second) = (p.column, q.column)
    try checkWidths(first, second)
    let (n, m) = (first.values.rowCount, second.values.rowCount)
    guard !paired || n == m else { throw unequalPairs(first, n, second, m) }
    let names = paired ? (0..<n).map(String.init) : nil
    let shared = paired ? try pairedGroups(p, q, key: groupKey) : nil
    let groups = paired ? (first: shared, second: shared) : try separateGroups(p, q, key: groupKey)
    let design = ExchangeDesign(
        firstCount: n, secondCount: m, firstGroups: groups.first, secondGroups: groups.second,
        firstIdentifiers: names, secondIdentifiers: names)
    let count = settings.isPaperCompatible ? 0 : settings.permutations
    let rows = (
        try matrix(first, settings: settings, magnitudeHint: divergenceMagnitudeHint),
        try matrix(second, settings: settings, magnitudeHint: divergenceMagnitudeHint)
    )
    let estimate = try settings.makeDivergence().estimate(
        [rows.0], [rows.1], relabellings: design.lazyRelabellings(count: count, seed: settings.seed),
        balancedDraws: design.lazyBalancedDraws(count: count, seed: settings.seed), dependentRows: design.dependentRows,
        threadCount: threadCount)
    let counts = [groups.first.map { Set($0).count } ?? n, groups.second.map { Set($0).count } ?? m]
    // A row without a group is a group of its own in its sample; if rows are paired, both rows of an item form one group.
    func labels(_ groups: [String]?, _ count: Int, _ sample: String) -> [String] {
        groups ?? (0..<count).map { "\(paired ? "" : sample)row \($0)" }
    }
    return DivergenceResult(
        estimate: estimate,
        excess: estimate.uncertainExcess(
            firstGroups: labels(groups.first, n, "p "), secondGroups: labels(groups.second, m, "q "),
            confidence: settings.confidence),
        sampleCounts: [n, m],
        groupCounts: groups.first == nil && groups.second == nil ? nil : counts,
        warnings: emptyTextWarnings(first, second))
}

/// What to do about values whose squares overflow or vanish.
let divergenceMagnitudeHint = "leave out --no-normalize, or divide the array by a constant"

/// The error of arrays whose rows cannot be the same items.
func unequalPairs(_ first: Column, _ n: Int, _ second: Column, _ m: Int) -> RunError {
    RunError(
        code: "row_count_mismatch",
        message: "\(second.file): array '\(second.key)': expected \(n) rows for --paired, found \(m)",
        hint: "leave --paired out where rows are not the same items")
}

private func emptyTextWarnings(_ columns: Column...) -> [RunWarning] {
    columns.compactMap(\.emptyTextNote).map(warning)
}

private func matrix(_ column: Column, settings: StudySettings, magnitudeHint: String) throws -> Matrix {
    switch column.values {
    case .texts(let texts): return TextFeaturizer().embeddings(of: texts)
    case .vectors(let rows):
        guard settings.normalize else {
            try checkMagnitudes(column, hint: magnitudeHint)
            return rows
        }
        try checkNorms(rows, column)
        return rows.rowsNormalized
    }
}
