import Foundation

/// Units of information in reports; everything below them is in nats.
package enum InformationUnit: String, Sendable, CaseIterable {
    case nats
    case bits

    /// A value in this unit, in nats.
    package func nats(_ value: Double) -> Double {
        self == .nats ? value : value * log(2)
    }

    /// A value in nats, in this unit.
    func value(_ nats: Double) -> Double {
        self == .nats ? nats : nats / log(2)
    }
}
