import Bottleneck
import EmbeddingFiles
import LinearAlgebra
import Statistics

/// The files of one set of log-probabilities.
package struct LogProbabilitySource: Sendable {
    /// The file with the matrix of the model's answers, possibly as `FILE:array`.
    package var file: String
    /// The file with the matrix of the references; nil takes the one in `file`, if there is one.
    package var reference: String?

    /// A set in one file or two.
    package init(file: String, reference: String? = nil) {
        (self.file, self.reference) = (file, reference)
    }

    /// The name of the set in reports.
    package var name: String { SampleSource(bundle: file).name }
}

/// What the log-probabilities of one set tell.
package struct LogProbabilitySet: Sendable {
    /// The name of the set.
    package let name: String
    /// The numbers of items and of groups of dependent items.
    package let itemCount: Int
    package let groupCount: Int
    /// Whether the file names its items or groups, so that other sets can have the same.
    package let hasLabels: Bool
    /// I(X; Y_theta).
    package let model: LogProbabilityInformation
    /// I(X; Y) and EMI; nil without references.
    package let emi: LogProbabilityEMI?
}

/// What several sets tell, and the gaps between the first and the others.
package struct LogProbabilityResult: Sendable {
    /// The ID set.
    package let id: LogProbabilitySet
    /// EMI of the ID set with its test; nil without references.
    package let idTest: PairedDifference?
    /// The other sets, in the order in which they were given.
    package let shifts: [Shift]

    /// One other set.
    package struct Shift: Sendable {
        package let set: LogProbabilitySet
        /// EMI of the set with its test; nil without references.
        package let test: PairedDifference?
        /// EMI of the ID set minus EMI of this one; nil if one of them has no references.
        package let gap: PairedDifference?
        /// The number of groups that both sets have.
        package let sharedGroupCount: Int
    }
}

/// Reads matrices L_ij = ln p(answer j | query i) and estimates EMI of every set and EMID of every shift.
///
/// - Throws: `EmbeddingFileError` from the files, `RunError` for what is no matrix of log-probabilities.
package func runLogProbabilities(
    id: LogProbabilitySource, shifts: [LogProbabilitySource], group: String?, confidence: Double
) throws -> LogProbabilityResult {
    let intervals = IntervalMethod(confidence: confidence)
    func test(_ set: LogProbabilitySet) -> PairedDifference? {
        set.emi.map { PairedDifference(value: $0.value.value, influence: $0.influence, intervals: intervals) }
    }
    let first = try readSet(id, position: 0, group: group, confidence: confidence)
    let others = try shifts.enumerated().map { position, source in
        let set = try readSet(source, position: position + 1, group: group, confidence: confidence)
        let gap = first.emi.flatMap { own in
            set.emi.map { other in
                PairedDifference(
                    value: own.value.value - other.value.value, influence: own.influence.subtracting(other.influence),
                    intervals: intervals)
            }
        }
        let known = first.model.influence.byGroup
        let shared = set.model.influence.byGroup.keys.count { known[$0] != nil }
        return LogProbabilityResult.Shift(set: set, test: test(set), gap: gap, sharedGroupCount: shared)
    }
    return LogProbabilityResult(id: first, idTest: test(first), shifts: others)
}

private func readSet(
    _ source: LogProbabilitySource, position: Int, group: String?, confidence: Double
) throws -> LogProbabilitySet {
    let arrays = try readLogProbabilities(source.file, group: group)
    guard let response = arrays.response else {
        throw RunError(
            code: "missing_array",
            message: "\(source.file): expected a matrix 'response' of the model's answers, found the references' alone",
            hint: "L[i, j] = ln p(answer j | query i) for what the model answered; see emi logprobs --help")
    }
    var reference = arrays.reference
    if let file = source.reference {
        let other = try readLogProbabilities(file)
        reference = other.reference ?? other.response
    }
    try check(response)
    if let reference {
        try check(reference)
        guard reference.matrix.rowCount == response.matrix.rowCount else {
            throw RunError(
                code: "shape_mismatch",
                message: "\(reference.place): expected \(shape(response.matrix)), as \(response.place), found \(shape(reference.matrix))",
                hint: "row i and column i of both belong to the same item")
        }
    }
    // Without labels nobody knows whether item i of two sets is the same: they count as different.
    let labels = arrays.groups ?? arrays.identifiers
    let groups = labels ?? (0..<response.matrix.rowCount).map { "set \(position), item \($0)" }
    let model = try estimate(response, groups: groups, confidence: confidence)
    let other = try reference.map { try estimate($0, groups: groups, confidence: confidence) }
    return LogProbabilitySet(
        name: source.name, itemCount: groups.count, groupCount: Set(groups).count, hasLabels: labels != nil, model: model,
        emi: other.map { LogProbabilityEMI(model: model, reference: $0, confidence: confidence) })
}

private func shape(_ matrix: Matrix) -> String { "\(matrix.rowCount) x \(matrix.columnCount)" }

/// Refuses what are no logarithms of probabilities.
private func check(_ scores: LogProbabilityArrays.Scores) throws {
    let values = scores.matrix.elements
    // Sums of 32-bit log-probabilities of sure tokens can be a little above 0; probabilities are never below.
    let isNegative = values.contains { $0 < 0 }
    guard let index = values.firstIndex(where: { $0 > 1e-4 && $0.isFinite || !isNegative && $0 >= 0 }) else { return }
    let width = scores.matrix.columnCount
    throw RunError(
        code: "outside_range",
        message: "\(scores.place): expected natural logarithms of probabilities, which are below 0, found \(values[index]) in row "
            + "\(index / width), column \(index % width) (from 0)",
        hint: "losses have the other sign, and of probabilities take the logarithm")
}

private func estimate(
    _ scores: LogProbabilityArrays.Scores, groups: [String], confidence: Double
) throws -> LogProbabilityInformation {
    do {
        return try LogProbabilityInformation(scores.matrix, groups: groups, confidence: confidence)
    } catch {
        let place = scores.place
        switch error {
        case .notSquare(let rows, let columns):
            throw RunError(
                code: "not_square",
                message: "\(place): expected as many columns as rows, ln p of every answer given every query, found \(rows) x \(columns)",
                hint: "row i is a query, column j the answer to query j; nan marks pairs that were not scored")
        case .unscoredPair(let row):
            throw RunError(
                code: "not_finite",
                message: "\(place): expected ln p of every answer given its own query, found nan in row \(row), column \(row) (from 0)",
                hint: "only pairs of different items may be left out; take the item out of both matrices")
        case .infinite(let row, let column):
            let found = scores.matrix[row, column] < 0 ? "-infinity" : "infinity"
            throw RunError(
                code: "not_finite",
                message: "\(place): expected a finite logarithm, or nan for a pair that was not scored, found \(found) in row \(row), "
                    + "column \(column) (from 0)",
                hint: "sum the logarithms of the tokens' probabilities instead of taking the logarithm of their product")
        case .noNegatives:
            throw RunError(
                code: "too_few_pairs", message: "\(place): expected answers scored given the queries of other items, found none",
                hint: "all pairs, or a random sample of some 1,000")
        }
    }
}
