import Information
import Statistics
import Studies

/// What `emi merge` says about sets that were summarized in parts.
package struct MergedReport: Codable, Sendable, Equatable {
    /// The program that merged the parts.
    package var tool = Report.Tool()
    /// A hash of the fit that judged all sets; absent without a fit.
    package var fit: String?
    /// The ID set.
    package var id: MergedSet
    /// The other sets, by name.
    package var shifts: [Shift]
    package var kernel: String
    package var normalize: Bool
    package var permutations: Int
    package var confidence: Double
    package var units: String
    package var seed: UInt64

    /// One set.
    package struct MergedSet: Codable, Sendable, Equatable {
        package var name: String
        package var sampleCount: Int
        /// The number of shards that its parts were made of.
        package var shardCount: Int
        /// The number of buckets of groups that standard errors are from; absent without a fit.
        package var groupCount: Int?
        /// EMI with its parts; absent without a fit.
        package var emi: Report.EffectiveInformation?
        /// The mean cosine of response and reference; absent without a fit.
        package var responseSimilarity: Double?
        /// Lower and upper end.
        package var responseSimilarityInterval: [Double]?
        /// The divergence of responses and references; absent for single arrays.
        package var output: Report.Discrepancy?
    }

    /// A set against the ID set.
    package struct Shift: Codable, Sendable, Equatable {
        package var set: MergedSet
        /// EMID; absent without a fit.
        package var emid: Report.Gap?
        /// The divergence of each array, by its name, with an excess where there are eight rows a column or more; there is none of the query as a whole, whose kernel is no sum over rows.
        package var discrepancies: [String: Report.Discrepancy]
    }

    /// The report of merged parts.
    package init(_ study: MergedStudy, settings: StudySettings) {
        let unit = settings.units
        fit = study.fit
        id = MergedSet(study.id, unit: unit)
        shifts = study.shifts.map { shift in
            Shift(
                set: MergedSet(shift.set, unit: unit),
                emid: shift.emid.map { gap in
                    Report.Gap(
                        value: unit.value(gap.value), standardError: gap.standardError.map(unit.value), interval: gap.ends(unit),
                        smallestDetectable: gap.detectableSize.map(unit.value))
                },
                discrepancies: Dictionary(
                    uniqueKeysWithValues: shift.divergences.map { name, found in
                        let excess = found.hasEnoughRows ? found.uncertainExcess(confidence: settings.confidence) : nil
                        var value = Report.Discrepancy(found.estimate, excess: excess, unit: unit)
                        if !found.hasEnoughRows { (value.nullMean, value.excess) = (nil, nil) }
                        return (name, value)
                    }))
        }
        kernel = settings.kernel
        normalize = settings.normalize
        permutations = settings.permutations
        confidence = settings.confidence
        units = unit.rawValue
        seed = settings.seed
    }

    /// A line for each set, and one for each divergence.
    package var text: String {
        ([id.line] + shifts.flatMap { $0.lines(units: units) }).joined(separator: "\n") + "\n"
    }
}

extension MergedReport.MergedSet {
    init(_ set: MergedStudy.SetResult, unit: InformationUnit) {
        self.init(
            name: set.name, sampleCount: set.rowCount, shardCount: set.inputCount, groupCount: set.emi?.groupCount,
            emi: set.emi.map { emi in
                Report.EffectiveInformation(
                    value: unit.value(emi.value.value), scale: InformationScale.channel.rawValue, modelMi: unit.value(emi.model),
                    referenceMi: unit.value(emi.reference), standardError: emi.value.standardError.map(unit.value),
                    interval: emi.value.ends(unit))
            },
            responseSimilarity: set.emi?.similarity.value, responseSimilarityInterval: set.emi?.similarity.ends,
            output: set.output.map { Report.Discrepancy($0, excess: nil, unit: unit) })
    }

    fileprivate var line: String {
        let value = emi.map { "EMI = \(Numbers.decimal($0.value)) \(Numbers.interval($0.interval)), " } ?? ""
        return "\(name): \(value)\(sampleCount) rows of \(shardCount) \(shardCount == 1 ? "shard" : "shards")"
    }
}

extension MergedReport.Shift {
    fileprivate func lines(units: String) -> [String] {
        let gap = emid.map { ["  EMID = \(Numbers.decimal($0.value)) \(units) \(Numbers.interval($0.interval))"] } ?? []
        return [set.line] + gap
            + discrepancies.sorted { $0.key < $1.key }.map { name, value in
                let chance =
                    value.nullMean.map {
                        "; \(Numbers.decimal($0)) by chance, excess \(Numbers.optional(value.excess)) \(Numbers.interval(value.interval))"
                    } ?? ""
                let evidence = value.pValue.map { ", \(Numbers.evidence("p", $0))" } ?? ""
                return "  \(name): JSD = \(Numbers.decimal(value.jsd)) \(units)\(chance)\(evidence)"
            }
    }
}
