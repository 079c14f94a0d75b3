import Statistics
import Studies

/// The table that papers print of several models: one row per model, one column per kind of shift, each value the mean over the scenarios
/// that all models have.
package struct ModelSummary: Codable, Sendable, Equatable {
    /// The name of the model.
    package var name: String
    /// The means of each measure: on the ID set, by kind of shift, and over all scenarios.
    package var measures: [String: Means]
    /// The scenario in which the model lost most.
    package var worst: Worst?

    /// The means of one measure.
    package struct Means: Codable, Sendable, Equatable {
        /// The ID set's value.
        package var clean: Double?
        /// The mean for each kind; scenarios without a kind count as `other`.
        package var byKind: [String: Double]
        /// The mean over all scenarios.
        package var all: Double
        /// The number of scenarios.
        package var count: Int
    }

    /// The largest EMID among the scenarios.
    package struct Worst: Codable, Sendable, Equatable {
        package var scenario: String
        /// The largest estimate, which is too large on average because it was selected.
        package var emid: Double
        /// The interval of the largest true EMID of the scenarios.
        package var interval: [Double]?
    }

    /// - Parameter scenarios: the scenarios of this model that all models have, in one order.
    init(_ run: ComparedRun, scenarios: [ComparedSet]) {
        name = run.name
        measures = [:]
        for measure in ComparisonReport.measureNames {
            let values = scenarios.compactMap { set in
                set.values[measure].map { (kind: set.kind ?? "other", value: $0.value) }
            }
            guard !values.isEmpty, values.count == scenarios.count else { continue }
            func mean(_ values: [Double]) -> Double { values.sorted().reduce(0, +) / Double(values.count) }
            measures[measure] = Means(
                clean: run.id.values[measure]?.value,
                byKind: Dictionary(grouping: values, by: \.kind).mapValues { mean($0.map(\.value)) },
                all: mean(values.map(\.value)), count: values.count)
        }
        let losses = scenarios.compactMap { set in set.values["emid"].map { (set, $0) } }
        worst = LargestValue(
            losses.map { set, emid in
                let groups = [set.groupCount, run.id.groupCount].compactMap { $0 }.min() ?? 2
                return (emid.value, emid.standardError, Double(max(2, groups) - 1))
            }, confidence: run.confidence
        ).map { largest in
            Worst(
                scenario: losses[largest.position].0.name, emid: largest.value,
                interval: largest.interval.map { [$0.lowerBound, $0.upperBound] })
        }
    }
}

