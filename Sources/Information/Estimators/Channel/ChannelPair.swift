import LinearAlgebra
import RealModule
import Statistics

/// The rows of two sets, judged against the negatives of both. Relabellings of the rows and the bound between the sets need them.
///
/// Rows are numbered in the pool: those of the first set, then those of the second.
package struct ChannelPair: Sendable {
    /// Up to this many likelihood ratios (n x N) are kept for relabellings; if there are more, they are computed anew each time, block by
    /// block.
    private static let keptElements = 4_000_000
    /// The number of rows that share a logarithm.
    private static let factorsOfLogarithm = 16

    let first: ChannelRows
    let second: ChannelRows
    private var kept: Ratios?

    /// The likelihood ratios exp(l_ij - l_ii) of some rows, for both kinds of answers.
    private struct Ratios: Sendable {
        let model: Matrix
        let reference: Matrix
    }

    /// Pairs two sets that one fit judges.
    package init(_ first: ChannelRows, _ second: ChannelRows) {
        self.first = first
        self.second = second
    }

    /// The pair with its ratios, if they are not too many: relabellings ask for them again and again.
    fileprivate var keepingRatios: ChannelPair {
        var result = self
        if rowCount * negatives.count <= Self.keptElements { result.kept = Self.ratios(first, second, 0..<rowCount) }
        return result
    }

    /// The number of rows of both sets.
    package var rowCount: Int { first.rowCount + second.rowCount }
    /// The pooled rows that are negatives, in the order of the columns of the ratios.
    private var negatives: [Int] { first.negatives + second.negatives.map { first.rowCount + $0 } }

    private static func ratios(_ first: ChannelRows, _ second: ChannelRows, _ rows: Range<Int>) -> Ratios {
        func part(_ set: ChannelRows, _ range: Range<Int>, _ kind: ChannelRows.Answers) -> Matrix {
            guard !range.isEmpty else { return .zeros(0, first.negatives.count + second.negatives.count) }
            return set.likelihoodRatios(kind, against: first, rows: range)
                .beside(set.likelihoodRatios(kind, against: second, rows: range))
        }
        let own = rows.clamped(to: 0..<first.rowCount)
        let other = rows.clamped(to: first.rowCount..<(first.rowCount + second.rowCount))
        let shifted = (other.lowerBound - first.rowCount)..<(other.upperBound - first.rowCount)
        func both(_ kind: ChannelRows.Answers) -> Matrix {
            part(first, own, kind).stacked(on: part(second, shifted, kind))
        }
        return Ratios(model: both(.model), reference: both(.reference))
    }

    /// Calls `body` with blocks of rows and their ratios.
    private func forEachBlock(_ body: (_ rows: Range<Int>, Ratios) -> Void) {
        if let kept { return body(0..<rowCount, kept) }
        for start in stride(from: 0, to: rowCount, by: AnswerVectors.blockSize) {
            let range = start..<min(start + AnswerVectors.blockSize, rowCount)
            body(range, Self.ratios(first, second, range))
        }
    }

    /// EMI of parts of the pooled rows, in nats. As in a set of its own, the negatives of a part are those among its rows.
    ///
    /// - Precondition: no part has a row twice.
    func effectiveInformation(of parts: [[Int]]) -> [Double] {
        let (negatives, rowCount) = (negatives, rowCount)
        let places = places(negatives)
        // A row that is not a negative is added to the negatives of its part, with a ratio of 1.
        let joins = places.map { $0 == nil ? 1.0 : 0 }
        // One row for each part, which marks the negatives in it, and one that marks its rows.
        var members = Matrix.zeros(parts.count, negatives.count)
        var holds = [Bool](repeating: false, count: parts.count * rowCount)
        var counts = [Double](repeating: 0, count: parts.count)
        members.withElements { members in
            for (part, rows) in parts.enumerated() {
                for row in rows {
                    holds[part &* rowCount &+ row] = true
                    guard let place = places[row] else { continue }
                    members[part &* negatives.count &+ place] = 1
                    counts[part] += 1
                }
            }
        }
        var sums = [Double](repeating: 0, count: parts.count)
        let defence = first.defence
        forEachBlock { range, ratios in
            let model = members.timesTransposed(ratios.model).elements
            let reference = members.timesTransposed(ratios.reference).elements
            for part in parts.indices {
                let (here, there) = (part &* range.count &- range.lowerBound, part &* rowCount)
                // One logarithm for several rows: each factor lies within (defence/rows)^±1, so that their product stays far from overflow.
                var (sum, product, factors) = (0.0, 1.0, 0)
                for row in range where holds[there &+ row] {
                    let join = joins[row]
                    let count = (1 - defence) * (counts[part] + join)
                    product *= (defence + count / (model[here &+ row] + join)) / (defence + count / (reference[here &+ row] + join))
                    factors += 1
                    if factors == Self.factorsOfLogarithm {
                        sum += .log(product)
                        (product, factors) = (1, 0)
                    }
                }
                sums[part] += sum + .log(product)
            }
        }
        return zip(sums, parts).map { $0 / Double($1.count) }
    }

    private func places(_ negatives: [Int]) -> [Int?] {
        var places = [Int?](repeating: nil, count: rowCount)
        for (place, row) in negatives.enumerated() { places[row] = place }
        return places
    }
}

extension ChannelRows: SubsetForm {
    package func effectiveInformation(with other: any SubsetForm) -> (@Sendable ([[Int]]) -> [Double])? {
        guard let other = other as? ChannelRows else { return nil }
        let pair = ChannelPair(self, other).keepingRatios
        return { pair.effectiveInformation(of: $0) }
    }

    package func contributionsAtEqualSizes(with other: any SubsetForm) -> EqualSizes? {
        guard let other = other as? ChannelRows, ComparedGroups.count(self) != ComparedGroups.count(other) else { return nil }
        let pair = ChannelPair(self, other)
        let values = pair.contributionsUnderOwn()
        return EqualSizes(
            first: values.first, second: values.second, secondModelInformation: values.secondModelInformation,
            groupCount: pair.comparedGroupCount)
    }
}
