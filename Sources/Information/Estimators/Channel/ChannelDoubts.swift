import LinearAlgebra
import RealModule
import Statistics

/// Decides whether a reader should be warned about a channel or about a set under it. The words of the warnings are elsewhere.
package enum ChannelDoubts {
    /// If an information comes nearer to ln n than this, in nats, then the sample and not the model limits it: the most that n rows can
    /// show is ln(d + (1 - d) n), 0.1 below ln n.
    package static let saturationMargin = 0.3
    /// With fewer pooled rows than this, the directions and the noise of a channel are rough.
    package static let fewRows = 1_000
    /// Slopes of one code have to explain at least this share of what free slopes explain of the responses. The share is 0.75 in the digits
    /// study, 0.5 to 0.7 in pairs of its sets, and -0.24 if every content is answered with the words of the next.
    package static let leastOneCodeShare = 0.25
    /// The least I(X; Y) of a useful channel, as the mean over all rows of the run, in nats. It is 0.01 in the digits study with all
    /// responses shuffled, and 2.6 to 3.0 with the responses as they are.
    package static let leastReferenceInformation = 0.05

    /// Whether in no set the responses tell anything about the references that is distinguishable from 0. EMI near 0 would then look like
    /// perfection although it means nothing.
    ///
    /// A channel can show in a single set or only in the mean. Sets with wrong answers have I(X; Y_theta) below 0 and can hide one good set
    /// in the mean; many sets with a little information each show it only in the mean. Both are tested, one-sided, so that together the
    /// tests find a channel where there is none with a probability of 1 - confidence.
    /// - Parameter sets: EMI of all sets of the run.
    package static func carriesNothing(_ sets: [EMIEstimate], confidence: Double = 0.95) -> Bool {
        let rows = sets.reduce(0) { $0 + Double($1.groups.count) }
        let held = sets.reduce(0) { $0 + $1.referenceMutualInformation * Double($1.groups.count) } / max(rows, 1)
        guard held > leastReferenceInformation else { return true }
        // One half of the error probability is split over the sets, the other half goes to the mean.
        let miss = (1 - confidence) / 2
        func isAbove(_ value: Double, _ influence: GroupInfluence, miss: Double) -> Bool {
            let found = UncertainValue(value: value, influence: influence, intervals: IntervalMethod(confidence: 1 - 2 * miss))
            // Without groups there is no error bar, and the value itself decides.
            return (found.interval?.lowerBound ?? value) > 0
        }
        if sets.contains(where: { isAbove($0.modelMutualInformation, $0.modelInfluence, miss: miss / Double(sets.count)) }) { return false }
        guard let mean = GroupInfluence.mean(sets.map(\.modelInfluence)) else { return true }
        let value = sets.reduce(0) { $0 + $1.modelMutualInformation } / Double(sets.count)
        return !isAbove(value, mean, miss: miss)
    }

    /// Like `carriesNothing` for the estimates of these rows.
    package static func carriesNothing(_ sets: [ChannelRows], confidence: Double = 0.95) -> Bool {
        carriesNothing(sets.map(\.estimate), confidence: confidence)
    }

    /// Whether an information is about as large as this number of rows can show at all.
    package static func isSaturated(_ information: Double, rowCount: Int) -> Bool {
        information > .log(Double(rowCount)) - saturationMargin
    }

    /// Whether the model answers in a code of its own: its responses follow from the references, but are not a blurred version of them.
    package static func hasOwnCode(_ fit: ChannelFit) -> Bool {
        let (free, own) = (fit.codes.constant - fit.codes.free, fit.codes.constant - fit.codes.oneCode)
        // Chance does not explain this much: a tenth for each row, and a twentieth more for each direction that was chosen.
        return free > 0.1 + 0.05 * Double(fit.componentCount) && own < leastOneCodeShare * free
    }

    /// Whether the model may have made the references or seen them: responses are nearer to their references than different references of
    /// the same item are to each other.
    ///
    /// - Parameters:
    ///   - answers: cosines of responses and references of the same item, by item.
    ///   - references: cosines of different references of the same item, by item.
    /// - Returns: false below ten items, and when the interval of the difference (95 % by default) reaches down to 0.
    package static func referencesMayBeTheModels(answers: [Double], references: [Double], confidence: Double = 0.95) -> Bool {
        guard answers.count >= 10, answers.count == references.count else { return false }
        let differences = zip(answers, references).map { $0 - $1 }
        let value = UncertainValue(
            value: differences.reduce(0, +) / Double(differences.count),
            influence: GroupInfluence(contributions: differences, groups: differences.indices.map { "\($0)" }),
            intervals: IntervalMethod(confidence: confidence))
        return (value.interval?.lowerBound ?? 0) > 0
    }
}
