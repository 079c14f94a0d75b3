import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics
import Synchronization

/// What the sets of a batch share: the ID set, and q or the pooled rows of estimators without one.
struct SharedFit: Sendable {
    /// Rows that q is fitted to at most; above, whole groups are drawn, with the seed.
    static let fitRowLimit = 20_000

    let id: BatchSet
    /// The fitted q, for estimators that have one.
    let fit: CrossFit?

    private let estimator: Estimator
    private let loader: SetLoader
    private let setwise: (pool: RowwiseEstimation, positions: [String: Int])?
    /// By name of the scenario: why it could not enter the pool.
    private let failures: [String: RunError]
    /// By name of the set: its rows when it entered the pool.
    private let rowCounts: [String: Int]

    init(
        _ manifest: Manifest, settings: StudySettings, threadCount: Int,
        progress: @escaping @Sendable (_ read: Int, _ all: Int) -> Void
    ) throws {
        estimator = try settings.makeEstimator()
        let loader = try SetLoader(id: manifest.id.source, settings: settings)
        self.loader = loader
        let loadedID = try loader.loadID(name: manifest.id.name, threadCount: threadCount)
        let id = BatchSet(id: loadedID)
        self.id = id
        try estimator.check(id.set)

        var failures: [String: RunError] = [:]
        var rowCounts: [String: Int] = [:]
        var setwise: (pool: RowwiseEstimation, positions: [String: Int])?
        switch (estimator.isFitted, settings.fit) {
        case (true, .file(let path)): fit = try loadFit(path, settings: settings)
        case (true, .id): fit = try estimator.fit([id.set], threadCount: threadCount)
        case (false, _) where !estimator.isRowwise: fit = nil
        default:
            let entries = manifest.scenarios.sorted { $0.name < $1.name }
            let estimator = estimator
            let isRowwise = estimator.isRowwise
            let readCount = Atomic(0)
            let results = try concurrentMap(count: entries.count, threadCount: threadCount) { index in
                let result = Result { () throws -> SampleSet in
                    let set = BatchSet(try loader.load(entries[index].source, name: entries[index].name), id: loadedID).set
                    try estimator.check(set)
                    // q is fitted to references alone: the responses' memory is free at once.
                    return isRowwise ? set : set.referencePairs
                }.mapError { RunError($0, set: entries[index].name) }
                progress(readCount.wrappingAdd(1, ordering: .relaxed).newValue, entries.count)
                return result
            }
            var sets = [isRowwise ? id.set : id.set.referencePairs]
            for (entry, result) in zip(entries, results) {
                switch result {
                case .success(let set): sets.append(set)
                case .failure(let error): failures[entry.name] = error
                }
            }
            let positions = Dictionary(zip(sets.map(\.name), sets.indices)) { first, _ in first }
            rowCounts = positions.mapValues { sets[$0].rowCount }
            if isRowwise {
                setwise = (try RowwiseEstimation(estimator, sets), positions)
                fit = nil
            } else {
                let counts = sets.map(\.rowCount)
                if counts.reduce(0, +) > Self.fitRowLimit { sets = sets.drawingGroups(rowLimit: Self.fitRowLimit, seed: settings.seed) }
                fit = try estimator.fit(releasing: &sets, threadCount: threadCount)
            }
        }
        self.setwise = setwise
        self.failures = failures
        self.rowCounts = rowCounts
    }

    /// Reads a scenario.
    ///
    /// - Throws: `RunError` and the errors of files and estimators.
    func scenario(_ entry: Manifest.Entry) throws -> BatchSet {
        if let failure = failures[entry.name] { throw failure }
        let scenario = BatchSet(try loader.load(entry.source, name: entry.name), id: id.loaded)
        try estimator.check(scenario.set)
        // What was fitted is judged by its place: a file that was written anew in the meantime has other rows there.
        if let expected = rowCounts[entry.name], expected != scenario.set.rowCount {
            throw RunError(
                code: "file_changed",
                message: "\(entry.name): expected \(expected) rows, as when the batch began, found \(scenario.set.rowCount)",
                hint: "run the batch again when its files no longer change")
        }
        return scenario
    }

    /// EMI of the ID set or of a scenario.
    func estimate(_ set: SampleSet, threadCount: Int) throws -> EMIEstimate {
        if let fit {
            let estimate = try fit.estimate([set], threadCount: threadCount)[0]
            try estimator.checkFinite([estimate], of: [set])
            return estimate
        }
        if let setwise, let position = setwise.positions[set.name] {
            return try setwise.pool.estimate(position, threadCount: threadCount)
        }
        return try estimator.estimate([set], threadCount: threadCount)[0]
    }

    /// The gap between the ID set and a scenario.
    func gap<Relabellings>(
        _ ood: SampleSet, estimates: (EMIEstimate, EMIEstimate),
        relabellings: Relabellings, intervals: IntervalMethod
    ) throws -> EMIDEstimate
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        if let setwise, let first = setwise.positions[id.set.name], let second = setwise.positions[ood.name] {
            return try setwise.pool.gap(
                first, second, estimates: estimates, relabellings: relabellings, intervals: intervals)
        }
        return try estimator.gap(
            id.set, ood, estimates: estimates, relabellings: relabellings, intervals: intervals)
    }
}

extension SampleSet {
    /// The set with its references in the place of the responses.
    fileprivate var referencePairs: SampleSet {
        SampleSet(
            name: name, modalities: modalities, response: reference, reference: reference, identifiers: identifiers,
            groups: groups)
    }

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

/// What the pool of a batch will take at its peak, in bytes.
///
/// - Parameters:
///   - rowCount: of all sets.
///   - largestSet: the bytes of the largest set.
/// - Throws: `RunError` for settings that name no estimator.
package func expectedPoolBytes(
    _ settings: StudySettings, rowCount: Int, idSet: SampleSet, largestSet: Int
) throws -> Int {
    let estimator = try settings.makeEstimator()
    let perRow = idSet.byteCount / max(1, idSet.rowCount)
    if estimator.isRowwise { return 2 * rowCount * perRow }
    guard estimator.isFitted, settings.fit == .pooled else { return 0 }
    let fitted = min(rowCount, SharedFit.fitRowLimit)
    // Queries and references are let go when features stand; features, basis and residuals of every penalty follow.
    let features = ClubKernel().exactLimit >= fitted ? fitted : ClubKernel().landmarkCount
    return fitted * perRow + fitted * 8 * (2 * features + 14 * ClubKernel().componentLimit)
}

extension SampleSet {
    /// The bytes of its matrices.
    package var byteCount: Int {
        8 * rowCount * (modalities.reduce(0) { $0 + $1.rows.columnCount } + 2 * reference.columnCount)
    }
}
