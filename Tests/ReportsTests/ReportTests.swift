import EmbeddingFiles
import Foundation
import Information
import Studies
import Testing

@testable import Reports

/// The report of the fixtures under some settings.
func fixtureReport(
    ood: Bool = true, unit: InformationUnit = .nats, _ change: (inout StudySettings) -> Void = { _ in }
) throws -> Report {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/digits")
    var settings = StudySettings()
    settings.permutations = 9
    change(&settings)
    let names = ood ? ["clean.npz", "frost_3.npz"] : ["clean.npz"]
    settings.units = unit
    let sets = names.map { StudySet(source: SampleSource(bundle: folder.appending(path: $0).path)) }
    let environment = Report.Environment(blas: "test", threads: 2, platform: "test")
    return try StudyRun(Study(id: sets[0], shifts: Array(sets.dropFirst()), settings: settings, threadCount: 2))
        .report(environment: environment)
}

@Suite struct ReportTests {
    @Test func aReportSurvivesItsJSON() throws {
        let report = try fixtureReport()
        #expect(try Report(json: report.json()) == report)
    }

    @Test func everyReportMatchesTheSchema() throws {
        let schema = try JSONSchema(PublishedSchema.report.text)
        for report in [
            try fixtureReport(), try fixtureReport(ood: false), try fixtureReport(unit: .bits),
            try fixtureReport { $0.permutations = 0 },
            try fixtureReport {
                $0.estimator = "ksg"
                $0.k = 7
            }, try fixtureReport { $0.compat = .paper },
            try fixtureReport {
                $0.estimator = "matrix-renyi"
                $0.alpha = 2
                $0.fuse = .product
                $0.kernel = "rbf"
                $0.bandwidth = 0.5
                $0.entropyScale = .alphabet(10)
            },
        ] {
            #expect(try schema.problems(in: report.json()) == [])
        }
    }

    @Test func aReportWithAllEstimatorsMatchesTheSchema() throws {
        let report = try fixtureReport { $0.estimator = StudySettings.allEstimators }
        #expect(report.estimators?.estimators.map(\.name) == EstimatorCatalogue.names.filter { $0 != "club-network" })
        #expect(report.estimators?.estimators.first { $0.name == StudySettings().estimator }?.rowsSpearman == 1)
        #expect(try JSONSchema(PublishedSchema.report.text).problems(in: report.json()) == [])
        #expect(try Report(json: report.json()) == report)
    }

    @Test func theSchemaRefusesWhatIsNotAReport() throws {
        let schema = try JSONSchema(PublishedSchema.report.text)
        let good = try fixtureReport().json()
        #expect(try schema.problems(in: good.replacing("\"nats\"", with: "\"furlongs\"")) != [])
        #expect(try schema.problems(in: good.replacing("\"emid\"", with: "\"emi_d\"")) != [])
        #expect(try schema.problems(in: good.replacing("\"status\" : \"ok\"", with: "\"status\" : 3")) != [])
        #expect(try schema.problems(in: "{}") != [])
    }

    @Test func theContractsKeysAreThere() throws {
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(fixtureReport().json().utf8)) as? [String: Any])
        let scenario = try #require((json["scenarios"] as? [[String: Any]])?.first)
        for key in [
            "name", "status", "sample_count", "emi", "response_similarity", "emid", "discrepancies", "attribution", "bound", "bounds",
            "warnings",
        ] {
            #expect(scenario[key] != nil, "\(key)")
        }
        let emid = try #require(scenario["emid"] as? [String: Any])
        #expect(Set(emid.keys) == ["value", "standard_error", "interval", "smallest_detectable", "p_value", "ceiling"])
        let discrepancies = try #require(scenario["discrepancies"] as? [String: [String: Any]])
        #expect(Set(discrepancies.keys) == ["visual", "text", "joint", "output_id", "output_ood"])
        #expect(
            Set(discrepancies["visual"]?.keys.map { $0 } ?? []) == [
                "jsd", "null_mean", "excess", "standard_error", "interval", "p_value", "mmd", "mmd_p_value", "separation",
                "separation_interval",
            ])
        let bound = try #require(scenario["bound"] as? [String: Any])
        #expect(Set((bound["terms"] as? [String: Any])?.keys.map { $0 } ?? []) == ["visual", "text", "normaliser"])
        #expect((scenario["bounds"] as? [String: Any])?.count == 9)
    }

    @Test func bitsAreNatsOverLogTwo() throws {
        let (nats, bits) = (try fixtureReport(), try fixtureReport(unit: .bits))
        #expect(abs(nats.id.emi.modelMi / log(2) - bits.id.emi.modelMi) < 1e-12)
        #expect(bits.settings.units == .bits)
        #expect(nats.id.responseSimilarity == bits.id.responseSimilarity)
    }

    @Test func numbersWithoutAValueAreAbsent() throws {
        let report = try fixtureReport { $0.permutations = 0 }
        let json = try report.json()
        #expect(!json.contains("null") && !json.contains("\"p_value\"") && !json.contains("excess"))
        #expect(report.settings.divergence == .plugin)
    }

    @Test func theTextSaysWhatTheNumbersShow() throws {
        let text = try fixtureReport().rendered(.text)
        #expect(text.contains("EMI of clean → frost_3: reference-channel, nats, seed 0"))
        #expect(text.contains("No change of EMI is resolved") || text.contains("EMI fell by") || text.contains("EMI rose by"))
        #expect(text.contains("% of the input discrepancy is visual"))
        #expect(text.contains("the bound (channel, plug-in) is"))
        #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
    }

    @Test func markdownAndCSVHoldTheSameNumbers() throws {
        let report = try fixtureReport()
        let csv = try report.rendered(.csv)
        let lines = csv.split(separator: "\r\n")
        #expect(lines.count == 2)
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
        let row = lines[1].split(separator: ",", omittingEmptySubsequences: false)
        #expect(header.count == row.count)
        let emid = try #require(header.firstIndex(of: "emid"))
        #expect(Double(row[emid]) == report.scenarios[0].emid?.value)
        #expect(try report.rendered(.markdown).contains("| visual |"))
    }

    @Test func verdictsFollowTheInterval() throws {
        var scenario = try fixtureReport().scenarios[0]
        let settings = try fixtureReport().settings
        for (low, high, words) in [
            (0.1, 0.3, "EMI fell by 0.200"), (-0.3, -0.1, "EMI rose by 0.200"), (-0.1, 0.5, "No change of EMI is resolved"),
        ] {
            scenario.emid = Report.Gap(value: (low + high) / 2, standardError: 0.1, interval: [low, high], pValue: 0.01)
            #expect(Verdict.sentence(scenario, settings: settings).hasPrefix(words))
        }
    }
}
