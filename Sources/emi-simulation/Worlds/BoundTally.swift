import Information

/// How often EMID exceeds each form of the bound in finite worlds, where both are exact.
struct BoundTally: Sendable {
    /// One form.
    struct Count: Sendable, Equatable {
        /// Worlds in which the form claims to hold.
        var worlds = 0
        /// Worlds in which EMID is above it.
        var violations = 0
        /// The largest EMID less bound.
        var largestExcess = -Double.infinity
    }

    /// What rounding may add to EMID less bound.
    static let tolerance = 1e-9

    private(set) var counts: [BoundForm: Count] = [:]

    /// Compares EMID with every form that claims to hold here.
    ///
    /// - Parameter meetsAssumptions: whether the modalities' conditionals and the references given the query are shared; forms that
    ///   need it, and those that are no bound in any world, are only compared where it is so.
    /// - Returns: EMID less bound, by form; |EMID| less bound for the two-sided ones.
    @discardableResult
    mutating func add(_ world: DiscreteWorld, meetsAssumptions: Bool) -> [BoundForm: Double] {
        let (terms, gap) = (world.boundTerms, world.gap)
        var excesses: [BoundForm: Double] = [:]
        for form in BoundForm.allCases where meetsAssumptions || form.holdsWithoutAssumptions {
            let excess = (form.isTwoSided ? abs(gap) : gap) - terms.bound(form).value
            var count = counts[form] ?? Count()
            count.worlds += 1
            count.violations += excess > Self.tolerance ? 1 : 0
            count.largestExcess = max(count.largestExcess, excess)
            counts[form] = count
            excesses[form] = excess
        }
        return excesses
    }

    /// Adds the counts of another tally.
    mutating func add(_ other: BoundTally) {
        counts.merge(other.counts) {
            Count(
                worlds: $0.worlds + $1.worlds, violations: $0.violations + $1.violations,
                largestExcess: max($0.largestExcess, $1.largestExcess))
        }
    }
}

extension BoundForm {
    /// Whether a theorem needs nothing of the world.
    var holdsWithoutAssumptions: Bool { [.joint, .split, .correctedGeneral].contains(self) }

    /// Whether the form bounds |EMID|.
    var isTwoSided: Bool { [.correctedGeneral, .correctedSimplified].contains(self) }

    /// What is known of the form.
    var status: String {
        switch self {
        case .joint, .split, .correctedGeneral: "proven"
        case .correctedSimplified: "proven under its assumptions"
        case .paper, .scaleAdjusted: "not a bound"
        }
    }
}
