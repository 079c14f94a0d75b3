import Attribution
import EmbeddingFiles
import LinearAlgebra

/// The files that an attribution reads.
package struct AttributionSources: Sendable, Equatable {
    /// The pairs in question.
    package var pairs: PairSource
    /// Clean pairs; their loss decides which pairs help and which harm.
    package var validation: PairSource?
    /// Queries with their right answers; wrong answers of the head are traced.
    package var queries: PairSource?
    /// The candidate answers; nil takes the right sides of the queries.
    package var candidates: PairSource?

    /// The sources of an attribution, of which only the pairs are necessary.
    package init(
        pairs: PairSource, validation: PairSource? = nil, queries: PairSource? = nil, candidates: PairSource? = nil
    ) {
        self.pairs = pairs
        self.validation = validation
        self.queries = queries
        self.candidates = candidates
    }

    /// Every path that the sources name.
    package var paths: [String] { [pairs, validation, queries, candidates].compactMap { $0 }.flatMap(\.paths) }
}

/// Scores pairs, values them on a validation set, and traces wrong answers back to them.
///
/// - Parameter progress: called with the name of each step that begins.
/// - Throws: `EmbeddingFileError`, `RunError`.
package func runAttribution(
    _ sources: AttributionSources, settings: AttributionSettings, threadCount: Int,
    progress: (@Sendable (String) -> Void)? = nil
) throws -> AttributionResult {
    let loaded = try LoadedPairs(sources.pairs, threadCount: threadCount)
    // Other sets have the same sides as the pairs.
    func other(_ source: PairSource) throws -> LoadedPairs {
        var source = source
        if source.bundle != nil, sources.pairs.bundle != nil {
            source.left = source.left ?? loaded.left.name
            source.right = source.right ?? loaded.right.name
        }
        let other = try LoadedPairs(source, threadCount: threadCount)
        try checkWidths(loaded, other)
        return other
    }
    let validation = try sources.validation.map(other)
    let queries = try sources.queries.map(other)
    let candidates = try sources.candidates.map(other)
    do {
        progress?("detector")
        let detection = try detector(settings, threadCount: threadCount).detect(loaded.pairs)
        var warnings = loaded.warnings
        var head: TrainedPairHead?
        var headRidge: Double?
        if validation != nil || queries != nil {
            progress?("influences")
            let ridge = finiteRidge(detection)
            headRidge = ridge
            head = try TrainedPairHead(
                loaded.pairs, rank: settings.rank, ridge: ridge, seed: settings.seed, threadCount: threadCount)
        }
        var valuation: (value: PairValuation, validation: LoadedPairs)?
        if let validation, let head {
            valuation = (
                try PairValuation(
                    of: head, trainingRows: loaded.pairs.rowCount, validation: validation.pairs, removedShare: settings.remove,
                    isRelative: settings.relative, seed: settings.seed), validation
            )
            warnings += validation.warnings
        }
        var trace: AttributionResult.Trace?
        if let queries, let head {
            progress?("wrong answers")
            trace = try traceAnswers(head, queries: queries, candidates: candidates, settings: settings)
            warnings += queries.warnings + (candidates?.warnings ?? [])
        }
        var files: [String] = []
        for file in [loaded, validation, queries, candidates].compactMap({ $0 }).flatMap(\.files) where !files.contains(file) {
            files.append(file)
        }
        let repeats = (repeatedRowCount(loaded.pairs.left), repeatedRowCount(loaded.pairs.right))
        return AttributionResult(
            pairs: loaded, detection: detection, head: head, headRidge: headRidge, valuation: valuation, trace: trace,
            warnings: warnings
                + attributionWarnings(loaded, detection, valuation: valuation, duplicateRight: repeats.1, settings: settings),
            files: files, duplicateRightCount: repeats.1, duplicateLeftCount: repeats.0)
    } catch let error as AttributionError {
        throw RunError(error, set: loaded.name)
    }
}

/// A detector with these settings.
func detector(_ settings: AttributionSettings, threadCount: Int) -> MisalignmentDetector {
    var detector = MisalignmentDetector()
    detector.rank = settings.rank
    detector.ridge = settings.ridge
    detector.foldCount = settings.folds
    detector.alpha = settings.alpha
    detector.flagThreshold = settings.flagThreshold
    detector.seed = settings.seed
    detector.threadCount = threadCount
    return detector
}

