import Bottleneck
import Statistics
import Studies

/// What `emi bottleneck --posterior` prints: the rates of exported posteriors, and for several models their differences.
package struct PosteriorReport: Codable, Sendable, Equatable {
    package var schemaVersion = "1.0"
    package var tool = Report.Tool()
    /// `nats` or `bits`.
    package var units: String
    /// The confidence level of intervals, between 0 and 1.
    package var confidence: Double
    /// The arrays of posteriors in all files.
    package var posteriors: [Posterior]
    /// The comparison of every further file with the first, row by row if both have the same number of rows.
    package var comparisons: [Comparison]
    package var environment: Report.Environment?
    package var provenance: Report.Provenance?

    /// The results for one array of posteriors.
    package struct Posterior: Codable, Sendable, Equatable {
        /// The path of the file.
        package var file: String
        /// The modality; absent for arrays whose names contain none.
        package var modality: String?
        /// The numbers of rows, of columns, and of groups of dependent rows.
        package var rowCount: Int
        package var columns: Int
        package var groupCount: Int
        /// The prior: `standard`, or `file` if the file holds one.
        package var prior: String
        /// E KL(q(z|x) || r(z)) per row, an upper bound of I(X; Z).
        package var rate: BottleneckReport.Value
        /// `rate` divided by the number of columns.
        package var ratePerColumn: Double
        /// The rate with the best diagonal prior.
        package var rateBestPrior: Double
        /// `rate` minus `rate_best_prior`, which a better prior would save.
        package var marginalKl: Double
        /// Bounds of I(X; Z); absent if nobody asked for them.
        package var information: Information?
        /// The loss that the published code of Vittle logs, per column, under --compat vittle; it is not a KL.
        package var published: Double?
    }

    /// Bounds of I(X; Z) for X uniform over the rows.
    package struct Information: Codable, Sendable, Equatable {
        /// The lower and upper bound.
        package var lower: Double
        package var upper: Double
        /// ln n, the largest value that n rows can show.
        package var ceiling: Double
        /// Whether the rows show little more than that there are n of them.
        package var saturated: Bool
    }

    /// Two models, or one model before and after a change.
    package struct Comparison: Codable, Sendable, Equatable {
        /// The names of the two files.
        package var a: String
        package var b: String
        package var modality: String?
        /// The difference of the rates per column, B minus A, paired by row.
        package var ratePerColumn: BottleneckReport.Value
        /// The two-sided p-value of "no difference".
        package var pValue: Double?
    }

    /// The report of some files.
    ///
    /// - Parameter showsPublished: whether to show the value of the published code beside the exact one.
    package init(_ results: [PosteriorResult], confidence: Double, showsPublished: Bool, unit: InformationUnit) {
        units = unit.rawValue
        self.confidence = confidence
        posteriors = results.map { result in
            let rate = result.rate
            return Posterior(
                file: result.file, modality: result.modality, rowCount: result.rowCount, columns: result.columnCount,
                groupCount: result.groupCount, prior: result.hasPrior ? "file" : "standard",
                rate: BottleneckReport.Value(rate.rate, unit: unit), ratePerColumn: unit.value(rate.ratePerColumn),
                rateBestPrior: unit.value(rate.rateWithBestPrior), marginalKl: unit.value(rate.marginalDivergence),
                information: rate.information.map {
                    Information(
                        lower: unit.value($0.lower), upper: unit.value($0.upper), ceiling: unit.value($0.ceiling),
                        saturated: $0.isSaturated)
                }, published: showsPublished ? unit.value(rate.published) : nil)
        }
        let first = results.first?.file
        comparisons = results.filter { $0.file != first }.compactMap { other in
            guard let base = results.first(where: { $0.file == first && $0.modality == other.modality }),
                base.rowCount == other.rowCount, base.groups == other.groups
            else { return nil }
            let differences = zip(base.rate.rows, other.rate.rows).map {
                $1 / Double(other.columnCount) - $0 / Double(base.columnCount)
            }
            let found = PairedDifference(
                value: differences.reduce(0, +) / Double(differences.count),
                influence: GroupInfluence(contributions: differences, groups: base.groups),
                intervals: IntervalMethod(confidence: confidence))
            return Comparison(
                a: base.file, b: other.file, modality: other.modality,
                ratePerColumn: BottleneckReport.Value(found.value, unit: unit),
                pValue: found.pValue)
        }
    }

    /// The tables, with remarks on what they do not show.
    package var text: String {
        title + "\n\n" + tables.map { $0.plain + "\n" }.joined() + remarks.map { "note: \($0)\n" }.joined()
    }

    /// The tables and remarks as Markdown.
    package var markdown: String {
        (["### emi bottleneck --posterior\n", title.markdownText + "\n"] + tables.map(\.markdown)
            + [remarks.map { "- \($0.markdownText)\n" }.joined()]).joined(separator: "\n")
    }

    private var title: String { "Rates of posteriors, \(units) a row" }

    private var tables: [TextTable] {
        let showsPublished = posteriors.contains { $0.published != nil }
        let rates = TextTable(
            header: [
                "file", "modality", "rows", "columns", "prior", "rate", "\(Numbers.confidence(confidence)) interval",
                "per column",
                "best prior", "marginal KL", "I(X;Z)", "ln n",
            ] + (showsPublished ? ["published code, per column"] : []),
            rows: posteriors.map { found in
                let information = found.information.map {
                    $0.saturated ? "saturated" : "\(Numbers.decimal($0.lower)) to \(Numbers.decimal($0.upper))"
                }
                return [
                    found.file, found.modality ?? "-", "\(found.rowCount)", "\(found.columns)", found.prior,
                    Numbers.decimal(found.rate.value), Numbers.interval(found.rate.interval),
                    Numbers.decimal(found.ratePerColumn, places: 5),
                    Numbers.decimal(found.rateBestPrior), Numbers.decimal(found.marginalKl), information ?? "-",
                    Numbers.optional(found.information?.ceiling),
                ] + (showsPublished ? [Numbers.optional(found.published, places: 5)] : [])
            })
        guard !comparisons.isEmpty else { return [rates] }
        return [
            rates,
            TextTable(
                header: ["B", "less A", "modality", "per column", "\(Numbers.confidence(confidence)) interval", "p"],
                rows: comparisons.map { found in
                    [found.b, found.a, found.modality ?? "-", Numbers.decimal(found.ratePerColumn.value, places: 5)]
                        + [
                            found.ratePerColumn.interval.map {
                                "[\(Numbers.decimal($0[0], places: 5)), \(Numbers.decimal($0[1], places: 5))]"
                            }
                                ?? "-", Numbers.probability(found.pValue),
                        ]
                }),
        ]
    }

    private var remarks: [String] {
        var remarks = [
            "the rate is an upper bound of I(X;Z), and not I(X;Z): marginal KL is what a better diagonal prior would take from it"
        ]
        if posteriors.contains(where: { $0.information?.saturated == true }) {
            remarks.append(
                "saturated: posteriors of different rows hardly overlap, and n rows show no more than ln n; compare models by rate per column"
            )
        }
        if posteriors.contains(where: { $0.published != nil }) {
            remarks.append(
                "the published code halves the log-variance before it enters once: its value is no KL, is smallest (-0.0767) at a variance of 1/2 "
                    + "and can be negative")
        }
        return remarks
    }
}

extension BottleneckReport.Value {
    init(_ value: UncertainValue, unit: InformationUnit) {
        self.init(
            value: unit.value(value.value), standardError: value.standardError.map(unit.value),
            interval: value.interval.map { [unit.value($0.lowerBound), unit.value($0.upperBound)] })
    }
}
