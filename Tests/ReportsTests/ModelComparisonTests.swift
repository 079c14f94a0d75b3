import Foundation
import Statistics
import Studies
import Testing

@testable import Reports

/// Rows of a report's sets: 30 groups of 3, what a row adds being its item's difficulty, the model's own part, and
/// what the mean has to be.
private func rows(_ report: Report, model: UInt64, shift: Double = 0) -> RowsFile {
    let means = [(report.id.name, report.id.emi.value)] + report.scenarios.map { ($0.name, $0.emi?.value ?? 0) }
    return RowsFile(
        units: report.settings.units.rawValue,
        sets: means.enumerated().map { index, set in
            var items = SeededGenerator(seed: 1, stream: "items", index: index)
            var own = SeededGenerator(seed: model, stream: "model", index: index)
            let reference = (0..<90).map { _ in 2 + items.normal() }
            let noise = (0..<90).map { _ in 0.2 * own.normal() }
            let hard = (0..<90).map { _ in items.normal() }
            let raw = zip(noise, hard).map { $0 + $1 }
            let wanted = set.1 + reference.reduce(0, +) / 90
            let offset = wanted - raw.reduce(0, +) / 90
            return RowsFile.Rows(
                name: set.0, ids: (0..<90).map { "item \($0)" }, groups: (0..<90).map { "image \($0 / 3)" },
                modelMi: raw.map { $0 + offset }, referenceMi: reference, responseSimilarity: nil, score: nil)
        })
}

/// The saved report, and another whose model adds `gain` more in every scenario and as much as before in the ID set.
private func runs(gain: Double) throws -> (ComparedRun, ComparedRun) {
    let a = try savedReport()
    var b = a
    for index in b.scenarios.indices {
        b.scenarios[index].emi?.value += gain
        b.scenarios[index].emid?.value -= gain
    }
    return (
        try ComparedRun(a, name: "a.json", rows: rows(a, model: 1)),
        try ComparedRun(b, name: "b.json", rows: rows(b, model: 2))
    )
}