/// The ridge of the head that gives influences: the detector's, or the best finite one if the detector chose the cosine alone.
private func finiteRidge(_ detection: MisalignmentDetection) -> Double {
    if detection.ridge < .infinity { return detection.ridge }
    var best = detection.ridgeTrials.first { $0.ridge < .infinity }
    for trial in detection.ridgeTrials where trial.ridge < .infinity && trial.pairAUROC > best?.pairAUROC ?? 0 { best = trial }
    return best?.ridge ?? 1
}

private func traceAnswers(
    _ head: TrainedPairHead, queries: LoadedPairs, candidates: LoadedPairs?, settings: AttributionSettings
) throws -> AttributionResult.Trace {
    let choices = candidates ?? queries
    let right = candidates == nil ? Array(queries.names.indices) : try rightCandidates(of: queries, in: choices)
    let answers = AnswerTrace.answers(
        of: head, queries: queries.pairs.left, candidates: choices.pairs.right, right: right)
    let traces = try answers.wrong.prefix(settings.traced).map { query in
        try AnswerTrace(
            of: head, query: query, answer: answers.answers[query], right: right[query], queries: queries.pairs.left,
            candidates: choices.pairs.right, causeCount: settings.causes)
    }
    return AttributionResult.Trace(
        queries: queries, candidates: choices.names, wrongCount: answers.wrong.count, traces: traces)
}

/// The right candidate of each query: the one with the query's name, else the one with the same right side.
private func rightCandidates(of queries: LoadedPairs, in candidates: LoadedPairs) throws -> [Int] {
    var byName: [String: Int] = [:]
    for (row, name) in candidates.names.enumerated() where byName[name] == nil { byName[name] = row }
    var byContent: [UInt64: Int] = [:]
    for (row, content) in candidates.pairs.right.rowFingerprints.enumerated() where byContent[content] == nil {
        byContent[content] = row
    }
    let contents = queries.pairs.right.rowFingerprints
    return try queries.names.indices.map { row in
        guard let found = byContent[contents[row]] ?? byName[queries.names[row]] else {
            throw RunError(
                code: "missing_candidate",
                message: "\(candidates.name): expected the right answer of every query among the candidates, "
                    + "found none for '\(queries.names[row])' of \(queries.name)",
                hint: "give candidates that hold the queries' right sides, or the same ids; without --candidates the queries' own are used")
        }
        return found
    }
}

/// The number of rows that occur more than once.
private func repeatedRowCount(_ rows: Matrix) -> Int {
    Dictionary(rows.rowFingerprints.map { ($0, 1) }, uniquingKeysWith: +).values.filter { $0 > 1 }.reduce(0, +)
}

/// Throws unless the sides of the other set are as wide as those of the pairs.
private func checkWidths(_ pairs: LoadedPairs, _ other: LoadedPairs) throws {
    for (expected, found) in [(pairs.left, other.left), (pairs.right, other.right)] where expected.dimension != found.dimension {
        throw RunError(
            code: "width_mismatch",
            message: "\(other.name): '\(found.name)': expected \(expected.dimension) columns, as in '\(expected.name)' of "
                + "\(pairs.name), found \(found.dimension)",
            hint: "embed both with the same encoder")
    }
}

extension RunError {
    /// An error of the attribution science as a sentence for the user.
    init(_ error: AttributionError, set: String) {
        switch error {
        case .tooFewPairs(let rows, let groups, let needed):
            self.init(
                code: "too_few_rows",
                message: "\(set): expected at least \(needed) pairs in at least 2 groups, found \(rows) in \(groups)",
                hint: groups < 2 ? "choose another --group, or leave it out" : "give more pairs")
        case .notConverged:
            self.init(
                code: "not_converged", message: "\(set): \(error.description)",
                hint: "give a larger --ridge: a head with nearly no penalty has no minimum within reach")
        case .linearAlgebra(let inner): self.init(inner, set: set)
        default: self.init(code: "attribution", message: "\(set): \(error.description)")
        }
    }
}
