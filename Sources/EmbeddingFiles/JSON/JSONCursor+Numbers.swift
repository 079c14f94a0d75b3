extension JSONCursor {
    /// Reads the next number, rounded to the nearest double.
    ///
    /// Accepts the grammar of RFC 8259 (no leading zeros or plus sign, digits on both sides of the point) and Python's `NaN`, `Infinity`,
    /// `-Infinity`.
    @inline(__always)
    mutating func number() throws(JSONFailure) -> Double {
        let start = {
            _ = peek(); return position
        }()
        let isNegative = position < end && bytes[position] == UInt8(ascii: "-")
        if isNegative { position &+= 1 }

        var significand: UInt64 = 0
        var digitCount = 0  // leading zeros do not count
        let integerStart = position
        while let digit = digit() {
            if digitCount < 19 { significand = significand &* 10 &+ digit }
            if significand != 0 { digitCount &+= 1 }
        }
        let integerDigits = position &- integerStart
        if integerDigits == 0 { return try nonFinite(isNegative, start) }
        if integerDigits > 1 && bytes[integerStart] == UInt8(ascii: "0") {
            position = integerStart
            throw JSONFailure(expected: "a number without leading zeros", found: "0 before a digit")
        }
        var exponent = 0
        if position < end && bytes[position] == UInt8(ascii: ".") {
            position &+= 1
            let fractionStart = position
            while let digit = digit() {
                if digitCount < 19 { significand = significand &* 10 &+ digit }
                if significand != 0 { digitCount &+= 1 }
            }
            exponent = fractionStart &- position
            if exponent == 0 { throw failure("a digit after the decimal point") }
        }
        if position < end && bytes[position] | 0x20 == UInt8(ascii: "e") {
            exponent += try decimalExponent()
        }
        let magnitude =
            digitCount > 19 ? nil : decimalValue(significand: significand, exponent: exponent)
        guard let magnitude else { return slowNumber(from: start) }
        return isNegative ? -magnitude : magnitude
    }

    @inline(__always)
    private mutating func digit() -> UInt64? {
        guard position < end else { return nil }
        let digit = bytes[position] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        position &+= 1
        return UInt64(digit)
    }

    private mutating func decimalExponent() throws(JSONFailure) -> Int {
        position += 1
        var isNegative = false
        if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position += 1
        }
        let start = position
        var exponent = 0
        while let digit = digit() { exponent = min(exponent * 10 + Int(digit), 100_000_000) }
        if position == start { throw failure("a digit in the exponent") }
        return isNegative ? -exponent : exponent
    }

    private mutating func nonFinite(_ isNegative: Bool, _ start: Int) throws(JSONFailure) -> Double {
        if position < end && bytes[position] == UInt8(ascii: "I") {
            try word("Infinity")
            return isNegative ? -Double.infinity : .infinity
        }
        if !isNegative && position < end && bytes[position] == UInt8(ascii: "N") {
            try word("NaN")
            return .nan
        }
        throw failure("a number")
    }

    /// Converts the number from `start` to the position with the standard library, for more than 19 digits or large exponents.
    @inline(never)
    private func slowNumber(from start: Int) -> Double {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // The grammar has been checked. A number too large for a double becomes an infinity, as in strtod.
        return Double(text) ?? (text.hasPrefix("-") ? -.infinity : .infinity)
    }
}

/// `significand * 10^exponent`, correctly rounded; nil outside the range where that is quick and certain.
///
/// Within 2^53 and 10^22 both factors are exact, so one operation rounds only once (Clinger 1990). Otherwise, down to 10^-19, the integers
/// are divided to at least 63 bits, the remainder is kept as a sticky bit, and the result is rounded once.
@inline(__always)
func decimalValue(significand: UInt64, exponent: Int) -> Double? {
    if significand == 0 { return 0 }
    if significand < 1 << 53 && exponent >= -22 && exponent <= 22 {
        let value = Double(significand)
        return exponent < 0 ? value / exactPowersOfTen[-exponent] : value * exactPowersOfTen[exponent]
    }
    guard exponent < 0 && exponent >= -19 else { return exponent == 0 ? Double(significand) : nil }
    let divisor = integerPowersOfTen[-exponent]
    let shift = significand.leadingZeroBitCount
    let divisorShift = divisor.leadingZeroBitCount
    let dividend = significand << UInt64(shift)
    let (quotient, remainder) = (divisor << UInt64(divisorShift)).dividingFullWidth((dividend >> 1, dividend << 63))
    let scale = Double(sign: .plus, exponent: divisorShift - shift - 63, significand: 1)
    return Double(remainder == 0 ? quotient : quotient | 1) * scale
}

private let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

private let integerPowersOfTen: [UInt64] = (0...19).map { (0..<$0).reduce(1) { power, _ in power * 10 } }
