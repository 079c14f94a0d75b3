import Statistics
import Studies

/// Whether a difference is told from 0: the one rule of every sentence, count, tile and mark.
///
/// Resolved is what the interval leaves 0 out of and the test, where there is one, finds at a level of 5 %: the q-value among other
/// tests of its kind, else the p-value.
enum Resolution: Equatable {
    /// The value is above 0 beyond doubt.
    case above
    /// The value is below 0 beyond doubt.
    case below
    /// Interval or test leave it open.
    case open
    /// There is no interval, so that nothing says how certain the value is.
    case unmeasured

    /// The false discovery rate among resolved differences, or the level of a single test.
    static let level = 0.05

    /// The rule for a value in any unit.
    init(_ value: Double, interval: [Double]?, pValue: Double? = nil, qValue: Double? = nil) {
        guard let interval, interval.count == 2 else {
            self = .unmeasured
            return
        }
        let isOutside = interval[0] > 0 || interval[1] < 0
        self = isOutside && (qValue ?? pValue ?? 0) <= Self.level ? (value > 0 ? .above : .below) : .open
    }
}

extension Report.Scenario {
    /// Whether EMI fell (`above`) or rose (`below`) beyond doubt; nil without a gap.
    ///
    /// Nothing rose where the answers tell nothing of the queries: I(X; Y_theta) has to be above 0 by the report's own numbers. Nothing is
    /// told at all where the run's channel carries nothing.
    var resolution: Resolution? {
        guard let emid else { return nil }
        let found = Resolution(emid.value, interval: emid.interval, pValue: emid.pValue, qValue: emid.qValue)
        if hasNoChannel, found != .unmeasured { return .open }
        return found == .below && !showsInformation ? .open : found
    }

    /// Whether nothing can be measured through the run's channel.
    var hasNoChannel: Bool { warnings.contains { $0.code == WarningCode.noChannel.rawValue } }

    /// Whether I(X; Y_theta) is above 0: by its test where there is one, else by its sign. Twice the level, since nine pairings allow no p-value
    /// below 0.1.
    var showsInformation: Bool {
        guard let emi else { return false }
        return emi.modelMi > 0 && (emi.modelMiQValue ?? emi.modelMiPValue ?? 0) <= 2 * Resolution.level
    }
}

extension Report {
    /// Fills in how far the selected bound is above EMID, where EMID is resolved above 0: over a gap that may be noise, or none, the
    /// ratio says nothing.
    mutating func assignTightness() {
        for index in scenarios.indices {
            guard let gap = scenarios[index].emid, let bound = scenarios[index].bound else { continue }
            let isRatio = scenarios[index].resolution == .above && bound.holds != nil
            scenarios[index].bound?.tightness = isRatio ? bound.value / gap.value : nil
        }
    }
}

extension Report.Summary {
    /// The median over those that have a tightness.
    static func tightnessMedian(_ scenarios: [Report.Scenario]) -> Double? {
        median(scenarios.compactMap { $0.bound?.tightness })
    }
}
