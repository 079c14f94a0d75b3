import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics
import Synchronization

/// What the sets of a study share: the ID set, and the estimator after it was prepared with all of them.
struct SharedFit: Sendable {
    let id: LoadedSet

    private let study: Study
    private let estimator: any Estimator
    private let prepared: any PreparedEstimator
    private let loader: SetLoader
    /// For each shift its place among the sets that the estimator was prepared with; nil when it was not among them.
    private let positions: [Int?]
    /// For each shift the reason why it could not take part; nil when it did.
    private let failures: [RunError?]
    /// For each shift the number of its rows when it took part; nil when it did not.
    private let rowCounts: [Int?]
    /// For each shift its rows, if the study is small enough to keep them.
    private let kept: [LoadedSet?]

    /// The fit; nil for estimators that fit nothing.
    var fit: SavedFit? { SavedFit(prepared) }
    /// The prepared channel; nil under other estimators.
    var channel: PreparedChannel? { prepared as? PreparedChannel }

    /// Reads the sets and prepares the estimator with them, in the order of their names: so the numbers depend neither on the order of
    /// the manifest nor on threads.
    init(
        _ study: Study, settings: StudySettings, progress: @escaping @Sendable (_ read: Int, _ all: Int) -> Void
    ) throws {
        self.study = study
        let (shifts, threadCount) = (study.shifts, study.threadCount)
        let isLarge = study.isLarge(settings)
        if isLarge { try study.checkLargeMemory() } else { try study.checkMemory() }
        let loader = try SetLoader(id: study.id, settings: settings, isLarge: isLarge, threadCount: threadCount)
        self.loader = loader
        let estimator = loader.estimator
        self.estimator = estimator
        id = loader.id
        try estimator.check(id.set)

        let about = type(of: estimator).about
        var positions = [Int?](repeating: nil, count: shifts.count)
        var failures = [RunError?](repeating: nil, count: shifts.count)
        var rowCounts = [Int?](repeating: nil, count: shifts.count)
        var kept = [LoadedSet?](repeating: nil, count: shifts.count)
        switch (about.sharing, settings.effectiveFit) {
        case (.fit, .file(let path)): prepared = try loadFit(path, settings: settings)
        case (.fit, .id) where isLarge:
            prepared = try PreparedChannel(ReferenceChannel().judged([id].compactMap(\.streamed)), threadCount: threadCount)
        case (.fit, .id), (.nothing, _): prepared = try estimator.prepare([id.set], threadCount: threadCount)
        case (.fit, .pooled), (.rows, _):
            let order = shifts.indices.sorted { (shifts[$0].name, $0) < (shifts[$1].name, $1) }
            let keepsRows = about.sharing == .rows || about.fitsResponses
            let readCount = Atomic(0)
            let keptBytes = Atomic(0)
            let results = try concurrentMap(count: order.count, threadCount: threadCount) { index in
                let set = shifts[order[index]]
                let result = Result { () throws -> (rows: SampleSet, streamed: StreamedSet?, loaded: LoadedSet?) in
                    var loaded = try loader.load(set, threadCount: order.count == 1 ? threadCount : 1)
                    try estimator.check(loaded.set)
                    let bytes = keptBytes.wrappingAdd(loaded.set.byteCount, ordering: .relaxed).newValue
                    loaded = loaded.withoutOutline
                    // If q is fitted to references alone, the responses need not stay in memory.
                    return (
                        keepsRows ? loaded.set : loaded.set.referencePairs, loaded.streamed,
                        bytes <= study.keptByteLimit || study.manifest == nil ? loaded : nil
                    )
                }.mapError { RunError($0, set: set.name) }
                progress(readCount.wrappingAdd(1, ordering: .relaxed).newValue, order.count)
                return result
            }
            var sets = [keepsRows ? id.set : id.set.referencePairs]
            var streamed = [id.streamed].compactMap { $0 }
            for (index, result) in zip(order, results) {
                switch result {
                case .success(let found):
                    positions[index] = sets.count
                    rowCounts[index] = found.rows.rowCount
                    kept[index] = found.loaded
                    sets.append(found.rows)
                    streamed += [found.streamed].compactMap { $0 }
                case .failure(let error):
                    // Without a manifest there is one shift: when it fails, there is nothing left to report.
                    if study.manifest == nil { throw error }
                    failures[index] = error
                }
            }
            for set in study.companions.sorted(by: { $0.name < $1.name }) {
                let rows = try loader.load(set, threadCount: threadCount).set
                try estimator.check(rows)
                sets.append(keepsRows ? rows : rows.referencePairs)
            }
            prepared =
                isLarge
                ? try PreparedChannel(ReferenceChannel().judged(streamed, threadCount: threadCount), threadCount: threadCount)
                : try estimator.prepare(releasing: &sets, threadCount: threadCount)
        }
        (self.positions, self.failures, self.rowCounts, self.kept) = (positions, failures, rowCounts, kept)
    }

    /// The rows of a shift: the kept ones, or read again.
    ///
    /// - Throws: `RunError` and the errors of files and estimators.
    func shift(_ index: Int) throws -> LoadedSet {
        if let failure = failures[index] { throw failure }
        if let known = kept[index] { return known }
        let set = study.shifts[index]
        let loaded = try loader.load(set)
        try estimator.check(loaded.set)
        // The fit knows rows by their place in the file; a file rewritten in the meantime has other rows there.
        if let expected = rowCounts[index], expected != loaded.set.rowCount {
            throw RunError(
                code: "file_changed",
                message: "\(set.name): expected \(expected) rows, as when the batch began, found \(loaded.set.rowCount)",
                hint: "run the batch again when its files no longer change")
        }
        return loaded
    }

    /// EMI of the ID set, or of the shift at `index`.
    func estimate(_ set: LoadedSet, at index: Int?, threadCount: Int) throws -> EMIEstimate {
        let position = index.map { positions[$0] } ?? 0
        let estimate: EMIEstimate
        if let streamed = set.streamed, let channel {
            estimate = try channel.keptEstimate(at: position) ?? channel.fit.rows(of: [streamed], threadCount: threadCount)[0].estimate
        } else {
            estimate = try prepared.estimate(set.set, at: position, threadCount: threadCount)
        }
        try estimator.checkFinite([estimate], of: [set.set])
        return estimate
    }

    /// The gap between the ID set and the shift at `index`.
    func gap<Relabellings>(
        _ index: Int, estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings, intervals: IntervalMethod,
        threadCount: Int
    ) throws -> EMIDEstimate
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        try prepared.gap(
            (0, positions[index]), estimates, relabellings: relabellings, intervals: intervals, threadCount: threadCount)
    }
}

extension SampleSet {
    /// The same set with references in place of responses, so that the responses' memory can be freed.
    fileprivate var referencePairs: SampleSet {
        SampleSet(
            name: name, modalities: modalities, response: reference, reference: reference, identifiers: identifiers,
            groups: groups)
    }

    /// The size of the set's matrices in bytes.
    package var byteCount: Int {
        8 * rowCount * (modalities.reduce(0) { $0 + $1.rows.columnCount } + 2 * reference.columnCount)
    }
}
