import LinearAlgebra
import RealModule
import Statistics

/// How well queries tell which of two sets they come from, as R^2: the share of the variance of the set's label (+1 or -1, each set
/// weighing one half) that the query explains. It estimates E_M delta^2 in [0, 1] (`DeviationBound`), from below in expectation.
///
/// Kernel ridge regression predicts the label from the query. Each row is judged by a fit that has not seen the row's fold of whole
/// groups, and whose kernel and ridge were chosen without that fold too: if they were chosen on the judged rows, sets without any shift
/// would seem apart. For a prediction f of label s, E[2 s f - f^2] = E delta^2 - E(delta - f)^2.
///
/// All fits without one fold or two come from one inverse (`LeftOutResiduals`).
package struct SetSeparation: Sendable, Equatable {
    /// The R^2 of some modalities; at most 0 when they tell nothing.
    package struct Part: Sendable, Equatable {
        /// 2 s f - f^2 of each row of the first set, and of the second; half the sum of their means is the R^2.
        package let rows: (first: [Double], second: [Double])
        /// The R^2, not clamped: noise can make it negative.
        package var value: Double { (rows.first.mean + rows.second.mean) / 2 }

        package static func == (a: Part, b: Part) -> Bool { a.rows == b.rows }
    }

    /// The number of folds; each holds whole groups.
    static let foldCount = 6
    /// The most rows of a set that are used; in a larger set, those with the smallest hashes.
    static let rowLimit = 200
    /// Ridges, in units of the mean of the weighted kernel's diagonal. With three widths of the kernel and four ridges the bound came out the
    /// same on digits and shapes (Pearson with EMID within 0.01), at four times the cost.
    static let ridges = [0.03, 0.3, 3]

    /// The R^2 of all modalities. Each has the kernel k = exp(-|x - y|^2 / median); the candidates are k_1 + ... + k_m + their product, and
    /// the kernel of each modality alone.
    package let joint: Part
    /// The R^2 of each modality alone, in the order of the modalities.
    package let modalities: [Part]
    /// The rows of each set that were used.
    package private(set) var rows: (first: [Int], second: [Int])

    /// The same, with the positions that the used rows have in larger sets, of which those given to the initialiser were samples.
    ///
    /// - Parameter first: the position of each row of the first sample in its larger set.
    package func placed(_ first: [Int], _ second: [Int]) -> SetSeparation {
        var placed = self
        placed.rows = (rows.first.map { first[$0] }, rows.second.map { second[$0] })
        return placed
    }

    /// The R^2 of some modalities with its standard error over groups and its interval.
    ///
    /// - Parameter groups: the group of every row of each set, as given to the initialiser.
    package func uncertain(
        _ part: Part, groups: (first: [String], second: [String]), intervals: IntervalMethod
    ) -> UncertainValue {
        let first = GroupInfluence(contributions: part.rows.first, groups: rows.first.map { groups.first[$0] })
        let second = GroupInfluence(contributions: part.rows.second.map { -$0 }, groups: rows.second.map { groups.second[$0] })
        return UncertainValue(value: part.value, influence: first.subtracting(second).scaled(by: 0.5), intervals: intervals)
    }

    package static func == (a: SetSeparation, b: SetSeparation) -> Bool {
        a.joint == b.joint && a.modalities == b.modalities && a.rows == b.rows
    }

    /// Measures how well the queries of two sets tell the sets apart.
    ///
    /// - Parameter groups: the group of every row of each set, with one label for a group that both share (`RowGroups`); rows of one group
    ///   are judged together.
    /// - Throws: `LinearAlgebraError`.
    package init(_ first: SampleSet, _ second: SampleSet, groups: (first: [String], second: [String])) throws {
        rows = (Self.chosen(first), Self.chosen(second))
        let labels = rows.first.map { groups.first[$0] } + rows.second.map { groups.second[$0] }
        let design = SeparationDesign(counts: (rows.first.count, rows.second.count), groups: labels)
        let kernels = zip(first.modalities, second.modalities).map { [rows] a, b -> Matrix in
            func used(_ all: Matrix, _ rows: [Int]) -> Matrix { rows.count == all.rowCount ? all : all.selectingRows(rows) }
            let distances = used(a.rows, rows.first).stacked(on: used(b.rows, rows.second)).squaredDistances
            let scale = -1 / Self.typical(distances)
            return distances.mapElements { .exp(scale * $0) }
        }
        var candidates = kernels
        if kernels.count > 1 {
            let product = kernels.dropFirst().reduce(kernels[0]) { $0.multipliedElementwise(by: $1) }
            candidates.append(kernels.reduce(product) { $0.adding($1) })
        }
        var parts = try design.losses(candidates)
        let together = kernels.count > 1 ? parts.removeLast() : []
        modalities = parts.map { design.part($0) }
        joint = design.part(together + parts.flatMap { $0 })
    }

    private static func chosen(_ set: SampleSet) -> [Int] {
        guard set.rowCount > rowLimit else { return Array(0..<set.rowCount) }
        let hashes = set.rowHashes
        return (0..<set.rowCount).sorted { hashes[$0] == hashes[$1] ? $0 < $1 : hashes[$0] < hashes[$1] }.prefix(rowLimit).sorted()
    }

    /// The median squared distance between different rows; 1 when all rows are equal.
    private static func typical(_ distances: Matrix) -> Double {
        var pairs: [Double] = []
        pairs.reserveCapacity(distances.rowCount * distances.rowCount / 2)
        for i in 0..<distances.rowCount { pairs += distances.row(i).prefix(i).lazy.filter { $0 > 0 } }
        return median(pairs) ?? 1
    }
}

