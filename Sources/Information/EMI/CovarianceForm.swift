import LinearAlgebra
import Statistics

/// A mutual information that can be written as a sum of covariances: I = sum_d Cov(direction_d, feature_d of the answer).
///
/// Every CLUB with a Gaussian q(y|x) has this form (2006.12013): with mean mu(x) and log-variance l(x) the sum over
/// all pairs only needs moments of y, and CLUB = sum_d Cov(mu_d e^(-l_d), y_d) - Cov(e^(-l_d), y_d^2)/2. The cost is linear in n and
/// in the number of columns, while the published code computes n x n x d terms; row contributions, standard errors and
/// permutation tests follow almost for free.
package struct CovarianceForm: Sendable {
    /// The directions, n x q: what q makes of each query.
    let directions: Matrix
    /// n x q features of the model's responses.
    let model: Matrix
    /// n x q features of the references.
    let reference: Matrix

    /// What each of `rows` contributes to the mutual information between directions and `answers`; the mean of these is the estimate.
    private func contributions(_ answers: Matrix, rows: [Int]) -> [Double] {
        let width = directions.columnCount
        var (directionMeans, answerMeans) = (
            [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
        )
        for i in rows {
            for d in 0..<width {
                directionMeans[d] += directions[i, d]
                answerMeans[d] += answers[i, d]
            }
        }
        let count = Double(rows.count)
        for d in 0..<width {
            directionMeans[d] /= count
            answerMeans[d] /= count
        }
        return rows.map { i in
            var sum = 0.0
            for d in 0..<width { sum += (directions[i, d] - directionMeans[d]) * (answers[i, d] - answerMeans[d]) }
            return sum
        }
    }

    /// Estimates I(X; Y_theta), I(X; Y) and their difference from all rows.
    ///
    /// - Parameters:
    ///   - judges: for each row the number of the q that gave its directions, if there are several.
    ///   - training: how each group that q was fitted to changes the contributions of the groups that q judges.
    func estimate(
        groups: [String], judges: [Int]? = nil, training: (model: TrainingInfluence, reference: TrainingInfluence)? = nil
    ) -> EMIEstimate {
        let rows = Array(0..<directions.rowCount)
        return EMIEstimate(
            modelContributions: contributions(model, rows: rows),
            referenceContributions: contributions(reference, rows: rows), groups: groups, judges: judges,
            training: training, covariances: self)
    }

    /// Up to this many rows the products of all queries with all answers are kept (n x n numbers), to try pairings fast.
    private static let productLimit = 4_000

    /// Returns a function that gives I(X; Y_theta) and I(X; Y) when queries are paired with answers in another way.
    var underPairing: PairedInformation {
        // Centred directions sum to zero, so the mean of the answers need not be subtracted.
        let centered = directions.subtractingFromRows(directions.columnMeans)
        let count = directions.rowCount
        guard count <= Self.productLimit else {
            return { [model, reference] answers in
                func mean(_ features: Matrix) -> Double {
                    centered.rowProducts(features.selectingRows(answers)).reduce(0, +) / Double(count)
                }
                return InformationParts(model: mean(model), reference: mean(reference))
            }
        }
        let (models, references) = (centered.timesTransposed(model), centered.timesTransposed(reference))
        return { answers in
            func mean(_ products: Matrix) -> Double {
                answers.indices.reduce(0) { $0 + products[$1, answers[$1]] } / Double(count)
            }
            return InformationParts(model: mean(models), reference: mean(references))
        }
    }

    /// EMI of any subsets of the rows, in nats: thousands of them for the price of a few matrix products.
    ///
    /// The covariance over a subset S is the mean of a_i y_i minus (sum a_i)(sum y_j)/|S|^2. The double sum is the indicator vector of S
    /// times the matrix of all products of queries and answers times the indicator again. Both sides are first centred on all rows,
    /// which loses no digits to cancellation.
    var effectiveMutualInformation: @Sendable (_ subsets: [[Int]]) -> [Double] {
        let count = directions.rowCount
        let difference = model.combining(reference) { $0 - $1 }
        let queries = directions.subtractingFromRows(directions.columnMeans)
        let answers = difference.subtractingFromRows(difference.columnMeans)
        let own = queries.rowProducts(answers)
        let products = count <= Self.productLimit ? queries.timesTransposed(answers) : nil
        return { subsets in
            var indicators = Matrix.zeros(subsets.count, count)
            for (index, rows) in subsets.enumerated() {
                for row in rows { indicators[index, row] = 1 }
            }
            let sums =
                products.map { indicators.times($0).rowProducts(indicators) }
                ?? indicators.times(queries).rowProducts(indicators.times(answers))
            return zip(subsets, sums).map { rows, sum in
                let size = Double(rows.count)
                return rows.reduce(0) { $0 + own[$1] } / size - sum / (size * size)
            }
        }
    }

    /// One form that holds the rows of two sets, those of `other` last.
    func stacked(on other: CovarianceForm) -> CovarianceForm {
        CovarianceForm(
            directions: directions.stacked(on: other.directions), model: model.stacked(on: other.model),
            reference: reference.stacked(on: other.reference))
    }
}

extension CovarianceForm: SubsetForm {
    package func effectiveInformation(with other: any SubsetForm) -> (@Sendable ([[Int]]) -> [Double])? {
        (other as? CovarianceForm).map { stacked(on: $0).effectiveMutualInformation }
    }
}
