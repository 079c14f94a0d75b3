import EmbeddingFiles
import Information
import LinearAlgebra

/// How the shards of a set are summarized.
package struct SummaryPlan: Sendable {
    /// The name of the set that the shards belong to.
    package var set: String
    /// The array or key that says which rows depend on each other; nil takes the one with a known name.
    package var groupKey: String?
    /// The number of rows that are kept for a fit.
    package var keptRowLimit: Int
    /// The fit that judges the rows; nil in the first round.
    package var fitFile: String?
    package var settings: StudySettings
    package var threadCount: Int

    /// A plan with these choices.
    package init(
        set: String, groupKey: String? = nil, keptRowLimit: Int = 2_000, fitFile: String? = nil, settings: StudySettings, threadCount: Int
    ) {
        self.set = set
        self.groupKey = groupKey
        self.keptRowLimit = keptRowLimit
        self.fitFile = fitFile
        self.settings = settings
        self.threadCount = threadCount
    }

    /// Summarizes some shards as one part.
    ///
    /// A shard is a bundle with responses and references, or one array: `FILE:array`, or a `.npy` file.
    /// - Throws: `EmbeddingFileError`, `RunError` and the errors of the fit.
    /// - Precondition: at least one shard.
    package func part(of shards: [String]) throws -> (whole: SetPart, repeatedCount: Int) {
        let judge = try fitFile.map { try PartJudge($0, set: set, settings: settings) }
        return try SetPart.merged(
            shards.map { shard in
                if isArray(shard) {
                    if let fitFile {
                        throw RunError(
                            code: "no_responses",
                            message: "\(shard): expected responses and references to judge under \(fitFile), found one array",
                            hint: "leave --fit out where only divergences are wanted")
                    }
                    return try array(shard)
                }
                return try bundle(shard, judge)
            })
    }

    private func isArray(_ path: String) -> Bool { path.hasSuffix(".npy") || isArrayInFile(path) }

    /// The digest by which a shard is known.
    private func digest(_ path: String) throws -> String {
        let files = fileDigests([path], threadCount: 1)
        let digests = try files.map { file in
            guard let digest = file.sha256 else {
                throw RunError(
                    code: "no_digest",
                    message: "\(file.path): expected a regular file, whose digest tells it from other shards, found none",
                    hint: "write the shard to a file first")
            }
            return digest
        }
        let recipe = [path.split(separator: ":").last.map(String.init) ?? "", groupKey ?? "", "\(settings.normalize)", set]
        // Of a single array, the name is a part of what was read.
        let text = (digests + (isArrayInFile(path) ? recipe : Array(recipe.dropFirst()))).joined(separator: separator)
        return sha256(Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// One array, block by block.
    private func array(_ path: String) throws -> SetPart {
        guard let column = try largeColumn(path, group: groupKey, fewestBytes: 0) else {
            throw RunError(
                code: "no_vectors",
                message: "\(path): expected an array of vectors in a regular .npy, .npz or .safetensors file, found none",
                hint: "give a file with responses and references, or one array as FILE:array")
        }
        let bucketCount = RowMoments.bucketCount(width: column.width)
        try checkMemory(
            BucketedSums.byteCount(width: column.width, bucketCount: bucketCount, threadCount: threadCount), for: column)
        var reader = MomentReader(
            column: column, groups: column.groups, settings: settings, bucketCount: bucketCount, threadCount: threadCount)
        let moments = try reader.moments()
        let labels = column.groups.map { Set($0) }
        return SetPart(
            set: set, inputs: [SetPart.Input(digest: try digest(path), path: path, rowCount: column.rowCount)],
            recipe: SetPart.Recipe(normalize: settings.normalize, labels: column.groups == nil ? "content" : "group", fit: nil),
            moments: ["data": moments], labelHashes: labelHashes(labels.map(Array.init) ?? []))
    }

    /// A bundle: its arrays, some rows, and what its rows contribute under a fit.
    private func bundle(_ path: String, _ judge: PartJudge?) throws -> SetPart {
        let shard = StudySet(name: set, source: SampleSource(bundle: path, groupKey: groupKey))
        // Under the names of the file: those that a study gives to rows without ids depend on what else is in the shard.
        let loaded = try SetLoader(id: shard, settings: settings, threadCount: threadCount).id.rows
        let kind = loaded.groups != nil ? "group" : loaded.identifiers != nil ? "item" : "content"
        let hashes = loaded.partHashes
        let labels = loaded.groups ?? loaded.identifiers ?? hashes.map { "content \(String($0, radix: 16))" }
        var moments: [String: RowMoments] = [:]
        let arrays = loaded.modalities.map { ($0.name, $0.rows) } + [("response", loaded.response), ("reference", loaded.reference)]
        for (name, rows) in arrays {
            let bucketCount = RowMoments.bucketCount(width: rows.columnCount)
            let buckets = labels.map { RowBucket.of(label: $0, bucketCount: bucketCount) }
            moments[name] = RowMoments(rows, buckets: buckets, bucketCount: bucketCount, threadCount: threadCount)
        }
        var part = SetPart(
            set: set, inputs: [SetPart.Input(digest: try digest(path), path: path, rowCount: loaded.rowCount)],
            recipe: SetPart.Recipe(normalize: settings.normalize, labels: kind, fit: judge?.fingerprint), moments: moments,
            labelHashes: kind == "content" ? [] : labelHashes(labels))
        if let judge {
            part.judged = try judge.sums(loaded, labels: labels, threadCount: threadCount)
        } else {
            part.kept = KeptRows(loaded, labels: labels, limit: keptRowLimit)
        }
        return part
    }

    private func labelHashes(_ labels: [String]) -> [UInt64] {
        Array(Set(labels.map { RowBucket.hash(of: $0) }).sorted().prefix(SetPart.labelHashLimit))
    }
}

/// A fit that judges the rows of a set in parts.
struct PartJudge {
    private let fit: ChannelFit
    private let negatives: ChannelNegatives
    private let namesContent: Bool
    /// A hash of the fit, equal in parts of sets that one fit judges.
    let fingerprint: String

    /// - Throws: `RunError` for a fit without negatives of the set.
    init(_ path: String, set: String, settings: StudySettings) throws {
        let file = try FitReader(path, settings: settings)
        fit = try file.channel()
        fingerprint = SavedFit.channel(fit).fingerprint
        namesContent = file.metadata["labels_content"] == "true"
        let found = try file.negatives()
        guard let own = found[set] else {
            throw RunError(
                code: "missing_negatives",
                message: "\(path): expected rows of the set '\(set)' to compare answers with, found "
                    + (found.isEmpty ? "those of no set" : "those of \(found.keys.sorted().joined(separator: ", "))"),
                hint: "summarize all shards without --fit, and make the fit with: emi merge PART… --save-fit FILE")
        }
        negatives = own
    }

    /// Sums of what the rows of a part contribute.
    func sums(_ set: SampleSet, labels: [String], threadCount: Int) throws -> JudgedSums {
        // Rows without names were fitted under names made of what they hold.
        let isUnnamed = set.groups == nil && set.identifiers == nil
        let named =
            isUnnamed && namesContent
            ? SampleSet(name: set.name, modalities: set.modalities, response: set.response, reference: set.reference, groups: labels) : set
        let (model, reference) = try fit.contributions(
            of: named, hashes: set.partHashes, against: negatives, threadCount: threadCount)
        let similarities = set.responseSimilarities
        var sums = JudgedSums()
        for (row, label) in labels.enumerated() {
            let bucket = RowBucket.of(label: label, bucketCount: JudgedSums.bucketCount)
            sums.counts[bucket] += 1
            sums.model[bucket] += model[row]
            sums.reference[bucket] += reference[row]
            sums.similarity[bucket] += similarities[row]
        }
        return sums
    }
}
