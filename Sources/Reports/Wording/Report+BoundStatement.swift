extension Report {
    /// A sentence that says what is guaranteed about the selected bound, by the weakest guarantee of any scenario; nil without bounds.
    var boundStatement: String? {
        let found = Set(scenarios.compactMap { $0.bound?.guarantee })
        let order = ["none", "plug-in", "in-expectation", "proven"]
        // A guarantee that this version does not know may mean anything, so it counts as the weakest.
        guard let weakest = found.subtracting(order).min() ?? order.first(where: found.contains) else { return nil }
        let claim =
            switch weakest {
            case "proven": "a theorem on exact terms: EMID cannot be above it"
            case "in-expectation": "the inequality holds in expectation over the sampling of a term, not for every sample"
            case "plug-in":
                "the inequality is a theorem, but its terms are estimates here, so it is not guaranteed and EMID can come out above it"
            case "none": "no inequality is known for it, or one is known to fail: it is not a bound but something to compare with"
            default: "its guarantee is not known to this version"
            }
        return "Bound \(settings.boundName) (\(weakest == "none" ? "no guarantee" : weakest)): \(claim)."
    }
}
