import EMIKit
import Foundation
import Testing

/// The code of the article "Using the library", compiled and run.
@Suite struct UsingTheLibraryTests {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    private func fixture(_ name: String) -> String { Self.project.appending(path: "Fixtures/digits/\(name).npz").path }

    /// Rows that depend on one another through a latent number, and answers that lose it as `noise` grows.
    private func rows(_ name: String, noise: Double) throws -> StudySet {
        var state: UInt64 = 7
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53) * 2 - 1
        }
        func matrix(_ center: [[Double]], _ spread: Double) -> [[Double]] { center.map { $0.map { $0 + spread * uniform() } } }
        let content = (0..<90).map { _ in (0..<4).map { _ in uniform() } }
        return try makeSet(
            name, images: matrix(content, 0.2), questions: matrix(content, 0.4), answers: matrix(content, noise),
            references: matrix(content, 0.1))
    }

    @Test func theArticleShowsThisCode() throws {
        let article = try String(
            contentsOf: Self.project.appending(path: "Sources/emi/Documentation.docc/UsingTheLibrary.md"), encoding: .utf8)
        let code = try String(
            contentsOf: Self.project.appending(path: "Tests/EMIKitTests/LibraryExamples.swift"), encoding: .utf8)
        for function in code.components(separatedBy: "\n\n").dropFirst() {
            #expect(article.contains(function.trimmingCharacters(in: .newlines)), "the article lacks: \(function.prefix(80))")
        }
    }

    @Test func filesGiveAReport() throws {
        let loss = try lossUnderShift(id: fixture("clean"), shifted: fixture("normal_Hindi"))
        #expect(try #require(loss) > 0)
    }

    @Test func arraysGiveTheLossesThatAreThere() throws {
        let found = try resolvedLosses(
            id: rows("clean", noise: 0.1), shifts: [rows("same", noise: 0.1), rows("worse", noise: 8)])
        #expect(found == ["worse"])
    }

    @Test func aReportIsWrittenInTheFormatOfItsPath() throws {
        let report = try Study(id: .file(fixture("clean"))).report()
        let folder = FileManager.default.temporaryDirectory.appending(path: "emikit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["r.json", "r.html", "r.md"] {
            try report.write(to: folder.appending(path: name).path)
            #expect(try Data(contentsOf: folder.appending(path: name)).count > 100)
        }
        let error = #expect(throws: RunError.self) { try report.write(to: folder.appending(path: "r.xyz").path) }
        #expect(error?.code == "unknown_format")
    }

    @Test func whatIsWrongIsSaidInOneSentence() {
        let row = [0.1, 0.2]
        func refused(_ make: () throws -> StudySet) -> String? { #expect(throws: RunError.self, performing: make)?.message }
        #expect(
            refused { try StudySet(name: "s", visual: [row], response: [row, row], reference: [row, row]) }
                == "s: array 'visual': expected 2 rows, as in 'response', found 1")
        #expect(
            refused { try StudySet(name: "s", text: [row, [1]], response: [row, row], reference: [row, row]) }
                == "s: array 'text', row 1 (from 0): expected 2 columns, found 1")
        #expect(
            refused { try StudySet(name: "s", text: [row, [.nan, 1]], response: [row, row], reference: [row, row]) }
                == "s: array 'text', row 1, column 0 (from 0): expected a finite number, found nan")
        #expect(refused { try StudySet(name: "s", response: [row], reference: [row]) } == "s: expected a part of the query, found none")
        #expect(refused { try StudySet(name: "s", text: [], response: [], reference: []) } != nil)
        let error = #expect(throws: RunError.self) { try Study(id: .file("/nothing/here.npz")).report() }
        #expect(error?.code == "missing_file")
    }
}
