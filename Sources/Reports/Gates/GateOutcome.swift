/// What a gate says of one scenario.
package enum GateOutcome: Sendable, Equatable {
    /// Every rule holds.
    case passed
    /// A rule is broken; the sentence says which.
    case failed(String)
    /// The interval straddles a threshold; the sentence says which.
    case inconclusive(String)
}
