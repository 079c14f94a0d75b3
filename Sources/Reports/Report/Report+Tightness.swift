import Statistics

extension Report {
    /// Fills in how far the selected bound is above EMID, where EMID is resolved above 0: over a gap that may be noise, or none, the
    /// ratio says nothing.
    mutating func assignTightness() {
        for index in scenarios.indices {
            guard let gap = scenarios[index].emid, let bound = scenarios[index].bound else { continue }
            scenarios[index].bound?.tightness = gap.isResolvedLoss ? bound.value / gap.value : nil
        }
    }
}

extension Report.Gap {
    /// Whether EMI fell beyond doubt: by the q-value in a batch, else by the interval and, where there is one, the p-value.
    var isResolvedLoss: Bool {
        guard value > 0 else { return false }
        if let qValue { return qValue <= 0.05 }
        return (interval?.first ?? 0) > 0 && (pValue ?? 0) <= 0.05
    }
}

extension Report.Summary {
    /// The median over those that have a tightness.
    static func tightnessMedian(_ scenarios: [Report.Scenario]) -> Double? {
        let values = scenarios.compactMap { $0.bound?.tightness }.sorted()
        guard !values.isEmpty else { return nil }
        return (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    }
}
