import LinearAlgebra
import Statistics

/// CLUB with a Gaussian q that is fitted to the reference pairs of a run.
protocol ClubEstimator: Estimator {
    /// How the estimator fits a q to groups of rows.
    var recipe: ClubRecipe { get }
    /// The seed for choosing the rows that q is fitted to, if there are too many.
    var seed: UInt64 { get }
}

/// The most rows that q is fitted to; if there are more, whole groups are drawn at random.
private let fitRowLimit = 20_000

extension ClubEstimator {
    package func prepare(releasing sets: inout [SampleSet], threadCount: Int) throws -> any PreparedEstimator {
        if sets.reduce(0, { $0 + $1.rowCount }) > fitRowLimit { sets = sets.drawingGroups(rowLimit: fitRowLimit, seed: seed) }
        return try CrossFit(releasing: &sets, recipe, threadCount: threadCount)
    }

    package func poolBytes(rowCount: Int, rowBytes: Int) -> Int {
        let fitted = min(rowCount, fitRowLimit)
        // Queries and references are let go when features stand; features, basis and residuals of every penalty follow.
        let features = ClubKernel().exactLimit >= fitted ? fitted : ClubKernel().landmarkCount
        return fitted * rowBytes + fitted * 8 * (2 * features + 14 * ClubKernel().componentLimit)
    }

    /// q fitted to the reference pairs of `sets`.
    ///
    /// - Throws: as `prepare`.
    func fit(_ sets: [SampleSet], threadCount: Int = 1) throws -> CrossFit {
        var own = sets
        return try CrossFit(releasing: &own, recipe, threadCount: threadCount)
    }

    package func caution(_ set: SampleSet) -> String? {
        let groupCount = (set.groups ?? set.identifiers).map { Set($0).count } ?? set.rowCount
        if set.rowCount < 60 {
            return "\(name) learns q from references; its intervals were checked from 60 rows on, here are \(set.rowCount)"
        }
        guard groupCount < 30 else { return nil }
        return "\(name) learns q from references; its intervals hold from 30 groups on, in 20 they held the truth in 90 % "
            + "and not 95 %, here are \(groupCount)"
    }
}

/// How an estimator fits its q.
struct ClubRecipe: Sendable {
    /// Limits for the answer directions and for the covariance of q.
    let limits: ClubFit.Limits
    /// Chooses the form of the query features from some sets.
    let form: @Sendable (_ sets: [SampleSet]) -> QueryMap.Form

    /// Fits a q to these groups of rows of `sets`, which are released as soon as they have become features.
    ///
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    func fit(releasing sets: inout [SampleSet], labels: [[String]], threadCount: Int) throws -> ClubFit {
        let form = form(sets)
        return try ClubFit(releasing: &sets, labels: labels, form: form, limits: limits, threadCount: threadCount)
    }
}

extension SampleSet {
    fileprivate var labels: [String] { groups ?? identifiers ?? [] }
}

extension [SampleSet] {
    /// The rows of whole groups, drawn until `rowLimit` rows are reached; a group that several sets share is drawn in all of
    /// them. Sets of which nothing is drawn are left out.
    fileprivate func drawingGroups(rowLimit: Int, seed: UInt64) -> [SampleSet] {
        var counts: [String: Int] = [:]
        for label in flatMap(\.labels) { counts[label, default: 0] += 1 }
        let names = counts.keys.sorted()
        var generator = SeededGenerator(seed: seed, stream: "fitted groups")
        var chosen: Set<String> = []
        var total = 0
        for position in generator.permutation(of: names.count) {
            let count = counts[names[position], default: 0]
            if total + count > rowLimit { break }
            chosen.insert(names[position])
            total += count
        }
        return compactMap { set in
            let rows = set.labels.indices.filter { chosen.contains(set.labels[$0]) }
            return rows.isEmpty ? nil : set.selectingRows(rows)
        }
    }
}
