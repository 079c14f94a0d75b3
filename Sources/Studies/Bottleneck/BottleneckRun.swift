import Bottleneck
import Information
import LinearAlgebra
import RealModule
import Statistics

/// Fits the bottleneck of the ID set and follows its representation under the shifts.
///
/// - Parameters:
///   - id: the set to which the bottleneck is fitted.
///   - shifts: other sets, with the same modalities.
///   - labels: for every set, the ID set first, labels that tell the probe which answers are the same; nil compares rows.
/// - Throws: `RunError` for settings that do not suit the sets.
package func runBottleneck(
    id: LoadedSet, shifts: [(set: LoadedSet, kind: String?)], labels: [[String]]? = nil, settings: BottleneckSettings,
    threadCount: Int
) throws -> BottleneckResult {
    let set = id.set
    let groups = set.groupLabels
    let source = try BottleneckSource(settings, id: set)
    let (query, answer) = (source.rows(set), settings.target.rows(set))
    let bottleneck: GaussianBottleneck
    do {
        bottleneck = try GaussianBottleneck(
            query, answer, groups: groups, settings: settings.fit, confidence: settings.confidence,
            threadCount: threadCount)
    } catch BottleneckError.tooFewGroups(let found) {
        throw RunError(
            code: "too_few_groups", message: "\(set.name): expected rows of at least 3 groups, found \(found)",
            hint: "groups are held out by turns; leave --group out where rows are independent")
    }
    let point = settings.beta.map { bottleneck.plane.point(beta: $0) } ?? bottleneck.minimal
    let judged = try Judged(
        source, set, shifts.map(\.set.set), labels, bottleneck, beta: point?.beta, settings, threadCount: threadCount)
    let distinct = Set(answer.rowFingerprints).count
    let limit = Double.log(Double(max(1, distinct)))
    var warnings: [RunWarning] = []
    if bottleneck.information.value > limit {
        warnings.append(
            RunWarning(
                .fewAnswers,
                "\(distinct) different answers hold at most \(rounded(limit)) nats, and Gaussians of these correlations "
                    + "\(rounded(bottleneck.information.value)): read the matching information"))
    }
    return BottleneckResult(
        id: set.name, sampleCount: set.rowCount, groupCount: Set(groups).count, source: source.name,
        columnCount: query.columnCount,
        bottleneck: bottleneck,
        pValue: try GaussianBottleneck.permutationPValue(
            query, answer, groups: groups, settings: settings.fit, pairingCount: settings.permutations,
            seed: settings.seed,
            threadCount: threadCount),
        matching: try bottleneck.matchingInformation(query, answer, threadCount: threadCount), answerLimit: limit,
        point: point,
        curve: curve(bottleneck.plane), representations: judged.representations,
        shifts: try shifts.enumerated().map { index, shift in try judged.shift(index, kind: shift.kind) },
        encoded: judged.encoded, warnings: id.warnings + warnings)
}

extension BottleneckSettings {
    /// The settings of the fit.
    fileprivate var fit: GaussianBottleneck.Settings {
        var fit = GaussianBottleneck.Settings()
        if let rank { fit.limit = min(rank, fit.limit) }
        return fit
    }
}

extension SampleSet {
    /// One label for each row: its group, else its item, else its position.
    fileprivate var groupLabels: [String] { groups ?? identifiers ?? (0..<rowCount).map { "row \($0)" } }
}

/// Points at equal distances of ln(beta), from the entry of the first direction to where nearly everything is told.
private func curve(_ plane: InformationPlane) -> [InformationPlane.Point] {
    guard let first = plane.criticalBetas.first, let last = plane.criticalBetas.last else { return [] }
    let (low, high) = (Double.log(first), Double.log(last * 100))
    return (0...48).map { plane.point(beta: .exp(low + (high - low) * Double($0) / 48)) }
}

/// All representations of all sets.
private struct Judged {
    let representations: [BottleneckResult.Representation]
    let encoded: [BottleneckResult.EncodedSet]
    private let sets: [SampleSet]
    private let labels: [[String]]?
    private let settings: BottleneckSettings
    private let threadCount: Int
    /// The spaces, one for each representation.
    private let spaces: [Space]

    private struct Space {
        let name: String
        let rows: [Matrix]
        let decoder: AnswerDecoder
        /// The sets in this representation, for each fold.
        let byFold: [[Matrix]]

        func probe(_ index: Int, _ answers: Matrix, groups: [String], labels: [String]?) -> AnswerProbe {
            decoder.probe(byFold.map { $0[index] }, answers, groups: groups, labels: labels)
        }
    }

