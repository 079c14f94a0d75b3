import LinearAlgebra
import RealModule

/// How well a row's X finds its own Y among those of its fold, in nats: InfoNCE in both directions (1807.03748) on held-out rows.
///
/// It does not assume Gaussians. It also holds for answers with few values, where Gaussian nats exceed what the answers can hold (7.0 nats
/// for 24 answers, which hold 3.18). It is at most ln of the number of rows in a fold.
package struct MatchingInformation: Sendable, Equatable {
    /// The mean over folds at the best temperature.
    package let value: Double
    /// The standard error over folds; nil for a single fold.
    package let standardError: Double?
    /// The chosen temperature, from 2^-8 … 2^2 in half octaves.
    package let temperature: Double

    private static let temperatures = stride(from: -8.0, through: 2, by: 0.5).map { Double.exp2($0) }

    /// Computes the information from the similarities between rows of X and rows of Y of each fold, m x m.
    ///
    /// - Returns: nil if no fold has two rows.
    package init?(similarities: [Matrix]) {
        let folds = similarities.filter { $0.rowCount > 1 }
        guard !folds.isEmpty else { return nil }
        let values = Self.temperatures.map { temperature in folds.map { Self.value($0, temperature) } }
        let means = values.map { $0.reduce(0, +) / Double(folds.count) }
        // Of equal means the first wins.
        let best = means.indices.dropFirst().reduce(0) { means[$1] > means[$0] ? $1 : $0 }
        (value, temperature) = (means[best], Self.temperatures[best])
        let squares = values[best].reduce(0) { $0 + ($1 - means[best]) * ($1 - means[best]) }
        standardError = folds.count > 1 ? (squares / Double(folds.count - 1) / Double(folds.count)).squareRoot() : nil
    }

    private static func value(_ similarities: Matrix, _ temperature: Double) -> Double {
        let n = similarities.rowCount
        func loss(_ matrix: Matrix) -> Double {
            (0..<n).reduce(0) { sum, row in
                let scaled = matrix.row(row).map { $0 / temperature }
                return sum + logMeanExponential(scaled) - scaled[row]
            } / Double(n)
        }
        return 0 - 0.5 * (loss(similarities) + loss(similarities.transposed))
    }
}

extension GaussianBottleneck {
    /// The matching information of the resolved directions, weighted by sqrt(rho), with fits that have not seen the rows; nil if no
    /// direction is resolved.
    ///
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    package func matchingInformation(_ query: Matrix, _ answer: Matrix, threadCount: Int = 1) throws
        -> MatchingInformation?
    {
        let weights = correlations.map { $0.squareRoot() }
        guard !weights.isEmpty else { return nil }
        let similarities = try concurrentMap(count: folds.count, threadCount: threadCount) { fold in
            let (fitted, heldOut) = (folds.rows(outside: fold), folds.rows(in: fold))
            let own = try CanonicalDirections(
                query.selectingRows(fitted), answer.selectingRows(fitted), ridge: ridge, limit: weights.count)
            let used = Array(weights.prefix(own.count))
            let u = query.selectingRows(heldOut).subtractingFromRows(own.queryMean).times(own.query).scalingColumns(
                by: used)
            let w = answer.selectingRows(heldOut).subtractingFromRows(own.answerMean).times(own.answer).scalingColumns(
                by: used)
            return u.rowsNormalized.timesTransposed(w.rowsNormalized)
        }
        return MatchingInformation(similarities: similarities)
    }
}
