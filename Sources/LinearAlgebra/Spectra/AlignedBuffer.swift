/// Doubles at an address from which vectors of any width can be loaded.
@safe
struct AlignedBuffer: ~Copyable {
    /// The first element; valid while the buffer lives.
    let base: UnsafeMutablePointer<Double>

    init(count: Int) {
        let size = max(1, count)
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: size * MemoryLayout<Double>.stride, alignment: 64)
        unsafe base = bytes.bindMemory(to: Double.self, capacity: size)
        unsafe base.initialize(repeating: 0, count: size)
    }

    deinit { unsafe base.deallocate() }

    subscript(index: Int) -> Double {
        get { unsafe base[index] }
        nonmutating set { unsafe base[index] = newValue }
    }
}