/// The rows of two sets with their labels, weights and folds.
struct SeparationDesign: Sendable {
    /// The pooled rows of each fold.
    let folds: [[Int]]
    /// The square root of each row's weight; the weights of each set sum to one half.
    private let roots: [Double]
    /// The label of each row's set, +1 or -1, times that root.
    private let labels: [Double]
    private let firstCount: Int

    init(counts: (first: Int, second: Int), groups: [String]) {
        let weights =
            [Double](repeating: 0.5 / Double(counts.first), count: counts.first)
            + [Double](repeating: 0.5 / Double(counts.second), count: counts.second)
        roots = weights.map { $0.squareRoot() }
        labels = roots.enumerated().map { $0 < counts.first ? $1 : -$1 }
        firstCount = counts.first
        // Groups are dealt to folds in turn, first those of one set, then of the other, then shared ones: no fold can take up a whole set.
        var sides: [String: Int] = [:]
        for (row, group) in groups.enumerated() { sides[group, default: 0] |= row < counts.first ? 1 : 2 }
        let sorted = sides.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        let count = min(SetSeparation.foldCount, sorted.count)
        let foldOfGroup = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.key, $0 % count) })
        var folds = [[Int]](repeating: [], count: count)
        for (row, group) in groups.enumerated() { folds[foldOfGroup[group] ?? 0].append(row) }
        self.folds = folds
    }

    /// What each kernel leaves unexplained of the labels under every ridge.
    ///
    /// - Parameter kernels: kernel matrices of the pooled rows, n x n.
    /// - Throws: `LinearAlgebraError`.
    func losses(_ kernels: [Matrix]) throws -> [[LeftOutResiduals]] {
        let cases = kernels.flatMap { kernel -> [(matrix: Matrix, ridge: Double)] in
            let trace = roots.indices.reduce(0) { $0 + roots[$1] * roots[$1] * kernel[$1, $1] }
            return SetSeparation.ridges.map { (kernel, $0 * trace / Double(roots.count)) }
        }
        let found = try LeftOutResiduals.of(cases, roots: roots, labels: labels, folds: folds)
        let count = SetSeparation.ridges.count
        return kernels.indices.map { Array(found[($0 * count)..<(($0 + 1) * count)]) }
    }

    /// What the best kernel and ridge explain of each row's label. Each fold is judged by the pair that does best on the other folds.
    func part(_ candidates: [LeftOutResiduals]) -> SetSeparation.Part {
        var values = [Double](repeating: 0, count: roots.count)
        for (fold, rows) in folds.enumerated() {
            let others = folds.indices.filter { $0 != fold }
            let scores = candidates.map { candidate in others.reduce(0) { $0 + candidate.inner[fold][$1] } }
            let nothing = others.reduce(0) { sum, other in sum + folds[other].reduce(0) { $0 + labels[$1] * labels[$1] } }
            // If even the best explains nothing of the other folds but rounding, as where all queries are alike, it is not used on this one.
            guard let best = scores.indices.min(by: { scores[$0] < scores[$1] }), scores[best] < nothing * (1 - 1e-12) else { continue }
            for (row, residual) in zip(rows, candidates[best].residuals[fold]) {
                let error = residual / roots[row]
                values[row] = 1 - error * error
            }
        }
        return SetSeparation.Part(rows: (Array(values.prefix(firstCount)), Array(values.dropFirst(firstCount))))
    }
}
