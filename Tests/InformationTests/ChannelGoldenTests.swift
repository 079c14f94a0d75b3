import EmbeddingFiles
import Foundation
import LinearAlgebra
import Testing

@testable import Information

/// Values of the NumPy twin (`../shared/estimator/make_golden.py`), 12 digits.
private enum Golden {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/estimator/golden").standardizedFileURL
    static var exists: Bool { FileManager.default.fileExists(atPath: folder.path) }
    static let names = [
        "three_sets", "pair_few_rows", "many_columns", "constant_answers", "repeats_and_low_rank", "verbatim_id", "verbatim",
    ]

    struct Case: Decodable {
        let components: Int
        let ridge: Double
        let kappa: Double
        let deviance: Double
        let classes: Int
        let sets: [Values]
    }

    struct Values: Decodable {
        let model: Double
        let reference: Double
        let emi: Double
        let standard_error: Double
        let first_model: [Double]
        let first_reference: [Double]
        let table_information: Double
        let table_emi: Double
        let table_bound: Double
        let table_bound_by_variation: Double
    }

    static func expected(_ name: String) throws -> Case {
        let data = try Data(contentsOf: folder.appending(path: "expected.json"))
        let all = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try JSONDecoder().decode(Case.self, from: JSONSerialization.data(withJSONObject: try #require(all[name])))
    }

    /// The sets of a case, in the order of their numbers.
    static func sets(_ name: String) throws -> [SampleSet] {
        let arrays = try readArrays(folder.appending(path: "\(name).npz").path)
        let byName = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.matrix) })
        let reference = try #require(byName["y"]).rowsNormalized
        let response = try #require(byName["yhat"]).rowsNormalized
        let group = try #require(byName["group"]).elements.map { "\(Int($0))" }
        let numbers = try #require(byName["set_id"]).elements.map { Int($0) }
        return Set(numbers).sorted().map { number in
            let rows = numbers.indices.filter { numbers[$0] == number }
            return SampleSet(
                name: "set \(number)", modalities: [Modality(name: "query", rows: .zeros(rows.count, 1))],
                response: response.selectingRows(rows), reference: reference.selectingRows(rows), groups: rows.map { group[$0] })
        }
    }
}

/// Relative 1e-9: the twin has 12 digits, and sums in another order differ by less.
private func agrees(_ a: Double, _ b: Double, _ slack: Double = 1) -> Bool { abs(a - b) <= slack * 1e-9 * max(1, abs(b)) }

@Suite(.enabled(if: Golden.exists, "no folder 'shared' beside the project"))
struct ChannelGoldenTests {
    @Test(arguments: Golden.names) func theChannelIsTheTwins(_ name: String) throws {
        let (expected, sets) = (try Golden.expected(name), try Golden.sets(name))
        let fit = try ReferenceChannel().fit(sets, threadCount: 2)
        #expect(fit.componentCount == expected.components)
        #expect(fit.ridge == expected.ridge)
        #expect(agrees(fit.kappa, expected.kappa))
        #expect(agrees(fit.deviance.free, expected.deviance))
        let estimates = try fit.estimate(sets)
        for (rows, (values, estimate)) in zip(try fit.rows(of: sets), zip(expected.sets, estimates)) {
            let (model, reference) = rows.contributions()
            // The twin sums a row's own likelihood twice, in two orders: of a model that repeats its references, whose noise is the
            // floor, that leaves 4e-9 of the exact ln(0.1 + 0.9 n), which is ours.
            let slack = name == "verbatim" ? 5.0 : 1
            for (found, value) in zip(model, values.first_model) { #expect(agrees(found, value, slack)) }
            for (found, value) in zip(reference, values.first_reference) { #expect(agrees(found, value)) }
            #expect(agrees(estimate.modelMutualInformation, values.model))
            #expect(agrees(estimate.referenceMutualInformation, values.reference))
            #expect(agrees(estimate.value, values.emi))
            #expect(agrees(try #require(estimate.influence.standardError), values.standard_error))
        }
    }

    @Test(arguments: Golden.names) func theTablesAreTheTwins(_ name: String) throws {
        let (expected, sets) = (try Golden.expected(name), try Golden.sets(name))
        let fit = try ReferenceChannel().fit(sets)
        let rows = try fit.rows(of: sets)
        let classes = try AnswerClasses(fit, rows)
        #expect(classes.count == expected.classes)
        let tables = rows.map(classes.table)
        for (table, values) in zip(tables, expected.sets) {
            #expect(agrees(table.information, values.table_information))
            #expect(agrees(table.effectiveMutualInformation, values.table_emi))
            #expect(agrees(tables[0].bound(to: table), values.table_bound))
            #expect(agrees(tables[0].boundByVariation(to: table), values.table_bound_by_variation))
            #expect(
                tables[0].effectiveMutualInformation - table.effectiveMutualInformation <= tables[0].boundByVariation(to: table) + 1e-12)
        }
    }

    /// `functions` of the golden file.
    @Test func theFunctionsAreTheTwins() {
        for (t, value) in [(0.1, 0.00500836684636), (0.5, 0.130812035941), (0.9, 0.494631937214)] {
            #expect(agrees(Discrete.phi(t), value))
        }
        for (divergence, value) in [(0.01, 0.141185140547), (0.2, 0.61034567446), (0.6, 0.962493156236)] {
            #expect(agrees(Discrete.totalVariationBound(divergence), value))
        }
        for (t, count, value) in [(0.1, 2.0, 0.325082973391), (0.3, 5, 1.02675261039), (0.9, 5, 1.60943791243), (0.5, 24, 2.26089428852)] {
            #expect(agrees(Discrete.entropyContinuityBound(t, outcomeCount: count), value))
        }
    }
}
