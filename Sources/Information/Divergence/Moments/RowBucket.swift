/// The bucket that a row's label, or what it holds, chooses: the same for one label wherever it comes, so that parts of a sample can be
/// summarised apart.
package enum RowBucket {
    /// The bucket of a label: FNV-1a over its UTF-8, then mixed.
    package static func of(label: String, bucketCount: Int) -> Int { Int(hash(of: label) % UInt64(bucketCount)) }

    /// A hash of a label.
    package static func hash(of label: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return mixed(hash)
    }

    /// The bucket of a hash of what a row holds.
    package static func of(hash: UInt64, bucketCount: Int) -> Int { Int(mixed(hash) % UInt64(bucketCount)) }

    /// The last step of SplitMix64: neighbouring numbers become unlike each other.
    private static func mixed(_ hash: UInt64) -> UInt64 {
        var z = hash
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
