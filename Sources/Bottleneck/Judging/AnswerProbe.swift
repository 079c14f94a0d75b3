import LinearAlgebra

/// What a plain decoder can still read about the answers in a representation: ridge regression of Y on Z, then the nearest reference.
///
/// A representation that is sufficient on clean data may not be so under shift, so the probe should run there.
package struct AnswerProbe: Sendable, Equatable {
    /// The share of rows whose decoded answer is nearest to a reference with the row's own answer.
    package let accuracy: Double
    /// 1 - sum |Y - decoded|^2 / sum |Y - mean of the fitted Y|^2; below 0 the decoder is worse than none.
    package let explainedShare: Double
    /// The number of rows.
    package let count: Int
}

/// Decoders fitted to clean rows, one for each fold of their groups.
package struct AnswerDecoder: Sendable {
    private let folds: GroupFolds
    private let foldByGroup: [String: Int]
    private let decoders: [RidgeDecoder]
    private let references: Matrix
    private let labelsOfReferences: [String]

    /// The ridges to choose from, in units of the largest eigenvalue of the covariance of Z; the one with the smallest held-out error is
    /// taken.
    private static let ridges = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]

    /// Fits to clean rows Z (n x k) and Y (n x m).
    ///
    /// - Parameters:
    ///   - rows: for each fold of `GroupFolds(groups:)`, all rows in the representation that has not seen the fold; a single matrix if no
    ///     answer influenced the representation.
    ///   - labels: the same label marks the same answer; nil compares the references.
    /// - Throws: `BottleneckError.tooFewGroups` for fewer than three groups; `LinearAlgebraError` for elements that
    ///   are not finite.
    package init(
        _ rows: [Matrix], _ answers: Matrix, groups: [String], labels: [String]? = nil, threadCount: Int = 1
    ) throws {
        let folds = GroupFolds(groups: groups)
        guard folds.labels.count > 2 else { throw BottleneckError.tooFewGroups(found: folds.labels.count) }
        precondition(
            rows.count == 1 || rows.count == folds.count, "representations of \(rows.count) of \(folds.count) folds")
        let fits = try concurrentMap(count: folds.count, threadCount: threadCount) { fold in
            let fitted = folds.rows(outside: fold)
            return try RidgeDecoder(rows.of(fold).selectingRows(fitted), answers.selectingRows(fitted))
        }
        let errors = Self.ridges.map { ridge in
            fits.indices.reduce(0.0) { sum, fold in
                let heldOut = folds.rows(in: fold)
                let decoded = fits[fold].with(ridge: ridge).decoded(rows.of(fold).selectingRows(heldOut))
                return sum + decoded.combining(answers.selectingRows(heldOut)) { $0 - $1 }.squaredRowNorms.reduce(0, +)
            }
        }
        // Of equal errors the first wins.
        let best = errors.indices.dropFirst().reduce(0) { errors[$1] < errors[$0] ? $1 : $0 }
        decoders = fits.map { $0.with(ridge: Self.ridges[best]) }
        self.folds = folds
        foldByGroup = Dictionary(zip(groups, folds.foldByRow)) { first, _ in first }
        references = answers
        labelsOfReferences = labels ?? answers.rowFingerprints.map { "\($0)" }
    }

    /// Probes rows, each with a decoder that has not seen its group. Groups that no decoder has seen are dealt to the folds in turns, in
    /// the order of their labels.
    ///
    /// - Parameter rows: the rows by fold, as in the initialiser.
    package func probe(_ rows: [Matrix], _ answers: Matrix, groups: [String], labels: [String]? = nil) -> AnswerProbe {
        let own = labels ?? answers.rowFingerprints.map { "\($0)" }
        let unknown = Set(groups.filter { foldByGroup[$0] == nil }).sorted()
        let foldOfUnknown = Dictionary(uniqueKeysWithValues: unknown.enumerated().map { ($1, $0 % folds.count) })
        let foldByRow = groups.map { foldByGroup[$0] ?? foldOfUnknown[$0] ?? 0 }
        var (right, error, total) = (0, 0.0, 0.0)
        for fold in 0..<folds.count {
            let positions = groups.indices.filter { foldByRow[$0] == fold }
            guard !positions.isEmpty else { continue }
            let decoded = decoders[fold].decoded(rows.of(fold).selectingRows(positions))
            let truth = answers.selectingRows(positions)
            error += decoded.combining(truth) { $0 - $1 }.squaredRowNorms.reduce(0, +)
            total += truth.subtractingFromRows(decoders[fold].answerMean).squaredRowNorms.reduce(0, +)
            // The candidates are references of other groups, because a decoder must not find a row's own reference.
            let candidates = folds.rows(outside: fold)
            let distances = decoded.squaredDistances(to: references.selectingRows(candidates))
            for (index, position) in positions.enumerated() {
                let row = distances.row(index)
                let nearest = row.indices.min { (row[$0], $0) < (row[$1], $1) }.map { candidates[$0 - row.startIndex] }
                if let nearest, labelsOfReferences[nearest] == own[position] { right += 1 }
            }
        }
        return AnswerProbe(
            accuracy: Double(right) / Double(max(1, answers.rowCount)),
            explainedShare: total > 0 ? 1 - error / total : 0,
            count: answers.rowCount)
    }
}

extension [Matrix] {
    /// The representation of a fold, if each has its own; otherwise the single one.
    fileprivate func of(_ fold: Int) -> Matrix { count == 1 ? self[0] : self[fold] }
}
