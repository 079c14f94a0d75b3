import LinearAlgebra

/// What a plain decoder can still read about the answers in a representation: ridge regression of Y on Z, then the nearest reference.
///
/// A representation that is sufficient on clean data may not be so under shift, so the probe should run there.
package struct AnswerProbe: Sendable, Equatable {
    /// The share of rows whose decoded answer is nearest to a reference with the row's own answer, with the ridge that reads most.
    package let accuracy: Double
    /// With the ridge of the smallest error: 1 - sum |Y - decoded|^2 / sum |Y - mean of the fitted Y|^2; below 0 the decoder is worse than none.
    package let explainedShare: Double
    /// The number of rows.
    package let count: Int
}

/// Decoders fitted to clean rows, one for each fold of their groups.
package struct AnswerDecoder: Sendable {
    private let folds: GroupFolds
    private let foldByGroup: [String: Int]
    /// A decoder for each fold, with the ridge that reads most answers.
    private let decoders: [RidgeDecoder]
    /// The same fits with the ridge of the smallest squared error, which the explained share is of.
    private let closest: [RidgeDecoder]
    private let references: Matrix
    private let labelsOfReferences: [String]

    /// The ridges to choose from, in units of the largest eigenvalue of the covariance of Z.
    ///
    /// The smallest held-out squared error and the largest held-out share of answers that are read need different ridges: the first
    /// pulls decoded answers towards their mean, and so towards the references nearest to it. In clean digits that costs all columns 0.18
    /// of accuracy and the bottleneck 0.10, which looks like a gain of the bottleneck and is one of the ridge.
    static let ridges = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]

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
        let names = labels ?? answers.rowFingerprints.map { "\($0)" }
        let trials = try concurrentMap(count: Self.ridges.count, threadCount: threadCount) { index in
            fits.indices.reduce(into: (wrong: 0, error: 0.0)) { sums, fold in
                let heldOut = folds.rows(in: fold)
                let decoded = fits[fold].with(ridge: Self.ridges[index]).decoded(rows.of(fold).selectingRows(heldOut))
                let nearest = nearestRows(decoded, answers, among: folds.rows(outside: fold))
                sums.wrong += zip(heldOut, nearest).count { names[$0] != names[$1] }
                sums.error += decoded.combining(answers.selectingRows(heldOut)) { $0 - $1 }.squaredRowNorms.reduce(0, +)
            }
        }
        // Of equal shares the smaller error wins, of equal errors the first.
        let mostRead = trials.indices.dropFirst().reduce(0) { trials[$1] < trials[$0] ? $1 : $0 }
        let leastError = trials.indices.dropFirst().reduce(0) { trials[$1].error < trials[$0].error ? $1 : $0 }
        decoders = fits.map { $0.with(ridge: Self.ridges[mostRead]) }
        closest = fits.map { $0.with(ridge: Self.ridges[leastError]) }
        self.folds = folds
        foldByGroup = Dictionary(zip(groups, folds.foldByRow)) { first, _ in first }
        references = answers
        labelsOfReferences = names
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
            let held = rows.of(fold).selectingRows(positions)
            let truth = answers.selectingRows(positions)
            error += closest[fold].decoded(held).combining(truth) { $0 - $1 }.squaredRowNorms.reduce(0, +)
            total += truth.subtractingFromRows(closest[fold].answerMean).squaredRowNorms.reduce(0, +)
            // The candidates are references of other groups, because a decoder must not find a row's own reference.
            let nearest = nearestRows(decoders[fold].decoded(held), references, among: folds.rows(outside: fold))
            right += zip(positions, nearest).count { own[$0] == labelsOfReferences[$1] }
        }
        return AnswerProbe(
            accuracy: Double(right) / Double(max(1, answers.rowCount)),
            explainedShare: total > 0 ? 1 - error / total : 0,
            count: answers.rowCount)
    }
}

/// For each decoded row the candidate among the references that is nearest; of equally near ones the first.
private func nearestRows(_ decoded: Matrix, _ references: Matrix, among candidates: [Int]) -> [Int] {
    let distances = decoded.squaredDistances(to: references.selectingRows(candidates))
    return (0..<decoded.rowCount).compactMap { index in
        let row = distances.row(index)
        return row.indices.min { (row[$0], $0) < (row[$1], $1) }.map { candidates[$0 - row.startIndex] }
    }
}

extension [Matrix] {
    /// The representation of a fold, if each has its own; otherwise the single one.
    fileprivate func of(_ fold: Int) -> Matrix { count == 1 ? self[0] : self[fold] }
}
