import Testing

@testable import EmbeddingFiles

@Suite("Half floats")
struct HalfFloatTests {
    /// The value by the definition of the format: sign, five bits of exponent, ten of fraction.
    private func naive(_ bits: UInt16) -> Double {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1023) / 1024
        func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
        switch exponent {
        case 0: return sign * fraction * power(-14)
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction) * power(exponent - 15)
        }
    }

    @Test("All 65,536 halves widen to their value")
    func halves() {
        for bits in UInt16.min...UInt16.max {
            let (value, expected) = (widenedHalf(bits), naive(bits))
            if expected.isNaN {
                if !value.isNaN { Issue.record("\(bits) is not NaN") }
            } else if value.bitPattern != expected.bitPattern {
                Issue.record("\(bits): \(value), not \(expected)")
            }
        }
    }

    @Test("All 65,536 bfloat16 widen to the float with their bits on top")
    func brainFloats() {
        for bits in UInt16.min...UInt16.max {
            let sign: Double = bits & 0x8000 == 0 ? 1 : -1
            let exponent = Int(bits >> 7 & 255)
            let fraction = Double(bits & 127) / 128
            let scale = Double(sign: .plus, exponent: max(exponent, 1) - 127, significand: 1)
            let expected =
                exponent == 255
                ? (fraction == 0 ? sign * .infinity : .nan) : sign * ((exponent == 0 ? 0 : 1) + fraction) * scale
            let value = widenedBrainFloat(bits)
            if expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern {
                Issue.record("\(bits): \(value), not \(expected)")
            }
        }
    }
}
