import EmbeddingFiles
import Information
import LinearAlgebra

/// The divergence of two arrays that are read block by block: memory for K d²/2 numbers a sample instead of n d.
struct LargeDivergence {
    private let first: LargeColumn
    private let second: LargeColumn
    private let paired: Bool
    private let settings: StudySettings
    private let threadCount: Int
    private let bucketCount: Int
    /// The groups of both samples, where rows have some.
    private let groups: (first: [String]?, second: [String]?)

    /// Whether two arrays are large enough to be summed up, and the kernel allows it; with few rows a column, chance is estimated better
    /// from rows than from buckets.
    static func suits(_ first: LargeColumn, _ second: LargeColumn, _ settings: StudySettings) -> Bool {
        guard ["linear", "cosine"].contains(settings.kernel), max(first.byteCount, second.byteCount) >= 64 << 20 else { return false }
        return min(first.rowCount, second.rowCount) >= MomentDivergence.rowsPerColumn * max(first.width, second.width)
    }

    /// - Throws: `RunError` for arrays of different shapes or groups, and `EmbeddingFileError.exceedsMemory`.
    init(
        _ first: LargeColumn, _ second: LargeColumn, paired: Bool, groupKey: String?, _ settings: StudySettings, threadCount: Int
    ) throws {
        try checkWidths(first.outline, second.outline)
        if paired, first.rowCount != second.rowCount { throw unequalPairs(first.outline, first.rowCount, second.outline, second.rowCount) }
        (self.first, self.second, self.paired, self.settings, self.threadCount) = (first, second, paired, settings, threadCount)
        // Without relabellings nobody asks for buckets.
        bucketCount = settings.permutations == 0 || settings.isPaperCompatible ? 1 : RowMoments.bucketCount(width: first.width)
        let (left, right) = (first.grouped, second.grouped)
        if paired {
            let shared = try pairedGroups(left, right, key: groupKey)
            groups = (shared, shared)
        } else {
            groups = try separateGroups(left, right, key: groupKey)
        }
        let width = first.width
        // The sums of both samples, and what the spectra of three sums a thread take.
        let sums = 2 * min(BucketedSums.byteCount(width: width, bucketCount: bucketCount, threadCount: threadCount), .max / 4)
        let (spectra, overflow) = width.multipliedReportingOverflow(by: width * 8 * 8 * threadCount)
        try checkMemory(overflow || spectra > .max / 4 ? .max : sums + spectra, for: first)
    }

    /// Reads both arrays and computes their divergence.
    ///
    /// - Throws: `EmbeddingFileError`, `RunError`, or `LinearAlgebraError` when eigenvalues do not converge.
    func result() throws -> DivergenceResult {
        var reader = MomentReader(
            column: first, groups: groups.first, settings: settings, bucketCount: bucketCount, threadCount: threadCount)
        reader.keepsChosen = paired
        reader.allowsSingle = true
        let left = try reader.moments()
        // Pairs are in the bucket that the group of either row chose, else the row of p.
        let ownBuckets = reader.buckets ?? reader.chosen
        var other = MomentReader(
            column: second, groups: groups.second, settings: settings, bucketCount: bucketCount, threadCount: threadCount)
        other.allowsSingle = true
        if paired, bucketCount > 1 { other.buckets = ownBuckets }
        let right = try other.moments()
        let areShared = paired || !Set(groups.first ?? []).isDisjoint(with: groups.second ?? [])
        let found = try settings.makeDivergence().divergence(
            left, right, areShared: areShared, relabellings: settings.isPaperCompatible ? 0 : settings.permutations,
            threadCount: threadCount)
        let (n, m) = (first.rowCount, second.rowCount)
        var warnings: [RunWarning] = []
        if settings.permutations > 0, !settings.isPaperCompatible {
            let done = "\(n) and \(m) rows were summed up in \(bucketCount) buckets each"
            warnings.append(
                RunWarning(
                    .relabelledBuckets,
                    found.isTooUnequal
                        ? done + ", too unlike in size to be relabelled: only the plug-in value is known"
                        : done + ", and buckets were relabelled"))
        }
        return DivergenceResult(
            estimate: found.estimate, excess: found.uncertainExcess(confidence: settings.confidence), sampleCounts: [n, m],
            groupCounts: groups.first == nil && groups.second == nil
                ? nil : [groups.first.map { Set($0).count } ?? n, groups.second.map { Set($0).count } ?? m],
            warnings: warnings)
    }
}

