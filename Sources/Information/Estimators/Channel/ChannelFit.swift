import LinearAlgebra

/// A fitted channel: one for each fold of groups, that has not seen its rows, and one of all for rows that are new.
package struct ChannelFit: Sendable, Equatable {
    /// Twice the nats that a response costs under held-out slopes, up to a constant, in some of the folds.
    package struct Deviance: Sendable, Equatable {
        /// Of no slopes at all.
        package let constant: Double
        /// Of the ridge's slopes before they are made one code.
        package let free: Double
        /// Of slopes of one code, at their best ridge.
        package let oneCode: Double

        /// Known ones, for example from a file.
        package init(constant: Double, free: Double, oneCode: Double) {
            (self.constant, self.free, self.oneCode) = (constant, free, oneCode)
        }
    }

    /// The parameters of the fit.
    package let channel: ReferenceChannel
    /// d numbers: the mean of the references.
    package let mean: [Double]
    /// k x d orthonormal rows: the principal directions of the references.
    package let directions: Matrix
    /// k numbers: the variance of the references in each direction.
    package let variances: [Double]
    /// k numbers: the mean response in these directions, less that of the references.
    package let shift: [Double]
    /// What K is drawn towards: kappa times the identity.
    package let kappa: Double
    /// The least variance of a residual.
    package let floor: Double
    /// The chosen ridge.
    package let ridge: Double
    /// The held-out deviances, by which a code of the model's own is known: ln det S + tr(S^-1 E'E/n).
    package let deviance: Deviance
    /// The channel of each fold, and that of all rows last.
    package let judges: [ChannelJudge]
    /// The fold of each group that the fit has seen.
    package let foldByGroup: [String: Int]
    /// The group of each key of a fitted row.
    package let labelByKey: [String: String]
    /// Whether what rows hold is among these keys, for rows with names too.
    package let knowsContent: Bool
    /// The number of fitted rows.
    package let rowCount: Int

    /// k.
    package var componentCount: Int { directions.rowCount }
    /// d, the width of responses and references.
    package var width: Int { mean.count }
    /// The position of the judge of rows that the fit has not seen.
    var wholeJudge: Int { judges.count - 1 }
    /// What the channel's coordinates are.
    var space: ChannelSpace { ChannelSpace(mean: mean, directions: directions, variances: variances) }

    package static func == (a: ChannelFit, b: ChannelFit) -> Bool {
        a.channel == b.channel && a.mean == b.mean && a.directions == b.directions && a.variances == b.variances
            && a.shift == b.shift && a.kappa == b.kappa
            && a.floor == b.floor && a.ridge == b.ridge && a.deviance == b.deviance && a.judges == b.judges
            && a.foldByGroup == b.foldByGroup && a.labelByKey == b.labelByKey
            && a.knowsContent == b.knowsContent && a.rowCount == b.rowCount
    }

    /// A fit that is known, for example from a file.
    ///
    /// - Parameter judges: of the folds, and that of all rows last.
    package init(
        channel: ReferenceChannel, mean: [Double], directions: Matrix, variances: [Double], shift: [Double], kappa: Double,
        floor: Double, ridge: Double, deviance: Deviance, judges: [ChannelJudge], foldByGroup: [String: Int],
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
        self.judges = judges
        self.foldByGroup = foldByGroup
        self.labelByKey = labelByKey
        self.knowsContent = knowsContent
        self.rowCount = rowCount
    }
}

/// A channel without the rows of one fold (or of none).
package struct ChannelJudge: Sendable, Equatable {
    /// (k + 1) x k: the offset b, and K.
    package let slopes: Matrix
    /// k x k sums of squares and products of its held-out residuals.
    package let residuals: Matrix
    /// The rows of those residuals.
    package let rowCount: Int
    /// (k + 1) x k: M Sigma^-1. A response times its transpose is what meets the references.
    let response: Matrix
    /// M Sigma^-1 M', packed by `packedProducts`: half the squared length of what a reference makes a response to be.
    let halfSquares: [Double]

    /// - Throws: `LinearAlgebraError` where the residuals are not finite.
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

    /// Sigma = L L' of this judge.
    func noise(_ channel: ReferenceChannel, floor: Double) throws -> CholeskyDecomposition {
        try channel.shrunk(residuals.mapElements { $0 / Double(max(rowCount, 1)) }, floor: floor).choleskyDecomposition()
    }
}

extension Matrix {
    /// The products of all pairs of a row's elements, i <= j in the order of i: n x p(p + 1)/2. A quadratic form of the row is the inner
    /// product with its packed matrix, so that those of all judges are one matrix product.
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
