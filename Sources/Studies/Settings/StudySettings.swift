import Information
import Statistics

/// Everything that decides the numbers of a run: the same settings and the same input give the same report.
///
/// Each property is also a flag of the program, a key of a manifest's `settings` and a key of a report, under one name (`entropyScale`
/// is `--entropy-scale` and `entropy_scale`). Nil means that the user did not choose; `resolved` fills in what the run then takes.
public struct StudySettings: Codable, Sendable, Equatable {
    /// The estimator's name: one of `EstimatorCatalogue.names`, or `allEstimators`.
    public var estimator = EstimatorCatalogue.standard.about.name
    /// The file with the weights of `club-network`.
    public var weights: String?
    /// How many nearest neighbours `ksg` and `auto` look at; nil is 5.
    public var k: Int?
    /// The order of the Rényi entropy in `matrix-renyi`; nil is 1.
    public var alpha: Double?
    /// The kernel of `matrix-renyi`: one of `MatrixRenyiInformation.kernelNames`; nil is rbf.
    public var renyiKernel: String?
    /// How modalities are fused into one query; nil lets the estimator choose.
    public var fuse: QueryFusion?
    /// The kernel of the divergences: one of `Kernel.names`.
    public var kernel = "linear"
    /// The bandwidth of the kernels `rbf` and `laplacian`; nil is the median distance between rows.
    public var bandwidth: Double?
    /// B, the number of random relabellings that tests and debiasing draw.
    public var permutations = 100
    /// Whose published code to follow where it departs from emi; nil follows nobody's.
    public var compat: Compatibility?
    /// Which divergence enters bounds and shares; nil is `debiased`, or `plugin` when there are no relabellings to debias with.
    public var divergence: DivergenceChoice?
    /// The selected form of the bound, of `BoundForm`; nil is `channel` under the reference channel, `joint` under other estimators,
    /// and `scale-adjusted` under `compat`. It is a text so that this version can read reports with forms of later versions.
    public var bound: String?
    /// How the entropies that scale the bound are found.
    public var entropyScale = EntropyScale.kernel
    /// How the model chose the answers whose log probabilities `log-prob` uses; nil is `greedy`, the choice that guarantees less.
    public var logProb: AnswerChoice?
    /// The sets on which q is fitted; nil is `pooled`.
    public var fit: FitChoice?
    /// The confidence level of all intervals, between 0 and 1.
    public var confidence = 0.95
    /// Resamples of the studentised bootstrap over groups; nil for Student's t intervals.
    public var bootstrap: Int?
    /// Whether rows are divided by their norms.
    public var normalize = true
    /// Whether n-grams of texts are weighted by how rare they are in the ID set.
    public var textIdf = false
    /// The units of information in reports.
    public var units = InformationUnit.nats
    /// The seed of every random step.
    public var seed: UInt64 = 0
    /// The number of relabellings that test EMID. No user sets it: `resolved` fills in `gapPermutations`, so that reports show it.
    public private(set) var emidPermutations: Int?

    /// The program's defaults.
    public init() {}

    /// Published code that emi can follow.
    public enum Compatibility: String, Codable, Sendable, CaseIterable {
        /// The code of the authors of arXiv 2502.00577.
        case paper
    }

    /// The estimator name that asks for every other estimator's values beside those of the default.
    public static let allEstimators = "all"

    /// The names of the settings in a manifest, which are those of the flags.
    package static let names: [String] = Mirror(reflecting: StudySettings()).children.compactMap(\.label)
        .filter { $0 != "emidPermutations" }
        .map { $0 == "normalize" ? "no-normalize" : $0.map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined() }
}

extension StudySettings {
    /// The settings as a report shows them: choices left open are filled in, those that the estimator does not use are left out.
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

    /// The settings with the estimator that the report is about: the default one when all are asked for.
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

    /// The form of the bound that reports show as `bound`.
    package var effectiveBound: BoundForm {
        bound.flatMap(BoundForm.init) ?? (isPaperCompatible ? .scaleAdjusted : scale == .channel ? .channel : .joint)
    }

    /// The scale of EMI's nats: they compare only with nats of the same scale.
    package var scale: InformationScale { ofMainEstimator.about?.scale ?? .shannon }

    /// Whether EMID may be compared with a form of the bound: both have to be on one scale. Published code compares them regardless.
    package func comparesGap(with form: BoundForm) -> Bool { isPaperCompatible || form.scale == scale }

    /// The name of the bound's form, as a report shows it.
    package var boundName: String { bound ?? effectiveBound.rawValue }

    /// How the model chose the answers that the entropy scale is taken from; nil for scales that use no log probabilities.
    package var effectiveLogProb: AnswerChoice? {
        entropyScale.usesLogProbabilities ? logProb ?? .greedy : nil
    }

    /// How intervals are made.
    package var intervals: IntervalMethod {
        IntervalMethod(confidence: confidence, resamples: bootstrap ?? 0, seed: seed)
    }

    /// The most rows that a set may have for the independence test to run under an estimator that computes every pairing anew.
    private static let pairingRowLimit = 1_000

    private var relabelsCheaply: Bool { ofMainEstimator.about?.relabelsCheaply ?? false }

    /// The number of pairings in the test of "answers do not depend on queries"; 0 when the set is large and every pairing is an
    /// estimate of its own, which takes seconds each.
    func pairingCount(rowCount: Int) -> Int {
        relabelsCheaply || rowCount <= Self.pairingRowLimit ? permutations : 0
    }

    /// The number of relabellings that test "EMID is 0". They cost little when the estimator is a sum over rows, and a small q-value among
    /// 61 scenarios needs p-values far below 1/100; 2,000 relabellings are enough for it.
    package var gapPermutations: Int {
        relabelsCheaply ? max(permutations, min(20 * permutations, 2_000)) : permutations
    }
}
