import LinearAlgebra
import RealModule

/// The von Neumann entropy -sum w ln w of a spectrum, in nats, after division by its sum (2305.16446).
///
/// Rounding can make an eigenvalue that is truly 0 about -1e-17; negative ones count as 0.
/// - Returns: 0 for a spectrum without positive values.
package func vonNeumannEntropy(ofSpectrum eigenvalues: [Double]) -> Double {
    let total = eigenvalues.reduce(0) { $0 + max(0, $1) }
    guard total > 0 else { return 0 }
    return eigenvalues.reduce(0) { sum, value in
        let weight = value / total
        return weight > 0 ? sum - weight * .log(weight) : sum
    }
}