    init(
        _ source: BottleneckSource, _ id: SampleSet, _ others: [SampleSet], _ labels: [[String]]?,
        _ bottleneck: GaussianBottleneck, beta: Double?, _ settings: BottleneckSettings, threadCount: Int
    ) throws {
        let sets = [id] + others
        let raw = try concurrentMap(count: sets.count, threadCount: threadCount) { source.rows(sets[$0]) }
        let answers = settings.target.rows(id)
        let groups = id.groupLabels
        func space(_ name: String, _ rows: [Matrix], byFold: [[Matrix]]? = nil) throws -> Space {
            let byFold = byFold ?? [rows]
            let decoder = try AnswerDecoder(
                byFold.map { $0[0] }, answers, groups: groups, labels: labels?[0], threadCount: threadCount)
            return Space(name: name, rows: rows, decoder: decoder, byFold: byFold)
        }
        var spaces = [try space("raw", raw)]
        if let beta {
            let own = raw.map { bottleneck.encode($0, beta: beta) }
            let byFold = try bottleneck.encodeByFold(raw[0], answers, others: raw, beta: beta, threadCount: threadCount)
            let rank = own[0].columnCount
            if rank > 0 {
                spaces.append(try space("bottleneck", own, byFold: byFold))
                let mean = raw[0].columnMeans
                for (name, control) in [("principal", RankControl.principal), ("random", .random)] {
                    let projection = try control.projection(raw[0], columnCount: rank, seed: settings.seed)
                    spaces.append(try space(name, raw.map { $0.subtractingFromRows(mean).times(projection) }))
                }
            }
            encoded = zip(sets, own).enumerated().map { index, pair in
                BottleneckResult.EncodedSet(set: pair.0, rows: pair.1, isInSample: index == 0)
            }
        } else {
            encoded = []
        }
        representations = spaces.map { space in
            BottleneckResult.Representation(
                name: space.name, columnCount: space.rows[0].columnCount,
                probe: space.probe(0, answers, groups: groups, labels: labels?[0]),
                effectiveRank: EffectiveRank.participation(space.rows[0]))
        }
        (self.sets, self.labels, self.settings, self.threadCount, self.spaces) = (
            sets, labels, settings, threadCount, spaces
        )
    }

    /// Measures a shift in every representation.
    func shift(_ index: Int, kind: String?) throws -> BottleneckResult.Shift {
        let (id, ood) = (sets[0], sets[index + 1])
        let design = ExchangeDesign(id, ood)
        let relabellings = design.lazyRelabellings(count: settings.permutations, seed: settings.seed)
        let draws = design.lazyBalancedDraws(count: settings.permutations, seed: settings.seed)
        let divergence = JensenShannonDivergence(seed: settings.seed)
        var divergences: [String: DivergenceEstimate] = [:]
        var probes: [String: AnswerProbe] = [:]
        var movement: [String: RepresentationShift] = [:]
        let shared = sharedRows(id, ood)
        let answers = settings.target.rows(ood)
        for space in spaces {
            let (first, second) = (space.rows[0], space.rows[index + 1])
            divergences[space.name] = try divergence.estimate(
                [first.rowsNormalized], [second.rowsNormalized], relabellings: relabellings, balancedDraws: draws,
                dependentRows: design.dependentRows, threadCount: threadCount)
            probes[space.name] = space.probe(
                index + 1, answers, groups: ood.groupLabels, labels: labels?[index + 1])
            if shared.count >= 4 {
                movement[space.name] = RepresentationShift(
                    clean: first.selectingRows(shared.map(\.0)), shifted: second.selectingRows(shared.map(\.1)))
            }
        }
        let consistency =
            shared.isEmpty
            ? nil
            : zip(
                id.response.rowsNormalized.selectingRows(shared.map(\.0))
                    .rowProducts(ood.response.rowsNormalized.selectingRows(shared.map(\.1))), 0...
            ).reduce(0) { $0 + $1.0 } / Double(shared.count)
        let gaps = [id, ood].compactMap { set in
            set.modalities.count == 2 ? modalityGap(set.modalities[0].rows, set.modalities[1].rows) : nil
        }
        return BottleneckResult.Shift(
            name: ood.name, kind: kind, probes: probes, divergences: divergences, movement: movement,
            responseConsistency: consistency, sharedCount: shared.count,
            modalityGaps: gaps.count == 2 ? (gaps[0], gaps[1]) : nil)
    }

    /// The row numbers, in both sets, of items that both hold, in the order of the ID set.
    private func sharedRows(_ id: SampleSet, _ ood: SampleSet) -> [(Int, Int)] {
        guard let own = id.identifiers, let other = ood.identifiers else { return [] }
        let places = Dictionary(other.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return own.enumerated().compactMap { row, name in places[name].map { (row, $0) } }
    }
}
