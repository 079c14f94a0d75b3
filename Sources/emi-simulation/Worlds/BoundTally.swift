import Information

/// A form that is compared with EMID: one of the reported ones, or one of those that need g exactly.
enum TalliedForm: Hashable, Sendable {
    case reported(BoundForm)
    case exact(DiscreteWorld.ReferenceForm)

    /// All of them, in the order of the table.
    static let allCases = BoundForm.entropyForms.map(Self.reported) + [.exact(.separation), .exact(.deviation)]

    /// Its name in the table.
    var name: String {
        switch self {
        case .reported(let form): form.rawValue
        case .exact(let form): form.rawValue
        }
    }

    /// Whether a theorem needs nothing of the world.
    var holdsWithoutAssumptions: Bool {
        switch self {
        case .reported(let form): form.holdsWithoutAssumptions
        case .exact: true
        }
    }

    /// Whether the form bounds |EMID|.
    var isTwoSided: Bool {
        if case .reported(let form) = self { form.isTwoSided } else { false }
    }

    /// What is known of the form.
    var status: String {
        switch self {
        case .reported(let form): form.status
        case .exact: "proven"
        }
    }
}

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

    private(set) var counts: [TalliedForm: Count] = [:]

    /// Compares EMID with every form that claims to hold here.
    ///
    /// - Parameter meetsAssumptions: whether the modalities' conditionals and the references given the query are shared; forms that
    ///   need it, and those that are no bound in any world, are only compared where it is so.
    /// - Returns: EMID less bound, by form; |EMID| less bound for the two-sided ones.
    @discardableResult
    mutating func add(_ world: DiscreteWorld, meetsAssumptions: Bool) -> [TalliedForm: Double] {
        let (terms, gap) = (world.boundTerms, world.gap)
        var excesses: [TalliedForm: Double] = [:]
        for form in TalliedForm.allCases where meetsAssumptions || form.holdsWithoutAssumptions {
            let value =
                switch form {
                case .reported(let form): terms.bound(form).value
                case .exact(let form): world.value(form)
                }
            let excess = (form.isTwoSided ? abs(gap) : gap) - value
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
        case .channel, .channelDivergence, .channelRange: "proven on exact terms"
        }
    }
}
