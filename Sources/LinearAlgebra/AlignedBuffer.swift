import Synchronization

/// Doubles at an address from which vectors of any width can be loaded.
@safe
struct AlignedBuffer: ~Copyable {
    /// The first element; valid while the buffer lives.
    let base: UnsafeMutablePointer<Double>
    private let byteCount: Int

    /// A buffer of zeros.
    init(count: Int) {
        byteCount = SpareBuffers.byteCount(of: max(1, count))
        let bytes = unsafe SpareBuffers.take(byteCount) ?? UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe base = bytes.bindMemory(to: Double.self, capacity: max(1, count))
        unsafe base.initialize(repeating: 0, count: max(1, count))
    }

    deinit { unsafe SpareBuffers.give(UnsafeMutableRawPointer(base), byteCount) }

    subscript(index: Int) -> Double {
        get { unsafe base[index] }
        nonmutating set { unsafe base[index] = newValue }
    }
}

/// Large buffers that are not used, for the next batch. Between results that stay, buffers that come and go would cut the heap to pieces:
/// memory then grows with every scenario by what a batch takes.
private enum SpareBuffers {
    /// The sizes that are kept, in bytes. Smaller buffers find room anywhere, and larger ones are given back to the system.
    private static let kept = (1 << 17)...(1 << 24)
    /// The number of buffers of one size that are kept: enough for some threads.
    private static let limit = 8
    /// The addresses of spare buffers, by their size in bytes.
    private static let spare = Mutex<[Int: [UInt]]>([:])

    /// The size of a buffer for so many doubles; large ones have a power of two, so that few sizes serve all.
    static func byteCount(of count: Int) -> Int {
        let bytes = count * MemoryLayout<Double>.stride
        guard bytes > kept.lowerBound, bytes <= kept.upperBound else { return bytes }
        return 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount)
    }

    static func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        guard kept.contains(byteCount) else { return nil }
        return unsafe spare.withLock { $0[byteCount]?.popLast() }.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
    }

    static func give(_ bytes: UnsafeMutableRawPointer, _ byteCount: Int) {
        let address = UInt(bitPattern: bytes)
        let isKept =
            kept.contains(byteCount)
            && spare.withLock { buffers in
                guard buffers[byteCount, default: []].count < limit else { return false }
                buffers[byteCount, default: []].append(address)
                return true
            }
        if !isKept { unsafe bytes.deallocate() }
    }
}
