import LinearAlgebra
import RealModule

extension ChannelRows {
    /// exp(l_ij - l_ii), n x N: how many times likelier answer i is under the reference of negative j of `other` than under its own.
    ///
    /// - Parameter range: the rows i.
    func likelihoodRatios(_ kind: Answers, against other: ChannelRows, rows range: Range<Int>) -> Matrix {
        summedRatios(kind, against: other, rows: range).ratios
    }

    /// The ratios of `likelihoodRatios`, and their sum over the negatives for each row.
    func summedRatios(_ kind: Answers, against other: ChannelRows, rows range: Range<Int>) -> (ratios: Matrix, sums: [Double]) {
        var ratios = vectors.rows(kind, range).timesTransposed(other.negativeQueries)
        let own = kind == .model ? ownLogarithms.model : ownLogarithms.reference
        let sums = ratios.exponentiate(minus: other.negativeHalfSquares, rows: judges[range], shifts: own[range])
        return (ratios, sums)
    }

    /// What each row contributes, with the set's own rows as negatives: n values of ln(d + (1 - d) q/mean q), in nats.
    ///
    /// In a large set, a row that is not a negative is added to the negatives when its own response is judged. So no row contributes more
    /// than ln(d + (1 - d) N), with N the number of rows that it is compared with.
    package func contributions() -> (model: [Double], reference: [Double]) {
        let means = meanRatios()
        return (means.model.map(logRatio), means.reference.map(logRatio))
    }

    /// The mean of each row's ratios to the negatives of its own set, for both kinds of answers.
    func meanRatios() -> (model: [Double], reference: [Double]) {
        if let keptMeans { return keptMeans }
        let places = negativePlaces
        let count = negatives.count
        func values(_ kind: Answers) -> [Double] {
            var result: [Double] = []
            result.reserveCapacity(rowCount)
            for start in stride(from: 0, to: rowCount, by: AnswerVectors.blockSize) {
                let range = start..<min(start + AnswerVectors.blockSize, rowCount)
                let (ratios, sums) = summedRatios(kind, against: self, rows: range)
                for row in range {
                    let sum = sums[row - start]
                    if let place = places[row] {
                        // Its own ratio is 1, whatever rounding says.
                        result.append((sum + (1 - ratios[row - start, place])) / Double(count))
                    } else {
                        result.append((sum + 1) / Double(count + 1))
                    }
                }
            }
            return result
        }
        return (values(.model), values(.reference))
    }

    /// The rows with their `meanRatios` kept, from which the contributions under other negatives follow faster.
    var keepingMeans: ChannelRows {
        var result = self
        result.keptMeans = meanRatios()
        return result
    }

    /// ln(d + (1 - d)/m), the contribution of a row whose ratios have the mean m.
    func logRatio(mean: Double) -> Double { .log(defence + (1 - defence) / mean) }
}
