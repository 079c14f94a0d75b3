import LinearAlgebra
import RealModule

/// What the eigenvectors of a few relabellings tell of a divergence, as `DivergenceInfluence` does, from the moments of buckets.
struct MomentInfluence {
    /// The sum over the rows of each bucket.
    let influences: RowInfluences
    /// The mixture's entropy above that of `EntropyCorrection`, in nats.
    let tilt: Double

    /// - Parameters:
    ///   - draws: buckets under their own labels, and dealt out again.
    ///   - tailFactor: that of the estimate.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    init(draws: [(own: RowSplit, relabelled: RowSplit)], pool: MomentPool, tailFactor: Double, threadCount: Int) throws {
        let count = pool.counts.count
        var parts: [(buckets: [Int], isOwn: Bool)] = []
        for (index, draw) in draws.enumerated() {
            parts += [draw.relabelled.first, draw.relabelled.second].map { ($0, false) }
            if index == 0 || draw.own != draws[index - 1].own { parts += [draw.own.first, draw.own.second].map { ($0, true) } }
        }
        let found = try concurrentMap(count: parts.count, threadCount: threadCount) { [parts] index in
            try Part(parts[index].buckets, in: pool, tailFactor: tailFactor, isRelabelled: !parts[index].isOwn)
        }
        var sums = [false: [Double](repeating: 0, count: count), true: [Double](repeating: 0, count: count)]
        var counts = sums
        // Both parts of a draw have one level: what the buckets of a part hold moves its level, in its own sample as in the relabelled part,
        // and would not cancel otherwise. Rows are spread over both parts and hardly notice; buckets move as one.
        for start in stride(from: 0, to: parts.count, by: 2) {
            let level = (found[start].level + found[start + 1].level) / 2
            for index in start..<(start + 2) {
                let part = found[index]
                for (place, bucket) in parts[index].buckets.enumerated() {
                    sums[parts[index].isOwn]?[bucket] += part.values[place] - (parts[index].isOwn ? part.level : level) * part.shares[place]
                    counts[parts[index].isOwn]?[bucket] += 1
                }
            }
        }
        func influences(_ buckets: Range<Int>) -> [Double] {
            let differences: [Double?] = buckets.map { bucket in
                guard let own = counts[true]?[bucket], let pooled = counts[false]?[bucket], own > 0, pooled > 0 else { return nil }
                return (sums[false]?[bucket] ?? 0) / pooled - (sums[true]?[bucket] ?? 0) / own
            }
            // The mean of a row; buckets that no draw holds are taken as average.
            var (sum, rows) = (0.0, 0)
            for (bucket, difference) in zip(buckets, differences) {
                guard let difference else { continue }
                sum += difference
                rows += pool.counts[bucket]
            }
            let mean = sum / Double(max(1, rows))
            let all = Double(2 * pool.rowCount(Array(buckets)))
            return zip(buckets, differences).map { bucket, difference in
                let expected = mean * Double(pool.counts[bucket])
                return ((difference ?? expected) - expected) / all
            }
        }
        self.influences = RowInfluences(first: influences(0..<pool.firstCount), second: influences(pool.firstCount..<count))
        let relabelled = parts.filter { !$0.isOwn }.map(\.buckets)
        var plain = MixtureLeverages(weight: 0)
        for part in found { if let leverages = part.leverages { plain.add(leverages) } }
        tilt = try MixtureTilt(
            plain, law: pool.law(relabelled.first ?? []), partCount: relabelled.count, threadCount: threadCount
        ) { theta, part in
            try Spectrum(relabelled[part], in: pool, theta: theta).leverages(theta: theta)
        }.value
    }

    /// The gradient of one part's corrected entropy by the weights of its buckets.
    private struct Part: Sendable {
        /// For each bucket n phi_i^T G phi_i, G the gradient, summed over its rows.
        let values: [Double]
        /// n |phi_i|^2, divided by the trace and summed over the rows of each bucket.
        let shares: [Double]
        /// The mean of n phi_i^T G phi_i over the rows of the part.
        let level: Double
        /// Of relabelled parts.
        let leverages: MixtureLeverages?

        init(_ buckets: [Int], in pool: MomentPool, tailFactor: Double, isRelabelled: Bool) throws {
            let found = try Spectrum(buckets, in: pool, theta: 0)
            let sums = SpectralSums(eigenvalues: found.values)
            // Eigenvalues that are rounding have no gradient; they come first, in ascending order.
            let kept = found.values.suffix(sums.rank)
            let gradient =
                [Double](repeating: 0, count: found.values.count - kept.count)
                + SpectrumResolvent(sums: sums, law: pool.law(buckets)).gradient(of: Array(kept), tailFactor: tailFactor)
            level = zip(gradient, found.values).reduce(0) { $0 + $1.0 * $1.1 }
            let form = found.vectors.transposedTimes(found.vectors.scalingRows(by: gradient))
            let scale = found.scale * Double(pool.rowCount(buckets))
            values = buckets.map { scale * pool.products[$0].inner(form) }
            shares = buckets.map { scale * pool.traces[$0] }
            leverages = isRelabelled ? found.leverages(theta: 0) : nil
        }
    }

    /// The spectrum of the rows of some buckets, those of the first sample weighted e^(theta/2) and those of the second e^(-theta/2),
    /// divided by their trace without weights.
    private struct Spectrum {
        let values: [Double]
        let vectors: Matrix
        /// 1/trace.
        let scale: Double
        private let products: [PackedSum]
        private let counts: (first: Int, second: Int)

        init(_ buckets: [Int], in pool: MomentPool, theta: Double) throws {
            let samples = [buckets.filter { $0 < pool.firstCount }, buckets.filter { $0 >= pool.firstCount }]
            let trace = pool.trace(buckets)
            scale = trace > 0 ? 1 / trace : 0
            products = samples.map(pool.product)
            counts = (pool.rowCount(samples[0]), pool.rowCount(samples[1]))
            var sum = PackedSum(order: pool.sums.columnCount)
            for (product, sign) in zip(products, [1.0, -1]) { sum.add(product, times: .exp(sign * theta / 2)) }
            let eigen = try sum.matrix.symmetricEigendecomposition()
            let scale = scale
            values = eigen.values.map { max(0, $0) * scale }
            vectors = eigen.vectors
        }

        func leverages(theta: Double) -> MixtureLeverages {
            let squares = zip(products, [1.0, -1]).map { product, sign in
                vectors.times(product.matrix).rowProducts(vectors).map { $0 * scale * .exp(sign * theta / 2) }
            }
            var result = MixtureLeverages(weight: theta)
            result.add(values: values, squares: (squares[0], squares[1]), counts: counts)
            return result
        }
    }
}
