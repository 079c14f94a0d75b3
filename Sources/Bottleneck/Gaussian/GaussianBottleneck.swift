import LinearAlgebra
import Statistics

/// The cross-fitted Gaussian information bottleneck of X for Y: which part of X tells about Y, in how many directions, and at what price.
///
/// Every claim rests on held-out groups. In-sample canonical correlations tell nothing here: 90 independent rows of 256 columns have 53.8
/// nats in sample and 0.006 held out. The estimate errs low, because weak directions cannot be resolved and the fits see only four fifths
/// of the rows (1.309 of 1.358 nats at 1,000 rows of 12 columns), so say "at least about".
package struct GaussianBottleneck: Sendable {
    /// The settings of the fit.
    package struct Settings: Sendable, Equatable {
        /// The ridges to choose from, in units of the largest eigenvalue of the covariance.
        package var ridges = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10]
        /// The largest number of directions.
        package var limit = 32

        /// The settings that were measured to work.
        package init() {}
    }

    /// The chosen ridge: the first with the most held-out information.
    package let ridge: Double
    /// The held-out correlations of the resolved directions, non-increasing.
    package let correlations: [Double]
    /// The standard errors of `correlations`, by leaving out groups.
    package let standardErrors: [Double]
    /// I(X; Y) of the resolved directions in nats, with its standard error; 0 if none is resolved.
    package let information: UncertainValue
    /// The smallest representation within a standard error of `information`; nil if no direction is resolved.
    package let minimal: InformationPlane.Point?
    /// The directions of all rows at the chosen ridge, which form the encoder. The rows to which they were fitted are in-sample.
    package let directions: CanonicalDirections
    /// The standard deviation of held-out coordinates of X in each direction of `correlations`.
    package let spreads: [Double]
    /// Which rows were held out together.
    package let folds: GroupFolds

    /// The trade-off of the resolved directions.
    package var plane: InformationPlane { InformationPlane(correlations: correlations) }

    /// Fits to paired rows in groups, n x d and n x m.
    ///
    /// - Throws: `BottleneckError.tooFewGroups` for fewer than three groups; `LinearAlgebraError` for elements that
    ///   are not finite.
    /// - Precondition: as many rows of X and of Y as labels.
    package init(
        _ query: Matrix, _ answer: Matrix, groups: [String], settings: Settings = Settings(), confidence: Double = 0.95,
        threadCount: Int = 1
    ) throws {
        let axes = try CrossFittedAxes(query, answer, groups: groups, threadCount: threadCount)
        let found = try axes.best(settings, threadCount: threadCount)
        let kept = found.resolved.correlations.count
        (ridge, folds) = (found.ridge, axes.folds)
        (correlations, standardErrors) = found.resolved
        let error = found.heldOut.jackknife { [gaussianInformation(nonIncreasing(Array($0.prefix(kept))))] }[0]
        let value = gaussianInformation(correlations)
        information = UncertainValue(
            value: value, standardError: kept > 0 ? error : 0, degreesOfFreedom: Double(axes.folds.labels.count - 1),
            confidence: confidence, within: 0...Double.infinity)
        minimal = InformationPlane(correlations: correlations).minimalSufficient(slack: kept > 0 ? error : 0)
        directions = try CanonicalDirections(query, answer, ridge: found.ridge, limit: settings.limit)
        spreads = (0..<kept).map { direction in
            let values = found.query.column(direction)
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
    }

    /// Encodes rows of X at `beta` with encoders that have not seen the rows of a fold; the ridge and the gains are those of all rows.
    ///
    /// - Parameters:
    ///   - query: the fitted rows.
    ///   - answer: their answers.
    ///   - others: the matrices whose rows are encoded.
    /// - Returns: for each fold, each of `others` encoded; the columns belong to the fold's own directions.
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    package func encodeByFold(
        _ query: Matrix, _ answer: Matrix, others: [Matrix], beta: Double, threadCount: Int = 1
    ) throws -> [[Matrix]] {
        let scales = scales(beta: beta)
        return try concurrentMap(count: folds.count, threadCount: threadCount) { fold in
            let fitted = folds.rows(outside: fold)
            let own = try CanonicalDirections(
                query.selectingRows(fitted), answer.selectingRows(fitted), ridge: ridge, limit: max(1, scales.count))
            let count = min(own.count, scales.count)
            return others.map { rows in
                rows.subtractingFromRows(own.queryMean).times(own.query.firstColumns(count))
                    .scalingColumns(by: Array(scales.prefix(count)))
            }
        }
    }

    /// Rows of X (m x d) in the bottleneck at `beta`: Z_i = a_i u_i / sd(held-out u_i), whose noise is N(0, 1). There is one column for
    /// each direction that has entered.
    package func encode(_ rows: Matrix, beta: Double) -> Matrix {
        let scales = scales(beta: beta)
        return rows.subtractingFromRows(directions.queryMean).times(directions.query.firstColumns(scales.count))
            .scalingColumns(by: scales)
    }

    /// a_i divided by the spread of direction i, for the directions that have entered.
    private func scales(beta: Double) -> [Double] {
        let gains = plane.squaredGains(beta: beta).prefix { $0 > 0 }.map { $0.squareRoot() }
        return zip(gains, spreads).map { $1 > 0 ? $0 / $1 : 0 }
    }
}

/// The reason why a bottleneck cannot be computed.
package enum BottleneckError: Error, Equatable, Sendable {
    /// There are too few groups: they are held out in turns, and the others must allow a fit.
    case tooFewGroups(found: Int)
}
