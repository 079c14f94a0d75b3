import Information
import Statistics

/// Everything that decides the numbers of a run: the same settings and the same input give the same report.
///
/// A property is a flag of the program, a key of a manifest's `settings` and a key of a report, under one name (`entropyScale` is
/// `--entropy-scale` and `entropy_scale`). Nil means that nothing was said; `resolved` fills in what a run makes of that.
public struct StudySettings: Codable, Sendable, Equatable {
    /// The estimator's name, of `EstimatorCatalogue.names`, or `allEstimators`.
    public var estimator = EstimatorCatalogue.standard.about.name
    /// The file with the weights of `club-network`.
    public var weights: String?
    /// The nearest neighbours of `ksg` and `auto` (5).
    public var k: Int?
    /// The order of `matrix-renyi` (1).
    public var alpha: Double?
    /// The kernel of `matrix-renyi`, of `MatrixRenyiInformation.kernelNames` (rbf).
    public var renyiKernel: String?
    /// How modalities become one query; nil lets the estimator choose.
    public var fuse: QueryFusion?
    /// The kernel of the divergences, of `Kernel.names`.
    public var kernel = "linear"
    /// The bandwidth of `rbf` and `laplacian`; nil is the median distance.
    public var bandwidth: Double?
    /// B, the number of random relabellings.
    public var permutations = 100
    /// What published code does differently is done as it does it.
    public var compat: Compatibility?
    /// Which divergence enters bounds and shares; nil is `debiased`, or `plugin` where nothing can be debiased.
    public var divergence: DivergenceChoice?
    /// The selected form of the bound, of `BoundForm`; nil is `channel` under the reference channel, `joint` under other estimators,
    /// and `scale-adjusted` under `compat`. A text, so that reports of later versions can be read.
    public var bound: String?
    /// Where the entropies in the bound come from.
    public var entropyScale = EntropyScale.kernel
    /// How the answers were chosen that `log-prob` takes the entropies from; nil is `greedy`, which promises less.
    public var logProb: AnswerChoice?
    /// On which sets q is fitted; nil is `pooled`.
    public var fit: FitChoice?
    /// The confidence of all intervals.
    public var confidence = 0.95
    /// Resamples of the studentised bootstrap over groups; nil for Student's t intervals.
    public var bootstrap: Int?
    /// Whether rows are divided by their norms.
    public var normalize = true
    /// Whether texts weigh n-grams by their rarity in the ID set.
    public var textIdf = false
    /// The units of information in reports.
    public var units = InformationUnit.nats
    /// The seed of every random step.
    public var seed: UInt64 = 0
    /// The relabellings of EMID; not said but worked out (`gapPermutations`), for reports.
    public private(set) var emidPermutations: Int?

    /// The defaults.
    public init() {}

    /// Published code that can be followed.
    public enum Compatibility: String, Codable, Sendable, CaseIterable {
        /// The authors' of 2502.00577.
        case paper
    }

    /// The name that asks for every estimator beside the default.
    public static let allEstimators = "all"

    /// The names of the settings as a manifest has them: those of the flags.
    package static let names: [String] = Mirror(reflecting: StudySettings()).children.compactMap(\.label)
        .filter { $0 != "emidPermutations" }
        .map { $0 == "normalize" ? "no-normalize" : $0.map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined() }
}

extension StudySettings {
    /// The settings as a report has them: what was left open is filled in, what the estimator has no use for is left out.
    package var resolved: StudySettings {
        let comparesEstimators = estimator == Self.allEstimators
        var resolved = ofMainEstimator
        func isUsed(_ parameter: EstimatorParameter) -> Bool {
            comparesEstimators || resolved.about?.parameters.contains(parameter) == true
        }
        let usual = EstimatorParameters()
        resolved.alpha = isUsed(.alpha) ? alpha ?? usual.alpha : nil
        resolved.renyiKernel = isUsed(.renyiKernel) ? renyiKernel ?? usual.renyiKernel : nil
        resolved.k = isUsed(.neighbourCount) ? k ?? usual.neighbourCount : nil
        resolved.weights = isUsed(.weights) ? weights : nil
        resolved.fit = resolved.about?.parameters.contains(.fit) == true ? effectiveFit : nil
        resolved.bound = effectiveBound.rawValue
        resolved.divergence = effectiveDivergence
        resolved.logProb = effectiveLogProb
        resolved.emidPermutations = resolved.gapPermutations
        return resolved
    }

    /// The settings of the estimator that the report is of: the default's, where all are asked for.
    package var ofMainEstimator: StudySettings {
        var own = self
        if estimator == Self.allEstimators { own.estimator = EstimatorCatalogue.standard.about.name }
        return own
    }

    /// Whether divergences are weighted as in the authors' code.
    package var isPaperCompatible: Bool { compat == .paper }

    /// The sets that q is fitted on.
    package var effectiveFit: FitChoice { fit ?? .pooled }

    /// The divergence that enters bounds and shares.
    package var effectiveDivergence: DivergenceChoice {
        divergence ?? (isPaperCompatible || permutations == 0 ? .plugin : .debiased)
    }

    /// The form of the bound that is reported as `bound`.
    package var effectiveBound: BoundForm {
        bound.flatMap(BoundForm.init) ?? (isPaperCompatible ? .scaleAdjusted : scale == .channel ? .channel : .joint)
    }

    /// What the nats of EMI are.
    package var scale: InformationScale { ofMainEstimator.about?.scale ?? .shannon }

    /// Whether EMID can be held against a form: both have to be on one scale. Published code compares what it computes.
    package func comparesGap(with form: BoundForm) -> Bool { isPaperCompatible || form.scale == scale }

    /// The name of that form, as a report has it.
    package var boundName: String { bound ?? effectiveBound.rawValue }

    /// How the answers were chosen that the entropy scale is taken from; nil for scales that ask no log probabilities.
    package var effectiveLogProb: AnswerChoice? {
        entropyScale.usesLogProbabilities ? logProb ?? .greedy : nil
    }

    /// How intervals are made.
    package var intervals: IntervalMethod {
        IntervalMethod(confidence: confidence, resamples: bootstrap ?? 0, seed: seed)
    }

    /// The largest set whose pairings are tried under an estimator that works each of them out anew.
    private static let pairingRowLimit = 1_000

    private var relabelsCheaply: Bool { ofMainEstimator.about?.relabelsCheaply ?? false }

    /// B for the test of "answers do not depend on queries", which takes seconds a pairing where sets are large and each is an
    /// estimate of its own.
    func pairingCount(rowCount: Int) -> Int {
        relabelsCheaply || rowCount <= Self.pairingRowLimit ? permutations : 0
    }

    /// The number of relabellings for EMID = 0. They cost next to nothing where rows have contributions, and a q-value among 61
    /// scenarios needs p-values far below 1/100.
    package var gapPermutations: Int {
        relabelsCheaply ? min(20 * permutations, max(permutations, 100_000)) : permutations
    }
}
