import Statistics

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

extension Report.Gap {
    /// Whether EMI fell (`above`) or rose (`below`) beyond doubt.
    var resolution: Resolution { Resolution(value, interval: interval, pValue: pValue, qValue: qValue) }
}

extension Report {
    /// Fills in how far the selected bound is above EMID, where EMID is resolved above 0: over a gap that may be noise, or none, the
    /// ratio says nothing.
    mutating func assignTightness() {
        for index in scenarios.indices {
            guard let gap = scenarios[index].emid, let bound = scenarios[index].bound else { continue }
            scenarios[index].bound?.tightness = gap.resolution == .above ? bound.value / gap.value : nil
        }
    }
}

extension Report.Summary {
    /// The median over those that have a tightness.
    static func tightnessMedian(_ scenarios: [Report.Scenario]) -> Double? {
        median(scenarios.compactMap { $0.bound?.tightness })
    }
}
