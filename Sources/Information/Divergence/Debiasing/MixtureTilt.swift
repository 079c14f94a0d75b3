import LinearAlgebra
import RealModule

/// How much the entropy of a mixture exceeds that of `EntropyCorrection`, which treats its rows as rows of one population.
///
/// Relabelled parts hold rows of two populations. Rows of the wider one lose more degrees of freedom, so the part shows the resolvent of
/// (w_X rho_X + w_Y rho_Y)/2 instead of w (rho_X + rho_Y)/2. Here w_X = h_X/delta_X, where delta_X is the solution of `RowScales` for the
/// mean leverage h_X = phi_i^T (rho + t)^-1 phi_i/n of X's rows, and likewise for Y (Couillet and Debbah, Random Matrix Methods for
/// Wireless Communications, 2011, theorem 6.1). If X's rows are weighted by e^(theta/2) and Y's by e^(-theta/2), the part shows the
/// resolvent of the mixture in equal parts where
///
///   e^(theta/2) w_X(t, theta) = e^(-theta/2) w_Y(t, theta) = t/kappa,   df(kappa) = n times the mean leverage,
///
/// The integral of eps dkappa is the entropy, where eps(kappa) is this df minus that of the unweighted rows at the same kappa. Towards
/// small ridges all leverages approach 1 and theta grows without bound, because at some kappa the rows of the narrower population are used
/// up. Below that kappa, eps keeps the ratio that it has there to its first-order value in theta,
///
///   eps_1(t) = -n (dw/ddelta) a da/dln t,   a = (h_X - h_Y)/2/(du/ddelta),
///
/// This is an upper bound in the integral, because ln det(1 + a rho_X + b rho_Y) is concave in (a, b). If X and Y have the same
/// distribution, everything is 0. The tilt matters if one of them is concentrated: blurred images against sharp ones.
struct MixtureTilt {
    /// The values of theta to try on each side of 0.
    private static let weights = [0.5, 1.25, 2.5, 4.0]
    /// A first-order tilt below this many nats is used without refinement.
    private static let resolution = 5e-4

    /// The tilt in nats.
    let value: Double

