import Information
import Synchronization

/// Keeps divergences between the ID set and rows that several scenarios share: a grid of 61 scenarios has only 8 visual conditions.
///
/// A scenario that needs a divergence which another one is computing waits for it.
final class DivergenceCache: Sendable {
    private struct Key: Hashable {
        let subset: Int
        /// Those of the rows of each modality.
        let fingerprints: [[UInt64]]
    }

    private final class Entry: Sendable {
        /// One estimate for each design, because equal rows can be paired with the ID set in different ways.
        let known = Mutex<[(design: ExchangeDesign, estimate: DivergenceEstimate)]>([])
    }

    private let entries = Mutex<[Key: Entry]>([:])

    /// The divergence for these rows under this design, computed once.
    ///
    /// - Throws: what `compute` throws.
    func estimate(
        subset: Int, modalities: [Modality], design: ExchangeDesign, compute: () throws -> DivergenceEstimate
    ) throws -> DivergenceEstimate {
        let key = Key(subset: subset, fingerprints: modalities.map(\.fingerprints))
        let entry = entries.withLock { entries in
            if let entry = entries[key] { return entry }
            let entry = Entry()
            entries[key] = entry
            return entry
        }
        return try entry.known.withLock { known in
            if let found = known.first(where: { $0.design == design }) { return found.estimate }
            let estimate = try compute()
            known.append((design, estimate))
            return estimate
        }
    }
}
