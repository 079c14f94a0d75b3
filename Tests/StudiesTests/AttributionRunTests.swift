import EmbeddingFiles
import Foundation
import Studies
import Testing

@Suite("Attribution of files")
struct AttributionRunTests {
    private let digits = Paths.project.appending(path: "Fixtures/pairs/digits.jsonl").path
    private let clean = Paths.project.appending(path: "Fixtures/pairs/digits_clean.jsonl").path

    private func moved() throws -> Set<String> {
        let text = try String(contentsOfFile: Paths.project.appending(path: "Fixtures/pairs/digits_moved.csv").path, encoding: .utf8)
        return Set(text.split(whereSeparator: \.isNewline).dropFirst().map { String($0.prefix { $0 != "," }) })
    }

    @Test("The moved captions of the fixture come first, and hardly any of them is confirmed")
    func moves() throws {
        let result = try runAttribution(
            AttributionSources(pairs: PairSource(bundle: digits)), settings: AttributionSettings(), threadCount: 2)
        let moved = try moved()
        #expect(moved.count == 30)
        let order = result.detection.order.map { result.pairs.names[$0] }
        #expect(order.prefix(30).count { moved.contains($0) } >= 18)
        let confirmed = result.pairs.names.indices.filter { result.detection.isConfirmed[$0] }
        #expect(confirmed.count { moved.contains(result.pairs.names[$0]) } <= confirmed.count / 20)
        #expect(result.pairs.left.name == "visual" && result.pairs.right.name == "text")
        #expect(result.pairs.left.dimension == 64 && result.pairs.right.texts?.count == 300)
    }

    @Test("Predicted and measured changes agree, and removing what harms is better than removing at random")
    func values() throws {
        var settings = AttributionSettings()
        settings.rank = 16
        let result = try runAttribution(
            AttributionSources(pairs: PairSource(bundle: digits), validation: PairSource(bundle: clean)), settings: settings,
            threadCount: 2)
        let value = try #require(result.valuation?.value)
        #expect(value.measuredChange < 0 && value.measuredChange < value.randomChange)
        #expect(abs(value.predictedChange - value.measuredChange) < 0.1 * abs(value.measuredChange))
    }

    @Test("Wrong answers are traced, and the margin falls after a refit without their causes")
    func traces() throws {
        var settings = AttributionSettings()
        settings.rank = 16
        settings.traced = 3
        let result = try runAttribution(
            AttributionSources(pairs: PairSource(bundle: digits), queries: PairSource(bundle: clean)), settings: settings,
            threadCount: 2)
        let trace = try #require(result.trace)
        #expect(trace.traces.count == 3 && trace.wrongCount > 3)
        for found in trace.traces {
            #expect(found.margin > 0 && found.predictedChange < 0 && found.measuredChange < 0)
            #expect(found.causes.count == 10 && found.causes[0].influence <= found.causes[9].influence)
        }
    }

    @Test("Sides are arrays of the set, roles, or files of their own joined by id")
    func sides() throws {
        let set = Paths.fixtures.appending(path: "clean.npz").path
        let own = try readPairTable(PairSource(bundle: set, left: "text", right: "response"))
        let files = try readPairTable(PairSource(left: "\(set):text", right: "\(set):response"))
        #expect(own.left.values == files.left.values && own.right.values == files.right.values)
        #expect(own.identifiers == files.identifiers && own.groups != nil)
        #expect(try readPairTable(PairSource(bundle: set)).left.name == "visual")
        #expect(try readPairTable(PairSource(bundle: set)).right.name == "text")
    }

    @Test("A side that there is not is named")
    func missing() throws {
        #expect { try readPairTable(PairSource(bundle: digits, left: "audio")) } throws: { error in
            "\(error)".contains("audio") && "\(error)".contains("visual")
        }
    }
}
