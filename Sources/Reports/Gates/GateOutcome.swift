/// The outcome of a gate for one scenario.
package enum GateOutcome: Sendable, Equatable {
    /// Every rule holds.
    case passed
    /// A rule is broken, as the sentence says.
    case failed(String)
    /// The interval straddles a threshold, as the sentence says.
    case inconclusive(String)
}