/// Any number of models on the same shifts; the others are compared with the first.
package struct ModelComparison: Codable, Sendable, Equatable {
    /// The models in the order in which they were given.
    package var models: [ModelSummary]
    /// The comparison of each other model with the first.
    package var comparisons: [ComparisonReport]

    /// - Throws: `RunError` if two of the runs cannot be compared, or if no scenario is in all of them.
    /// - Precondition: two runs or more.
    package init(_ runs: [ComparedRun]) throws {
        precondition(runs.count >= 2, "a comparison of \(runs.count) runs")
        var comparisons = try runs.dropFirst().map { try ComparisonReport(runs[0], $0) }
        // Holm's correction over the comparisons with the first model limits the probability of any false claim.
        if comparisons.count > 1 {
            for name in ComparisonReport.measureNames {
                let tested = comparisons.indices.filter { comparisons[$0].measures[name]?.pValue != nil }
                let adjusted = holmAdjustedPValues(tested.compactMap { comparisons[$0].measures[name]?.pValue })
                for (index, p) in zip(tested, adjusted) { comparisons[index].measures[name]?.holmPValue = p }
            }
        }
        // Each column averages the same scenarios for all models.
        let matches = runs.dropFirst().map {
            MatchedScenarios(runs[0].scenarios, $0.scenarios).pairs.filter { $0.isMeasured && $1.isMeasured }
        }
        let shared = runs[0].scenarios.map(\.name).filter { name in
            matches.allSatisfy { $0.contains { $0.0.name == name } }
        }
        guard !shared.isEmpty else {
            throw RunError(
                code: "nothing_to_compare",
                message: "expected a scenario with numbers in all \(runs.count) reports, found none",
                hint: "scenarios are paired by their names")
        }
        self.comparisons = comparisons
        models = runs.enumerated().map { index, run in
            let sets = shared.compactMap { name -> ComparedSet? in
                guard index > 0 else { return run.scenarios.first { $0.name == name } }
                return matches[index - 1].first { $0.0.name == name }.map { own, other in
                    var set = other
                    // Each scenario takes its kind and its name from the first model, if that has them.
                    (set.name, set.kind) = (own.name, own.kind ?? other.kind)
                    return set
                }
            }
            return ModelSummary(run, scenarios: sets)
        }
    }

    /// Two models have the fields of their comparison beside `models`; more models have all comparisons in a list.
    package func encode(to encoder: any Encoder) throws {
        try comparisons[0].encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(models, forKey: .models)
        if comparisons.count > 1 { try container.encode(comparisons, forKey: .comparisons) }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        models = try container.decode([ModelSummary].self, forKey: .models)
        comparisons =
            try container.decodeIfPresent([ComparisonReport].self, forKey: .comparisons) ?? [try ComparisonReport(from: decoder)]
    }

    private enum CodingKeys: String, CodingKey {
        case models
        case comparisons
    }
}

extension ModelComparison {
    /// The kinds of shift that the models have, beginning with those that papers print first.
    var kinds: [String] {
        let found = Set(models.flatMap { $0.measures.values.flatMap(\.byKind.keys) })
        let known = ["visual", "text", "joint", "natural-visual", "natural-text", "natural-joint"]
        return known.filter(found.contains) + found.subtracting(known).sorted()
    }

    /// The models' names in tables and sentences: without the folder and `.json`, if they stay distinct without.
    var shortNames: [String] {
        let short = models.map { model in
            let file = model.name.split(separator: "/").last.map(String.init) ?? model.name
            return file.hasSuffix(".json") ? String(file.dropLast(5)) : file
        }
        return Set(short).count == short.count && !short.contains("") ? short : models.map(\.name)
    }

    /// A table for each measure that every model has: rows are models, columns are kinds.
    var modelTables: [(measure: String, table: TextTable)] {
        ComparisonReport.measureNames.compactMap { measure in
            let rows = zip(shortNames, models).compactMap { name, model in model.measures[measure].map { (name, model, $0) } }
            guard rows.count == models.count else { return nil }
            let hasClean = rows.contains { $0.2.clean != nil }
            let isEMID = measure == "emid"
            let kinds = kinds.filter { kind in rows.contains { $0.2.byKind[kind] != nil } }
            let table = TextTable(
                header: [ComparisonReport.label(measure)] + (hasClean ? ["clean"] : []) + kinds
                    + ["all \(rows.first?.2.count ?? 0)"] + (isEMID ? ["worst", "interval of the worst", "in"] : []),
                rows: rows.map { name, model, means in
                    [name] + (hasClean ? [Numbers.optional(means.clean)] : [])
                        + kinds.map { Numbers.optional(means.byKind[$0]) }
                        + [Numbers.decimal(means.all)]
                        + (isEMID
                            ? [
                                Numbers.optional(model.worst?.emid), Numbers.interval(model.worst?.interval),
                                model.worst?.scenario ?? "-",
                            ]
                            : [])
                })
            return (measure, table)
        }
    }
}

extension ComparisonReport {
    /// The name of a measure for people.
    static func label(_ measure: String) -> String {
        switch measure {
        case "emi": "EMI (OOD)"
        case "emid": "EMID"
        case "excess": "joint excess"
        case "score": "score"
        case "response_similarity": "cosine"
        case "ece_excess": "ECE over chance"
        default: measure
        }
    }
}
