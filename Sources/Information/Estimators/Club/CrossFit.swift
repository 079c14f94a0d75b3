import LinearAlgebra
import Statistics

/// The q of a run, fitted in folds: the q that judges a row has not seen the row's group, neither for its slopes nor for its penalties,
/// directions and covariance.
///
/// If penalties and directions are chosen on the judged rows, they find information where there is none: 0.4 nats for shuffled pairs of
/// 60 images in 180 rows, and 0.2 to 0.3 in 2,160 rows of 30 images, because the number of images is what counts. The test of independence
/// would also let a q judge re-paired answers that it has seen, and it found dependence that is not there in most of these sets
/// (`LargePoolTests`). So the groups are split into five folds, and each fold is judged by a fit without it.
package struct CrossFit: Sendable, Equatable {
    /// The number of folds.
    package static let foldCount = 5
    /// Up to this many pooled rows each fold has features of its own. Above, the folds share landmarks, which do not depend on answers.
    static let ownFeaturesLimit = 2_000

    /// For each fold the fit without it; a single fit to all rows if there are too few groups to leave any out.
    package let fits: [ClubFit]
    /// The fold of each fitted group; empty for a single fit.
    package let foldByLabel: [String: Int]
    /// The group of each key of a fitted row.
    package let labelByKey: [String: String]
    /// The modalities, in their order.
    package let modalityNames: [String]
    /// What each group adds to the slopes of each fit; only for pools of many rows and few groups.
    package let groupSlopes: [GroupSlopes]?

    /// Known fits, for example from a file.
    package init(
        fits: [ClubFit], foldByLabel: [String: Int], labelByKey: [String: String], modalityNames: [String],
        groupSlopes: [GroupSlopes]? = nil
    ) {
        self.fits = fits
        self.foldByLabel = foldByLabel
        self.labelByKey = labelByKey
        self.modalityNames = modalityNames
        self.groupSlopes = groupSlopes
    }

    /// Fits to the reference pairs of `sets`, and lets the sets go as soon as they have become features.
    ///
    /// - Throws: what `recipe` throws.
    init(releasing sets: inout [SampleSet], _ recipe: ClubRecipe, threadCount: Int) throws {
        let pool = RowGroups(sets, knowsContent: true)
        let names = sets.first?.modalities.map(\.name) ?? []
        // With two groups, leaving one out would leave only one to fit, which is not enough.
        guard pool.groups.count > 2 else {
            let fit = try recipe.fit(releasing: &sets, labels: pool.labels, threadCount: threadCount)
            self.init(fits: [fit], foldByLabel: [:], labelByKey: pool.labelByKey, modalityNames: names)
            return
        }
        let labels = pool.labels.flatMap { $0 }
        var foldByLabel: [String: Int] = [:]
        for (position, rows) in pool.groups.enumerated() { foldByLabel[labels[rows[0]]] = position % Self.foldCount }
        let folds = pool.labels.map { $0.map { foldByLabel[$0] ?? 0 } }
        let foldCount = min(Self.foldCount, pool.groups.count)
        if pool.rowCount <= Self.ownFeaturesLimit {
            let fits = try concurrentMap(count: foldCount, threadCount: threadCount) { [sets] fold in
                var (kept, keptLabels): ([SampleSet], [[String]]) = ([], [])
                for (set, (labels, folds)) in zip(sets, zip(pool.labels, folds)) {
                    let rows = folds.indices.filter { folds[$0] != fold }
                    guard !rows.isEmpty else { continue }
                    kept.append(set.selectingRows(rows))
                    keptLabels.append(rows.map { labels[$0] })
                }
                return try recipe.fit(releasing: &kept, labels: keptLabels, threadCount: 1)
            }
            self.init(fits: fits, foldByLabel: foldByLabel, labelByKey: pool.labelByKey, modalityNames: names)
        } else {
            let features = try PooledFeatures(releasing: &sets, recipe, folds: folds, foldCount: foldCount, threadCount: threadCount)
            let hasFewGroups = foldByLabel.count <= GroupSlopes.groupLimit
            // One after the other, because five at once would hold the pool in memory five times.
            let parts = try (0..<foldCount).map { fold in
                let fit = try features.fit(without: fold, folds: folds, labels: pool.labels, threadCount: threadCount)
                return (fit: fit.withoutRows, slopes: hasFewGroups ? GroupSlopes(fit) : nil)
            }
            self.init(
                fits: parts.map(\.fit), foldByLabel: foldByLabel, labelByKey: pool.labelByKey, modalityNames: names,
                groupSlopes: hasFewGroups ? parts.compactMap(\.slopes) : nil)
        }
    }

    /// EMI of sets. A row of a fitted group is judged by the q that has not seen the group, any other row by the mean of all q. EMI is
    /// linear in the directions of q, so both are on one scale.
    ///
    /// - Throws: `EstimationError.fitShape` when the sets have other modalities or widths than the fitted ones.
    package func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EMIEstimate] {
        for set in sets {
            guard set.modalities.map(\.name) == modalityNames else {
                throw EstimationError.fitShape(
                    expected: "the modalities \(modalityNames.joined(separator: ", ")), as fitted",
                    found: "\(set.modalities.map(\.name).joined(separator: ", ")) in \(set.name)")
            }
            try fits[0].checkShape(set)
        }
        let labels = labels(of: sets)
        guard !foldByLabel.isEmpty else { return try fits[0].estimate(sets, labels: labels, threadCount: threadCount) }
        let sharesFeatures = fits.dropFirst().allSatisfy { $0.queryMap.form == fits[0].queryMap.form }
        return try concurrentMap(count: sets.count, threadCount: threadCount) { index in
            let (set, labels) = (sets[index], labels[index])
            let folds = labels.map { foldByLabel[$0] }
            let shared = sharesFeatures ? QueryMap.features(fits[0].queryMap.form, set) : nil
            let features = fits.map { shared ?? QueryMap.features($0.queryMap.form, set) }
            var directions = Matrix.zeros(set.rowCount, set.reference.columnCount)
            let unseen = folds.indices.filter { folds[$0] == nil }
            for (fold, fit) in fits.enumerated() {
                let own = folds.indices.filter { folds[$0] == fold }
                if !own.isEmpty {
                    directions.setRows(own, to: fit.answerDirections(features: features[fold], labels: labels, rows: own))
                }
                if !unseen.isEmpty {
                    let share = fit.answerDirections(features: features[fold], labels: labels, rows: unseen)
                        .mapElements { $0 / Double(fits.count) }
                    directions.setRows(unseen, to: directions.selectingRows(unseen).adding(share))
                }
            }
            return CovarianceForm(directions: directions, model: set.response, reference: set.reference)
                .estimate(
                    groups: labels, judges: folds.map { $0 ?? -1 },
                    training: trainingInfluence(on: set, labels, folds, features))
        }
    }

    /// How much each fitted group, through the folds in which it was fitted, moves the contributions of a set's groups to I(X; Y_theta) and
    /// I(X; Y). Nil in pools of many rows and many groups, because a single group moves next to nothing there.
    private func trainingInfluence(
        on set: SampleSet, _ labels: [String], _ folds: [Int?], _ features: [Matrix]
    ) -> (model: TrainingInfluence, reference: TrainingInfluence)? {
        guard groupSlopes != nil || fits.allSatisfy({ !$0.labels.isEmpty }) else { return nil }
        let (training, judged) = (foldByLabel.keys.sorted(), Set(labels).sorted())
        let rowOf = Dictionary(uniqueKeysWithValues: zip(training, training.indices))
        let columnOf = Dictionary(uniqueKeysWithValues: zip(judged, judged.indices))
        let answers = [set.response, set.reference].map { $0.subtractingFromRows($0.columnMeans) }
        var sums = answers.map { _ in Matrix.zeros(training.count, judged.count) }
        for (fold, fit) in fits.enumerated() {
            let rows = labels.indices.filter { folds[$0] == fold }
            guard !rows.isEmpty else { continue }
            let coordinates = fit.queryMap.centredCoordinates(features[fold], rows: rows)
            let weighted = answers.map { fit.weighted($0.selectingRows(rows)) }
            let (sources, effects) =
                groupSlopes.map { ($0[fold].labels, $0[fold].effects(coordinates, weighted)) }
                ?? (fit.labels, fit.effectsOfFittedRows(coordinates, weighted))
            let places = (sources.map { rowOf[$0] ?? 0 }, rows.map { columnOf[labels[$0]] ?? 0 })
            for (index, effects) in effects.enumerated() {
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

    /// The group of every row of some sets: the fitted group if the fit knows a key of the row.
    private func labels(of sets: [SampleSet]) -> [[String]] {
        let pool = RowGroups(sets)
        return zip(sets.indices, pool.labels).map { index, labels in
            zip(sets[index].rowKeys(setIndex: index, knowsContent: true), labels).map { keys, label in
                (keys.linking + keys.content).lazy.compactMap { labelByKey[$0] }.first ?? label
            }
        }
    }
}

extension CrossFit: PreparedEstimator {
    package func estimate(_ set: SampleSet, at position: Int?, threadCount: Int) throws -> EMIEstimate {
        try estimate([set], threadCount: threadCount)[0]
    }
}
