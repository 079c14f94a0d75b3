import EmbeddingFiles
import Information
import Statistics

/// Everything that decides the numbers of a run. The same settings, seed and input give the same report.
package struct StudySettings: Sendable, Equatable {
    /// The estimator's name, of `Estimator.names`.
    package var estimator = "club-kernel"
    /// Whether every estimator is run beside it.
    package var comparesEstimators = false
    /// Weights of `club-network`.
    package var weights: String?
    /// The kernel of the divergences, of `Kernel.names`.
    package var kernel = "linear"
    /// The bandwidth of `rbf` and `laplacian`; nil is the median distance.
    package var bandwidth: Double?
    /// The order of `matrix-renyi`.
    package var alpha = 1.0
    /// The kernel of `matrix-renyi`, of `MatrixRenyiInformation.kernelNames`.
    package var renyiKernel = "rbf"
    /// k of `ksg` and `auto`.
    package var neighbourCount = 5
    /// Which divergence enters bounds and shares; nil is `debiased`, or `plugin` under `paperCompatibility`.
    package var divergence: DivergenceChoice?
    /// B, the number of random relabellings.
    package var permutations = 100
    /// The selected form of the bound; nil is `joint`, or `scale-adjusted` under `paperCompatibility`.
    package var bound: BoundForm?
    /// Where the entropies in the bound come from.
    package var entropyScale = EntropyScale.kernel
    /// How the answers were chosen that `log-prob` takes the entropies from; nil is `greedy`, which promises less.
    package var logProbabilities: AnswerChoice?
    /// On which sets q is fitted.
    package var fit = FitChoice.pooled
    /// How modalities become one query; nil lets the estimator choose.
    package var fusion: QueryFusion?
    /// Whether rows are divided by their norms.
    package var normalize = true
    /// Whether texts weigh n-grams by their rarity in the ID set.
    package var inverseDocumentFrequency = false
    /// Whether divergences are weighted as in the authors' code.
    package var paperCompatibility = false
    /// The confidence of all intervals.
    package var confidence = 0.95
    /// Resamples of the studentised bootstrap over groups; 0 for Student's t intervals.
    package var bootstrap = 0
    /// The seed of every random step.
    package var seed: UInt64 = 0

    /// The defaults.
    package init() {}

    /// The divergence that enters bounds and shares.
    package var effectiveDivergence: DivergenceChoice {
        divergence ?? (paperCompatibility || permutations == 0 ? .plugin : .debiased)
    }

    /// The largest set whose pairings are tried under an estimator that works each of them out anew.
    private static let pairingRowLimit = 1_000

    /// B for the test of "answers do not depend on queries", which takes seconds a pairing where sets are large and the estimator
    /// has no covariances.
    func pairingCount(rowCount: Int) -> Int {
        let isCheap = estimator.hasPrefix("club")
        return isCheap || rowCount <= Self.pairingRowLimit ? permutations : 0
    }

    /// The number of relabellings for EMID = 0. They cost next to nothing where rows have contributions, and a q-value among 61
    /// scenarios needs p-values far below 1/100.
    package var gapPermutations: Int {
        estimator.hasPrefix("club") ? min(20 * permutations, max(permutations, 100_000)) : permutations
    }

    /// How intervals are made.
    package var intervals: IntervalMethod {
        IntervalMethod(confidence: confidence, resamples: bootstrap, seed: seed)
    }

    /// How the answers were chosen that the entropy scale is taken from; nil for scales that ask no log probabilities.
    package var effectiveLogProbabilities: AnswerChoice? {
        entropyScale.usesLogProbabilities ? logProbabilities ?? .greedy : nil
    }

    /// The form of the bound that is reported as `bound`.
    package var effectiveBound: BoundForm { bound ?? (paperCompatibility ? .scaleAdjusted : .joint) }
}

/// Where the entropies that scale a bound come from.
package enum EntropyScale: Sendable, Equatable {
    /// Marginal von Neumann entropies of the outputs under the kernel: a plug-in without guarantee.
    case kernel
    /// A value in nats for reference and model together.
    case value(Double)
    /// ln K a side, for answers from an alphabet of K.
    case alphabet(Int)
    /// The model's answers by their own log probabilities; references by ln K for an alphabet, else by their kernel entropies.
    case logProbability(alphabet: Int?)
    /// The model's answers by counts of those that were drawn for equal queries, from an alphabet of K; references by ln K.
    case draws(Int)

    /// From `kernel`, `VALUE`, `alphabet:K`, `draws:K`, `log-prob` or `log-prob,alphabet:K`; nil for anything else.
    package init?(_ text: String) {
        if text == "kernel" {
            self = .kernel
        } else if text == "log-prob" {
            self = .logProbability(alphabet: nil)
        } else if text.hasPrefix("log-prob,"), case .alphabet(let count)? = EntropyScale(String(text.dropFirst("log-prob,".count))) {
            self = .logProbability(alphabet: count)
        } else if let value = Double(text), value.isFinite, value >= 0 {
            self = .value(value)
        } else if text.hasPrefix("alphabet:"), let count = Int(text.dropFirst("alphabet:".count)), count >= 2 {
            self = .alphabet(count)
        } else if text.hasPrefix("draws:"), let count = Int(text.dropFirst("draws:".count)), count >= 2 {
            self = .draws(count)
        } else {
            return nil
        }
    }

    /// As it is written on the command line.
    package var text: String {
        switch self {
        case .kernel: "kernel"
        case .value(let value): "\(value)"
        case .alphabet(let count): "alphabet:\(count)"
        case .draws(let count): "draws:\(count)"
        case .logProbability(let count): "log-prob" + (count.map { ",alphabet:\($0)" } ?? "")
        }
    }

    /// Whether rows need log probabilities.
    package var usesLogProbabilities: Bool {
        if case .logProbability = self { true } else { false }
    }

    /// K, where it is given.
    package var alphabetSize: Int? {
        switch self {
        case .kernel, .value: nil
        case .alphabet(let count), .draws(let count): count
        case .logProbability(let count): count
        }
    }
}

/// On which sets q of a fitted estimator is fitted.
package enum FitChoice: Sendable, Equatable {
    /// The references of all sets of the run.
    case pooled
    /// The references of the ID set.
    case id
    /// A saved fit.
    case file(String)

    /// From the command line: `pooled`, `id`, or a file.
    package init(_ text: String) {
        self =
            switch text {
            case "pooled": .pooled
            case "id": .id
            default: .file(text)
            }
    }

    /// As it is written on the command line.
    package var text: String {
        switch self {
        case .pooled: "pooled"
        case .id: "id"
        case .file(let path): path
        }
    }
}
