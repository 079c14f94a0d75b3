import Information

/// A form of the bound that is compared with EMID: a reported one, or one that needs g exactly.
enum TalliedForm: Hashable, Sendable {
    case reported(BoundForm)
    case exact(DiscreteWorld.ReferenceForm)

    /// All forms, in the order of the table.
    static let allCases = BoundForm.entropyForms.map(Self.reported) + [.exact(.separation), .exact(.deviation)]

    /// The form's name in the table.
    var name: String {
        switch self {
        case .reported(let form): form.rawValue
        case .exact(let form): form.rawValue
        }
    }

    /// Whether the form's theorem assumes nothing about the world.
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

    /// What is known about the form.
    var status: String {
        switch self {
        case .reported(let form): form.status
        case .exact: "proven"
        }
    }
}

/// How often EMID exceeds each form of the bound in finite worlds, where both are exact.
struct BoundTally: Sendable {
    /// The comparisons of one form.
    struct Count: Sendable, Equatable {
        /// The number of worlds in which the form claims to hold.
        var worlds = 0
        /// The number of worlds in which EMID exceeds it.
        var violations = 0
        /// The largest value of EMID minus the bound.
        var largestExcess = -Double.infinity
    }

    /// How much rounding may add to EMID minus the bound.
    static let tolerance = 1e-9

    private(set) var counts: [TalliedForm: Count] = [:]

    /// Compares EMID with every form that claims to hold here.
    ///
    /// - Parameter meetsAssumptions: whether the world shares the modalities' conditionals and the references given the query. Forms that
    ///   need this, and forms that are no bound in any world, are compared only if it holds.
    /// - Returns: EMID minus the bound for each form; |EMID| minus the bound for two-sided forms.
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
    /// Whether the form's theorem assumes nothing about the world.
    var holdsWithoutAssumptions: Bool { [.joint, .split, .correctedGeneral].contains(self) }

    /// Whether the form bounds |EMID|.
    var isTwoSided: Bool { [.correctedGeneral, .correctedSimplified].contains(self) }

    /// What is known about the form.
    var status: String {
        switch self {
        case .joint, .split, .correctedGeneral: "proven"
        case .correctedSimplified: "proven under its assumptions"
        case .paper, .scaleAdjusted: "not a bound"
        case .channel, .channelDivergence, .channelRange: "proven on exact terms"
        }
    }
}
