import Foundation
import LinearAlgebra
import Testing

@testable import TextFeatures

/// Values of the Python twin, `Scripts/text_features.py`.
private struct Golden: Decodable {
    struct Coordinates: Decodable {
        let first: [Double]
        let last: [Double]
    }
    struct Text: Decodable {
        let text: String
        let ngram_count: Int
        let first: [Double]
        let last: [Double]
        let idf_dimension_100_seed_7: Coordinates
    }
    struct Hash: Decodable {
        let ngram: String
        let hash: UInt32
    }
    let texts: [Text]
    let hashes: [Hash]

    static func load() throws -> Golden {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: folder.appending(path: "Golden/text_features.json")))
    }
}

@Suite struct TextFeaturizerTests {
    private let golden = try? Golden.load()

    @Test func hashesAndNGramsAreThoseOfTheTwin() throws {
        let golden = try #require(golden)
        #expect(golden.texts.count >= 12 && golden.hashes.count >= 3)
        for hash in golden.hashes { #expect(murmurHash3(Array(hash.ngram.utf8)) == hash.hash) }
        for text in golden.texts { #expect(CharacterNGrams.counts(text.text).count == text.ngram_count, "\(text.text)") }
    }

    @Test func vectorsAreThoseOfTheTwin() throws {
        let golden = try #require(golden)
        let texts = golden.texts.map(\.text)
        let plain = TextFeaturizer().embeddings(of: texts)
        let weighted = TextFeaturizer(dimension: 100, seed: 7, inverseDocumentFrequencyOf: texts).embeddings(of: texts)
        func expectRow(_ row: ArraySlice<Double>, _ first: [Double], _ last: [Double], _ text: String) {
            for (found, expected) in zip(Array(row.prefix(first.count)) + Array(row.suffix(last.count)), first + last) {
                #expect(abs(found - expected) < 1e-12, "\(text)")
            }
        }
        for (row, text) in golden.texts.enumerated() {
            expectRow(plain.row(row), text.first, text.last, text.text)
            expectRow(
                weighted.row(row), text.idf_dimension_100_seed_7.first, text.idf_dimension_100_seed_7.last, text.text)
        }
    }

    @Test(arguments: ["", " \n", "a", "ﬁ", "ＡＢＣ", "👩‍👩‍👧‍👦", "ΟΔΥΣΣΕΥΣ", String(repeating: "digit ", count: 20)])
    func everyTextHasAUnitVector(_ text: String) {
        let row = TextFeaturizer().embeddings(of: [text])
        #expect(abs(row.rowNorms[0] - 1) < 1e-12)
    }

    @Test func theNumberOfThreadsChangesNothing() {
        let texts = (0..<50).map { "The digit is \($0 % 7)." }
        let featurizer = TextFeaturizer()
        #expect(featurizer.embeddings(of: texts, threadCount: 1) == featurizer.embeddings(of: texts, threadCount: 2))
    }

    @Test func spellingsThatMeanTheSameAreTheSame() {
        let rows = TextFeaturizer().embeddings(of: ["cafe\u{301} ﬁne", "CAFÉ   fine", "kaffee fein"])
        #expect(Array(rows.row(0)) == Array(rows.row(1)))
        #expect(Array(rows.row(0)) != Array(rows.row(2)))
    }
}
