/// MurmurHash3 for x86, 32 bits (Austin Appleby, public domain), with seed 0; it gives the same bits on every machine.
func murmurHash3(_ bytes: some Collection<UInt8>) -> UInt32 {
    func mixed(_ block: UInt32) -> UInt32 {
        let product = block &* 0xcc9e_2d51
        return (product << 15 | product >> 17) &* 0x1b87_3593
    }
    var hash: UInt32 = 0
    var block: UInt32 = 0
    var filled: UInt32 = 0
    for byte in bytes {
        block |= UInt32(byte) << (8 * filled)
        filled += 1
        guard filled == 4 else { continue }
        hash ^= mixed(block)
        hash = (hash << 13 | hash >> 19) &* 5 &+ 0xe654_6b64
        (block, filled) = (0, 0)
    }
    if filled > 0 { hash ^= mixed(block) }
    hash ^= UInt32(truncatingIfNeeded: bytes.count)
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
}
