/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): gives the same numbers for the same seed on every machine.
///
/// Every random step draws from a stream of its own, named after its purpose and its index, so that results do not depend on the
/// order in which threads come to it.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator of one stream.
    ///
    /// - Parameters:
    ///   - seed: the seed of the run.
    ///   - stream: the purpose, for example "relabelling".
    ///   - index: the number of the draw within that purpose.
    package init(seed: UInt64, stream: String = "", index: Int = 0) {
        // FNV-1a of the name, then one SplitMix step over each of the three parts.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        state = seed
        state = next() ^ hash
        state = next() ^ UInt64(truncatingIfNeeded: index)
        state = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A whole number in 0..<bound, without bias (Lemire's method).
    package mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "no whole number below \(bound)")
        return Int(next(upperBound: UInt64(bound)))
    }

    /// The numbers 0..<count in random order (Fisher and Yates).
    package mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, index(below: last + 1)) }
        return order
    }

    /// `count` different whole numbers in 0..<bound, ascending.
    package mutating func sample(_ count: Int, below bound: Int) -> [Int] {
        count >= bound ? Array(0..<bound) : permutation(of: bound).prefix(count).sorted()
    }
}
