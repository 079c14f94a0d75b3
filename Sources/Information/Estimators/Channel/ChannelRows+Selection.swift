import LinearAlgebra
import Statistics

extension ChannelRows {
    /// The negatives alone, as a set of their own: those rows that can be paired anew.
    var negativesAlone: ChannelRows {
        let coordinates = coordinates.selectingRows(negatives)
        let judges = negatives.map { self.judges[$0] }
        return ChannelRows(
            groups: negatives.map { groups[$0] }, hashes: negatives.map { hashes[$0] }, judges: judges, coordinates: coordinates,
            vectors: AnswerVectors(vectors, coordinates, judges: judges),
            ownLogarithms: (negatives.map { ownLogarithms.model[$0] }, negatives.map { ownLogarithms.reference[$0] }),
            negatives: Array(negatives.indices), negativeQueries: negativeQueries, negativeHalfSquares: negativeHalfSquares,
            defence: defence, whitenedCosines: negatives.map { whitenedCosines[$0] })
    }

    /// The test of "answers do not depend on queries" among the negatives of a set of many rows, where pairing all of them would take a
    /// matrix of all rows against all negatives.
    ///
    /// - Throws: what the work on the threads throws.
    package func independenceOfNegatives(pairingCount count: Int, seed: UInt64, threadCount: Int) throws -> Independence? {
        guard count > 0 else { return nil }
        return try negativesAlone.estimate.independenceTest(pairingCount: count, seed: seed, threadCount: threadCount)
    }
}
