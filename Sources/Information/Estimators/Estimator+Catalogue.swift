/// What an estimator is, in the words of `emi estimators`.
package struct EstimatorDescription: Sendable, Equatable {
    /// The name on the command line.
    package let name: String
    /// What it computes.
    package let summary: String
    /// For which data.
    package let range: String
    /// Time and memory for n rows of d columns.
    package let cost: String
    /// Where it is from.
    package let reference: String
}

extension Estimator {
    /// All estimators, in the order of the documentation.
    package static let catalogue = [
        EstimatorDescription(
            name: "club-kernel", summary: "CLUB with a kernel-ridge q, one for the run, cross-fitted by group; for EMI",
            range: "embeddings, n from 30", cost: "O(n³), O(n m²) above 2,000 pooled rows", reference: "arXiv 2006.12013"),
        EstimatorDescription(
            name: "club-ridge", summary: "CLUB with a linear q", range: "linear dependence, n from 30", cost: "O(n d min(n, d))",
            reference: "arXiv 2006.12013"),
        EstimatorDescription(
            name: "club-network", summary: "CLUB with a trained network, for parity with the paper",
            range: "the widths of the weights", cost: "O(n d h)", reference: "arXiv 2502.00577"),
        EstimatorDescription(
            name: "auto", summary: "a Student copula, checked and where needed replaced by nearest neighbours or kernel features",
            range: "n from 4; up to some 50 + 50 columns at n = 2,000, wider by projection", cost: "O(n d²) + O(n m² + m³)",
            reference: "this project"),
        EstimatorDescription(
            name: "copula", summary: "log-determinants of the normal scores of ranks, bias-corrected",
            range: "dependence without tails or circles; wide data by projection", cost: "O(n d²)",
            reference: "arXiv 0903.0649"),
        EstimatorDescription(
            name: "gaussian", summary: "log-determinants of covariances, bias-corrected", range: "Gaussian data; wide data by projection",
            cost: "O(n d²)", reference: "Misra, Singh and Demchuk 2005"),
        EstimatorDescription(
            name: "ksg", summary: "k nearest neighbours, algorithm 1, maximum norm", range: "up to about 6 columns in all",
            cost: "O(n log n) up to 10 columns, O(n² d) above; memory O(n d)", reference: "arXiv cond-mat/0305641"),
        EstimatorDescription(
            name: "matrix-renyi", summary: "entropies of Gram matrices of order alpha, on a scale of their own", range: "n to 8,000",
            cost: "O(n³), O(n² d) for alpha 2", reference: "arXiv 1211.2459"),
        EstimatorDescription(
            name: "infonce", summary: "contrastive lower bound with a kernel critic, cross-fitted by group",
            range: "n from 400; at most ln(n/5)", cost: "O(n m² + m³)", reference: "arXiv 1807.03748"),
    ]
}
