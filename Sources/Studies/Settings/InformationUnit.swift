import RealModule

/// The units of information in reports; the science itself uses nats throughout.
public enum InformationUnit: String, Codable, Sendable, CaseIterable {
    case nats
    case bits

    /// The value in nats of a number in this unit.
    public func nats(_ value: Double) -> Double {
        self == .nats ? value : value * .log(2)
    }

    /// The value in this unit of a number in nats.
    public func value(_ nats: Double) -> Double {
        self == .nats ? nats : nats / .log(2)
    }
}
