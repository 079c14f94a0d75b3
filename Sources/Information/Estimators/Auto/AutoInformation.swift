import LinearAlgebra
import RealModule
import Statistics

/// Mutual information by the method that fits the data (`auto`): a Student copula, which is checked and if necessary replaced by nearest
/// neighbours.
///
/// 1. Every column becomes the normal scores of its ranks. Wide data (2(d_x + d_y) > n) is projected first, as in `copula`.
/// 2. `copula`: a Gaussian or Student copula, chosen by likelihood (`StudentCopula`). Student's tails give the information that no
/// correlation shows.
/// 3. `neighbours` (at most 10 columns): ksg on the scores, minus what ksg gives on ten samples drawn from the fitted copula, plus the
/// information of that copula. The bias of ksg cancels as far as the copula is right. If the difference is within 4 sqrt(max(ksg, 0.05)/n),
/// some three standard errors, the copula is kept, because it varies less.
/// 4. `features` (3 columns or more, n from 200): ksg between kernel canonical features (`KernelCanonicalFeatures`), each fold with
/// functions that have not seen it. Information between functions of x and y never exceeds I(X; Y), so this part is chosen if it exceeds
/// the others by 3/sqrt(n).
///
/// Standard errors are those of the part and do not include its choice. A copula's come from row contributions; the others' come from
/// leaving groups out, with the copula's bias correction and the functions kept fixed.
///
/// No constant was tuned on a single task. Bias: that of the chosen part, which every report names. Range: any n from 4; below 200 rows
/// only parts 2 and 3 compete. Cost: O(n d^2) for each of about ten degrees of freedom, and O(n m^2 + m^3) with m = 300 landmarks.
package struct AutoInformation: RowwiseEstimator, Equatable {
    package static let about = EstimatorDescription(
        name: "auto", summary: "a Student copula, checked and where needed replaced by nearest neighbours or kernel features",
        range: "n from 4; up to some 50 + 50 columns at n = 2,000, wider by projection", cost: "O(n d²) + O(n m² + m³)",
        reference: "this project", scale: .shannon, parameters: [.neighbourCount], sharing: .rows, countsRows: true)

    /// How modalities are combined; nil takes the mean if widths agree and concatenates otherwise.
    package var fusion: QueryFusion?
    /// The seed of copula samples, landmarks and folds.
    package var seed: UInt64
    /// The number k of nearest neighbours.
    package var neighbourCount: Int

    /// The number k if none is given.
    package static let defaultNeighbourCount = 5
    private static let surrogateCount = 10
    private static let foldCount = 4
    private static let leastRowsForFeatures = 200

    /// The estimator with its usual settings.
    package init(fusion: QueryFusion? = nil, seed: UInt64 = 0, neighbourCount: Int = Self.defaultNeighbourCount) {
        self.fusion = fusion
        self.seed = seed
        self.neighbourCount = neighbourCount
    }

    package init(_ parameters: EstimatorParameters) throws {
        self.init(
            fusion: parameters.fusion, seed: parameters.seed,
            neighbourCount: try parameters.checkedNeighbourCount(Self.about.name))
    }

    package func check(_ set: SampleSet) throws {
        try checkRowCount(set)
        // The default k may be reduced if rows are few, but a k that the user gave may not.
        guard neighbourCount < set.rowCount || neighbourCount <= Self.defaultNeighbourCount else {
            throw EstimationError.tooFewRows(
                estimator: "auto with \(neighbourCount) neighbours", set: set.name, needed: neighbourCount + 1,
                found: set.rowCount)
        }
        try set.checkVariation(name)
    }

    func pair(_ sets: [SampleSet], pool: RowGroups) throws -> RowwiseEstimation.Pair {
        // A run uses one part, chosen on the references of all sets, because values by different parts are not comparable.
        let rows = try ProjectedRows(sets, fusion: fusion)
        let part = try choose(
            rows.queries, rows.references, groups: pool.labels.flatMap { $0 }, set: sets.map(\.name).joined(separator: " and "),
            arrays: (sets[0].queryName, "reference")
        ).choice.part
        return rows.pair(sets, pool: pool) { x, y, context in
            RowwiseInformation(
                contributions: try contributions(
                    x, y, part: part, groups: context.groups, set: context.set, arrays: context.arrays),
                areInfluences: part == .copula)
        }
    }

    /// The method on which an estimate rests.
    package enum Part: Sendable, Equatable {
        /// A Gaussian or Student copula.
        case copula
        /// Nearest neighbours on the columns, less their bias under the copula.
        case neighbours
        /// Nearest neighbours between `rank` pairs of kernel canonical features, fitted with a penalty.
        case features(rank: Int, penalty: Double)

        /// The part's name in reports.
        package var name: String {
            switch self {
            case .copula: "copula"
            case .neighbours: "neighbours"
            case .features: "features"
            }
        }
    }

    /// The chosen part, and the values of all parts that were tried.
    package struct Choice: Sendable, Equatable {
        /// The part on which the estimate rests.
        package let part: Part
        /// The value of every part that was tried, in nats.
        package let values: [(name: String, value: Double)]
        /// The copula's degrees of freedom; infinity for the Gaussian one.
        package let degreesOfFreedom: Double
        /// The reason for the choice, in words.
        package let reason: String

        /// Equality field by field: tuples have no synthesized one.
        package static func == (left: Choice, right: Choice) -> Bool {
            left.part == right.part && left.degreesOfFreedom == right.degreesOfFreedom && left.reason == right.reason
                && left.values.elementsEqual(right.values) { $0.name == $1.name && $0.value == $1.value }
        }
    }

    /// An estimate with the choice on which it rests.
    package struct Outcome: Sendable {
        /// What each row contributes; the mean is I(X; Y) in nats, never clamped.
        package let contributions: [Double]
        /// The choice that was made.
        package let choice: Choice
        let estimate: PartEstimate
    }

    /// The estimate of one part.
    struct PartEstimate: Sendable {
        /// The contribution of each row.
        let terms: [Double]
        /// The estimate without some rows; nil where `terms` are influences, so that none is needed.
        let without: (@Sendable (Set<Int>) throws -> Double)?

        /// How each group moves the estimate.
        func influence(groups: [String], seed: UInt64, threadCount: Int) throws -> GroupInfluence {
            guard let without else { return GroupInfluence(contributions: terms, groups: groups) }
            let blocks = JackknifeBlocks(labels: [groups], seed: seed).rows(of: groups)
            let values = try concurrentMap(count: blocks.count, threadCount: threadCount) { try without(Set(blocks[$0].rows)) }
            return GroupInfluence(leaveOneOut: Dictionary(uniqueKeysWithValues: zip(blocks.map(\.label), values)))
        }
    }

    /// I(X; Y) of paired rows by the part that fits them.
    ///
    /// - Parameters:
    ///   - groups: one label per row.
    ///   - set: the name of the set, for messages, like `arrays`.
    /// - Throws: `EstimationError` for too few rows or for columns that depend linearly on others; `LinearAlgebraError`.
    func choose(
        _ x: Matrix, _ y: Matrix, groups: [String], set: String = "set",
        arrays: (x: String, y: String) = ("query", "reference"), threadCount: Int = 1
    ) throws -> Outcome {
        let (x, y) = (x.normalScores, y.normalScores)
        let n = Double(x.rowCount)
        let copula = try self.copula(x, y, set: set, arrays: arrays)
        var values = [("copula", copula.value)]
        var chosen = (part: Part.copula, value: copula.value, estimate: PartEstimate(terms: copula.terms, without: nil))
        let form =
            copula.degreesOfFreedom.isFinite
            ? "a Student copula of \(Self.short(copula.degreesOfFreedom)) degrees of freedom" : "a Gaussian copula"
        var reasons = ["\(form) fits the ranks best"]

        if x.columnCount + y.columnCount <= NeighbourCounts.treeLimit, neighbourCount < x.rowCount {
            let neighbours = try self.neighbours(x, y, copula: copula, set: set, threadCount: threadCount)
            values.append(("neighbours", neighbours.value))
            let difference = neighbours.value - copula.value
            if abs(difference) > 4 * (max(neighbours.plain, 0.05) / n).squareRoot() {
                chosen = (.neighbours, neighbours.value, neighbours.estimate)
                reasons.append("nearest neighbours find \(Self.short(abs(difference))) nats \(difference > 0 ? "more" : "less")")
            } else {
                reasons.append("nearest neighbours find nothing else")
            }
        }
        if x.columnCount + y.columnCount > 2, x.rowCount >= Self.leastRowsForFeatures, Set(groups).count >= 2 * Self.foldCount {
            let features = try self.features(x, y, groups: groups, part: nil, threadCount: threadCount)
            values.append(("features", features.value))
            if features.value > chosen.value + 3 / n.squareRoot() {
                chosen = (features.part, features.value, features.estimate)
                reasons.append("functions of x and y, on rows that they have not seen, share more")
            } else {
                reasons.append("no functions of x and y share more")
            }
        }
        return Outcome(
            contributions: chosen.estimate.terms,
            choice: Choice(
                part: chosen.part, values: values, degreesOfFreedom: copula.degreesOfFreedom,
                reason: reasons.joined(separator: "; ")),
            estimate: chosen.estimate)
    }

    package func information(_ set: SampleSet, hasError: Bool, threadCount: Int) throws -> InformationEstimate {
        try check(set)
        let labels = RowGroups([set]).labels[0]
        let groupCount = Set(labels).count
        guard groupCount > 1 else { throw EstimationError.tooFewGroups(found: groupCount) }
        let rows = try ProjectedRows([set], fusion: fusion)
        let outcome = try choose(
            rows.queries, rows.references, groups: labels, set: set.name, arrays: (set.queryName, "reference"), threadCount: threadCount)
        let value = outcome.contributions.mean
        guard value.isFinite else { throw EstimationError.notFinite(estimator: name, set: set.name) }
        return InformationEstimate(
            value: value,
            influence: hasError
                ? try outcome.estimate.influence(groups: labels, seed: seed, threadCount: threadCount) : GroupInfluence(byGroup: [:]),
            choice: outcome.choice
        ) { pairingCount, seed in
            try RowwiseEstimation(self, [set]).independenceTest(
                0, pairingCount: pairingCount, seed: seed, threadCount: threadCount)
        }
    }

    /// The estimate by a given part, so that sets and relabellings are comparable.
    func contributions(
        _ x: Matrix, _ y: Matrix, part: Part, groups: [String], set: String,
        arrays: (x: String, y: String) = ("query", "reference"), threadCount: Int = 1
    ) throws -> [Double] {
        let (x, y) = (x.normalScores, y.normalScores)
        switch part {
        case .copula: return try copula(x, y, set: set, arrays: arrays).terms
        case .neighbours:
            let copula = try copula(x, y, set: set, arrays: arrays)
            return try neighbours(x, y, copula: copula, set: set, threadCount: threadCount).estimate.terms
        case .features: return try features(x, y, groups: groups, part: part, threadCount: threadCount).estimate.terms
        }
    }

    private struct CopulaPart {
        let model: StudentCopula
        let value: Double
        let terms: [Double]
        var degreesOfFreedom: Double { model.degreesOfFreedom }
    }

    private func copula(_ x: Matrix, _ y: Matrix, set: String, arrays: (x: String, y: String)) throws -> CopulaPart {
        // This is called for its errors, which name the array and the column.
        _ = try GaussianInformation.estimate(x, y, estimator: "auto", set: set, arrays: arrays)
        let model = try StudentCopula(x, y)
        let value = try model.information()
        return CopulaPart(model: model, value: value, terms: try model.logRatios().shifted(toMean: value))
    }

    private func neighbours(
        _ x: Matrix, _ y: Matrix, copula: CopulaPart, set: String, threadCount: Int
    ) throws -> (value: Double, plain: Double, estimate: PartEstimate) {
        let kraskov = KraskovInformation(neighbourCount: neighbourCount)
        let terms = try kraskov.contributions(scaled: x, y, set: set, threadCount: threadCount)
        let plain = terms.mean
        let biased = try concurrentMap(count: Self.surrogateCount, threadCount: threadCount) { index in
            var generator = SeededGenerator(seed: seed, stream: "copula sample", index: index)
            let sample = try copula.model.sample(x.rowCount, using: &generator)
            return try kraskov.contributions(scaled: sample.x.normalScores, sample.y.normalScores, set: set).mean
        }
        let value = copula.value + plain - biased.mean
        let estimate = PartEstimate(terms: terms.shifted(toMean: value)) { left in
            let kept = (0..<x.rowCount).filter { !left.contains($0) }
            return try kraskov.contributions(scaled: x.selectingRows(kept), y.selectingRows(kept), set: set).mean + value - plain
        }
        return (value, plain, estimate)
    }

    private func features(
        _ x: Matrix, _ y: Matrix, groups: [String], part: Part?, threadCount: Int
    ) throws -> (part: Part, value: Double, estimate: PartEstimate) {
        let folds = GroupFolds(groups: groups, count: Self.foldCount, seed: seed, stream: "canonical folds")
        guard folds.rows.count > 1 else { throw EstimationError.tooFewGroups(found: folds.rows.count) }
        let features = try KernelCanonicalFeatures(x, y, seed: seed)
        let penalties: [Double] = if case .features(_, let penalty) = part { [penalty] } else { KernelCanonicalFeatures.penalties }
        let byFold = try concurrentMap(count: folds.rows.count, threadCount: threadCount) { fold in
            let fit = features.covariances(fittedTo: folds.rows(without: fold))
            return try penalties.map { try fit.functions(penalty: $0, of: folds.rows[fold]) }
        }
        // The penalty under which the functions agree most on rows that they have not seen.
        func agreement(_ index: Int) -> Double {
            let correlations = byFold.map { $0[index].correlations }
            return (correlations.first ?? []).indices.reduce(0) { sum, pair in
                let mean = max(0, correlations.map { $0[pair] }.mean)
                return sum - 0.5 * .log(max(1e-300, 1 - mean * mean))
            }
        }
        let choice = penalties.indices.max { agreement($0) < agreement($1) } ?? 0
        let (penalty, functions) = (penalties[choice], byFold.map { $0[choice] })
        let available = functions.map(\.x.columnCount).min() ?? 0
        let ranks: [Int] = if case .features(let rank, _) = part { [min(rank, available)] } else { Array(1...max(1, available)) }
        @Sendable func terms(rank: Int, without left: Set<Int>) throws -> [Double] {
            var terms = [Double](repeating: 0, count: x.rowCount)
            for (rows, pair) in zip(folds.rows, functions) {
                let kept = rows.indices.filter { !left.contains(rows[$0]) }
                let k = min(neighbourCount, kept.count - 1)
                guard k >= 1 else { continue }
                let own = try KraskovInformation(neighbourCount: k).contributions(
                    scaled: pair.x.selectingColumns(0..<rank).selectingRows(kept).normalScores,
                    pair.y.selectingColumns(0..<rank).selectingRows(kept).normalScores)
                for (position, term) in zip(kept, own) { terms[rows[position]] = term }
            }
            return terms
        }
        let byRank = try ranks.map { (rank: $0, terms: try terms(rank: $0, without: [])) }
        guard let best = byRank.max(by: { $0.terms.mean < $1.terms.mean }) else { throw EstimationError.tooFewGroups(found: 1) }
        let estimate = PartEstimate(terms: best.terms) { left in
            // Rows that are left out have zero terms.
            try terms(rank: best.rank, without: left).reduce(0, +) / Double(max(1, x.rowCount - left.count))
        }
        return (.features(rank: best.rank, penalty: penalty), best.terms.mean, estimate)
    }

    private static func short(_ value: Double) -> String {
        let scaled = (value * (value < 10 ? 100 : 1)).rounded() / (value < 10 ? 100 : 1)
        return value < 10 ? "\(scaled)" : "\(Int(scaled))"
    }
}

extension [Double] {
    /// The mean; 0 for an empty array.
    var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

    /// The values, moved so that their mean is `target`.
    fileprivate func shifted(toMean target: Double) -> [Double] {
        let offset = target - mean
        return map { $0 + offset }
    }
}
