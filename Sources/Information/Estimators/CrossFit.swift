import LinearAlgebra

/// The q of a run, such that no row is judged by a q that has seen its group: not its slopes, and in small pools not its
/// penalties, directions and covariance either.
///
/// Penalties and directions chosen on the judged rows find information where there is none: 0.4 nats for shuffled pairs in 180
/// rows, 0.004 in 5,580. Up to `foldRowLimit` rows every fifth group is therefore left out of a fit of its own, which judges it;
/// above, one fit judges all, each row by slopes without its group.
public struct CrossFit: Sendable, Equatable {
    /// The largest pool with folds.
    public static let foldRowLimit = 2_000
    /// The number of folds.
    public static let foldCount = 5

    /// q of all fitted rows.
    public let whole: ClubFit
    /// A fit without each fold; none in large pools.
    public let folds: [ClubFit]
    /// The fold of each fitted group, where there are folds.
    public let foldByLabel: [String: Int]
    /// The group of each key of a fitted row.
    public let labelByKey: [String: String]
    /// The modalities, in their order.
    public let modalityNames: [String]

    /// A fit that is known, for example from a file.
    public init(
        whole: ClubFit, folds: [ClubFit], foldByLabel: [String: Int], labelByKey: [String: String], modalityNames: [String]
    ) {
        self.whole = whole
        self.folds = folds
        self.foldByLabel = foldByLabel
        self.labelByKey = labelByKey
        self.modalityNames = modalityNames
    }

    /// Fits to the reference pairs of `sets`, and lets the sets go as soon as they have become features.
    ///
    /// - Parameter fit: makes one q of groups of rows.
    /// - Throws: what `fit` throws.
    init(
        releasing sets: inout [SampleSet], threadCount: Int,
        fit: @Sendable (_ sets: inout [SampleSet], _ labels: [[String]], _ threadCount: Int) throws -> ClubFit
    ) throws {
        let pool = RowPool(sets, knowsContent: true)
        modalityNames = sets.first?.modalities.map(\.name) ?? []
        labelByKey = pool.labelByKey
        var foldByLabel: [String: Int] = [:]
        // Two groups leave one to fit, and one is not enough.
        if pool.rowCount <= Self.foldRowLimit, pool.groups.count > 2 {
            let labels = pool.labels.flatMap { $0 }
            for (position, rows) in pool.groups.enumerated() { foldByLabel[labels[rows[0]]] = position % Self.foldCount }
        }
        self.foldByLabel = foldByLabel
        let count = foldByLabel.isEmpty ? 0 : min(Self.foldCount, pool.groups.count)
        // Where there are no folds nobody else may hold the sets: their memory is needed.
        let all = foldByLabel.isEmpty ? [] : sets
        folds = try concurrentMap(count: count, threadCount: threadCount) { [foldByLabel] fold in
            var (kept, labels): ([SampleSet], [[String]]) = ([], [])
            for (set, own) in zip(all, pool.labels) {
                let rows = own.indices.filter { foldByLabel[own[$0]] != fold }
                guard !rows.isEmpty else { continue }
                kept.append(set.selectingRows(rows))
                labels.append(rows.map { own[$0] })
            }
            return try fit(&kept, labels, 1)
        }
        whole = try fit(&sets, pool.labels, threadCount)
    }

    /// EMI of sets; rows of fitted groups are judged by a q that has not seen them.
    ///
    /// - Throws: `EstimationError.fitShape` when the sets have other modalities or widths than the fitted ones.
    public func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EffectiveMutualInformation] {
        for set in sets {
            guard set.modalities.map(\.name) == modalityNames else {
                throw EstimationError.fitShape(
                    expected: "the modalities \(modalityNames.joined(separator: ", ")), as fitted",
                    found: "\(set.modalities.map(\.name).joined(separator: ", ")) in \(set.name)")
            }
            try whole.checkShape(set)
        }
        let labels = labels(of: sets)
        guard !folds.isEmpty else { return try whole.estimate(sets, labels: labels, threadCount: threadCount) }
        return try concurrentMap(count: sets.count, threadCount: threadCount) { index in
            let (set, labels) = (sets[index], labels[index])
            var directions = Matrix.zeros(set.rowCount, set.reference.columnCount)
            for fold in [nil] + folds.indices.map(Int?.some) {
                let rows = labels.indices.filter { foldByLabel[labels[$0]] == fold }
                guard !rows.isEmpty else { continue }
                let fit = fold.map { folds[$0] } ?? whole
                directions.setRows(rows, to: try fit.answerDirections(of: set, labels: labels, rows: rows))
            }
            return CovarianceForm(directions: directions, model: set.response, reference: set.reference)
                .estimate(
                    groups: labels, judges: labels.map { foldByLabel[$0] ?? -1 }, training: trainingInfluence(on: set, labels))
        }
    }

    /// EMI of the very sets that were fitted, in their order.
    ///
    /// - Throws: as `estimate`.
    /// - Precondition: the sets have as many rows as were fitted.
    public func estimateFittedSets(
        _ sets: [SampleSet], threadCount: Int = 1
    ) throws -> [EffectiveMutualInformation] {
        guard folds.isEmpty else { return try estimate(sets, threadCount: threadCount) }
        let judged = try whole.judgedRows(rowCounts: sets.map(\.rowCount), threadCount: threadCount)
        return sets.indices.map { whole.estimate(sets[$0], judgedBy: judged[$0]) }
    }

    /// How each fitted group moves what the groups of a set add to I(X; Y_theta) and I(X; Y), through the folds that it was fitted in.
    private func trainingInfluence(
        on set: SampleSet, _ labels: [String]
    ) -> (model: TrainingInfluence, reference: TrainingInfluence) {
        let (training, judged) = (foldByLabel.keys.sorted(), Set(labels).sorted())
        let rowOf = Dictionary(uniqueKeysWithValues: zip(training, training.indices))
        let columnOf = Dictionary(uniqueKeysWithValues: zip(judged, judged.indices))
        let answers = [set.response, set.reference].map { $0.subtractingFromRows($0.columnMeans) }
        var sums = answers.map { _ in Matrix.zeros(training.count, judged.count) }
        for (fold, fit) in folds.enumerated() {
            let rows = labels.indices.filter { foldByLabel[labels[$0]] == fold }
            guard !rows.isEmpty else { continue }
            let places = (fit.labels.map { rowOf[$0] ?? 0 }, rows.map { columnOf[labels[$0]] ?? 0 })
            for (index, effects) in fit.effectsOfFittedRows(on: set, rows: rows, answers: answers).enumerated() {
                for (i, row) in places.0.enumerated() {
                    for (effect, column) in zip(effects.row(i), places.1) {
                        sums[index][row, column] += effect / Double(set.rowCount)
                    }
                }
            }
        }
        let influences = sums.map { TrainingInfluence(training: training, judged: judged, values: $0, folds: foldByLabel) }
        return (influences[0], influences[1])
    }

    /// The group of every row of some sets: the fitted one where a key of the row is known.
    private func labels(of sets: [SampleSet]) -> [[String]] {
        let pool = RowPool(sets)
        return zip(sets.indices, pool.labels).map { index, labels in
            zip(sets[index].rowKeys(setIndex: index, knowsContent: true), labels).map { keys, label in
                (keys.linking + keys.content).lazy.compactMap { labelByKey[$0] }.first ?? label
            }
        }
    }
}
