import Information
import LinearAlgebra
import Statistics

/// What the parts of some sets show together: the divergences of their arrays, and EMI of each set if a fit has judged the rows.
package struct MergedStudy: Sendable {
    /// The results of one set.
    package struct SetResult: Sendable {
        package let name: String
        package let rowCount: Int
        /// The number of shards.
        package let inputCount: Int
        /// EMI; nil in the first round.
        package let emi: EMIResult?
        /// The divergence of responses and references; nil for single arrays.
        package let output: DivergenceEstimate?
    }

    /// EMI of a set, in nats.
    package struct EMIResult: Sendable {
        /// EMI with its interval.
        package let value: UncertainValue
        /// I(X; Y_theta).
        package let model: Double
        /// I(X; Y).
        package let reference: Double
        /// The mean cosine of response and reference.
        package let similarity: UncertainValue
        /// The number of buckets with rows, which stand in for groups.
        package let groupCount: Int
        let influence: GroupInfluence
    }

    /// The results of one set against the ID set.
    package struct ShiftResult: Sendable {
        package let set: SetResult
        /// EMID with its interval; nil in the first round.
        package let emid: UncertainValue?
        /// The divergence of each array that both sets have, by its name, sorted.
        package let divergences: [(name: String, divergence: MomentDivergence)]
    }

    /// The ID set.
    package let id: SetResult
    /// The other sets, by name.
    package let shifts: [ShiftResult]
    /// A hash of the fit that judged the rows; nil in the first round.
    package let fit: String?
    /// The number of parts that were left out because others hold the same inputs.
    package let repeatedCount: Int

    /// Merges parts and compares their sets.
    ///
    /// - Parameter idName: the name of the ID set; nil takes the only set, or the first by name.
    /// - Throws: `RunError` for parts that do not go together, or `LinearAlgebraError` when eigenvalues do not converge.
    package init(_ parts: [SetPart], idName: String?, settings: StudySettings, threadCount: Int) throws {
        let (sets, repeated) = try Self.wholeSets(parts)
        guard let first = idName.map({ name in sets.first { $0.set == name } }) ?? sets.first else {
            let names = sets.map(\.set)
            throw RunError(
                code: "missing_set", message: "--id: expected one of the sets \(names.joined(separator: ", ")), found '\(idName ?? "")'",
                hint: nearestName(to: idName ?? "", in: names).map { "did you mean '\($0)'?" })
        }
        let fits = Set(sets.map { $0.recipe.fit ?? "none" }).sorted()
        guard fits.count == 1 else {
            throw RunError(
                code: "unlike_parts", message: "expected all sets judged by one fit, found \(fits.joined(separator: " and "))",
                hint: "summarize the shards of all sets with the same --fit, or all without")
        }
        fit = first.recipe.fit
        repeatedCount = repeated
        let divergence = try settings.makeDivergence()
        let count = settings.isPaperCompatible ? 0 : settings.permutations
        func result(_ part: SetPart) throws -> SetResult {
            var output: DivergenceEstimate?
            if let response = part.moments["response"], let reference = part.moments["reference"] {
                output = try divergence.divergence(
                    response, reference, areShared: true, relabellings: count, threadCount: threadCount
                ).estimate
            }
            return SetResult(
                name: part.set, rowCount: part.rowCount, inputCount: part.inputs.count,
                emi: part.judged.map { EMIResult($0, intervals: settings.intervals) }, output: output)
        }
        let own = try result(first)
        id = own
        shifts = try sets.filter { $0.set != first.set }.map { part in
            let areShared = !Set(first.labelHashes).isDisjoint(with: part.labelHashes)
            let names = Set(first.moments.keys).intersection(part.moments.keys).sorted()
            let divergences = try names.map { name -> (name: String, divergence: MomentDivergence) in
                guard let left = first.moments[name], let right = part.moments[name], left.width == right.width else {
                    throw RunError(
                        code: "width_mismatch",
                        message:
                            "set '\(part.set)', array '\(name)': expected \(first.moments[name]?.width ?? 0) columns, as in '\(first.set)', "
                            + "found \(part.moments[name]?.width ?? 0)",
                        hint: "embed both with the same encoder")
                }
                return (
                    name,
                    try divergence.divergence(left, right, areShared: areShared, relabellings: count, threadCount: threadCount)
                )
            }
            let set = try result(part)
            let emid = zip2(own.emi, set.emi).map { id, ood in
                UncertainValue(
                    value: id.value.value - ood.value.value, influence: id.influence.subtracting(ood.influence),
                    intervals: settings.intervals)
            }
            return ShiftResult(set: set, emid: emid, divergences: divergences)
        }
    }

    /// The whole sets that parts make up, by name, and the number of repeated parts.
    private static func wholeSets(_ parts: [SetPart]) throws -> (sets: [SetPart], repeatedCount: Int) {
        let bySet = Dictionary(grouping: parts, by: \.set)
        let merged = try bySet.keys.sorted().map { try SetPart.merged(bySet[$0] ?? []) }
        return (merged.map(\.whole), merged.reduce(0) { $0 + $1.repeatedCount })
    }

    /// Fits the reference channel to the rows that parts of the first round have kept, and saves it with the rows that answers are compared
    /// with: for the second round.
    ///
    /// - Parameter givenFit: a fit to save in the place of a new one.
    /// - Returns: the number of fitted rows.
    /// - Throws: `RunError` for parts without rows, the errors of the fit, or `EmbeddingFileError` when the file cannot be written.
    package static func saveFit(
        of parts: [SetPart], givenFit: String? = nil, settings: StudySettings, threadCount: Int, to path: String
    ) throws -> Int {
        let (sets, _) = try wholeSets(parts)
        var negatives: [String: ChannelNegatives] = [:]
        var samples: [SampleSet] = []
        for part in sets {
            guard let kept = part.kept else {
                throw RunError(
                    code: "no_kept_rows", message: "set '\(part.set)': expected rows for a fit, found none in its parts",
                    hint: "summarize bundles with responses and references, without --fit")
            }
            negatives[part.set] = ChannelNegatives(hashes: kept.hashes, references: kept.references)
            let sample = kept.sample
            samples.append(
                SampleSet(
                    name: part.set, modalities: [Modality(name: "reference", rows: sample.references)], response: sample.responses,
                    reference: sample.references, identifiers: part.recipe.labels == "item" ? sample.labels : nil,
                    groups: part.recipe.labels == "item" ? nil : sample.labels))
        }
        let fit =
            try givenFit.map { try FitReader($0, settings: settings).channel() }
            ?? ReferenceChannel().fit(samples, threadCount: threadCount)
        try Studies.saveFit(
            fit, settings: settings, negatives: negatives, namesContent: givenFit == nil && sets.contains { $0.recipe.labels == "content" },
            to: path)
        return fit.rowCount
    }
}

extension MergedStudy.EMIResult {
    init(_ sums: JudgedSums, intervals: IntervalMethod) {
        let total = sums.counts.reduce(0, +)
        (model, reference) = (sums.model.reduce(0, +) / total, sums.reference.reduce(0, +) / total)
        let used = sums.counts.indices.filter { sums.counts[$0] > 0 }
        func influences(_ value: (Int) -> Double) -> GroupInfluence {
            let labels = used.map { "bucket \($0)" }
            // With two groups both deviate from the mean equally by construction: no standard error.
            guard used.count > 2 else { return GroupInfluence(unknownOf: labels) }
            return GroupInfluence(
                sums: Dictionary(uniqueKeysWithValues: zip(labels, used.map { (sum: value($0), count: sums.counts[$0]) })))
        }
        influence = influences { sums.model[$0] - sums.reference[$0] }
        groupCount = used.count
        value = UncertainValue(value: model - reference, influence: influence, intervals: intervals)
        similarity = UncertainValue(
            value: sums.similarity.reduce(0, +) / total, influence: influences { sums.similarity[$0] }, intervals: intervals)
    }
}

/// Both values, or nil if one is missing.
private func zip2<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}
