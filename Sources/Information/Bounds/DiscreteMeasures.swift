import RealModule

/// Entropies and divergences of finite distributions, in nats, and the inequalities between them.
package enum Discrete {
    /// The Shannon entropy -sum p ln p.
    package static func entropy(_ p: [Double]) -> Double {
        p.reduce(0) { $1 > 0 ? $0 - $1 * .log($1) : $0 }
    }

    /// ln K, the entropy of K equally likely outcomes, which no distribution on K outcomes exceeds.
    package static func entropy(ofUniform outcomeCount: Int) -> Double { .log(Double(outcomeCount)) }

    /// The total variation distance: half the L1 distance.
    package static func totalVariation(_ p: [Double], _ q: [Double]) -> Double {
        zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }

    /// The Jensen-Shannon divergence, computed as E_m phi(|p - q|/(p + q)) with m the mixture. A difference of entropies would lose so many
    /// digits that its square root would be off by about 1e-8.
    package static func jensenShannonDivergence(_ p: [Double], _ q: [Double]) -> Double {
        zip(p, q).reduce(0) { sum, pair in
            let total = pair.0 + pair.1
            return total > 0 ? sum + total / 2 * phi(abs(pair.0 - pair.1) / total) : sum
        }
    }

    /// phi(t) = [(1 + t) ln(1 + t) + (1 - t) ln(1 - t)]/2 on [0, 1].
    package static func phi(_ t: Double) -> Double {
        ((1 + t) * .log(onePlus: t) + (t < 1 ? (1 - t) * .log(onePlus: -t) : 0)) / 2
    }

    /// The largest total variation that a Jensen-Shannon divergence allows: T <= tau(J) = phi^-1(J) <= sqrt(2 J), by convexity of phi.
    ///
    /// Values outside [0, ln 2] count as the nearer end.
    package static func totalVariationBound(_ divergence: Double) -> Double {
        guard divergence > 0 else { return 0 }
        guard divergence < .log(2) else { return 1 }
        var (low, high) = (0.0, 1.0)
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if phi(middle) < divergence { low = middle } else { high = middle }
        }
    }

    /// The largest difference of the entropies of two distributions on K outcomes at total variation t:
    /// |H(p) - H(q)| <= F_K(t) = t ln(K - 1) + h(t) up to t = 1 - 1/K, ln K beyond (coupling and Fano's inequality).
    package static func entropyContinuityBound(_ totalVariation: Double, outcomeCount: Double) -> Double {
        guard outcomeCount > 1, totalVariation > 0 else { return 0 }
        guard totalVariation <= 1 - 1 / outcomeCount else { return .log(outcomeCount) }
        return totalVariation * .log(outcomeCount - 1) + entropy([totalVariation, 1 - totalVariation])
    }

    /// The most by which the plug-in entropy of n independent draws from K outcomes is too low in expectation: ln(1 + (K - 1)/n).
    ///
    /// H(p) - E H(p_n) = E KL(p_n | p) <= ln(1 + E chi^2(p_n, p)) = ln(1 + (K - 1)/n), if all K outcomes are possible. The corrected
    /// entropy is not cut at ln K, since its expectation could then fall below the true entropy again.
    package static func plugInEntropyShortfall(outcomeCount: Double, drawCount: Double) -> Double {
        .log(onePlus: max(0, outcomeCount - 1) / drawCount)
    }
}
