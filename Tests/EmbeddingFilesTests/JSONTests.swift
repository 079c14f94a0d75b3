import Foundation
import Statistics
import Testing

@testable import EmbeddingFiles

/// The value of a JSON text, or what is wrong with it.
private func parsed(_ bytes: [UInt8]) -> Result<JSONValue, JSONFailure> {
    bytes.withUnsafeBytes { buffer in
        var cursor = JSONCursor(buffer)
        do throws(JSONFailure) {
            let value = try cursor.value()
            try cursor.expectEnd()
            return .success(value)
        } catch {
            return .failure(error)
        }
    }
}

/// What Foundation makes of a JSON text, as the oracle; nil where it refuses it.
private func oracle(_ bytes: [UInt8]) -> JSONValue? {
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) else {
        return nil
    }
    func value(_ object: Any) -> JSONValue {
        switch object {
        case let items as [Any]: return .array(items.map(value))
        case let entries as [String: Any]:
            return .object(entries.sorted { $0.key < $1.key }.map { ($0.key, value($0.value)) })
        case let text as String: return .string(text)
        case let number as NSNumber:
            return CFBooleanLike(number) ? .bool(number.boolValue) : .number(number.doubleValue, digits: nil)
        default: return .null
        }
    }
    return value(object)
}

/// Whether a number of Foundation is a boolean.
private func CFBooleanLike(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

private func sortedByKey(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let entries):
        .object(entries.map { ($0.key, sortedByKey($0.value)) }.sorted { $0.0 < $1.0 }.map { (key: $0.0, value: $0.1) })
    case .array(let items): .array(items.map(sortedByKey))
    default: value
    }
}

@Suite("JSON")
struct JSONTests {
    static let texts: [String] = [
        "{}", "[]", " [ ] ", "{\"a\":1}", "\t{ \"a\" : [ 1 , 2 ] ,\r\n \"b\" : { } }\n", "\"\"", "\"plain\"",
        #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u6f22\uD834\uDD1E""#, #""\ud83d\ude00 and 😀""#, #""\u0000""#,
        "\"é漢\u{10FFFF}\"", "0", "-0", "-0.0", "1e5", "1E+5", "1e-5", "123456789012345678901234567890", "0.1",
        "1.7976931348623157e308", "5e-324", "2.2250738585072011e-308", "9007199254740993",
        "-12345.678e-3", "true", "false", "null", "[true,false,null]", "[[[[[]]]]]", "{\"a\":{\"b\":[{\"c\":null}]}}",
        "[1.5,-2.5e0,3]", "{\"\":0}", "{\"k\\u0065y\":1}",
    ]

    static let malformed: [String] = [
        "", " ", "{", "}", "[1,", "[1 2]", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "01", "-",
        "+1", "1.", ".5", "1e", "1e+", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"",
        "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "[1]]", "1 2", "{\"a\":1}{",
    ]

    @Test("Values agree with JSONSerialization", arguments: texts)
    func agreement(_ text: String) throws {
        let expected = try #require(oracle(Array(text.utf8)), "the oracle refuses it")
        let value = sortedByKey(try parsed(Array(text.utf8)).get())
        #expect(value == expected)
    }

    @Test("What JSONSerialization refuses is refused, and so is a comma before a closing bracket", arguments: malformed)
    func refusal(_ text: String) {
        #expect(oracle(Array(text.utf8)) == nil || text.contains(",]") || text.contains(",}"))
        #expect(throws: JSONFailure.self) { try parsed(Array(text.utf8)).get() }
    }

    @Test("Every truncation of a line is refused, none crashes")
    func truncation() {
        let line = Array(#"{"id": "é\n\ud83d\ude00", "v": [1.5e-3, -2, 0], "n": {"a": [true, null]}}"#.utf8)
        for length in 0..<line.count {
            #expect(throws: JSONFailure.self, "\(length)") { try parsed(Array(line[..<length])).get() }
        }
        #expect(throws: Never.self) { try parsed(line).get() }
    }

    @Test("One changed byte never crashes, and what is accepted agrees with JSONSerialization")
    func mutation() {
        let line = Array(#"{"a": "x\u00e9\\", "v": [1.5e-3, -20, 0.25], "n": [true, null, {"b": false}]}"#.utf8)
        var random = SystemRandomNumberGenerator.seeded(7)
        for _ in 0..<1500 {
            var bytes = line
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let value = try? parsed(bytes).get() else { continue }
            // Python's numbers that are not finite are accepted here on purpose.
            guard let expected = oracle(bytes) else {
                Issue.record("accepted \(String(decoding: bytes, as: UTF8.self))")
                continue
            }
            #expect(sortedByKey(value) == expected)
        }
    }

    @Test("Numbers round to the nearest double, as strtod does")
    func rounding() {
        var random = SystemRandomNumberGenerator.seeded(1)
        for round in 0..<60_000 {
            let digitCount = Int.random(in: 1...21, using: &random)
            var digits = (0..<digitCount).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            digits = String(digits.drop { $0 == "0" })
            if digits.isEmpty { digits = "0" }
            var text = digits
            switch round % 3 {
            case 0:
                let zeros = String(repeating: "0", count: Int.random(in: 0...6, using: &random))
                text = "0.\(zeros)\(digits)"
            case 1: text = "\(digits)e\(Int.random(in: -40...40, using: &random))"
            default:
                let point = Int.random(in: 1...digits.count, using: &random)
                if point < digits.count { text = digits.prefix(point) + "." + digits.dropFirst(point) }
            }
            guard case .success(.number(let value, _)) = parsed(Array(text.utf8)) else {
                Issue.record("\(text) is no number")
                return
            }
            if value != strtod(text, nil) { Issue.record("\(text): \(value)") }
        }
    }

    @Test("Halfway cases round to even")
    func halfway() throws {
        // 2^53 + 1 and neighbours, shifted by powers of ten that keep them exact halves.
        for text in ["9007199254740993", "9007199254740993.0", "900719925474099.3e1", "4503599627370496.5", "0.5000000000000000277"] {
            #expect(try parsed(Array(text.utf8)).get() == .number(strtod(text, nil), digits: nil), "\(text)")
        }
    }

    @Test("Doubles printed by Swift come back bit for bit")
    func printed() throws {
        var random = SystemRandomNumberGenerator.seeded(2)
        for _ in 0..<30_000 {
            let value = Double.random(in: -1...1, using: &random) * Double.random(in: 0...1, using: &random)
            guard case .success(.number(let read, _)) = parsed(Array("\(value)".utf8)) else { continue }
            if read.bitPattern != value.bitPattern { Issue.record("\(value) came back as \(read)") }
        }
    }

    @Test("Nesting without end is refused instead of overflowing the stack")
    func nesting() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        guard case .failure(let failure) = parsed(deep) else {
            Issue.record("accepted")
            return
        }
        #expect(failure.expected == "at most 512 levels of nesting")
    }

    @Test("Python's numbers that are not finite are numbers")
    func pythonNumbers() throws {
        #expect(
            try parsed(Array("[Infinity,-Infinity]".utf8)).get()
                == .array([
                    .number(.infinity, digits: nil), .number(-.infinity, digits: nil),
                ]))
        guard case .number(let value, _) = try parsed(Array("NaN".utf8)).get() else { throw CancellationError() }
        #expect(value.isNaN)
    }
}

/// SplitMix64, seeded.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension SystemRandomNumberGenerator {
    /// A generator with a seed, so that a failure can be repeated.
    static func seeded(_ seed: UInt64) -> SeededGenerator { SeededGenerator(state: seed) }
}
