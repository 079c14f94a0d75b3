import CSpectra

/// The instructions with which batches of spectra are reduced.
package enum SpectrumKernel: Int32, Sendable, CaseIterable {
    /// Two matrices at a time, on every processor.
    case plain = 0
    /// Four at a time. The results have the same bits as those of `avx512`.
    case avx2 = 1
    /// Eight at a time.
    case avx512 = 2

    /// The fastest that this processor runs.
    package static let best = SpectrumKernel(rawValue: cspectra_best_kernel()) ?? .plain

    /// All that this processor runs.
    package static var available: [SpectrumKernel] { allCases.filter { $0.rawValue <= best.rawValue } }

    /// The number of matrices that are reduced together.
    package var laneCount: Int { cspectra_lanes(rawValue) }
}
