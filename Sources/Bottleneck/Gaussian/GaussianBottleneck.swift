import LinearAlgebra
import Statistics

/// The Gaussian information bottleneck of X for Y, cross-fitted: what of X tells of Y, in how many directions, at
/// what price.
///
/// Everything that is claimed is held out by group. In-sample canonical correlations say nothing here: 90 independent
/// rows of 256 columns have 53.8 nats in sample and 0.006 held out. The estimate errs low, by directions too weak to
/// be resolved and by fits to four fifths of the rows (1.309 of 1.358 nats at 1,000 rows of 12 columns): say "at
/// least about".
package struct GaussianBottleneck: Sendable {
    /// How it is fitted.
    package struct Settings: Sendable, Equatable {
        /// Ridges to choose from, times the largest eigenvalue of the covariance.
        package var ridges = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10]
        /// The largest number of directions.
        package var limit = 32

        /// The measured settings.
        package init() {}
    }

    /// The chosen ridge: the first with the most held-out information.
    package let ridge: Double
    /// Held-out correlations of the resolved directions, non-increasing.
    package let correlations: [Double]
    /// Their standard errors, by leaving out groups.
    package let standardErrors: [Double]
    /// I(X; Y) of the resolved directions in nats, with the standard error; 0 where none is resolved.
    package let information: UncertainValue
    /// The smallest representation that is within a standard error of `information`; nil where no direction is
    /// resolved.
    package let minimal: InformationPlane.Point?
    /// Directions of all rows at the chosen ridge: the encoder. Rows that they were fitted to are in-sample under it.
    package let directions: CanonicalDirections
    /// The standard deviation of held-out coordinates of X in each direction of `correlations`.
    package let spreads: [Double]
    /// The rows that were held out together.
    package let folds: GroupFolds

    /// The trade-off of the resolved directions.
    package var plane: InformationPlane { InformationPlane(correlations: correlations) }

    /// Fits to paired rows, n x d and n x m, in groups.
    ///
    /// - Throws: `BottleneckError.tooFewGroups` for fewer than three groups; `LinearAlgebraError` for elements that
    ///   are not finite.
    /// - Precondition: one row of each and one label a row.
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

    /// Encoders that have not seen the rows of a fold, at the ridge and the gains of all rows: rows of X in each of
    /// them at `beta`.
    ///
    /// - Parameters:
    ///   - query: the fitted rows.
    ///   - answer: their answers.
    ///   - others: matrices of rows to encode.
    /// - Returns: by fold, each of `others` encoded; their columns are those of the fold's own directions.
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

    /// Rows of X (m x d) in the bottleneck at `beta`: Z_i = a_i u_i / sd(held-out u_i), whose noise is N(0, 1); one
    /// column for each direction that has entered.
    package func encode(_ rows: Matrix, beta: Double) -> Matrix {
        let scales = scales(beta: beta)
        return rows.subtractingFromRows(directions.queryMean).times(directions.query.firstColumns(scales.count))
            .scalingColumns(by: scales)
    }

    /// a_i over the spread of direction i, of those that have entered.
    private func scales(beta: Double) -> [Double] {
        let gains = plane.squaredGains(beta: beta).prefix { $0 > 0 }.map { $0.squareRoot() }
        return zip(gains, spreads).map { $1 > 0 ? $0 / $1 : 0 }
    }
}

/// What keeps a bottleneck from being computed.
package enum BottleneckError: Error, Equatable, Sendable {
    /// Groups are held out by turns, and one has to be left to fit two.
    case tooFewGroups(found: Int)
}
