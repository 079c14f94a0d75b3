import LinearAlgebra
import RealModule

extension ChannelRows {
    /// exp(l_ij - l_ii): how much likelier answer i is from the reference of a negative j of `other` than from its own, n x N.
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
                            // A thousand of them still have a finite sum, and the share that is left is 0 either way.
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

    /// What each row adds, the set's rows being the negatives: n values of ln(d + (1 - d) q/mean q), in nats.
    ///
    /// A row that is none of the negatives of a large set joins them where its own response is judged: no row adds more than
    /// ln(d + (1 - d) N), and none is compared with nothing.
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

    /// ln(d + (1 - d)/m).
    func logRatio(mean: Double) -> Double { .log(defence + (1 - defence) / mean) }
}
