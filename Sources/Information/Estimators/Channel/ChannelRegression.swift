import LinearAlgebra
import RealModule

/// Ridge regression of responses on references, both in the coordinates of the channel, with exact fits that leave out folds of groups.
struct ChannelRegression: Sendable {
    /// The rows of one fold.
    struct Fold: Sendable {
        /// A 1 and the coordinates of the reference in each row, n_f x (k + 1).
        let queries: Matrix
        /// The coordinates of the responses, n_f x k.
        let answers: Matrix
    }

    /// What the rows of a fold add to the normal equations.
    private struct Moments: Sendable {
        let queries: Matrix
        let products: Matrix
    }

    /// A channel's slopes, (k + 1) x k, with the sums of squares and products of its residuals, k x k.
    struct Judge: Sendable, Equatable {
        let slopes: Matrix
        let residuals: Matrix
        let rowCount: Int
    }

    /// The choices common to all folds, and a judge for each fold that has not seen its rows.
    struct Solution: Sendable {
        let ridge: Double
        let deviance: ChannelFit.Deviance
        /// What `ChannelFit.codes` is.
        let codes: ChannelFit.Deviance
        /// The judge of each fold.
        let folds: [Judge]
        /// The judge of rows that the fit has not seen.
        let whole: Judge
    }

    let channel: ReferenceChannel
    /// The mean response, k numbers.
    let shift: [Double]
    /// Folds with at least one row.
    let folds: [Fold]
    /// kappa in K = kappa I + what the ridge finds.
    let kappa: Double
    /// The smallest residual variance.
    let floor: Double
    /// The sum over rows of a squared coordinate of the references, averaged over the coordinates.
    private let variance: Double
    /// About the most folds in which free slopes and slopes of one code are compared: each costs an eigenproblem for every ridge.
    private static let comparedFolds = 16

    private var rowCount: Int { folds.reduce(0) { $0 + $1.queries.rowCount } }
    private var size: Int { folds[0].answers.columnCount }

    /// - Precondition: at least two folds, each with a row.
    init(_ channel: ReferenceChannel, folds: [Fold], shift: [Double]) {
        self.channel = channel
        self.folds = folds
        self.shift = shift
        var (square, product, count) = (0.0, 0.0, 0)
        for fold in folds {
            let width = fold.answers.columnCount
            for row in 0..<fold.queries.rowCount {
                for column in 0..<width {
                    let query = fold.queries[row, column + 1]
                    square += query * query
                    product += query * (fold.answers[row, column] - shift[column])
                }
            }
            count += fold.queries.rowCount
        }
        kappa = square > 0 ? max(product / square, 0) : 0
        // A sum over rows, so that a ridge of 1 weighs as much as the mean direction.
        variance = square / Double(folds[0].answers.columnCount)
        floor = channel.floor * variance / Double(count)
    }

    /// Chooses the ridge and computes the slopes and residuals of every fold's judge.
    func solve(threadCount: Int) throws -> Solution {
        let moments = try concurrentMap(count: folds.count, threadCount: threadCount) { index in
            Moments(queries: folds[index].queries.crossProduct, products: folds[index].queries.transposedTimes(targets(index)))
        }
        let all = moments.dropFirst().reduce(moments[0]) {
            Moments(queries: $0.queries.adding($1.queries), products: $0.products.adding($1.products))
        }
        // The sums of squares E'E for each fold and ridge.
        let errors = try concurrentMap(count: folds.count, threadCount: threadCount) { index in
            let (queries, products) = without(moments[index], all)
            let targets = targets(index)
            return try channel.ridges.map { ridge in
                let slopes = try penalised(queries, ridge).choleskyDecomposition().solve(products)
                return targets.combining(folds[index].queries.times(slopes)) { $0 - $1 }.crossProduct
            }
        }
        var best: (deviance: Double, ridge: Double)?
        for (index, ridge) in channel.ridges.enumerated() {
            let sum = errors.dropFirst().reduce(errors[0][index]) { $0.adding($1[index]) }
            let deviance = try deviance(sum)
            // A later ridge has to be better by more than rounding.
            if best.map({ deviance < $0.deviance - 1e-12 * abs($0.deviance) }) ?? true { best = (deviance, ridge) }
        }
        let (deviance, ridge) = best ?? (0, 1)
        let parts = try concurrentMap(count: folds.count, threadCount: threadCount) { index in
            let (queries, products) = without(moments[index], all)
            let slopes = try projected(penalised(queries, ridge).choleskyDecomposition().solve(products))
            let residuals = folds[index].answers.combining(folds[index].queries.times(slopes)) { $0 - $1 }
            return Judge(slopes: slopes, residuals: residuals.crossProduct, rowCount: folds[index].queries.rowCount)
        }
        let residuals = parts.dropFirst().reduce(parts[0].residuals) { $0.adding($1.residuals) }
        let spread = folds.dropFirst().reduce(folds[0].answers.subtractingFromRows(shift).crossProduct) {
            $0.adding($1.answers.subtractingFromRows(shift).crossProduct)
        }
        let whole = try projected(penalised(all.queries, ridge).choleskyDecomposition().solve(all.products))
        return Solution(
            ridge: ridge,
            deviance: ChannelFit.Deviance(constant: try self.deviance(spread), free: deviance, oneCode: try self.deviance(residuals)),
            codes: try codes(moments, all, ridge: ridge, threadCount: threadCount),
            folds: parts.map {
                Judge(
                    slopes: $0.slopes, residuals: residuals.combining($0.residuals) { $0 - $1 },
                    rowCount: rowCount - $0.rowCount)
            },
            whole: Judge(slopes: whole, residuals: residuals, rowCount: rowCount))
    }

