import Bottleneck
import EmbeddingFiles
import LinearAlgebra
import Statistics

/// What a file of exported posteriors tells about one modality, or about the whole.
package struct PosteriorResult: Sendable {
    /// The path of the file.
    package let file: String
    /// The modality; nil for arrays whose names contain none.
    package let modality: String?
    /// The numbers of rows, of columns, and of groups of dependent rows.
    package let rowCount: Int
    package let columnCount: Int
    package let groupCount: Int
    /// Whether the file has its own prior; otherwise the prior is N(0, 1).
    package let hasPrior: Bool
    /// The rate with its parts.
    package let rate: PosteriorRate
    /// The group of each row.
    package let groups: [String]
}

/// Reads posteriors and measures their rates. The arrays are `mean` and `log_variance` (n x d), with `prior_mean` and `prior_log_variance`
/// if the file has them, or the same names after a modality (`visual_mean`, …).
///
/// - Parameters:
///   - group: the array that clusters rows, such as the item of each token; nil takes the one called `group`.
///   - bounds: whether to bound I(X; Z), at a cost of O(n^2 d).
/// - Throws: `EmbeddingFileError` from the file, `RunError` for arrays that do not fit together.
package func runPosterior(
    _ file: String, group: String?, confidence: Double, bounds: Bool, threadCount: Int
) throws -> [PosteriorResult] {
    let arrays = Dictionary(try readArrays(file).map { ($0.name, $0.matrix) }, uniquingKeysWith: { first, _ in first })
    let names = arrays.keys.filter { $0 == "mean" || $0.hasSuffix("_mean") && !$0.hasSuffix("prior_mean") }.sorted()
    guard !names.isEmpty else {
        throw RunError(
            code: "missing_array",
            message:
                "\(file): expected arrays 'mean' and 'log_variance', found \(arrays.keys.sorted().joined(separator: ", "))",
            hint: "n x d each, or with a modality before them: visual_mean, visual_log_variance")
    }
    return try names.map { name in
        let prefix = String(name.dropLast("mean".count))
        let means = arrays[name] ?? .zeros(0, 0)
        guard let logs = arrays[prefix + "log_variance"] else {
            throw RunError(
                code: "missing_array",
                message: "\(file): expected an array '\(prefix)log_variance' beside '\(name)', found none",
                hint: "natural logarithms of the variances; for standard deviations it is 2 ln s")
        }
        guard logs.rowCount == means.rowCount, logs.columnCount == means.columnCount else {
            throw RunError(
                code: "shape_mismatch",
                message:
                    "\(file): array '\(prefix)log_variance': expected \(means.rowCount) x \(means.columnCount), as '\(name)', found "
                    + "\(logs.rowCount) x \(logs.columnCount)", hint: "row i of both belongs to one posterior")
        }
        // Beyond this limit squares and exponentials overflow.
        if let index = logs.elements.firstIndex(where: { abs($0) > 600 }) {
            throw RunError(
                code: "outside_range",
                message:
                    "\(file): array '\(prefix)log_variance': expected values between -600 and 600, found \(logs.elements[index]) "
                    + "in row \(index / logs.columnCount)",
                hint: "natural logarithms of the variances, and not the variances")
        }
        let prior = try prior(arrays, prefix: prefix, columnCount: means.columnCount, file: file)
        let groups = try labels(file, group: group, rowCount: means.rowCount)
        return PosteriorResult(
            file: file, modality: prefix.isEmpty ? nil : String(prefix.dropLast()), rowCount: means.rowCount,
            columnCount: means.columnCount, groupCount: Set(groups).count, hasPrior: prior != nil,
            rate: try PosteriorRate(
                DiagonalGaussians(means: means, logVariances: logs), prior: prior, groups: groups,
                confidence: confidence,
                bounds: bounds, threadCount: threadCount),
            groups: groups)
    }
}

private func prior(
    _ arrays: [String: Matrix], prefix: String, columnCount: Int, file: String
) throws -> DiagonalPrior? {
    // The file may hold a prior for each modality, or one for all.
    func array(_ name: String) -> (String, [Double])? {
        [prefix + name, name].lazy.compactMap { key in arrays[key].map { (key, $0.elements) } }.first
    }
    guard let mean = array("prior_mean"), let log = array("prior_log_variance") else {
        guard array("prior_mean") == nil, array("prior_log_variance") == nil else {
            throw RunError(
                code: "missing_array",
                message: "\(file): expected prior_mean and prior_log_variance, found one of them",
                hint: "leave both out for N(0, 1)")
        }
        return nil
    }
    for (name, values) in [mean, log] where values.count != columnCount {
        throw RunError(
            code: "shape_mismatch",
            message: "\(file): array '\(name)': expected \(columnCount) values, found \(values.count)",
            hint: "one value a column of the posteriors")
    }
    return DiagonalPrior(mean: mean.1, logVariance: log.1)
}

private func labels(_ file: String, group: String?, rowCount: Int) throws -> [String] {
    let rows = (0..<rowCount).map { "row \($0)" }
    guard group != nil || (try? readColumn("\(file):group")) != nil else { return rows }
    let column = try readGroupedColumn("\(file):mean", group: group)
    guard let groups = column.groups, groups.count == rowCount else { return rows }
    return groups
}
