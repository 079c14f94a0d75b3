/// The value of the IEEE half with these bits.
///
/// Moving the bits into a single-precision number leaves the exponent 112 too small. One multiplication corrects it, for subnormals too;
/// only the exponents of infinity and NaN are set by hand.
@inline(__always)
func widenedHalf(_ half: UInt16) -> Double {
    let scaled = Float(bitPattern: UInt32(half & 0x7FFF) << 13) * 0x1p112
    let magnitude = scaled >= 65536 ? Float(bitPattern: scaled.bitPattern | 0x7F80_0000) : scaled
    return Double(Float(bitPattern: magnitude.bitPattern | UInt32(half & 0x8000) << 16))
}

/// The value of the bfloat16 with these bits, which are the upper half of a single-precision number.
@inline(__always)
func widenedBrainFloat(_ bits: UInt16) -> Double {
    Double(Float(bitPattern: UInt32(bits) << 16))
}

extension ElementType {
    /// Widens whole elements from `source`, aligned or not, into `target`; returns how many.
    ///
    /// - Precondition: `target` has room for all of them; the type is numeric.
    func widen(
        _ source: UnsafeRawBufferPointer, isBigEndian: Bool, into target: UnsafeMutableBufferPointer<Double>
    ) -> Int {
        switch self {
        case .float16: widen(source, isBigEndian, target) { (bits: UInt16) in widenedHalf(bits) }
        case .bfloat16: widen(source, isBigEndian, target) { (bits: UInt16) in widenedBrainFloat(bits) }
        case .float32: widen(source, isBigEndian, target) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
        case .float64: widen(source, isBigEndian, target) { (bits: UInt64) in Double(bitPattern: bits) }
        case .int8: widen(source, isBigEndian, target) { (value: Int8) in Double(value) }
        case .int16: widen(source, isBigEndian, target) { (value: Int16) in Double(value) }
        case .int32: widen(source, isBigEndian, target) { (value: Int32) in Double(value) }
        case .int64: widen(source, isBigEndian, target) { (value: Int64) in Double(value) }
        case .uint8: widen(source, isBigEndian, target) { (value: UInt8) in Double(value) }
        case .uint16: widen(source, isBigEndian, target) { (value: UInt16) in Double(value) }
        case .uint32: widen(source, isBigEndian, target) { (value: UInt32) in Double(value) }
        case .uint64: widen(source, isBigEndian, target) { (value: UInt64) in Double(value) }
        case .bool: widen(source, isBigEndian, target) { (value: UInt8) in value == 0 ? 0 : 1 }
        case .unicode, .bytes: 0
        }
    }

    @inline(__always)
    private func widen<Stored: FixedWidthInteger & BitwiseCopyable>(
        _ source: UnsafeRawBufferPointer, _ isBigEndian: Bool, _ target: UnsafeMutableBufferPointer<Double>,
        _ value: (Stored) -> Double
    ) -> Int {
        let size = MemoryLayout<Stored>.size
        let count = source.count / size
        precondition(count <= target.count, "no room for the widened elements")
        guard let bytes = source.baseAddress, let elements = target.baseAddress else { return 0 }
        if isBigEndian {
            for i in 0..<count {
                elements[i] = value(Stored(bigEndian: bytes.loadUnaligned(fromByteOffset: i &* size, as: Stored.self)))
            }
        } else {
            for i in 0..<count {
                elements[i] = value(
                    Stored(littleEndian: bytes.loadUnaligned(fromByteOffset: i &* size, as: Stored.self)))
            }
        }
        return count
    }

    /// The strings of whole elements in `source`, without their padding; nil when any of them is not valid text.
    func texts(_ source: UnsafeRawBufferPointer, isBigEndian: Bool) -> [String]? {
        let size = byteCount
        guard isText else { return nil }
        if size == 0 { return [] }
        var texts: [String] = []
        texts.reserveCapacity(source.count / size)
        for start in stride(from: 0, through: source.count - size, by: size) {
            let element = UnsafeRawBufferPointer(rebasing: source[start..<(start + size)])
            let text: String? =
                if case .unicode = self {
                    Self.unicodeText(element, isBigEndian: isBigEndian)
                } else {
                    String(validating: element.prefix((element.lastIndex { $0 != 0 } ?? -1) + 1), as: UTF8.self)
                }
            guard let text else { return nil }
            texts.append(text)
        }
        return texts
    }

    private static func unicodeText(_ element: UnsafeRawBufferPointer, isBigEndian: Bool) -> String? {
        var scalars = String.UnicodeScalarView()
        var pendingZeros = 0
        for offset in stride(from: 0, to: element.count, by: 4) {
            let stored = element.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let code = isBigEndian ? UInt32(bigEndian: stored) : UInt32(littleEndian: stored)
            if code == 0 {
                pendingZeros += 1
                continue
            }
            guard let scalar = Unicode.Scalar(code) else { return nil }
            for _ in 0..<pendingZeros { scalars.append("\0") }
            pendingZeros = 0
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
