import RealModule

/// Units of information in reports; the science is in nats throughout.
public enum InformationUnit: String, Codable, Sendable, CaseIterable {
    case nats
    case bits

    /// A value in this unit, in nats.
    public func nats(_ value: Double) -> Double {
        self == .nats ? value : value * .log(2)
    }

    /// A value in nats, in this unit.
    public func value(_ nats: Double) -> Double {
        self == .nats ? nats : nats / .log(2)
    }
}
