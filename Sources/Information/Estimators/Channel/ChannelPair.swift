import LinearAlgebra
import RealModule
import Statistics

/// The rows of two sets, judged against the negatives of both. Relabellings of the rows and the bound between the sets need them.
///
/// Rows are numbered in the pool: those of the first set, then those of the second.
package struct ChannelPair: Sendable {
    /// Up to this many likelihood ratios (n x N) are kept; if there are more, they are computed anew each time, block by block.
    private static let keptElements = 4_000_000
    private static let blockSize = 1_024
    private static let factorsOfLogarithm = 16

    let first: ChannelRows
    let second: ChannelRows
    private let kept: Ratios?

    /// The likelihood ratios exp(l_ij - l_ii) of some rows, for both kinds of answers.
    private struct Ratios: Sendable {
        let model: Matrix
        let reference: Matrix
    }

    /// Pairs two sets that one fit judges.
    package init(_ first: ChannelRows, _ second: ChannelRows) {
        self.first = first
        self.second = second
        let count = first.rowCount + second.rowCount
        kept =
            count * (first.negatives.count + second.negatives.count) <= Self.keptElements
            ? Self.ratios(first, second, 0..<count) : nil
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
        for start in stride(from: 0, to: rowCount, by: Self.blockSize) {
            let range = start..<min(start + Self.blockSize, rowCount)
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

    /// The number of groups of references that the answers of both sets are compared with.
    package var comparedGroupCount: Int { min(ComparedGroups.count(first), ComparedGroups.count(second)) }

    /// What each row contributes to EMI, c(model) - c(reference), against the negatives of its own set: n1 and n2 numbers. The answers of
    /// both sets are compared with `comparedGroupCount` groups.
    func contributionsUnderOwn() -> PairContributions {
        guard kept != nil else { return streamedContributions(.own) }
        return contributions { row, left, right in
            row < first.rowCount
                ? left.groups.means(left.ratios, of: .own(row)) : right.groups.means(right.ratios, of: .own(row - first.rowCount))
        }
    }

    /// What each row contributes to EMI, D = c(model) - c(reference), against the negatives of both sets, each set weighing one half: n1
    /// and n2 numbers. In this way one function judges the rows of both sets, as the bound requires. The answers of both are compared with
    /// `comparedGroupCount` groups of each set.
    package func contributionsUnderBoth() -> PairContributions {
        guard kept != nil else { return streamedContributions(.both) }
        return contributions { row, left, right in
            let (own, other): (ComparedGroups.Answer, ComparedGroups.Answer) =
                row < first.rowCount
                ? (.own(row), .stranger(hash: first.hashes[row]))
                : (.own(row - first.rowCount), .stranger(hash: second.hashes[row - first.rowCount]))
            let means =
                row < first.rowCount
                ? (left.groups.means(left.ratios, of: own), right.groups.means(right.ratios, of: other))
                : (left.groups.means(left.ratios, of: other), right.groups.means(right.ratios, of: own))
            // One of the sets has one choice, in which are all of its groups.
            let count = max(means.0.count, means.1.count)
            return (0..<count).map { (means.0[$0 % means.0.count] + means.1[$0 % means.1.count]) / 2 }
        }
    }

    /// The ratios of an answer to the negatives of one set, in its groups.
    private typealias Compared = (groups: ComparedGroups, ratios: ArraySlice<Double>)

    /// What each row contributes to EMI, as a mean over choices of negatives.
    ///
    /// - Parameter means: the mean ratio of a row's answer in each choice.
    private func contributions(
        _ means: (_ row: Int, _ first: Compared, _ second: Compared) -> [Double]
    ) -> PairContributions {
        let taken = comparedGroupCount
        let groups = (ComparedGroups(first, taking: taken), ComparedGroups(second, taking: taken))
        var (model, reference): ([Double], [Double]) = ([], [])
        forEachBlock { range, ratios in
            for row in range {
                func contribution(_ ratios: Matrix) -> Double {
                    let elements = ratios.row(row - range.lowerBound)
                    let middle = elements.startIndex + first.negatives.count
                    return means(row, (groups.0, elements[..<middle]), (groups.1, elements[middle...])).map(first.logRatio).mean
                }
                model.append(contribution(ratios.model))
                reference.append(contribution(ratios.reference))
            }
        }
        return PairContributions(model: model, reference: reference, firstCount: first.rowCount)
    }
}

/// What the rows of two sets contribute to I(X; Y_theta) and I(X; Y), in nats.
package struct PairContributions: Sendable {
    /// n1 + n2 contributions of responses, those of the first set first.
    let model: [Double]
    /// n1 + n2 contributions of references.
    let reference: [Double]
    private let firstCount: Int
    /// n1 contributions of the first set's rows to EMI.
    package let first: [Double]
    /// n2 contributions of the second set's rows to EMI.
    package let second: [Double]

    init(model: [Double], reference: [Double], firstCount: Int) {
        (self.model, self.reference, self.firstCount) = (model, reference, firstCount)
        let differences = zip(model, reference).map { $0 - $1 }
        (first, second) = (Array(differences.prefix(firstCount)), Array(differences.dropFirst(firstCount)))
    }

    /// I(X; Y_theta) of the second set.
    var secondModelInformation: Double { Array(model.dropFirst(firstCount)).mean }
}

extension ChannelRows: SubsetForm {
    package func effectiveInformation(with other: any SubsetForm) -> (@Sendable ([[Int]]) -> [Double])? {
        guard let other = other as? ChannelRows else { return nil }
        let pair = ChannelPair(self, other)
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

extension ChannelPair {
    /// D of the second set's rows against the first set's negatives.
    package func contributionsUnderFirst() -> [Double] {
        func means(_ kind: ChannelRows.Answers) -> [Double] {
            let ratios = second.likelihoodRatios(kind, against: first, rows: 0..<second.rowCount)
            return (0..<second.rowCount).map { (ratios.row($0).reduce(0, +) + 1) / Double(first.negatives.count + 1) }
        }
        let d = first.defence
        return zip(means(.model), means(.reference)).map { .log((d + (1 - d) / $0) / (d + (1 - d) / $1)) }
    }
}
