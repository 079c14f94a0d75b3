import RealModule

/// The trade-off of the Gaussian information bottleneck: how many nats about X a representation keeps, and how many nats about Y that buys.
///
/// For canonical correlations rho_i, Z_i = a_i u_i + N(0, 1) with a_i^2 = (beta rho_i^2 - 1)/(1 - rho_i^2), where positive, minimises I(X;
/// Z) - beta I(Z; Y) (Chechik et al., JMLR 6, 2005). Direction i enters at beta = 1/rho_i^2.
package struct InformationPlane: Sendable, Equatable {
    /// One point of the curve, in nats.
    package struct Point: Sendable, Equatable {
        /// The number of nats about X that a nat about Y may cost.
        package let beta: Double
        /// How many nats about X one nat about Y is worth.
        package let rate: Double
        /// I(Z; Y).
        package let relevance: Double
        /// The number of directions that have entered.
        package let rank: Int
    }

    /// The canonical correlations rho, non-increasing, in [0, 1).
    package let correlations: [Double]

    /// The curve of the given canonical correlations.
    package init(correlations: [Double]) {
        self.correlations = correlations
    }

    /// The betas at which the directions enter, 1/rho^2.
    package var criticalBetas: [Double] { correlations.map { 1 / ($0 * $0) } }

    /// I(X; Y), the most that any representation can tell about Y.
    package var plateau: Double { gaussianInformation(correlations) }

    /// a_i^2 of every direction at `beta`.
    package func squaredGains(beta: Double) -> [Double] {
        correlations.map { rho in
            let square = rho * rho
            return beta * square > 1 ? (beta * square - 1) / (1 - square) : 0
        }
    }

    /// The point of the curve at `beta`.
    package func point(beta: Double) -> Point {
        let gains = squaredGains(beta: beta)
        let rate = 0.5 * gains.reduce(0) { $0 + .log(onePlus: $1) }
        let lost = zip(correlations, gains).reduce(0) { $0 + .log(onePlus: -$1.0 * $1.0 * $1.1 / (1 + $1.1)) }
        return Point(beta: beta, rate: rate, relevance: 0 - 0.5 * lost, rank: gains.count { $0 > 0 })
    }

    /// The point with the smallest beta whose relevance is within `slack` nats of the plateau: a minimal sufficient representation, as far
    /// as the data can show. Nil if there is no direction.
    package func minimalSufficient(slack: Double) -> Point? {
        guard let strongest = correlations.first, strongest > 0 else { return nil }
        let target = plateau - slack
        var (low, high) = (Double.log(1 / (strongest * strongest)), Double.log(1e9))
        for _ in 0..<200 {
            let middle = 0.5 * (low + high)
            if point(beta: .exp(middle)).relevance >= target { high = middle } else { low = middle }
        }
        return point(beta: .exp(high))
    }
}
