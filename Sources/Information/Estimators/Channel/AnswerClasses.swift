import LinearAlgebra
import RealModule

/// A fixed decoder of answers. It groups the references of a run into classes by the response that the channel expects from them.
///
/// The class of a row is the class of its reference; the decoder reads from each response the likeliest class. A fixed decoder cannot
/// find information that is not there: its tables hold at most I(Y; Y_theta) of the population from which they are drawn.
package struct AnswerClasses: Sendable {
    /// A row belongs to a class if its squared distance from the class's leader is at most this, in units of the channel's noise.
    static let squaredRadius = 10.0
    /// The largest number of classes.
    static let limit = 64
    /// With fewer pooled rows than this there are no classes, since they would hold too few rows.
    package static let fewestRows = 1_000

    private let fit: ChannelFit
    private let noise: CholeskyDecomposition
    /// The expected responses from which classes start, K x k; each is the farthest from those before it.
    private let leaders: Matrix
    /// The means of the classes, K x k.
    private let centres: Matrix
    /// For each class the logarithm of its share of rows, minus half the squared length of its centre.
    private let offsets: [Double]

    /// K, the number of classes.
    package var count: Int { leaders.rowCount }

    /// Finds the classes of all rows of a run.
    ///
    /// - Parameter sets: the sets as `fit.rows(of:)` returns them, with at least one row in all.
    /// - Throws: `LinearAlgebraError`.
    package init(_ fit: ChannelFit, _ sets: [ChannelRows]) throws {
        self.fit = fit
        noise = try fit.judges[fit.wholeJudge].noise(fit.channel, floor: fit.floor)
        let points = fit.expectations(sets, noise)
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

    /// How often, as a fraction of a set's rows, each class of reference meets each class decoded from the response.
    package func table(of set: ChannelRows) -> AnswerTable {
        var table = Matrix.zeros(count, count)
        for start in stride(from: 0, to: set.rowCount, by: AnswerVectors.blockSize) {
            let range = start..<min(start + AnswerVectors.blockSize, set.rowCount)
            let expected = fit.expectations(set, range, noise)
            let scores = noise.whitening(set.coordinates.response.selectingRows(Array(range))).timesTransposed(centres)
            for row in 0..<range.count {
                let distances = (0..<count).map { expected.squaredDistance(row, to: leaders, $0) }
                let decoded = zip(scores.row(row), offsets).map { $0 + $1 }.firstGreatest
                table[distances.firstLeast, decoded] += 1
            }
        }
        return AnswerTable(frequencies: table.mapElements { $0 / Double(set.rowCount) })
    }
}

/// The joint distribution of the class of the reference (rows) and the class decoded from the response (columns), K x K, with sum 1.
package struct AnswerTable: Sendable, Equatable {
    /// The relative frequencies, K x K.
    package let frequencies: Matrix

    /// A table of known frequencies.
    ///
    /// - Precondition: as many rows as columns, and non-negative elements with sum 1.
    package init(frequencies: Matrix) { self.frequencies = frequencies }

    private var references: [Double] {
        (0..<frequencies.rowCount).map { frequencies.row($0).reduce(0, +) }
    }

    private var responses: [Double] {
        (0..<frequencies.columnCount).map { column in (0..<frequencies.rowCount).reduce(0) { $0 + frequencies[$1, column] } }
    }

    /// The mutual information of class and decoded class, in nats.
    package var information: Double {
        Discrete.entropy(references) + Discrete.entropy(responses) - Discrete.entropy(frequencies.elements)
    }

    /// EMI of the classes: the information between class and decoded class minus the entropy of the class, which is -H(class | decoded),
    /// in nats.
    package var effectiveMutualInformation: Double {
        Discrete.entropy(responses) - Discrete.entropy(frequencies.elements)
    }

    /// The largest EMID that two tables can have, given their Jensen-Shannon divergence J: F_K(tau(J)), in nats.
    ///
    /// H(class | decoded) of two joint laws differs by at most F_K(TV) (Alhejji and Smith, IEEE ISIT 2020, arXiv 1909.00787), and
    /// TV <= tau(J). This is a theorem about the tables themselves: nothing in it is estimated.
    package func bound(to other: AnswerTable) -> Double {
        let divergence = Discrete.jensenShannonDivergence(frequencies.elements, other.frequencies.elements)
        return continuity(Discrete.totalVariationBound(divergence))
    }

    /// The largest EMID that two tables can have, given their total variation: F_K(TV), in nats.
    package func boundByVariation(to other: AnswerTable) -> Double {
        continuity(Discrete.totalVariation(frequencies.elements, other.frequencies.elements))
    }

    private func continuity(_ variation: Double) -> Double {
        Discrete.entropyContinuityBound(variation, outcomeCount: Double(frequencies.rowCount))
    }
}

extension ChannelFit {
    /// The response that the channel expects from the reference of each row of all sets, in units of the noise, k numbers a row.
    fileprivate func expectations(_ sets: [ChannelRows], _ noise: CholeskyDecomposition) -> Matrix {
        let count = sets.reduce(0) { $0 + $1.rowCount }
        var elements: [Double] = []
        elements.reserveCapacity(count * componentCount)
        for set in sets {
            for start in stride(from: 0, to: set.rowCount, by: AnswerVectors.blockSize) {
                elements += expectations(set, start..<min(start + AnswerVectors.blockSize, set.rowCount), noise).elements
            }
        }
        return Matrix(rowCount: count, columnCount: componentCount, elements: elements)
    }

    /// The same for some rows of a set; the judge of a row has not seen it.
    fileprivate func expectations(_ set: ChannelRows, _ range: Range<Int>, _ noise: CholeskyDecomposition) -> Matrix {
        var expected = Matrix.zeros(range.count, componentCount)
        for (judge, rows) in set.judges.rowsByJudge(range) {
            let own = set.coordinates.reference.selectingRows(rows).withLeadingOnes
            expected.setRows(rows.map { $0 - range.lowerBound }, to: own.times(judges[judge].slopes))
        }
        return noise.whitening(expected)
    }
}

extension Matrix {
    /// The squared distance of each row to a point.
    fileprivate func squaredDifferences(to point: [Double]) -> [Double] {
        let other = Matrix(rowCount: 1, columnCount: columnCount, elements: point)
        return (0..<rowCount).map { squaredDistance($0, to: other, 0) }
    }
}

extension [Double] {
    /// The position of the smallest element; the first if several are equal.
    fileprivate var firstLeast: Int { indices.min { self[$0] < self[$1] } ?? 0 }
    /// The position of the largest element; the first if several are equal.
    fileprivate var firstGreatest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
