import LinearAlgebra

/// A fitted channel: for each fold of groups a judge that has not seen the fold's rows, and one fitted to all rows, for new rows.
package struct ChannelFit: Sendable, Equatable {
    /// Twice the nats that a response costs under held-out slopes, up to a constant.
    package struct Deviance: Sendable, Equatable {
        /// The deviance without any slopes.
        package let constant: Double
        /// The deviance of the ridge's slopes before they are projected to one code.
        package let free: Double
        /// The deviance of slopes of one code.
        package let oneCode: Double

        /// Known deviances, for example from a file.
        package init(constant: Double, free: Double, oneCode: Double) {
            (self.constant, self.free, self.oneCode) = (constant, free, oneCode)
        }
    }

    /// The parameters of the fit.
    package let channel: ReferenceChannel
    /// The mean of the references, d numbers.
    package let mean: [Double]
    /// The principal directions of the references: k orthonormal rows of d numbers.
    package let directions: Matrix
    /// The variance of the references in each direction, k numbers.
    package let variances: [Double]
    /// The mean response minus the mean reference, in these directions, k numbers.
    package let shift: [Double]
    /// kappa: the ridge draws the slopes K towards kappa times the identity.
    package let kappa: Double
    /// The smallest variance that a residual may have.
    package let floor: Double
    /// The ridge that cross-validation chose.
    package let ridge: Double
    /// The held-out deviances ln det S + tr(S^-1 E'E/n) of all folds, under the chosen ridge.
    package let deviance: Deviance
    /// The same in some of the folds, and that of one code under the ridge that suits it best: by these a code of the model's own is recognised.
    package let codes: Deviance
    /// The judge of each fold, and last the judge that is fitted to all rows.
    package let judges: [ChannelJudge]
    /// The fold of each group that the fit has seen.
    package let foldByGroup: [String: Int]
    /// The group of each key of a fitted row.
    package let labelByKey: [String: String]
    /// Whether these keys include the content of rows that have names.
    package let knowsContent: Bool
    /// The number of fitted rows.
    package let rowCount: Int

    /// k, the number of directions.
    package var componentCount: Int { directions.rowCount }
    /// d, the width of responses and references.
    package var width: Int { mean.count }
    /// The position of the judge of rows that the fit has not seen.
    var wholeJudge: Int { judges.count - 1 }
    /// The coordinates that the channel works in.
    var space: ChannelSpace { ChannelSpace(mean: mean, directions: directions, variances: variances) }

    package static func == (a: ChannelFit, b: ChannelFit) -> Bool {
        a.channel == b.channel && a.mean == b.mean && a.directions == b.directions && a.variances == b.variances
            && a.shift == b.shift && a.kappa == b.kappa
            && a.floor == b.floor && a.ridge == b.ridge && a.deviance == b.deviance && a.codes == b.codes && a.judges == b.judges
            && a.foldByGroup == b.foldByGroup && a.labelByKey == b.labelByKey
            && a.knowsContent == b.knowsContent && a.rowCount == b.rowCount
    }

    /// A known fit, for example from a file.
    ///
    /// - Parameter judges: the judge of each fold, and last the judge fitted to all rows.
    package init(
        channel: ReferenceChannel, mean: [Double], directions: Matrix, variances: [Double], shift: [Double], kappa: Double,
        floor: Double, ridge: Double, deviance: Deviance, codes: Deviance, judges: [ChannelJudge], foldByGroup: [String: Int],
        labelByKey: [String: String], knowsContent: Bool, rowCount: Int
    ) {
        self.channel = channel
        self.mean = mean
        self.directions = directions
        self.variances = variances
        self.shift = shift
        self.kappa = kappa
        self.floor = floor
        self.ridge = ridge
        self.deviance = deviance
        self.codes = codes
        self.judges = judges
        self.foldByGroup = foldByGroup
        self.labelByKey = labelByKey
        self.knowsContent = knowsContent
        self.rowCount = rowCount
    }
}

/// The channel as fitted without the rows of one fold (or to all rows).
package struct ChannelJudge: Sendable, Equatable {
    /// The offset b in the first row, then the slopes K: (k + 1) x k.
    package let slopes: Matrix
    /// The sums of squares and products of held-out residuals, k x k.
    package let residuals: Matrix
    /// The number of rows in those sums.
    package let rowCount: Int
    /// M Sigma^-1, (k + 1) x k. A response times its transpose gives the vector that is multiplied with the references.
    let response: Matrix
    /// M Sigma^-1 M', packed like `packedProducts`: it gives half the squared length of the response that a reference leads to.
    let halfSquares: [Double]

    /// - Throws: `LinearAlgebraError` when the residuals are not finite.
    package init(slopes: Matrix, residuals: Matrix, rowCount: Int, channel: ReferenceChannel, floor: Double) throws {
        self.slopes = slopes
        self.residuals = residuals
        self.rowCount = rowCount
        let covariance = residuals.mapElements { $0 / Double(max(rowCount, 1)) }
        let factor = try channel.shrunk(covariance, floor: floor).choleskyDecomposition()
        response = factor.solve(slopes.transposed).transposed
        let squares = response.timesTransposed(slopes)
        let size = slopes.rowCount
        var packed: [Double] = []
        packed.reserveCapacity(size * (size + 1) / 2)
        for i in 0..<size {
            packed.append(squares[i, i] / 2)
            for j in (i + 1)..<max(size, i + 1) { packed.append((squares[i, j] + squares[j, i]) / 2) }
        }
        halfSquares = packed
    }

    /// The noise covariance Sigma = L L' of this judge, factorised.
    func noise(_ channel: ReferenceChannel, floor: Double) throws -> CholeskyDecomposition {
        try channel.shrunk(residuals.mapElements { $0 / Double(max(rowCount, 1)) }, floor: floor).choleskyDecomposition()
    }
}

extension Matrix {
    /// The products of all pairs i <= j of a row's p elements, n x p(p + 1)/2. A quadratic form of the row is the inner product with its
    /// packed matrix, so one matrix product gives the quadratic forms of all judges.
    func packedProducts(_ rows: Range<Int>) -> Matrix {
        let (size, count) = (columnCount, rows.count)
        let packedCount = size * (size + 1) / 2
        var result = Matrix.zeros(count, packedCount)
        result.withElements { out in
            unsafe out.withUnsafeMutableBufferPointer { out in
                unsafe elements.withUnsafeBufferPointer { source in
                    var position = 0
                    for row in rows {
                        let start = row &* size
                        for i in 0..<size {
                            let factor = unsafe source[start &+ i]
                            for j in i..<size {
                                unsafe out[position] = factor * source[start &+ j]
                                position &+= 1
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
