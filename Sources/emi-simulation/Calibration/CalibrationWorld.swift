import Calibration
import RealModule
import Statistics

/// A distribution of confidences and of the truth behind them, from which sets of answers are drawn.
struct CalibrationWorld: Sendable {
    /// The distribution of confidences.
    enum Law: String, CaseIterable, Sendable {
        /// 0.25 + 0.75 Beta(2, 1), as from a model that chooses among four options.
        case broad
        /// Beta(8, 1), as from a model that is sure of nearly everything.
        case peaked

        /// The confidence at the quantile `share`.
        func quantile(_ share: Double) -> Double {
            switch self {
            case .broad: 0.25 + 0.75 * share.squareRoot()
            case .peaked: .pow(share, 1.0 / 8)
            }
        }
    }

    /// The probability that an answer of confidence c is right.
    enum Truth: String, CaseIterable, Sendable {
        /// The probability is c.
        case calibrated
        /// The probability is sigmoid(logit(c) / 1.5).
        case overconfident
        /// The probability is alternately above and below c: c + 0.12 sin(4 pi c).
        case wavy

        func probability(_ c: Double) -> Double {
            switch self {
            case .calibrated: c
            case .overconfident: 1 / (1 + .exp(-(Double.log(c) - .log(onePlus: -c)) / 1.5))
            case .wavy: min(1, max(0, c + 0.12 * .sin(4 * .pi * c)))
            }
        }
    }

    let law: Law
    let truth: Truth
    /// The number of rows in a group, whose confidences and outcomes are correlated at 0.5 (Gaussian copula).
    let groupSize: Int

    /// Draws one set.
    func draw(_ count: Int, using generator: inout SeededGenerator) throws -> ConfidenceRows {
        let (confidence, outcome) = columns(count, using: &generator)
        return try rows(confidence, outcome)
    }

    /// Draws confidences and outcomes, in the order of the groups.
    func columns(_ count: Int, using generator: inout SeededGenerator) -> (confidence: [Double], outcome: [Double]) {
        var (confidence, outcome): ([Double], [Double]) = ([], [])
        var shared = (0.0, 0.0)
        for row in 0..<count {
            if row % groupSize == 0 { shared = (generator.normal(), generator.normal()) }
            let c = law.quantile(uniform(shared.0, using: &generator))
            confidence.append(c)
            outcome.append(uniform(shared.1, using: &generator) < truth.probability(c) ? 1 : 0)
        }
        return (confidence, outcome)
    }

    func rows(_ confidence: [Double], _ outcome: [Double]) throws -> ConfidenceRows {
        let size = Int32(groupSize)
        let clusters =
            groupSize == 1
            ? nil
            : Clusters(
                ofRow: (0..<Int32(confidence.count)).map { $0 / size }, count: (confidence.count + groupSize - 1) / groupSize)
        return try ConfidenceRows(confidence: confidence, outcome: outcome, clusters: clusters)
    }

    /// A uniform number whose normal score has half of its variance from the group.
    private func uniform(_ shared: Double, using generator: inout SeededGenerator) -> Double {
        guard groupSize > 1 else { return generator.uniform() }
        let z = 0.5.squareRoot() * (shared + generator.normal())
        return min(max(Double.erfc(-z / 2.0.squareRoot()) / 2, 1e-12), 1 - 1e-12)
    }
}

/// The values of the measures without sampling error, by integration over 200,000 quantiles.
struct CalibrationTruth: Sendable {
    var gap = 0.0
    var accuracy = 0.0
    var brier = 0.0
    /// The expected calibration error over ten bins of equal width.
    var ece = 0.0
    var squared = 0.0
    var areaUnderCurve = 0.0

    init(_ world: CalibrationWorld) {
        let cells = 200_000
        let weight = 1 / Double(cells)
        var (gaps, masses) = ([Double](repeating: 0, count: 10), [Double](repeating: 0, count: 10))
        var (wrongBelow, pairs) = (0.0, 0.0)
        for cell in 0..<cells {
            let c = world.law.quantile((Double(cell) + 0.5) * weight)
            let p = world.truth.probability(c)
            let bin = min(Int(c * 10), 9)
            gaps[bin] += (c - p) * weight
            masses[bin] += weight
            gap += (c - p) * weight
            accuracy += p * weight
            brier += (p * (1 - p) + (c - p) * (c - p)) * weight
            pairs += p * (wrongBelow + (1 - p) / 2)
            wrongBelow += 1 - p
        }
        ece = gaps.reduce(0) { $0 + abs($1) }
        squared = zip(gaps, masses).reduce(0) { $0 + ($1.1 > 0 ? $1.0 * $1.0 / $1.1 : 0) }
        areaUnderCurve = pairs * weight * weight / (accuracy * (1 - accuracy))
    }
}
