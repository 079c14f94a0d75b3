import EmbeddingFiles
import Information

extension Study {
    /// About how many times the bytes of its rows a study holds at most: rows as they were read, as they were normalised, and parts of them.
    private static let copyCount = 2.5

    /// Whether the sets are read block by block: under the channel, when one of them has a large array and all of them allow it.
    func isLarge(_ settings: StudySettings) -> Bool {
        guard settings.estimator == ReferenceChannel.about.name, companions.isEmpty, !settings.isPaperCompatible,
            settings.entropyScale == .kernel
        else { return false }
        let extents = sets.map(\.extent)
        return extents.allSatisfy { $0?.canBeReadInBlocks ?? false }
            && extents.contains { ($0?.largestByteCount ?? 0) >= largeArrayByteLimit }
    }

    /// Throws if what is kept of sets that are read block by block cannot be held.
    ///
    /// - Parameter limit: the bytes that there are; nil for those of the machine.
    /// - Throws: `EmbeddingFileError.exceedsMemory`.
    func checkLargeMemory(limit: Int? = nil) throws {
        let extents = sets.map { ($0.files.first ?? $0.name, $0.extent?.rowCount ?? 0) }
        guard let largest = extents.max(by: { $0.1 < $1.1 }) else { return }
        // Of every row: its coordinates and what the channel expects of them, signed sums of its arrays, and its names in several tables.
        let channel = ReferenceChannel()
        let rowBytes = 8 * (3 * channel.componentLimit + 16 * 5) + 1_200
        let rows = extents.reduce(0) { $0 + min($1.1, .max >> 24) }
        try EmbeddingFiles.checkMemory(min(rows, .max >> 24) * rowBytes, file: largest.0, limit: limit)
    }

    /// Throws if the rows of all sets cannot be held, before any is read.
    ///
    /// - Parameter limit: the bytes that there are; nil for those of the machine.
    /// - Throws: `EmbeddingFileError.exceedsMemory`.
    func checkMemory(limit: Int? = nil) throws {
        let extents = (sets + companions).map { ($0.files.first ?? $0.name, $0.extent?.byteCount ?? 0) }
        // Sets that are not pooled are read one after the other, but every thread has one.
        let pooled = settings.ofMainEstimator.about.map { $0.sharing != .nothing && settings.effectiveFit == .pooled } ?? true
        let others = extents.dropFirst().map(\.1).sorted(by: >)
        let held =
            (extents.first?.1 ?? 0)
            + (pooled ? others : Array(others.prefix(threadCount))).reduce(0) { min($0, .max / 8) + min($1, .max / 8) }
        guard let largest = extents.max(by: { $0.1 < $1.1 }) else { return }
        try EmbeddingFiles.checkMemory(Int(min(Self.copyCount * Double(held), 9e18)), file: largest.0, limit: limit)
    }
}

extension StudySet {
    /// The shapes of its arrays; nil for a set in memory, and for files whose headers cannot be read.
    fileprivate var extent: SetExtent? {
        guard case .files(let source) = data else { return nil }
        return reviews.isEmpty ? SetExtent(source) : nil
    }
}
