import Foundation
import LinearAlgebra

/// Turns texts into unit vectors without a neural network, by hashing character n-grams and applying a fixed random projection.
///
/// The same text gives the same vector on every machine (`Scripts/text_features.py` is its twin):
/// 1. NFKC, lower case, words between white space, each padded with one space on either side;
/// 2. all windows of 2, 3 and 4 grapheme clusters inside a padded word; an n-gram seen c times weighs 1 + ln c;
/// 3. MurmurHash3 (x86, 32 bits, seed 0) of its UTF-8: the low 18 bits are the bucket, the top bit the sign;
/// 4. optionally times ln((1 + N)/(1 + df)) + 1, where N and df count the texts to which the featurizer was fitted;
/// 5. each bucket adds its value times a vector of random signs (SplitMix64 of the bucket) over sqrt(d);
/// 6. division by the Euclidean norm.
package struct TextFeaturizer: Sendable {
    /// The width d of the vectors.
    package let dimension: Int
    /// Chooses the random projection.
    package let seed: UInt64
    private let inverseDocumentFrequency: InverseDocumentFrequency?

    private static let bucketMask: UInt32 = (1 << 18) - 1
    private static let goldenGamma: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// A featurizer of width `dimension`. If `texts` are given, an n-gram weighs more the fewer of them contain it.
    package init(dimension: Int = 256, seed: UInt64 = 0, inverseDocumentFrequencyOf texts: [String]? = nil) {
        precondition(dimension > 0, "a width of \(dimension)")
        self.dimension = dimension
        self.seed = seed
        inverseDocumentFrequency = texts.map { InverseDocumentFrequency($0.map { Self.bucketValues($0).map(\.bucket) }) }
    }

    /// The n x d unit rows, one for each text.
    package func embeddings(of texts: [String], threadCount: Int = 1) -> Matrix {
        let distinct = Array(Set(texts)).sorted()
        let rows = (try? concurrentMap(count: distinct.count, threadCount: threadCount) { vector(of: distinct[$0]) }) ?? []
        let byText = Dictionary(zip(distinct, rows)) { first, _ in first }
        return Matrix(
            rowCount: texts.count, columnCount: dimension,
            elements: texts.flatMap { byText[$0] ?? [Double](repeating: 0, count: dimension) })
    }

    private func vector(of text: String) -> [Double] {
        var sums = [Double](repeating: 0, count: dimension)
        let scale = 1 / Double(dimension).squareRoot()
        for (bucket, value) in Self.bucketValues(text) {
            let weight = value * (inverseDocumentFrequency?.weight(bucket) ?? 1) * scale
            var state = seed &* Self.goldenGamma &+ UInt64(bucket) &+ 1
            for first in stride(from: 0, to: dimension, by: 64) {
                let signs = Self.splitMix(&state)
                for bit in 0..<min(64, dimension - first) {
                    // A set bit adds the weight and a clear bit subtracts it, so a clear bit flips the weight's sign bit.
                    let flip = (~signs >> UInt64(bit) & 1) << 63
                    sums[first &+ bit] += Double(bitPattern: weight.bitPattern ^ flip)
                }
            }
        }
        let norm = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return norm > 0 ? sums.map { $0 / norm } : sums
    }

    /// Buckets with their signed, sublinear term frequencies, by first occurrence.
    private static func bucketValues(_ text: String) -> [(bucket: UInt32, value: Double)] {
        var positions: [UInt32: Int] = [:]
        var values: [(bucket: UInt32, value: Double)] = []
        for (bytes, count) in CharacterNGrams.counts(text) {
            let hash = murmurHash3(bytes)
            let bucket = hash & bucketMask
            let value = (hash >> 31 == 1 ? -1 : 1) * (1 + log(Double(count)))
            if let position = positions[bucket] {
                values[position].value += value
            } else {
                positions[bucket] = values.count
                values.append((bucket, value))
            }
        }
        return values
    }

    private static func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= goldenGamma
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// ln((1 + N)/(1 + df)) + 1 by bucket.
private struct InverseDocumentFrequency: Sendable {
    private let textCount: Int
    private let documentFrequency: [UInt32: Int]

    init(_ bucketsByText: [[UInt32]]) {
        textCount = bucketsByText.count
        documentFrequency = bucketsByText.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    func weight(_ bucket: UInt32) -> Double {
        log(Double(1 + textCount) / Double(1 + (documentFrequency[bucket] ?? 0))) + 1
    }
}
