import CSpectra

/// The vector instructions that the kernels of `CSpectra` use.
package enum VectorInstructions: Int32, Sendable, CaseIterable {
    /// Two numbers at a time, on every processor.
    case plain = 0
    /// Four at a time. The results have the same bits as those of `avx512`.
    case avx2 = 1
    /// Eight at a time.
    case avx512 = 2

    /// The fastest that this processor runs.
    package static let best = VectorInstructions(rawValue: cspectra_best_kernel()) ?? .plain

    /// All that this processor runs.
    package static var available: [VectorInstructions] { allCases.filter { $0.rawValue <= best.rawValue } }

    /// The number of matrices in a batch, one in each lane of a vector.
    package var laneCount: Int { cspectra_lanes(rawValue) }
}
