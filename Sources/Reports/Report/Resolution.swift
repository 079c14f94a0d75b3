import Statistics
import Studies

/// Whether a difference is distinguished from 0: the one rule behind every sentence, count, tile and mark of a report.
///
/// A difference is resolved if its interval does not hold 0 and its test, if there is one, rejects at a level of 5 %: by the q-value
/// when there are other tests of its kind, else by the p-value.
enum Resolution: Equatable {
    /// The value is above 0 beyond doubt.
    case above
    /// The value is below 0 beyond doubt.
    case below
    /// The interval holds 0, or the test does not reject.
    case open
    /// There is no interval, so nothing says how certain the value is.
    case unmeasured

    /// The false discovery rate that is allowed among resolved differences, or the level of a single test.
    static let level = 0.05

    /// Applies the rule to a value, in any unit.
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
    /// EMI can only have risen if the answers tell something about the queries, so I(X; Y_theta) has to be above 0 by the report's own
    /// numbers. If the run's channel carries nothing, no gap is resolved at all.
    var resolution: Resolution? {
        guard let emid else { return nil }
        let found = Resolution(emid.value, interval: emid.interval, pValue: emid.pValue, qValue: emid.qValue)
        if hasNoChannel, found != .unmeasured { return .open }
        return found == .below && !showsInformation ? .open : found
    }

    /// Whether nothing can be measured through the run's channel.
    var hasNoChannel: Bool { warnings.contains { $0.code == WarningCode.noChannel.rawValue } }

    /// Whether I(X; Y_theta) is above 0: by its test if there is one, else by its sign. The test takes twice the level, because nine
    /// pairings allow no p-value below 0.1.
    var showsInformation: Bool {
        guard let emi else { return false }
        return emi.modelMi > 0 && (emi.modelMiQValue ?? emi.modelMiPValue ?? 0) <= 2 * Resolution.level
    }
}

extension Report {
    /// Fills in the ratio of the selected bound to EMID for scenarios whose EMID is resolved above 0: divided by a gap that may be noise,
    /// the bound says nothing.
    mutating func assignTightness() {
        for index in scenarios.indices {
            guard let gap = scenarios[index].emid, let bound = scenarios[index].bound else { continue }
            let isRatio = scenarios[index].resolution == .above && bound.holds != nil
            scenarios[index].bound?.tightness = isRatio ? bound.value / gap.value : nil
        }
    }
}

extension Report.Summary {
    /// The median tightness of the scenarios that have one.
    static func tightnessMedian(_ scenarios: [Report.Scenario]) -> Double? {
        median(scenarios.compactMap { $0.bound?.tightness })
    }
}
