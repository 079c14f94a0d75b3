import Foundation

/// The n-grams of a text: windows of 2 to 4 grapheme clusters inside its words, each word padded with a space on either side.
enum CharacterNGrams {
    static let lengths = 2...4

    /// Applies NFKC, lower-cases scalar by scalar (no rule looks at the neighbours), writes final sigma as sigma, and applies NFC.
    static func normalized(_ text: String) -> String {
        var lowered = String.UnicodeScalarView()
        for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars {
            for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                lowered.append(lower == "\u{03C2}" ? "\u{03C3}" : lower)
            }
        }
        return String(lowered).precomposedStringWithCanonicalMapping
    }

    /// The distinct n-grams as UTF-8 with their counts, in the order of first occurrence. A text without words counts as one empty word.
    static func counts(_ text: String) -> [(bytes: [UInt8], count: Int)] {
        let words = normalized(text).unicodeScalars.split { $0.properties.isWhitespace }.map { " \(String($0)) " }
        var positions: [[UInt8]: Int] = [:]
        var counts: [(bytes: [UInt8], count: Int)] = []
        for word in words.isEmpty ? ["  "] : words {
            let clusters = word.map { Array($0.utf8) }
            for length in lengths where length <= clusters.count {
                for start in 0...(clusters.count - length) {
                    let gram = Array(clusters[start..<(start + length)].joined())
                    if let position = positions[gram] {
                        counts[position].count += 1
                    } else {
                        positions[gram] = counts.count
                        counts.append((gram, 1))
                    }
                }
            }
        }
        return counts
    }
}
