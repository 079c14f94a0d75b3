import LinearAlgebra
import RealModule
import Statistics

/// A positive definite kernel on embedding rows.
package enum Kernel: Sendable, Equatable {
    /// x . y, the kernel of the paper, on normalised rows.
    case linear
    /// x . y / (|x| |y|).
    case cosine
    /// exp(-|x - y|^2 / (2 s^2)) with s the bandwidth; nil takes the median distance of the pooled rows.
    case rbf(bandwidth: Double?)
    /// exp(-|x - y| / s) with s the bandwidth; nil takes the median distance of the pooled rows.
    case laplacian(bandwidth: Double?)

    /// `linear`, `cosine`, `rbf` or `laplacian`.
    package var name: String {
        switch self {
        case .linear: "linear"
        case .cosine: "cosine"
        case .rbf: "rbf"
        case .laplacian: "laplacian"
        }
    }

    /// The names of all kernels.
    package static let names = ["linear", "rbf", "laplacian", "cosine"]

    /// The kernel of this name; kernels without a bandwidth ignore `bandwidth`. Nil for an unknown name.
    package init?(name: String, bandwidth: Double? = nil) {
        switch name {
        case "linear": self = .linear
        case "cosine": self = .cosine
        case "rbf": self = .rbf(bandwidth: bandwidth)
        case "laplacian": self = .laplacian(bandwidth: bandwidth)
        default: return nil
        }
    }

    /// Whether the kernel is the inner product of (normalised) rows, so that their covariance has the spectrum of the Gram matrix.
    var hasExplicitFeatures: Bool { self == .linear || self == .cosine }

    /// The rows whose inner products are the kernel.
    func explicitFeatures(_ rows: Matrix) -> Matrix {
        self == .cosine ? rows.rowsNormalized : rows
    }

    /// The kernel with a bandwidth: its own, or else the median distance of `rows`.
    ///
    /// The median is over all pairs of rows, or of a seeded sample of 1,000 rows if there are more. If it is zero (more than half of the
    /// rows' distances are), the mean of the positive ones is taken; if all are zero, 1.
    func resolved(for rows: Matrix, seed: UInt64 = 0) -> Kernel {
        switch self {
        case .rbf(nil): .rbf(bandwidth: Self.medianDistance(rows, seed: seed))
        case .laplacian(nil): .laplacian(bandwidth: Self.medianDistance(rows, seed: seed))
        default: self
        }
    }

    private static func medianDistance(_ rows: Matrix, seed: UInt64) -> Double {
        typicalSquaredDistance(rows, sampleCount: 1_000, seed: seed).squareRoot()
    }

    /// The median of the squared distances of all pairs among up to `sampleCount` rows, which `seed` chooses.
    static func typicalSquaredDistance(_ rows: Matrix, sampleCount: Int, seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: seed, stream: "median distance")
        return typicalSquaredDistance(rows.selectingRows(generator.sample(sampleCount, below: rows.rowCount)))
    }

    /// The median of the squared distances of all pairs of rows; if it is 0, the mean of the positive ones, and 1 if none is positive.
    static func typicalSquaredDistance(_ rows: Matrix) -> Double {
        let distances = rows.squaredDistances
        var pairs: [Double] = []
        pairs.reserveCapacity(rows.rowCount * (rows.rowCount - 1) / 2)
        for i in 0..<rows.rowCount {
            for j in (i + 1)..<max(i + 1, rows.rowCount) { pairs.append(distances[i, j]) }
        }
        if let middle = median(pairs), middle > 0 { return middle }
        let positive = pairs.filter { $0 > 0 }
        return positive.isEmpty ? 1 : positive.reduce(0, +) / Double(positive.count)
    }

    /// The kernel between the rows of two matrices, n x m.
    ///
    /// - Precondition: the bandwidth is known (`resolved(for:)`).
    func matrix(_ left: Matrix, _ right: Matrix) -> Matrix {
        switch self {
        case .linear: left.timesTransposed(right)
        case .cosine: left.rowsNormalized.timesTransposed(right.rowsNormalized)
        case .rbf, .laplacian: ofSquaredDistances(left.squaredDistances(to: right))
        }
    }

    /// The Gram matrix of the rows, n x n, exactly symmetric.
    ///
    /// - Precondition: the bandwidth is known (`resolved(for:)`).
    func gram(_ rows: Matrix) -> Matrix {
        hasExplicitFeatures ? explicitFeatures(rows).gram : ofSquaredDistances(rows.squaredDistances)
    }

    /// k(x, x) of every row.
    func diagonal(_ rows: Matrix) -> [Double] {
        self == .linear ? rows.squaredRowNorms : [Double](repeating: 1, count: rows.rowCount)
    }

    private func ofSquaredDistances(_ distances: Matrix) -> Matrix {
        switch self {
        case .rbf(let bandwidth?):
            let factor = -0.5 / (bandwidth * bandwidth)
            // An infinite factor times a distance of zero would be NaN; dividing twice gives the right limit.
            guard factor.isFinite else { return distances.mapElements { .exp(-0.5 * $0 / bandwidth / bandwidth) } }
            return distances.mapElements { .exp(factor * $0) }
        case .laplacian(let bandwidth?):
            return distances.mapElements { .exp(-$0.squareRoot() / bandwidth) }
        default:
            preconditionFailure("a kernel of distances with its bandwidth")
        }
    }
}
