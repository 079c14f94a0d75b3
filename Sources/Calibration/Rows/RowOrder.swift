/// The positions of `keys` in ascending order. Equal keys keep the order of `start`, or their own order without it. This is a radix sort
/// over 11 bits at a time, because a comparison sort takes six times as long for a million doubles.
///
/// - Precondition: keys are finite and not negative; -0 counts as 0.
func ascendingOrder(of keys: [Double], startingFrom start: [Int32]? = nil) -> [Int32] {
    let count = keys.count
    // The bits of non-negative doubles have the same order as the values.
    func bits(_ value: Double) -> UInt64 { (value + 0).bitPattern }
    var order = start ?? (0..<Int32(count)).map { $0 }
    if count < 64 {
        // This sort is stable, because the standard library's is.
        order.sort { keys[Int($0)] < keys[Int($1)] }
        return order
    }
    let digits = 6, width = 11, radix = 1 << 11
    var histogram = [Int32](repeating: 0, count: digits * radix)
    var current = order.map { bits(keys[Int($0)]) }
    for key in current {
        for digit in 0..<digits { histogram[digit &* radix &+ Int(truncatingIfNeeded: key &>> (digit &* width)) & (radix &- 1)] &+= 1 }
    }
    var (nextKeys, nextOrder) = (current, order)
    for digit in 0..<digits {
        let base = digit * radix
        // A digit that all keys share does not change the order.
        if histogram[base..<(base + radix)].contains(Int32(count)) { continue }
        var sum: Int32 = 0
        for bucket in base..<(base + radix) {
            let size = histogram[bucket]
            histogram[bucket] = sum
            sum += size
        }
        let shift = digit * width
        for index in 0..<count {
            let key = current[index]
            let bucket = base &+ Int(truncatingIfNeeded: key &>> shift) & (radix &- 1)
            let place = Int(histogram[bucket])
            histogram[bucket] &+= 1
            nextKeys[place] = key
            nextOrder[place] = order[index]
        }
        swap(&current, &nextKeys)
        swap(&order, &nextOrder)
    }
    return order
}
