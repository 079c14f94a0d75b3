import EmbeddingFiles
import Information
import LinearAlgebra

extension ShiftAnalysis {
    /// The divergence between response and reference in a set.
    ///
    /// Without relabellings a plug-in divergence of few rows is mostly chance, so that of a large set is taken from the sums of all rows.
    func outputs(of loaded: LoadedSet, threadCount: Int) throws -> Outputs {
        guard let large = loaded.large,
            let divergence = try largeDivergence(large.response, large.reference, [large], threadCount: threadCount)
        else { return try outputs(loaded.compared, threadCount: threadCount) }
        return Outputs(divergence: divergence, entropyInfluences: nil)
    }

    /// The divergences with those of single modalities taken from the sums of all rows, where there are no relabellings; the joint one, whose
    /// kernel is a product, stays that of the sample.
    func replacingModalities(
        of found: Discrepancies, _ id: LoadedSet, _ ood: LoadedSet, threadCount: Int
    ) throws -> Discrepancies {
        guard let first = id.large, let second = ood.large, found.modalities.count > 1 else { return found }
        var bySubset = found.bySubset
        var modalities = found.modalities
        for index in modalities.indices {
            guard
                let divergence = try largeDivergence(
                    first.modalities[index], second.modalities[index], [first, second], threadCount: threadCount)
            else { return found }
            bySubset[1 << index] = divergence
            modalities[index].divergence = divergence
        }
        return Discrepancies(
            modalities: modalities, joint: found.joint, outputID: found.outputID, outputOOD: found.outputOOD, bySubset: bySubset)
    }

    /// The plug-in divergence of all rows of two arrays; nil where rows give it better: under relabellings, under other kernels than the
    /// linear one, and for few rows a column.
    private func largeDivergence(
        _ first: LargeColumn, _ second: LargeColumn, _ sets: [LargeRows], threadCount: Int
    ) throws -> DivergenceEstimate? {
        guard sets.allSatisfy({ $0.places == nil }), settings.takesSums(of: first, second) else { return nil }
        let moments = try [first, second].map { column in
            var reader = MomentReader(column: column, groups: nil, settings: settings, bucketCount: 1, threadCount: threadCount)
            reader.allowsSingle = true
            return try reader.moments()
        }
        return try divergence.divergence(moments[0], moments[1], areShared: false, relabellings: 0, threadCount: threadCount).estimate
    }
}

extension StudySettings {
    /// Whether the divergence of two arrays is that of all their rows.
    func takesSums(of first: LargeColumn, _ second: LargeColumn) -> Bool {
        permutations == 0 && ["linear", "cosine"].contains(kernel)
            && min(first.rowCount, second.rowCount) >= MomentDivergence.rowsPerColumn * first.width
    }
}
