import RealModule
import Statistics

/// A divergence of two samples with what is known of its law under the null hypothesis that they share a distribution.
package struct DivergenceEstimate: Sendable, Equatable {
    /// The plug-in value, in nats.
    package let plugIn: Double
    /// What the values under relabellings are compared with, in nats: the plug-in, or its mean over thinnings where units of
    /// rows differ in size.
    package let observed: Double
    /// The values under random relabellings, in nats; empty where none were asked for.
    package let null: [Double]
    /// For samples of different sizes: plug-in less relabelled plug-in on draws of equal size, in nats; else empty.
    package let balancedExcesses: [Double]
    /// The same question asked of means instead of spectra.
    package let meanDiscrepancy: MaximumMeanDiscrepancy
    /// What the debiased divergence has beyond the difference from relabellings, in nats: the larger bias of mixtures
    /// (`Debiasing`).
    package let correction: Double
    /// How much each row moves the debiased divergence; nil without relabellings. By group they are the part of its variance
    /// that a shift brings; `degenerateVariance` is to be added.
    package let rowInfluences: RowInfluences?
    /// The variance that the debiased divergence has without a shift, over relabellings, in nats squared; nil for fewer than two.
    package let degenerateVariance: Double?
    /// The von Neumann entropy of the first sample, in nats.
    package let firstEntropy: Double
    /// The von Neumann entropy of the second sample, in nats.
    package let secondEntropy: Double
    /// The share of the kernel's trace that an approximation left out; 0 where the spectra are exact.
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

    /// What chance alone gives at these sizes: the plug-in less `excess`. Without a shift it is the mean over relabellings;
    /// with one it is less, because what relabellings mix has a richer spectrum. Nil without relabellings.
    package var nullMean: Double? {
        excess.map { plugIn - $0 }
    }

    /// The debiased divergence: plug-in less its mean over relabellings plus `correction`, unclamped, so that it is centred on 0
    /// where there is no shift; samples of different sizes are compared on draws of equal size, units of different sizes on
    /// thinnings. Nil without relabellings.
    package var excess: Double? {
        let values = balancedExcesses.isEmpty ? null.map { observed - $0 } : balancedExcesses
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) + correction
    }

    /// The permutation p-value of "no shift"; nil without relabellings.
    package var pValue: Double? {
        null.isEmpty ? nil : permutationPValue(observed: observed, null: null)
    }

    /// The value that a bound uses: the plug-in, or the excess in [0, ln 2].
    package func value(_ choice: DivergenceChoice) -> Double {
        switch choice {
        case .plugin: plugIn
        case .debiased: excess.map { min(max(0, $0), .log(2)) } ?? max(0, plugIn)
        }
    }
}

/// Which value of a divergence goes into bounds and shares.
public enum DivergenceChoice: String, Sendable, Codable, CaseIterable {
    /// The plug-in value.
    case plugin
    /// The plug-in value less what chance gives.
    case debiased
}
