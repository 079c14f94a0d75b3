import LinearAlgebra
import RealModule
import Statistics

/// Functions f_1 ... f_r of x and g_1 ... g_r of y, each pair as correlated as a kernel allows: regularised kernel canonical correlations
/// (Akaho 2001; Bach and Jordan 2002) on Nystrom features of Gaussian kernels.
///
/// By the data processing inequality the functions share no more information than x and y do. On rows that the fit has not seen,
/// information between them is therefore a lower bound of I(X; Y), apart from the bias of its own estimator.
struct KernelCanonicalFeatures: Sendable {
    /// The features of both sides, n x m.
    private let x: Matrix
    private let y: Matrix

    /// The penalties on the functions, as shares of a kernel whose diagonal is 1.
    static let penalties = [1e-4, 1e-3, 1e-2]
    /// The number of pairs of functions.
    static let rank = 3
    private static let landmarkCount = 300

    /// Computes the features of the rows: Gaussian kernels exp(-|a - b|^2/median) with up to 300 seeded landmarks.
    ///
    /// - Throws: `LinearAlgebraError` for kernels that are not finite.
    init(_ x: Matrix, _ y: Matrix, seed: UInt64) throws(LinearAlgebraError) {
        var generator = SeededGenerator(seed: seed, stream: "canonical landmarks")
        let landmarks = generator.sample(min(Self.landmarkCount, x.rowCount / 2), below: x.rowCount)
        self.x = try Self.features(x, landmarks: landmarks)
        self.y = try Self.features(y, landmarks: landmarks)
    }

    private static func features(_ rows: Matrix, landmarks: [Int]) throws(LinearAlgebraError) -> Matrix {
        let chosen = rows.selectingRows(landmarks)
        let kernel = Kernel.rbf(bandwidth: (Kernel.typicalSquaredDistance(chosen) / 2).squareRoot())
        return try NystromFeatures(landmarkGram: kernel.gram(chosen)).features(crossGram: kernel.matrix(rows, chosen))
    }

    /// The functions, fitted to some rows and applied to others.
    struct Functions: Sendable {
        /// f and g of the requested rows, p x r, scaled to mean 0 and variance 1 on the fitted rows.
        let x: Matrix
        let y: Matrix
        /// The r correlations over the requested rows.
        var correlations: [Double] {
            (0..<x.columnCount).map { Correlation.pearson(x.column($0), y.column($0))?.coefficient ?? 0 }
        }
    }

    /// The covariances of the features over the fitted rows: one fit that serves all penalties.
    struct Covariances: Sendable {
        fileprivate let features: KernelCanonicalFeatures
        fileprivate let means: (x: [Double], y: [Double])
        fileprivate let x: Matrix
        fileprivate let y: Matrix
        fileprivate let cross: Matrix

        /// The functions under one penalty, applied to `rows`.
        ///
        /// - Throws: `LinearAlgebraError` when a factorisation fails.
        func functions(penalty: Double, of rows: [Int]) throws(LinearAlgebraError) -> Functions {
            let rank = min(KernelCanonicalFeatures.rank, x.rowCount, y.rowCount)
            let (left, right) = (try x.whitening(penalty: penalty), try y.whitening(penalty: penalty))
            // After whitening, the functions are the singular vectors of the cross-covariance.
            let core = left.transposedTimes(cross).times(right)
            let pairs = try core.gram.largestSymmetricEigenpairs(rank)
            let order = Array((0..<pairs.values.count).reversed())
            let leftVectors = pairs.vectors.selectingRows(order)
            let rightVectors = leftVectors.times(core)
            let (a, b) = (left.timesTransposed(leftVectors), right.timesTransposed(rightVectors))
            return Functions(
                x: features.x.selectingRows(rows).subtractingFromRows(means.x).times(a.scaled(toUnitVarianceUnder: x)),
                y: features.y.selectingRows(rows).subtractingFromRows(means.y).times(b.scaled(toUnitVarianceUnder: y)))
        }
    }

    /// The covariances over `rows`.
    func covariances(fittedTo rows: [Int]) -> Covariances {
        let (a, b) = (x.selectingRows(rows), y.selectingRows(rows))
        let means = (x: a.columnMeans, y: b.columnMeans)
        let (left, right) = (a.subtractingFromRows(means.x), b.subtractingFromRows(means.y))
        let share = 1 / Double(max(1, rows.count))
        return Covariances(
            features: self, means: means, x: left.crossProduct.mapElements { $0 * share },
            y: right.crossProduct.mapElements { $0 * share }, cross: left.transposedTimes(right).mapElements { $0 * share })
    }
}

extension Matrix {
    /// A matrix W with W^T (self + penalty) W = 1.
    fileprivate func whitening(penalty: Double) throws(LinearAlgebraError) -> Matrix {
        var penalised = self
        for index in 0..<rowCount { penalised[index, index] += penalty }
        return try penalised.choleskyWhitening(tolerance: 1e-14)
    }

    /// Divides each column a by sqrt(a^T covariance a).
    fileprivate func scaled(toUnitVarianceUnder covariance: Matrix) -> Matrix {
        let image = covariance.times(self)
        let scales = (0..<columnCount).map { column in
            let variance = (0..<rowCount).reduce(0) { $0 + self[$1, column] * image[$1, column] }
            return variance > 0 ? 1 / variance.squareRoot() : 0
        }
        return scalingColumns(by: scales)
    }
}

/// Rows dealt to folds at random; rows of one group stay together.
struct GroupFolds: Sendable {
    /// The rows of each fold, ascending.
    let rows: [[Int]]

    /// Makes at most `count` folds; fewer if there are fewer groups.
    init(groups: [String], count: Int, seed: UInt64, stream: String) {
        let members = groups.rowsByValue
        var generator = SeededGenerator(seed: seed, stream: stream)
        var rows = [[Int]](repeating: [], count: max(1, min(count, members.count)))
        for (position, group) in generator.permutation(of: members.count).enumerated() {
            rows[position % rows.count] += members[group].rows
        }
        self.rows = rows.map { $0.sorted() }
    }

    /// The rows of all folds except `folds`, ascending.
    func rows(without folds: Int...) -> [Int] {
        rows.indices.filter { !folds.contains($0) }.flatMap { rows[$0] }.sorted()
    }
}