    /// The deviances, in some of the folds, without slopes, with free slopes, and with slopes of one code. The last take the ridge that
    /// suits them best: the best ridge for free slopes can be far too small for them, which would say nothing about the model.
    private func codes(
        _ moments: [Moments], _ all: Moments, ridge: Double, threadCount: Int
    ) throws -> ChannelFit.Deviance {
        let stride = max(1, folds.count / Self.comparedFolds)
        let chosen = Swift.stride(from: 0, to: folds.count, by: stride).map { $0 }
        let ridges = [ridge] + channel.ridges.filter { $0 >= 1 && $0 > ridge }
        let errors = try concurrentMap(count: chosen.count, threadCount: threadCount) { place in
            let fold = folds[chosen[place]]
            let (queries, products) = without(moments[chosen[place]], all)
            func squares(_ slopes: Matrix) -> Matrix {
                fold.answers.combining(fold.queries.times(slopes)) { $0 - $1 }.crossProduct
            }
            var found = [fold.answers.subtractingFromRows(shift).crossProduct]
            for (index, ridge) in ridges.enumerated() {
                var slopes = try penalised(queries, ridge).choleskyDecomposition().solve(products)
                if index == 0 {
                    var free = slopes
                    for direction in 0..<size { free[direction + 1, direction] += kappa }
                    found.append(squares(free))
                }
                slopes = try projected(slopes)
                found.append(squares(slopes))
            }
            return found
        }
        let count = chosen.reduce(0) { $0 + folds[$1].queries.rowCount }
        let deviances = try errors[0].indices.map { index in
            try deviance(errors.dropFirst().reduce(errors[0][index]) { $0.adding($1[index]) }, rowCount: count)
        }
        return ChannelFit.Deviance(
            constant: deviances[0], free: deviances[1], oneCode: deviances.dropFirst(2).min() ?? deviances[1])
    }

    /// The responses minus kappa times the references.
    private func targets(_ index: Int) -> Matrix {
        let fold = folds[index]
        var targets = fold.answers
        targets.withElements { out in
            let width = fold.answers.columnCount
            for row in 0..<fold.answers.rowCount {
                for column in 0..<width { out[row &* width &+ column] -= kappa * fold.queries[row, column + 1] }
            }
        }
        return targets
    }

    private func without(_ own: Moments, _ all: Moments) -> (Matrix, Matrix) {
        (all.queries.combining(own.queries) { $0 - $1 }, all.products.combining(own.products) { $0 - $1 })
    }

    private func penalised(_ queries: Matrix, _ ridge: Double) -> Matrix {
        var result = queries
        for index in 1..<queries.rowCount { result[index, index] += ridge * variance }
        return result
    }

    private func projected(_ slopes: Matrix) throws(LinearAlgebraError) -> Matrix {
        var slopes = slopes
        for index in 0..<slopes.columnCount { slopes[index + 1, index] += kappa }
        return try ReferenceChannel.oneCode(slopes)
    }

    /// The deviance ln det S + tr(S^-1 E'E/n), with S the shrunk E'E/n.
    private func deviance(_ errors: Matrix, rowCount: Int? = nil) throws -> Double {
        let count = Double(rowCount ?? self.rowCount)
        let covariance = errors.mapElements { $0 / count }
        let factor = try channel.shrunk(covariance, floor: floor).choleskyDecomposition()
        return factor.logDeterminant + factor.solve(covariance).trace
    }
}
