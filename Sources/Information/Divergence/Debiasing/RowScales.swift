import RealModule

/// How the rows of a sample depend on each other, as far as it matters for the bias of a spectrum.
///
/// A rotation within a unit (a group) turns rows with correlation r into independent rows of unequal scale: for a unit of s rows, one row
/// of scale 1 + (s - 1) r and s - 1 rows of scale 1 - r. Rows of unequal weight are rows of unequal scale too. If shares p_k of the n rows
/// have scale c_k, with mean scale 1, the resolvent of the sample covariance obeys
///
///   u = df/n = sum_k p_k c_k delta/(1 + c_k delta),   kappa = t/w,   w = u/delta,
///
/// where df is the number of degrees of freedom tr rho (rho + kappa)^-1 of the population at ridge kappa, which the sample shows at ridge t
/// (Silverstein and Bai, J. Multivariate Analysis 54, 1995, for one scale, which gives w = 1 - u; Couillet and Hachem, 1310.8094, for
/// several).
struct RowScales: Sendable, Equatable {
    /// Smaller scales belong to repeated rows, which add nothing.
    private static let smallestScale = 1e-6

    /// The number of rows n, including repeated ones.
    let rowCount: Double
    /// The scales c_k, without those of repeated rows.
    let scales: [Double]
    /// The shares p_k; their sum is less than 1 if rows are repeated.
    let shares: [Double]

    /// `rowCount` independent rows.
    init(rowCount: Int) {
        self.rowCount = Double(rowCount)
        scales = [1]
        shares = [1]
    }

    private init(rowCount: Double, parts: [(scale: Double, share: Double)]) {
        self.rowCount = rowCount
        let kept = parts.filter { $0.scale >= Self.smallestScale && $0.share > 0 }
        scales = kept.map(\.scale)
        shares = kept.map(\.share)
    }

    /// Units of the given sizes, whose rows share one correlation in [0, 1].
    init(unitSizes: [Int], correlation: Double) {
        let rowCount = unitSizes.reduce(0, +)
        guard correlation > 0, unitSizes.contains(where: { $0 > 1 }) else {
            self.init(rowCount: rowCount)
            return
        }
        var unitCounts: [Int: Int] = [:]
        for size in unitSizes { unitCounts[size, default: 0] += 1 }
        let ordered = unitCounts.sorted { $0.key < $1.key }
        let between = ordered.map { size, count in
            (scale: 1 + Double(size - 1) * correlation, share: Double(count) / Double(rowCount))
        }
        let within = ordered.reduce(0.0) { $0 + Double(($1.key - 1) * $1.value) } / Double(rowCount)
        self.init(rowCount: Double(rowCount), parts: between + [(1 - correlation, within)])
    }

    /// Two samples in one covariance, each with half of the weight.
    init(mixing first: RowScales, _ second: RowScales) {
        let total = first.rowCount + second.rowCount
        let parts = [first, second].flatMap { law in
            zip(law.scales, law.shares).map { (scale: $0 * total / (2 * law.rowCount), share: $1 * law.rowCount / total) }
        }
        // Samples of one size need only one entry for each scale.
        if first == second {
            self.init(rowCount: total, parts: zip(first.scales, first.shares).map { ($0, $1) })
        } else {
            self.init(rowCount: total, parts: parts)
        }
    }

    /// The largest rank that a sample covariance can have: n minus the repeated rows.
    var rank: Double { rowCount * totalShare }
    /// The mean of c^-k over the rows that are not repeated, for k = 1 and 2.
    var inverseScaleMeans: (first: Double, second: Double) {
        let sums = zip(scales, shares).reduce((0.0, 0.0)) { ($0.0 + $1.1 / $1.0, $0.1 + $1.1 / ($1.0 * $1.0)) }
        return (sums.0 / totalShare, sums.1 / totalShare)
    }
    /// Whether some rows are repeated, so that the number of zeros in the spectrum is known.
    var hasRepeatedRows: Bool { rank < rowCount - 0.5 }
    private var totalShare: Double { shares.reduce(0, +) }

    /// The solution delta at u = df/n.
    ///
    /// - Parameters:
    ///   - complement: 1 - u, given separately because subtraction would lose its digits at small ridges.
    ///   - start: a lower bound of delta; 0 if none is known.
    func delta(_ u: Double, complement: Double, from start: Double) -> Double {
        let total = totalShare
        let rest = max(complement - (1 - total), .leastNormalMagnitude)
        let meanScale = zip(scales, shares).reduce(0) { $0 + $1.0 * $1.1 } / total
        // By Jensen's inequality the delta of the mean scale is too small. Newton's steps rise from there, because both functions below are
        // curved in one direction only.
        var delta = u / (rest * meanScale)
        guard scales.count > 1 else { return delta }
        delta = max(delta, start)
        let isUpperHalf = u > total / 2
        for _ in 0..<100 {
            var (value, slope) = (0.0, 0.0)
            for (scale, share) in zip(scales, shares) {
                let factor = 1 / (1 + scale * delta)
                value += isUpperHalf ? -share * factor : share * scale * delta * factor
                slope += share * scale * factor * factor
            }
            let step = ((isUpperHalf ? -rest : u) - value) / slope
            guard step > 1e-13 * delta else { break }
            delta += step
        }
        return delta
    }

    /// The derivatives with respect to delta of u and of -w.
    func slopes(at delta: Double) -> (u: Double, w: Double) {
        zip(scales, shares).reduce((0, 0)) { sums, part in
            let factor = 1 / (1 + part.0 * delta)
            let term = part.1 * part.0 * factor * factor
            return (sums.0 + term, sums.1 + term * part.0)
        }
    }
}