@Suite struct ModelComparisonTests {
    @Test func rowsAreSetAgainstRows() throws {
        let (a, b) = try runs(gain: 0.3)
        let found = try ComparisonReport(a, b)
        #expect(found.pairing == Pairing(kind: "rows", scenarios: 15, rows: 90, groups: 30))
        let emi = try #require(found.scenarios[0].emi?.difference)
        #expect(abs(emi.value - 0.3) < 1e-9 && emi.isPaired == true)
        // By hand: what b adds more in each row, clustered in images.
        let name = found.scenarios[0].name
        let (first, second) = (
            try #require(a.scenarios.first { $0.name == name }?.rows),
            try #require(b.scenarios.first { $0.name == name }?.rows)
        )
        let differences = zip(first.modelMi, second.modelMi).map { $1 - $0 }
        let error = try #require(GroupInfluence(contributions: differences, groups: first.groups).standardError)
        #expect(abs(try #require(emi.standardError) - error) < 1e-12)
        #expect(try #require(emi.varianceRatio) > 4)
        let mean = try #require(found.measures["emid"])
        #expect(mean.isPaired == true && mean.interval.map { $0[1] < 0 } == true)
        #expect(found.verdicts[0].hasPrefix("B is more robust"))
        #expect(found.pairingRemarks[0].hasPrefix("rows against rows in 15 of 15 scenarios: intervals of EMI are "))
        // Without rows the same difference is not resolved.
        let unpaired = try ComparisonReport(
            ComparedRun(try savedReport(), name: "a.json"), ComparedRun(try savedReport(), name: "b.json"))
        #expect(
            unpaired.pairing.kind == "none"
                && unpaired.pairing.reason?.contains("no rows beside a.json and b.json") == true)
    }

    /// Gaps of sets of unlike sizes are taken at one size, rows at their own: the rows give the spread of the difference, not its value.
    @Test func gapsAtOneSizeAreStillPaired() throws {
        let a = try savedReport()
        var b = a
        for index in b.scenarios.indices { b.scenarios[index].emid?.value -= 0.25 }
        func compared(_ first: Int?, _ second: Int?) throws -> RunDifference {
            func run(_ report: Report, _ groups: Int?, _ name: String, _ model: UInt64) throws -> ComparedRun {
                var report = report
                for index in report.scenarios.indices { report.scenarios[index].emid?.comparedGroups = groups }
                return try ComparedRun(report, name: name, rows: rows(report, model: model))
            }
            return try #require(
                ComparisonReport(run(a, first, "a.json", 1), run(b, second, "b.json", 2)).scenarios[0].emid?.difference)
        }
        let paired = try compared(10, 10)
        #expect(paired.isPaired == true && abs(paired.value + 0.25) < 1e-12)
        // Without one size for both, rows that do not give the difference of the gaps are not used for it.
        for (first, second) in [(nil, nil), (10, 20)] as [(Int?, Int?)] {
            let found = try compared(first, second)
            #expect(found.isPaired != true && abs(found.value + 0.25) < 1e-12)
            #expect(try #require(found.standardError) > #require(paired.standardError))
        }
    }

    @Test func whatOnlyTheQueriesDecideHasNoError() throws {
        let report = try savedReport()
        let sentence = "the queries are the same in both runs, and this value does not depend on the model"
        // Without rows, too: divergences that agree to the last digit are those of the same queries.
        let (a, b) = try runs(gain: 0.3)
        let alone = try (ComparedRun(report, name: "a.json"), ComparedRun(report, name: "b.json"))
        for found in [try ComparisonReport(a, b), try ComparisonReport(alone.0, alone.1)] {
            let pair = try #require(found.scenarios[0].excess)
            #expect(pair.aInterval != nil && pair.difference.value == 0 && pair.difference.reason == sentence)
            #expect(pair.difference.interval == nil && pair.difference.pValue == nil && pair.difference.qValue == nil)
            let mean = try #require(found.measures["excess"])
            #expect(mean.meanDifference == 0 && mean.interval == nil && mean.pValue == nil && mean.reason == sentence)
            #expect(found.measures["emid"]?.reason == nil && found.measures["emid"]?.interval != nil)
            #expect(found.measureTable.plain.contains("same queries"))
            #expect(found.remarks.contains("joint excess: " + sentence))
        }
        let three = try ModelComparison([a, b, b])
        #expect(three.differenceTable.rows.filter { $0.contains("same queries") }.count == 2)
        #expect(try three.rendered(.html).contains("same queries"))
        #expect(try JSONSchema(PublishedSchema.compare.text).problems(in: three.rendered(.json)) == [])
    }

    @Test func divergencesOfOtherQueriesKeepTheirErrors() throws {
        let report = try savedReport()
        var other = report
        other.scenarios[0].discrepancies?["joint"]?.excess? += 0.01
        let found = try ComparisonReport(report, name: "a.json", other, name: "b.json")
        let name = report.scenarios[0].name
        let moved = try #require(found.scenarios.first { $0.name == name }?.excess?.difference)
        #expect(moved.reason == nil && moved.interval != nil && abs(moved.value - 0.01) < 1e-12)
        // The mean has the errors of the scenarios that have one; the others are known to be 0.
        let mean = try #require(found.measures["excess"])
        #expect(mean.reason == nil)
        #expect(
            abs(try #require(mean.standardError) - (try #require(moved.standardError)) / Double(report.scenarios.count)) < 1e-12)
        // Paired rows are of the same queries, so that another value can only come from other settings.
        var second = try runs(gain: 0).1
        let place = try #require(second.scenarios.firstIndex { $0.name == name })
        second.scenarios[place].values["excess"]?.value += 0.01
        let paired = try ComparisonReport(runs(gain: 0).0, second)
        let difference = try #require(paired.scenarios.first { $0.name == name }?.excess?.difference)
        #expect(difference.reason?.contains("one of settings or seeds") == true && difference.interval == nil)
    }

    @Test func aPairingThatCannotBeMadeSaysWhy() throws {
        let (a, b) = try runs(gain: 0.3)
        let report = try savedReport()
        var other = rows(report, model: 2)
        for index in other.sets.indices { other.sets[index].referenceMi[7] += 0.5 }
        for index in other.sets.indices { other.sets[index].modelMi[7] += 0.5 }
        let differs = try ComparisonReport(a, ComparedRun(report, name: "c.json", rows: other))
        #expect(differs.pairing.kind == "none")
        #expect(differs.pairing.reason?.contains("I(X;Y) of item 'item 7' in set 'clean' differs") == true)
        #expect(differs.scenarios.allSatisfy { $0.emi?.difference.isPaired == nil })
        // One scenario of other items: the others stay paired, the mean over all does not claim to be.
        var some = rows(report, model: 2)
        some.sets[3].ids[0] = "another"
        let partly = try ComparisonReport(a, ComparedRun(report, name: "c.json", rows: some))
        #expect(partly.pairing.kind == "rows" && partly.pairing.scenarios == 14)
        #expect(
            partly.pairing.reason?.hasPrefix("1 of 15 scenarios: item 'item 0' of set '") == true, "\(partly.pairing)")
        #expect(partly.measures["emi"]?.isPaired == nil && b.hasRows)
    }

    @Test func rowsOfAnotherRunAreRefused() throws {
        let report = try savedReport()
        var own = rows(report, model: 1)
        own.sets[2].modelMi[0] += 0.01
        #expect(throws: RunError.self) { try ComparedRun(report, name: "a.json", rows: own) }
        #expect(throws: RunError.self) {
            try ComparedRun(report, name: "a.json", rows: RowsFile(units: "bits", sets: own.sets))
        }
    }

    @Test func manyModelsAreHeldAgainstTheFirst() throws {
        let (a, b) = try runs(gain: 0.3)
        var c = b
        c.name = "c.json"
        let found = try ModelComparison([a, b, c])
        #expect(found.models.map(\.name) == ["a.json", "b.json", "c.json"] && found.comparisons.count == 2)
        let (p, adjusted) = (
            try #require(found.comparisons[0].measures["emid"]?.pValue),
            try #require(found.comparisons[0].measures["emid"]?.holmPValue)
        )
        #expect(abs(adjusted - min(1, 2 * p)) < 1e-15)
        let means = try #require(found.models[0].measures["emid"])
        let report = try savedReport()
        let visual = report.scenarios.filter { $0.kind == "visual" }.compactMap { $0.emid?.value }
        #expect(abs(try #require(means.byKind["visual"]) - visual.reduce(0, +) / Double(visual.count)) < 1e-12)
        let largest = try #require(report.scenarios.max { ($0.emid?.value ?? 0) < ($1.emid?.value ?? 0) })
        #expect(found.models[0].worst?.scenario == largest.name && found.models[0].worst?.emid == largest.emid?.value)
        let table = try #require(found.modelTables.first { $0.measure == "emid" }?.table)
        #expect(table.rows.count == 3 && table.header.prefix(2) == ["EMID", "visual"])
        for format in ComparisonFormat.allCases { #expect(try !found.rendered(format).isEmpty) }
        // Two models have what they had, and their table.
        let two = try ModelComparison([a, b])
        #expect(try two.rendered(.text).contains(two.comparisons[0].verdicts[0]))
        let schema = try JSONSchema(PublishedSchema.compare.text)
        for comparison in [found, two] { #expect(try schema.problems(in: comparison.rendered(.json)) == []) }
    }

    /// A calibration report of the saved report's scenarios, without those left out: gap and ECE of each set grow with its place.
    private func calibration(of report: Report, raised: Double = 0, leaving: Int = 0) throws -> CalibrationReport {
        let names = [report.id.name] + report.scenarios.dropLast(leaving).map(\.name)
        let sets = names.enumerated().map { index, name in
            """
            {"name": "\(name)", "status": "ok", "gap": {"value": \(0.01 * Double(index) + raised), "standard_error": 0.02},
             "ece": {"value": 0.3, "over": 0.2, "under": 0.1, "chance": 0.1, "excess": \(0.02 * Double(index) + raised),
                     "standard_error": 0.03, "largest_gap": 0.4, "bin_count": 15}}
            """
        }
        let json = """
            {"kind": "calibration", "schema_version": "1.0", "tool": {"name": "emi", "version": "0"},
             "settings": {"bins": 15, "rule": "left_closed", "confidence": 0.95, "confidence_source": "options", "draws": 0, "seed": 0},
             "id": \(sets[0]), "scenarios": [\(sets.dropFirst().joined(separator: ","))],
             "summary": {"scenario_count": \(sets.count - 1), "failed_count": 0, "more_overconfident": 0, "less_overconfident": 0, "unresolved": 0},
             "notes": []}
            """
        return try CalibrationReport.read(json, name: "c.json").report
    }

    @Test func calibrationStandsBesideEMI() throws {
        let report = try savedReport()
        var runs = try [ComparedRun(report, name: "x/a.json"), ComparedRun(report, name: "x/b.json")]
        try runs[0].add(calibration(of: report), name: "ca.json")
        try runs[1].add(calibration(of: report, raised: 0.1), name: "cb.json")
        let found = try ModelComparison(runs)
        let pair = try #require(found.comparisons[0].scenarios.first { $0.name == report.scenarios[0].name }?.overconfidence)
        #expect(pair.a == 0.01 && abs(pair.b - 0.11) < 1e-15)
        // Of independent sets: sqrt(2) times 0.02.
        #expect(abs(try #require(pair.difference.standardError) - 0.02 * 2.0.squareRoot()) < 1e-15 && pair.difference.qValue != nil)
        let excess = try #require(found.comparisons[0].measures["ece_excess"])
        #expect(abs(excess.meanDifference - 0.1) < 1e-12 && excess.higherInB == report.scenarios.count)
        #expect(found.models[1].measures["overconfidence"]?.clean == 0.1)
        let labels = found.modelTables.map { $0.table.header[0] }
        #expect(labels.suffix(2) == ["overconfidence", "ECE over chance"], "\(labels)")
        #expect(try JSONSchema(PublishedSchema.compare.text).problems(in: found.rendered(.json)) == [])
        for format in ComparisonFormat.allCases { #expect(try found.rendered(format).contains("ECE over chance") || format == .json) }
    }

    @Test func calibrationOfSomeOrOfOtherScenariosIsTold() throws {
        let report = try savedReport()
        var runs = try [ComparedRun(report, name: "a.json"), ComparedRun(report, name: "b.json")]
        try runs[0].add(calibration(of: report), name: "ca.json")
        try runs[1].add(calibration(of: report, leaving: 2), name: "cb.json")
        let found = try ModelComparison(runs)
        #expect(found.comparisons[0].measures["overconfidence"]?.count == report.scenarios.count - 2)
        // A column holds the same scenarios for all models, or is left out.
        #expect(found.models[1].measures["overconfidence"] == nil && !found.modelTables.contains { $0.measure == "overconfidence" })
        #expect(found.remarks.contains { $0.hasPrefix("cb.json has 13 of the 15 scenarios of b.json") })
        var other = report
        for index in other.scenarios.indices { other.scenarios[index].name = "other \(index)" }
        let foreign = try calibration(of: other)
        let error = #expect(throws: RunError.self) { try runs[0].add(foreign, name: "cx.json") }
        #expect(error?.message == "cx.json: expected calibration of the scenarios of a.json, found none of them")
    }

    @Test func modelsHaveShortNamesWhereTheyStayDistinct() throws {
        let report = try savedReport()
        func names(_ paths: [String]) throws -> [String] {
            try ModelComparison(paths.map { try ComparedRun(report, name: $0) }).shortNames
        }
        #expect(try names(["out/base.json", "out/new.json", "standard input"]) == ["base", "new", "standard input"])
        #expect(try names(["v1/report.json", "v2/report.json"]) == ["v1/report.json", "v2/report.json"])
        #expect(try names(["a.json", ".json"]) == ["a.json", ".json"])
    }

    @Test func rowsAreReadAsTheyWereWritten() throws {
        let file = rows(try savedReport(), model: 1)
        let text = try file.text()
        #expect(try RowsFile.read(text, name: "r") == file)
        #expect(
            RowsFile.path(beside: "out/report.json") == "out/report.rows.jsonl"
                && RowsFile.path(beside: "x") == "x.rows.jsonl")
        func refusal(_ text: String) -> String {
            do {
                _ = try RowsFile.read(text, name: "r.rows.jsonl")
                return ""
            } catch { return RunError(error).message }
        }
        #expect(refusal("") == "r.rows.jsonl: line 1: expected the head of a file of rows, found nothing")
        #expect(
            refusal("{\"rows_version\":\"2.0\",\"units\":\"nats\"}")
                == "r.rows.jsonl: line 1: expected version 1.x of rows, found 2.0")
        let head = "{\"rows_version\":\"1.0\",\"units\":\"nats\"}\n"
        #expect(refusal(head + "{}") == "r.rows.jsonl: line 2: expected the rows of a set, found something else")
        let short =
            "{\"name\":\"s\",\"ids\":[\"a\",\"b\"],\"groups\":[\"a\",\"b\"],\"model_mi\":[1,2],\"reference_mi\":[1]}"
        #expect(refusal(head + short) == "r.rows.jsonl: line 2: expected 2 values, one an id, found 1")
    }

    @Test func scenariosOfOtherNamesAreKnownByTheirShifts() {
        func sets(_ names: [String]) -> [ComparedSet] { names.map { ComparedSet(name: $0) } }
        let found = MatchedScenarios(
            sets(["frost_3", "sr_4", "frost_3_sr_4", "plain", "easy_Hindi"]),
            sets([
                "llava_bench_coco_frost_3", "llava_bench_coco_sr_4", "plain", "llava_bench_in_the_wild_easy_Hindi",
                "other",
            ]))
        #expect(
            found.pairs.map { $0.1.name } == [
                "llava_bench_coco_frost_3", "llava_bench_coco_sr_4", "plain", "llava_bench_in_the_wild_easy_Hindi",
            ] || found.pairs.count == 3)
        #expect(found.onlyInA.contains("frost_3_sr_4") && found.onlyInB.contains("other"))
    }
}

