import LinearAlgebra
import RealModule
import Statistics

/// What about a channel, or a set under it, a reader of its numbers should know: decisions only, the words are elsewhere.
package enum ChannelDoubts {
    /// How near ln n an information may come before the sample, and not the model, is what limits it, in nats: the most that n rows can
    /// show is ln(d + (1 - d) n), 0.1 below ln n.
    package static let saturationMargin = 0.3
    /// Pooled rows below which the directions and the noise of a channel are rough.
    package static let fewRows = 1_000
    /// The share of what free slopes explain of the responses that those of one code have to explain: 0.75 in the digits study, 0.5 to
    /// 0.7 in pairs of its sets, -0.24 where every content is answered with the next one's words.
    package static let leastOneCodeShare = 0.25
    /// The least I(X; Y) of a channel, in nats a row over the whole run: below it, it tells next to nothing of anything. It is 0.01 in the
    /// digits study with all responses shuffled, and 2.6 to 3.0 as they are.
    package static let leastReferenceInformation = 0.05

    /// Whether no set's responses say anything of the references that can be told from 0: EMI near 0 would read like perfection then,
    /// and means nothing.
    ///
    /// Sets whose answers are wrong have I(X; Y_theta) below 0, so that one set with an information above 0 shows a channel, and the
    /// mean over all sets need not; many sets with a little information each show it in their mean alone. The one-sided tests of the mean and
    /// of all sets together find a channel where there is none with a probability of 1 - confidence.
    /// - Parameter sets: EMI of all sets of the run.
    package static func carriesNothing(_ sets: [EMIEstimate], confidence: Double = 0.95) -> Bool {
        let rows = sets.reduce(0) { $0 + Double($1.groups.count) }
        let held = sets.reduce(0) { $0 + $1.referenceMutualInformation * Double($1.groups.count) } / max(rows, 1)
        guard held > leastReferenceInformation else { return true }
        // One half of what may be missed for each set, the other for the mean.
        let miss = (1 - confidence) / 2
        func isAbove(_ value: Double, _ influence: GroupInfluence, miss: Double) -> Bool {
            let found = UncertainValue(value: value, influence: influence, intervals: IntervalMethod(confidence: 1 - 2 * miss))
            // Without groups to tell its error by, a value is what it is.
            return (found.interval?.lowerBound ?? value) > 0
        }
        if sets.contains(where: { isAbove($0.modelMutualInformation, $0.modelInfluence, miss: miss / Double(sets.count)) }) { return false }
        guard let mean = GroupInfluence.mean(sets.map(\.modelInfluence)) else { return true }
        let value = sets.reduce(0) { $0 + $1.modelMutualInformation } / Double(sets.count)
        return !isAbove(value, mean, miss: miss)
    }

    /// As `carriesNothing` of the estimates of these rows.
    package static func carriesNothing(_ sets: [ChannelRows], confidence: Double = 0.95) -> Bool {
        carriesNothing(sets.map(\.estimate), confidence: confidence)
    }

    /// Whether an information of n rows is as large as so few rows can show.
    package static func isSaturated(_ information: Double, rowCount: Int) -> Bool {
        information > .log(Double(rowCount)) - saturationMargin
    }

    /// Whether the model answers in a code of its own: its responses follow from the references, but not as a blur of them.
    package static func hasOwnCode(_ fit: ChannelFit) -> Bool {
        let (free, own) = (fit.deviance.constant - fit.deviance.free, fit.deviance.constant - fit.deviance.oneCode)
        // A tenth of a nat a row, and a twentieth for each direction that was chosen, is more than chance explains.
        return free > 0.1 + 0.05 * Double(fit.componentCount) && own < leastOneCodeShare * free
    }

    /// Whether the references may have been made by the model, or shown to it: responses are nearer to their references than references of
    /// the same item are to each other.
    ///
    /// - Parameters:
    ///   - answers: cosines of responses and references of the same item, by item.
    ///   - references: cosines of different references of the same item, by item.
    /// - Returns: false below ten items, and where 5 % chance explains the difference.
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
