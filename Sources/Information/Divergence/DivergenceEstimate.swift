import RealModule
import Statistics

/// A divergence of two samples, with its distribution under the null hypothesis that both samples come from one distribution.
package struct DivergenceEstimate: Sendable, Equatable {
    /// The plug-in value, in nats.
    package let plugIn: Double
    /// The value that is compared with those under relabellings, in nats: the plug-in value, or its mean over thinnings if units of
    /// rows differ in size.
    package let observed: Double
    /// The values under random relabellings, in nats; empty when none were asked for.
    package let null: [Double]
    /// For samples of different sizes: on each draw of equal size, the plug-in value minus the relabelled one, in nats; else empty.
    package let balancedExcesses: [Double]
    /// A second test of the same question, which compares means instead of spectra.
    package let meanDiscrepancy: MaximumMeanDiscrepancy
    /// What is added to the difference from the relabelled values, in nats, because the bias of relabelled mixtures is larger
    /// (`Debiasing`).
    package let correction: Double
    /// The influence of each row on the debiased divergence; nil without relabellings. Summed by group they give the part of the variance
    /// that a shift brings, to which `degenerateVariance` has to be added.
    package let rowInfluences: RowInfluences?
    /// The variance, over relabellings, that the debiased divergence has even without a shift, in nats squared; nil for fewer than two.
    package let degenerateVariance: Double?
    /// The von Neumann entropy of the first sample, in nats.
    package let firstEntropy: Double
    /// The von Neumann entropy of the second sample, in nats.
    package let secondEntropy: Double
    /// The share of the kernel's trace that an approximation left out; 0 when the spectra are exact.
    package let missingTrace: Double

    init(
        plugIn: Double, observed: Double, null: [Double], balancedExcesses: [Double], correction: Double = 0,
        rowInfluences: RowInfluences? = nil, degenerateVariance: Double? = nil,
        meanDiscrepancy: MaximumMeanDiscrepancy = MaximumMeanDiscrepancy(value: 0, pValue: nil), firstEntropy: Double,
        secondEntropy: Double,
        missingTrace: Double
    ) {
        (self.plugIn, self.observed, self.null, self.balancedExcesses) = (plugIn, observed, null, balancedExcesses)
        (self.correction, self.rowInfluences, self.degenerateVariance) = (correction, rowInfluences, degenerateVariance)
        self.meanDiscrepancy = meanDiscrepancy
        (self.firstEntropy, self.secondEntropy, self.missingTrace) = (firstEntropy, secondEntropy, missingTrace)
    }

    /// What chance alone gives at these sizes: the plug-in value minus `excess`. Without a shift it is the mean over relabellings. With a
    /// shift it is less, because relabelling mixes two different samples, and the mixture has a richer spectrum. Nil without relabellings.
    package var nullMean: Double? {
        excess.map { plugIn - $0 }
    }

    /// The debiased divergence: the plug-in value minus its mean over relabellings plus `correction`. It is not clamped, so that it is
    /// centred on 0 when there is no shift. Samples of different sizes are compared on draws of equal size, units of different sizes on
    /// thinnings. Nil without relabellings.
    package var excess: Double? {
        let values = balancedExcesses.isEmpty ? null.map { observed - $0 } : balancedExcesses
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) + correction
    }

    /// The permutation p-value of "no shift"; nil without relabellings.
    package var pValue: Double? {
        null.isEmpty ? nil : permutationPValue(observed: observed, null: null)
    }

    /// The value that a bound uses: the plug-in value, or the debiased one cut to [0, ln 2].
    package func value(_ choice: DivergenceChoice) -> Double {
        switch choice {
        case .plugin: plugIn
        case .debiased: excess.map { min(max(0, $0), .log(2)) } ?? max(0, plugIn)
        }
    }
}

/// Which value of a divergence enters bounds and shares.
public enum DivergenceChoice: String, Sendable, Codable, CaseIterable {
    /// The plug-in value.
    case plugin
    /// The plug-in value minus what chance alone gives.
    case debiased
}
