import LinearAlgebra

/// How much each group, by being among those that q was fitted to, moves the contributions of other groups to an estimate.
///
/// If a q fitted to other groups judges each part of an estimate, the estimate is a sum over ordered pairs, T = sum K(g, h), of a fitted
/// group g and a judged group h. The interaction w(g, h) = K(g, h) minus the means of g and of h averages out in neither group. It enters
/// the sum twice, as w(g, h) and as w(h, g), which are nearly equal when references judge references. Squares of influences only see
/// w(g, h)^2; the rest of the variance given q is the sum of w(g, h) w(h, g) over pairs that judge each other (Hoeffding's decomposition
/// of a U-statistic, Ann. Math. Statist. 19, 1948). It is as large again when q is noise, and nothing when q rests on many groups.
package struct TrainingInfluence: Sendable, Equatable {
    /// The labels of the groups that q was fitted to.
    package let training: [String]
    /// The labels of the groups that q judges.
    package let judged: [String]
    /// K in nats: a row for each fitted group, a column for each judged group. It is 0 for two groups of one fold, since the q that judges
    /// a fold was not fitted to it.
    package let values: Matrix
    /// The fold of each fitted group.
    package let folds: [String: Int]

    /// The matrix K with the labels of its rows and columns.
    package init(training: [String], judged: [String], values: Matrix, folds: [String: Int]) {
        self.training = training
        self.judged = judged
        self.values = values
        self.folds = folds
    }

    /// The influences on `factor` times the estimate.
    package func scaled(by factor: Double) -> TrainingInfluence {
        TrainingInfluence(training: training, judged: judged, values: values.mapElements { factor * $0 }, folds: folds)
    }

    /// The influences on the difference of two estimates that one fit judges.
    package func subtracting(_ other: TrainingInfluence) -> TrainingInfluence {
        let rows = training == other.training ? training : Array(Set(training).union(other.training)).sorted()
        let columns = judged == other.judged ? judged : Array(Set(judged).union(other.judged)).sorted()
        var difference = Matrix.zeros(rows.count, columns.count)
        let (rowOf, columnOf) = (rows.positions, columns.positions)
        for (part, sign) in [(self, 1.0), (other, -1.0)] {
            let places = part.judged.map { columnOf[$0] ?? 0 }
            for (source, label) in part.training.enumerated() {
                guard let row = rowOf[label] else { continue }
                for (value, column) in zip(part.values.row(source), places) { difference[row, column] += sign * value }
            }
        }
        return TrainingInfluence(
            training: rows, judged: columns, values: difference, folds: folds.merging(other.folds) { own, _ in own })
    }

    /// The sum of w(g, h) w(h, g) over all ordered pairs of groups of these samples. K is centred separately for each pair of samples, and
    /// a factor G/(G - 1) for each sample makes up for the centring.
    package func covariance(_ strata: [GroupInfluence.Stratum]) -> Double {
        let (rowOf, columnOf) = (training.positions, judged.positions)
        let samples = strata.map { stratum in
            stratum.labels.compactMap { label -> Place? in
                guard let row = rowOf[label], let column = columnOf[label], let fold = folds[label] else { return nil }
                return Place(row: row, column: column, fold: fold)
            }
        }
        func factor(_ index: Int) -> Double {
            let count = Double(samples[index].count)
            return count > 1 ? count / (count - 1) : 0
        }
        var sum = 0.0
        for first in samples.indices {
            for second in samples.indices where second >= first {
                let (there, back) = (
                    centred(samples[first], samples[second]), centred(samples[second], samples[first])
                )
                var products = 0.0
                for i in 0..<there.rowCount {
                    for j in 0..<there.columnCount { products += there[i, j] * back[j, i] }
                }
                sum += (first == second ? 1 : 2) * factor(first) * factor(second) * products
            }
        }
        return sum
    }

    private struct Place {
        package let row: Int
        package let column: Int
        package let fold: Int
    }

    /// K of some fitted and some judged groups, minus its row and column means; pairs of one fold stay 0 and do not enter the means.
    private func centred(_ fitted: [Place], _ answered: [Place]) -> Matrix {
        var (rowMeans, columnMeans) = (Means(fitted.count), Means(answered.count))
        var total = Means(1)
        for (i, g) in fitted.enumerated() {
            for (j, h) in answered.enumerated() where g.fold != h.fold {
                let value = values[g.row, h.column]
                rowMeans.add(value, at: i)
                columnMeans.add(value, at: j)
                total.add(value, at: 0)
            }
        }
        return Matrix(rowCount: fitted.count, columnCount: answered.count) { i, j in
            let (g, h) = (fitted[i], answered[j])
            return g.fold == h.fold ? 0 : values[g.row, h.column] - rowMeans[i] - columnMeans[j] + total[0]
        }
    }
}

/// Running means of numbers that arrive one by one.
private struct Means {
    private var sums: [Double]
    private var counts: [Double]

    package init(_ count: Int) {
        sums = [Double](repeating: 0, count: count)
        counts = sums
    }

    package mutating func add(_ value: Double, at index: Int) {
        sums[index] += value
        counts[index] += 1
    }

    package subscript(index: Int) -> Double { counts[index] > 0 ? sums[index] / counts[index] : 0 }
}

extension [String] {
    /// The position of each label.
    fileprivate var positions: [String: Int] {
        Dictionary(enumerated().map { ($1, $0) }) { first, _ in first }
    }
}