/// Sums up the rows of an array that is read block by block.
struct MomentReader {
    let column: LargeColumn
    let settings: StudySettings
    let bucketCount: Int
    let threadCount: Int
    /// The bucket of each row; nil lets what a row holds choose.
    var buckets: [UInt8]?
    /// The buckets that what the rows hold chose, if they are to be kept.
    private(set) var chosen: [UInt8] = []
    var keepsChosen = false
    /// Whether products of rows that the file has in single precision may be computed in it.
    var allowsSingle = false

    /// - Parameter groups: the label of each row's group; nil where rows have none.
    init(column: LargeColumn, groups: [String]?, settings: StudySettings, bucketCount: Int, threadCount: Int) {
        (self.column, self.settings, self.bucketCount, self.threadCount) = (column, settings, bucketCount, threadCount)
        buckets = groups.map { $0.map { UInt8(RowBucket.of(label: $0, bucketCount: bucketCount)) } }
    }

    /// The moments of all rows.
    ///
    /// - Throws: `EmbeddingFileError` and `RunError` for rows that cannot be used.
    mutating func moments() throws -> RowMoments {
        var sums: BucketedSums?
        var chosen: [UInt8] = []
        try column.forEachBlock { block in
            try block.checkFinite()
            let (rows, factors) = try prepared(block)
            var own: [Int]?
            if bucketCount > 1 {
                let range = block.firstRow..<(block.firstRow + block.rows.rowCount)
                own =
                    buckets.map { $0[range].map(Int.init) }
                    ?? block.rows.rowFingerprints.map { RowBucket.of(hash: $0, bucketCount: bucketCount) }
                if buckets == nil, keepsChosen { chosen += own?.map(UInt8.init) ?? [] }
            }
            if sums == nil {
                sums = BucketedSums(
                    width: column.width, bucketCount: bucketCount, isSingle: allowsSingle && block.isSingle, threadCount: threadCount)
            }
            sums?.add(rows, times: factors, buckets: own)
        }
        self.chosen = chosen
        return RowMoments(sums ?? BucketedSums(width: column.width, bucketCount: bucketCount))
    }

    /// The rows of a block, and what they are multiplied by: one over the norm where the kernel takes directions.
    private func prepared(_ block: RowBlock) throws -> (rows: Matrix, factors: [Double]?) {
        if !settings.normalize { try checkMagnitudes(block.rows, column.outline, firstRow: block.firstRow, hint: divergenceMagnitudeHint) }
        guard settings.normalize || settings.kernel == "cosine" else { return (block.rows, nil) }
        let norms = block.rows.rowNorms
        if settings.normalize, norms.contains(0) { try checkNorms(block.rows, column.outline, firstRow: block.firstRow) }
        // The inverse of a norm beyond these is no number that keeps its digits.
        guard norms.allSatisfy({ (1e-290...1e290).contains($0) }) else { return (block.rows.rowsNormalized, nil) }
        return (block.rows, norms.map { 1 / $0 })
    }
}

extension RowMoments {
    /// The number of buckets of samples of this width: fewer of large sums.
    static func bucketCount(width: Int) -> Int { width <= 1_024 ? defaultBucketCount : width <= 2_048 ? 16 : 8 }
}

extension LargeColumn {
    /// The column without its rows, for messages.
    var outline: Column { Column(name: key, values: .vectors(.zeros(0, width)), file: file, key: key) }
    /// The groups of the column without its rows.
    fileprivate var grouped: GroupedColumn { GroupedColumn(column: outline, groups: groups, arrayNames: arrayNames) }
}