    /// - Parameters:
    ///   - parts: the rows of each relabelled part.
    ///   - projections: the projections of these rows without weights.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    init(parts: [[Int]], projections: [RowProjections], meter: SplitDivergence, firstCount: Int, threadCount: Int) throws {
        let isFirst = parts.map { $0.map { $0 < firstCount } }
        var plain = MixtureLeverages(weight: 0)
        for (part, isFirst) in zip(projections, isFirst) { plain.add(part, isFirst: isFirst) }
        try self.init(
            plain, law: meter.dependence.law(parts.first ?? []), partCount: parts.count, threadCount: threadCount
        ) { theta, part in
            let factors = (first: Double.exp(theta / 2), second: Double.exp(-theta / 2))
            var sums = MixtureLeverages(weight: theta)
            sums.add(
                try meter.pooled.projections(
                    parts[part], weights: isFirst[part].map { $0 ? factors.first : factors.second }),
                isFirst: isFirst[part])
            return sums
        }
    }

    /// - Parameters:
    ///   - plain: the leverages of all relabelled parts without weights.
    ///   - law: that of a part.
    ///   - weighted: the leverages of one part under a weight theta.
    /// - Throws: what `weighted` throws.
    init(
        _ plain: MixtureLeverages, law: RowScales, partCount: Int, threadCount: Int,
        weighted: @Sendable (_ theta: Double, _ part: Int) throws -> MixtureLeverages
    ) throws {
        guard plain.holdsBoth else {
            value = 0
            return
        }
        let used = MixtureLeverages.ridges.indices.filter { MixtureLeverages.ridges[$0] > plain.smallestRidge }
        let base = FirstOrder(plain.curve(law: law, ridges: used), law: law)
        // The sides of theta = 0 on which the tilt is large enough to refine.
        let sides = [1.0, -1].filter { side in
            abs(base.integral { $0.logRatio * side > 0 ? $0.excess : 0 }) > Self.resolution
        }
        guard !sides.isEmpty else {
            value = base.integral { $0.excess }
            return
        }
        let thetas = sides.flatMap { side in Self.weights.map { side * $0 } }
        let found = try concurrentMap(count: thetas.count * partCount, threadCount: threadCount) { task in
            try weighted(thetas[task / partCount], task % partCount)
        }
        var curves = [(theta: 0.0, points: plain.curve(law: law, ridges: used))]
        for (index, theta) in thetas.enumerated() {
            var sums = MixtureLeverages(weight: theta)
            for part in 0..<partCount { sums.add(found[index * partCount + part]) }
            curves.append((theta, sums.curve(law: law, ridges: used)))
        }
        curves.sort { $0.theta < $1.theta }
        value = Self.integral(curves, base)
    }

    /// The integral of eps dkappa, exact as far as the values of theta reach.
    private static func integral(_ curves: [(theta: Double, points: [MixtureLeverages.Point])], _ base: FirstOrder) -> Double {
        let thetas = curves.map(\.theta)
        let logs = base.points.map { Double.log($0.kappa) }
        var solved: [(kappa: Double, excess: Double)] = []
        for index in base.points.indices.reversed() {
            let points = curves.map { $0.points[index] }
            guard let theta = root(thetas, points.map(\.logRatio)) else { break }
            let kappa = Double.exp(interpolated(thetas, points.map { .log($0.kappa) }, at: theta))
            let df = interpolated(thetas, points.map(\.df), at: theta)
            solved.append((kappa, df - interpolated(logs, base.points.map(\.df), at: .log(kappa))))
        }
        let above = trapezoids(solved.reversed())
        guard let last = solved.last, solved.count < base.points.count else { return above }
        let expected = interpolated(logs, base.excesses, at: .log(last.kappa))
        let ratio = expected > 0 ? min(1, max(0, last.excess / expected)) : 0
        var below: [(kappa: Double, excess: Double)] = []
        for (point, excess) in zip(base.points, base.excesses) where point.kappa < last.kappa {
            below.append((point.kappa, ratio * excess))
        }
        return above + trapezoids(below + [(last.kappa, ratio * expected)])
    }

    private static func trapezoids(_ points: [(kappa: Double, excess: Double)]) -> Double {
        zip(points, points.dropFirst()).reduce(0.0) { sum, ends in
            let (left, right) = ends
            return sum + (left.excess + right.excess) / 2 * (right.kappa - left.kappa)
        }
    }

    /// The solution of theta = ln(w_Y/w_X) that is nearest to 0; nil if it lies beyond the given values.
    private static func root(_ thetas: [Double], _ logRatios: [Double]) -> Double? {
        guard let zero = thetas.firstIndex(of: 0) else { return nil }
        let side = logRatios[zero] > 0 ? 1 : -1
        var index = zero
        while thetas.indices.contains(index + side) {
            let ends = (thetas[index], thetas[index + side])
            if (logRatios[index + side] - ends.1) * Double(side) <= 0 {
                var (low, high) = ends
                for _ in 0..<40 {
                    let middle = (low + high) / 2
                    if (interpolated(thetas, logRatios, at: middle) - middle) * Double(side) > 0 { low = middle } else { high = middle }
                }
                return (low + high) / 2
            }
            index += side
        }
        // This side was left out because it contributes little.
        return index == zero ? 0 : nil
    }

    /// The cubic polynomial through the four points around x.
    private static func interpolated(_ abscissas: [Double], _ values: [Double], at x: Double) -> Double {
        let above = abscissas.firstIndex { $0 > x } ?? abscissas.count
        let start = max(0, min(above - 2, abscissas.count - 4))
        let window = start..<min(abscissas.count, start + 4)
        return window.reduce(0) { sum, i in
            var term = values[i]
            for j in window where j != i { term *= (x - abscissas[j]) / (abscissas[i] - abscissas[j]) }
            return sum + term
        }
    }

    /// The rows without weights, and the first-order excess eps_1.
    private struct FirstOrder {
        let points: [MixtureLeverages.Point]
        let excesses: [Double]

        /// Computes eps_1 by central differences in ln t.
        init(_ points: [MixtureLeverages.Point], law: RowScales) {
            let known = points.indices.dropFirst().dropLast()
            self.points = known.map { points[$0] }
            excesses = known.map { i in
                let slope = (points[i + 1].gap - points[i - 1].gap) / (2 * MixtureLeverages.step)
                return -law.rowCount * points[i].slope * points[i].gap * slope
            }
        }

        /// The integral over kappa of a function of each point.
        func integral(_ value: ((logRatio: Double, excess: Double)) -> Double) -> Double {
            trapezoids(zip(points, excesses).map { ($0.kappa, value(($0.logRatio, $1))) })
        }
    }
}
