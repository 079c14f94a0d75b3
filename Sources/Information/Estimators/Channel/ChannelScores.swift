import LinearAlgebra
import RealModule

extension ChannelRows {
    /// exp(l_ij - l_ii), n x N: how many times likelier answer i is under the reference of negative j of `other` than under its own.
    ///
    /// - Parameter range: the rows i.
    func likelihoodRatios(_ kind: Answers, against other: ChannelRows, rows range: Range<Int>) -> Matrix {
        let answers = range == 0..<rowCount ? answers(kind) : answers(kind).selectingRows(Array(range))
        var ratios = answers.timesTransposed(other.negativeQueries)
        let own = ownLogarithms(kind)
        let count = other.negatives.count
        ratios.withElements { out in
            unsafe out.withUnsafeMutableBufferPointer { out in
                unsafe other.negativeHalfSquares.elements.withUnsafeBufferPointer { squares in
                    for row in range {
                        let (start, form) = ((row &- range.lowerBound) &* count, judges[row] &* count)
                        for column in 0..<count {
                            let log = unsafe out[start &+ column] - squares[form &+ column] - own[row]
                            // At this limit a thousand ratios still have a finite sum, and the row's own share of it is 0 in any case.
                            unsafe out[start &+ column] = Double.exp(min(log, 690))
                        }
                    }
                }
            }
        }
        return ratios
    }

    /// l_ii of every row.
    private func ownLogarithms(_ kind: Answers) -> [Double] {
        zip(answers(kind).rowProducts(queries), ownHalfSquares).map { $0 - $1 }
    }

    /// What each row contributes, with the set's own rows as negatives: n values of ln(d + (1 - d) q/mean q), in nats.
    ///
    /// In a large set, a row that is not a negative is added to the negatives when its own response is judged. So no row contributes more
    /// than ln(d + (1 - d) N), with N the number of rows that it is compared with.
    package func contributions() -> (model: [Double], reference: [Double]) {
        func values(_ kind: Answers) -> [Double] {
            let places = negativePlaces
            let count = negatives.count
            var result: [Double] = []
            result.reserveCapacity(rowCount)
            for start in stride(from: 0, to: rowCount, by: 1_024) {
                let range = start..<min(start + 1_024, rowCount)
                let ratios = likelihoodRatios(kind, against: self, rows: range)
                for row in range {
                    var sum = 0.0
                    let elements = ratios.row(row - start)
                    for element in elements { sum += element }
                    if let place = places[row] {
                        // Its own ratio is 1, whatever rounding says.
                        sum += 1 - elements[elements.startIndex + place]
                        result.append(logRatio(mean: sum / Double(count)))
                    } else {
                        result.append(logRatio(mean: (sum + 1) / Double(count + 1)))
                    }
                }
            }
            return result
        }
        return (values(.model), values(.reference))
    }

    /// ln(d + (1 - d)/m), the contribution of a row whose ratios have the mean m.
    func logRatio(mean: Double) -> Double { .log(defence + (1 - defence) / mean) }
}
