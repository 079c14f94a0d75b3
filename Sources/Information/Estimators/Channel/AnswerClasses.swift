import LinearAlgebra
import RealModule

/// A fixed decoder of answers: classes of what the references of a run make a response to be, under its channel.
///
/// The class of a row is that of its reference; what is decoded from a response is the likeliest class. Whatever a fixed
/// decoder finds is there: the information in its tables is at most I(Y; Y_theta) of the population they are drawn from.
package struct AnswerClasses: Sendable {
    /// The squared distance from its leader within which a row belongs to a class, in units of the channel's noise.
    static let squaredRadius = 10.0
    /// Classes, at most.
    static let limit = 64
    /// Pooled rows from which classes are worth the name.
    package static let fewestRows = 1_000

    private let fit: ChannelFit
    private let noise: CholeskyDecomposition
    /// K x k: the rows from which classes start, each the farthest from those before it.
    private let leaders: Matrix
    /// K x k: the means of the classes.
    private let centres: Matrix
    /// ln of the share of rows in each class, less half the squared length of its centre.
    private let offsets: [Double]

    /// K.
    package var count: Int { leaders.rowCount }

    /// The classes of all rows of a run.
    ///
    /// - Parameter sets: as `fit.rows(of:)` gave them, together at least one row.
    /// - Throws: `LinearAlgebraError`.
    package init(_ fit: ChannelFit, _ sets: [ChannelRows]) throws {
        self.fit = fit
        noise = try fit.judges[fit.wholeJudge].noise(fit.channel, floor: fit.floor)
        let rows = sets.map { [noise] in fit.expectations($0, noise) }
        let points = rows.dropFirst().reduce(rows[0]) { $0.stacked(on: $1) }
        let mean = points.columnMeans
        var chosen = [points.squaredDifferences(to: mean).firstLeast]
        var distances = points.squaredDifferences(to: Array(points.row(chosen[0])))
        var classes = [Int](repeating: 0, count: points.rowCount)
        while chosen.count < Self.limit {
            let farthest = distances.firstGreatest
            guard distances[farthest] > Self.squaredRadius else { break }
            for (row, distance) in points.squaredDifferences(to: Array(points.row(farthest))).enumerated()
            where distance < distances[row] {
                distances[row] = distance
                classes[row] = chosen.count
            }
            chosen.append(farthest)
        }
        leaders = points.selectingRows(chosen)
        var (sums, counts) = (Matrix.zeros(chosen.count, points.columnCount), [Double](repeating: 0, count: chosen.count))
        for (row, label) in classes.enumerated() {
            counts[label] += 1
            for (column, element) in points.row(row).enumerated() { sums[label, column] += element }
        }
        centres = sums.scalingRows(by: counts.map { 1 / $0 })
        offsets = zip(counts, centres.squaredRowNorms).map { .log($0 / Double(points.rowCount)) - $1 / 2 }
    }

    /// The relative frequencies of (class of the reference, class decoded from the response) in a set.
    package func table(of set: ChannelRows) -> AnswerTable {
        let expected = fit.expectations(set, noise)
        let scores = noise.whitening(set.responses).timesTransposed(centres)
        var table = Matrix.zeros(count, count)
        for row in 0..<set.rowCount {
            let distances = (0..<count).map { leader in
                zip(expected.row(row), leaders.row(leader)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            let decoded = zip(scores.row(row), offsets).map { $0 + $1 }.firstGreatest
            table[distances.firstLeast, decoded] += 1
        }
        return AnswerTable(frequencies: table.mapElements { $0 / Double(set.rowCount) })
    }
}

/// A joint law of the class of a reference (rows) and the class decoded from the response (columns), K x K, with sum 1.
package struct AnswerTable: Sendable, Equatable {
    /// K x K relative frequencies.
    package let frequencies: Matrix

    /// A known law.
    ///
    /// - Precondition: as many rows as columns, non-negative elements with sum 1.
    package init(frequencies: Matrix) { self.frequencies = frequencies }

    private var references: [Double] {
        (0..<frequencies.rowCount).map { frequencies.row($0).reduce(0, +) }
    }

    private var responses: [Double] {
        (0..<frequencies.columnCount).map { column in (0..<frequencies.rowCount).reduce(0) { $0 + frequencies[$1, column] } }
    }

    /// I of class and decoded class, in nats.
    package var information: Double {
        Discrete.entropy(references) + Discrete.entropy(responses) - Discrete.entropy(frequencies.elements)
    }

    /// EMI of the classes: I of class and decoded class less what the classes hold, that is -H(class | decoded), in nats.
    package var effectiveMutualInformation: Double {
        Discrete.entropy(responses) - Discrete.entropy(frequencies.elements)
    }

    /// The largest EMID between two tables at their Jensen-Shannon divergence J: F_K(tau(J)), in nats.
    ///
    /// H(class | decoded) of two joint laws differs by at most F_K(TV) (Alhejji and Smith, IEEE ISIT 2020, arXiv 1909.00787), and
    /// TV <= tau(J). A theorem on the tables themselves: nothing in it is estimated.
    package func bound(to other: AnswerTable) -> Double {
        let divergence = Discrete.jensenShannonDivergence(frequencies.elements, other.frequencies.elements)
        return continuity(Discrete.totalVariationBound(divergence))
    }

    /// The largest EMID between two tables at their total variation: F_K(TV), in nats.
    package func boundByVariation(to other: AnswerTable) -> Double {
        continuity(Discrete.totalVariation(frequencies.elements, other.frequencies.elements))
    }

    private func continuity(_ variation: Double) -> Double {
        Discrete.entropyContinuityBound(variation, outcomeCount: Double(frequencies.rowCount))
    }
}

extension ChannelFit {
    /// What each reference makes a response to be, by the channel that has not seen it, in units of the noise: n x k.
    fileprivate func expectations(_ set: ChannelRows, _ noise: CholeskyDecomposition) -> Matrix {
        var expected = Matrix.zeros(set.rowCount, componentCount)
        for (judge, rows) in Dictionary(grouping: set.judges.indices, by: { set.judges[$0] }) {
            expected.setRows(rows, to: set.queries.selectingRows(rows).times(judges[judge].slopes))
        }
        return noise.whitening(expected)
    }
}

extension Matrix {
    /// The squared distance of each row to a point.
    fileprivate func squaredDifferences(to point: [Double]) -> [Double] {
        (0..<rowCount).map { zip(row($0), point).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    }
}

extension [Double] {
    /// The position of the first least element.
    fileprivate var firstLeast: Int { indices.min { self[$0] < self[$1] } ?? 0 }
    /// The position of the first greatest element.
    fileprivate var firstGreatest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
