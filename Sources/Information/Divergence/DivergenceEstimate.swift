/// A divergence of two samples with what is known of its law under the null hypothesis that they share a distribution.
public struct DivergenceEstimate: Sendable, Equatable {
    /// The plug-in value, in nats.
    public let plugIn: Double
    /// The values under random relabellings, in nats; empty where none were asked for.
    public let null: [Double]
    /// The von Neumann entropy of the first sample, in nats.
    public let firstEntropy: Double
    /// The von Neumann entropy of the second sample, in nats.
    public let secondEntropy: Double
    /// The share of the kernel's trace that an approximation left out; 0 where the spectra are exact.
    public let missingTrace: Double

    /// The mean over relabellings; nil without them.
    public var nullMean: Double? {
        null.isEmpty ? nil : null.reduce(0, +) / Double(null.count)
    }

    /// The debiased divergence: plug-in less the mean over relabellings, unclamped, so that it is centred on 0 where there
    /// is no shift; nil without relabellings.
    public var excess: Double? {
        nullMean.map { plugIn - $0 }
    }

    /// The permutation p-value of "no shift"; nil without relabellings.
    public var pValue: Double? {
        null.isEmpty ? nil : permutationPValue(observed: plugIn, null: null)
    }

    /// The value that a bound uses: the plug-in, or the excess where that is positive.
    public func value(_ choice: DivergenceChoice) -> Double {
        switch choice {
        case .plugin: plugIn
        case .debiased: max(0, excess ?? plugIn)
        }
    }
}

/// Which value of a divergence goes into bounds and shares.
public enum DivergenceChoice: String, Sendable, Codable, CaseIterable {
    /// The plug-in value.
    case plugin
    /// The plug-in value less its mean over relabellings.
    case debiased
}
