import RealModule

/// How far the mean of one quantity can change between two laws. For any function g of the query, with M = (P + Q)/2 and
/// delta = (P - Q)/(P + Q),
///
///     E_P g - E_Q g <= 2 sqrt(E_M delta^2) sd_M(g) <= 2 tau(J) sd_M(g) <= (sup_P g - inf_Q g) tau(J).
///
/// E_P g - E_Q g = 2 E_M[delta (g - c)] for any c, and c = E_M g gives the first step by Cauchy and Schwarz. J = E_M phi(|delta|), and
/// u -> phi(sqrt u) = sum_k u^k / (2k (2k - 1)) is convex, so that phi(sqrt(E_M delta^2)) <= J: the second step. The third is
/// Popoviciu's inequality if g has one range on both supports. P = ((1+t)/2, (1-t)/2), Q reversed and g = +-1 attain all three.
///
/// E_M delta^2 is the share of the variance of the set's label (+1 for P, -1 for Q, each with weight 1/2) that the query explains: the
/// R^2 of an ideal classifier that tells the sets apart.
package struct DeviationBound: Sendable, Equatable {
    /// E_P g - E_Q g.
    package let change: Double
    /// E_M delta^2, in [0, 1].
    package let separation: Double
    /// J, the Jensen-Shannon divergence between the two laws, in nats.
    package let divergence: Double
    /// sd_M(g), the standard deviation of g under the mixture.
    package let deviation: Double
    /// The largest g on the support of P minus the smallest g on the support of Q.
    package let range: Double

    /// 2 sqrt(E_M delta^2) sd_M(g).
    package var bySeparation: Double { 2 * separation.squareRoot() * deviation }
    /// 2 tau(J) sd_M(g).
    package var byDivergence: Double { 2 * Discrete.totalVariationBound(divergence) * deviation }

    /// The exact terms of two laws on one finite set.
    ///
    /// - Parameters:
    ///   - id: the probability of each cell under P.
    ///   - ood: the probability of each cell under Q.
    ///   - values: g in each cell; ignored in cells that have probability 0 under both laws.
    package init(id: [Double], ood: [Double], values: [Double]) {
        precondition(id.count == ood.count && values.count == id.count, "laws and values of different cells")
        let cells = id.indices.filter { id[$0] + ood[$0] > 0 }
        let mean = cells.reduce(0) { $0 + (id[$1] + ood[$1]) / 2 * values[$1] }
        change = cells.reduce(0) { $0 + (id[$1] - ood[$1]) * (values[$1] - mean) }
        separation = cells.reduce(0) { sum, cell in
            let difference = id[cell] - ood[cell]
            return sum + difference * difference / (id[cell] + ood[cell]) / 2
        }
        divergence = Discrete.jensenShannonDivergence(id, ood)
        deviation = cells.reduce(0) { $0 + (id[$1] + ood[$1]) / 2 * (values[$1] - mean) * (values[$1] - mean) }.squareRoot()
        let high = cells.filter { id[$0] > 0 }.map { values[$0] }.max() ?? 0
        let low = cells.filter { ood[$0] > 0 }.map { values[$0] }.min() ?? 0
        range = high - low
    }
}
