import Information
import LinearAlgebra
import Statistics

/// Warnings about the channel as a whole. They stand with the ID set, once for a run.
///
/// - Parameter carriesNothing: the value of `PreparedChannel.carriesNothing`.
func channelWarnings(_ channel: PreparedChannel, carriesNothing: Bool) -> [RunWarning] {
    var warnings: [RunWarning] = []
    if carriesNothing { warnings.append(noChannel) }
    if ChannelDoubts.hasOwnCode(channel.fit) {
        warnings.append(
            RunWarning(
                .ownCode,
                "responses follow from the references much better by free slopes than as a blur of them: the model answers in a code of its own "
                    + "(another language, rotated labels), which counts as wrong here"))
    }
    if channel.fit.rowCount < ChannelDoubts.fewRows {
        warnings.append(
            RunWarning(
                .fewRows,
                "the channel stands on \(channel.fit.rowCount) rows of all sets: below \(ChannelDoubts.fewRows) its directions and noise are "
                    + "rough, and EMI follows quality less closely than in a larger run"))
    }
    return warnings
}

/// The warning that every set of a run gets whose channel carries nothing, since none of its numbers means anything.
let noChannel = RunWarning(
    .noChannel,
    "no set's responses say anything of the references that can be told from 0: EMI near 0 means nothing here, and nothing is concluded")

/// Warnings about one set under a channel.
func channelSetWarnings(_ loaded: LoadedSet, _ estimate: EMIEstimate, similarities: [Double]) -> [RunWarning] {
    guard let rows = estimate.channelRows else { return [] }
    var warnings: [RunWarning] = []
    if ChannelDoubts.isSaturated(estimate.modelMutualInformation, rowCount: rows.comparedCount) {
        warnings.append(
            RunWarning(
                .saturated,
                "I(X;Yθ) is \(rounded(estimate.modelMutualInformation)) of the \(rounded(Discrete.entropy(ofUniform: rows.comparedCount))) nats "
                    + "that \(rows.comparedCount) rows can show: what is above that is not seen"))
    }
    // Of a set that is read block by block there are no references to compare.
    if loaded.large == nil, let (answers, references) = loaded.set.similaritiesByItem(similarities),
        ChannelDoubts.referencesMayBeTheModels(answers: answers, references: references)
    {
        warnings.append(
            RunWarning(
                .referencesFromModel,
                "responses are nearer to their references than references of the same item are to each other: if the model made the references, "
                    + "or saw them, EMI tells nothing of quality"))
    }
    return warnings
}

extension SampleSet {
    /// For items with several different references: the mean cosine of responses with their own reference, and the mean cosine of these
    /// references with each other; nil when items have no names.
    fileprivate func similaritiesByItem(_ similarities: [Double]) -> (answers: [Double], references: [Double])? {
        guard let identifiers else { return nil }
        let rowsOfItem = Dictionary(grouping: identifiers.indices) { identifiers[$0] }.filter { $0.value.count > 1 }
        guard rowsOfItem.count >= 10 else { return nil }
        let unit = reference.rowsNormalized
        var (answers, references): ([Double], [Double]) = ([], [])
        for (_, rows) in rowsOfItem.sorted(by: { $0.key < $1.key }) {
            var cosines: [Double] = []
            for (place, first) in rows.enumerated() {
                for second in rows[..<place] {
                    let cosine = zip(unit.row(first), unit.row(second)).reduce(0) { $0 + $1.0 * $1.1 }
                    // A repeat of the same reference says nothing.
                    if cosine < 1 - 1e-6 { cosines.append(cosine) }
                }
            }
            guard !cosines.isEmpty else { continue }
            answers.append(rows.reduce(0) { $0 + similarities[$1] } / Double(rows.count))
            references.append(cosines.reduce(0, +) / Double(cosines.count))
        }
        return (answers, references)
    }
}
