import Statistics

extension EMIDEstimate {
    /// The most buckets of a set. Thousands of them move nearly as freely as single groups.
    private static let bucketLimit = 4_096

    /// The gap between two large sets, with a permutation test that costs no more than a pass over their rows.
    ///
    /// The rows of both sets are judged against the negatives of both (`ChannelPair.contributionsUnderBoth`). So one function of the row
    /// gives its contribution, whatever set it is in, and relabelling leaves it as it is. What is relabelled are buckets of whole groups,
    /// chosen by a hash of the group; a bucket with groups of both sets changes places with its counterpart.
    ///
    /// - Parameters:
    ///   - both: the contributions of the rows of each set to EMI, in nats, under the negatives of both.
    ///   - relabellings: how many; without any there is no p-value.
    package init(
        _ estimates: (EMIEstimate, EMIEstimate), both: PairContributions, relabellings: Int, intervals: IntervalMethod,
        seed: UInt64
    ) {
        let groups = (estimates.0.groups, estimates.1.groups)
        let areShared = !Set(groups.0).isDisjoint(with: groups.1)
        let smaller = Double(min(groups.0.count, groups.1.count))
        func sums(_ values: [Double], _ labels: [String]) -> BucketSums {
            // Buckets of both sets hold about as many rows.
            let share = areShared ? 1 : Double(values.count) / smaller
            let rowsPerBucket = areShared ? 1 : Double(max(groups.0.count, groups.1.count)) / Double(Self.bucketLimit)
            let count = rowsPerBucket <= 1 ? Self.bucketLimit : max(2, min(Self.bucketLimit, Int(smaller * share / rowsPerBucket)))
            return BucketSums(values, labels, count: count)
        }
        let (first, second) = (sums(both.first, groups.0), sums(both.second, groups.1))
        let observed = first.mean - second.mean
        var null: [Double] = []
        null.reserveCapacity(relabellings)
        for index in 0..<relabellings {
            var generator = SeededGenerator(seed: seed, stream: "bucket relabelling", index: index)
            null.append(areShared ? first.swapped(with: second, using: &generator) : first.dealt(with: second, using: &generator))
        }
        self.init(estimates, thinned: observed, null: null, intervals: intervals)
    }
}

/// Sums of values by bucket.
private struct BucketSums {
    private var sums: [Double]
    private var counts: [Double]

    init(_ values: [Double], _ labels: [String], count: Int) {
        sums = [Double](repeating: 0, count: count)
        counts = sums
        for (value, label) in zip(values, labels) {
            let bucket = RowBucket.of(label: label, bucketCount: count)
            sums[bucket] += value
            counts[bucket] += 1
        }
    }

    var mean: Double { sums.reduce(0, +) / max(counts.reduce(0, +), 1) }

    /// The difference of the means after each bucket has changed places with its counterpart, or not.
    func swapped(with other: BucketSums, using generator: inout SeededGenerator) -> Double {
        var (left, right) = ((sum: 0.0, count: 0.0), (sum: 0.0, count: 0.0))
        for bucket in sums.indices {
            if Bool.random(using: &generator) {
                left = (left.sum + sums[bucket], left.count + counts[bucket])
                right = (right.sum + other.sums[bucket], right.count + other.counts[bucket])
            } else {
                left = (left.sum + other.sums[bucket], left.count + other.counts[bucket])
                right = (right.sum + sums[bucket], right.count + counts[bucket])
            }
        }
        return left.sum / max(left.count, 1) - right.sum / max(right.count, 1)
    }

    /// The difference of the means after all buckets were dealt anew, to as many on each side.
    func dealt(with other: BucketSums, using generator: inout SeededGenerator) -> Double {
        let (sums, counts) = (sums + other.sums, counts + other.counts)
        var order = Array(sums.indices)
        order.shuffle(using: &generator)
        func mean(_ buckets: ArraySlice<Int>) -> Double {
            var (sum, count) = (0.0, 0.0)
            for bucket in buckets { (sum, count) = (sum + sums[bucket], count + counts[bucket]) }
            return sum / max(count, 1)
        }
        return mean(order.prefix(self.sums.count)) - mean(order.dropFirst(self.sums.count))
    }
}