@Suite struct PublishedPairsTests {
    private static let published = """
        {"model_name": "m", "EMI": {"x_coco": 0.003, "x_coco_sr_4": -0.002, "x_coco_frost_1": 0.001},
         "EMID": {"x_coco_sr_4": 0.005, "x_coco_frost_1": 0.002}, "EMID_UB": {"x_coco_sr_4": 1.3, "x_coco_frost_1": 1.2}}
        """

    @Test func publishedResultsAreARun() throws {
        let own = try savedReport().json()
        #expect(ComparedRun.isPublished(Self.published) && !ComparedRun.isPublished(own))
        let run = try ComparedRun(published: Self.published, name: "pairs.json")
        #expect(run.id.values["emi"]?.value == 0.003 && run.scenarios.map(\.name) == ["x_coco_frost_1", "x_coco_sr_4"])
        #expect(run.scenarios.map(\.kind) == ["visual", "text"])
        let ours = try ComparedRun(savedReport(), name: "ours.json")
        let found = try ModelComparison([run, ours]).comparisons[0]
        #expect(
            found.scenarios.map(\.name) == ["x_coco_frost_1"]
                && found.scenarios[0].emid?.difference.standardError == nil)
        #expect(found.notes.first?.contains("what the authors published of m") == true && found.pairing.kind == "none")
    }

    @Test func otherFilesAreRefused() {
        for text in [
            "{\"EMI\": {\"a\": 1}}", "{\"EMI\": {\"a\": 1, \"b\": 2}, \"EMID\": {}}",
            "{\"EMI\": {\"a\": 1}, \"EMID\": {\"a\": 1}}",
        ] {
            #expect(throws: RunError.self) { try ComparedRun(published: text, name: "p") }
        }
    }
}
