import ArgumentParser
import Information
import Scenarios

/// The estimator of mutual information and its parameters.
struct EstimatorOptions: ParsableArguments {
    /// Every estimator that applies, beside the default.
    static let all = "all"

    @Option(
        help: ArgumentHelp(
            "The estimator: \(Estimator.names.joined(separator: ", ")); in emi estimate also all.", valueName: "name"))
    var estimator = "club-kernel"
    @OptionGroup var parameters: EstimatorParameters

    func validate() throws {
        guard estimator != Self.all else { return }
        try checkName(estimator, in: Estimator.names, flag: "--estimator")
    }

    func apply(to settings: inout RunSettings) {
        settings.estimator = estimator
        parameters.apply(to: &settings)
    }
}

/// What single estimators can be told.
struct EstimatorParameters: ParsableArguments {
    @Option(help: ArgumentHelp("The weights of club-network.", valueName: "file.safetensors"))
    var weights: String?
    @Option(help: ArgumentHelp("The order of matrix-renyi.", valueName: "order"))
    var alpha = 1.0
    @Option(help: ArgumentHelp("The kernel of matrix-renyi: \(MatrixRenyiInformation.kernelNames.joined(separator: ", ")).", valueName: "name"))
    var renyiKernel = "rbf"
    @Option(name: .customLong("k"), help: ArgumentHelp("The nearest neighbours of ksg and auto.", valueName: "count"))
    var neighbourCount = 5
    @Option(help: "How modalities become one query: mean, concat or product (each estimator has its own default).")
    var fuse: QueryFusion?

    func validate() throws {
        guard alpha > 0, alpha.isFinite else { throw ValidationError("--alpha: expected an order above 0, found \(alpha)") }
        try checkName(renyiKernel, in: MatrixRenyiInformation.kernelNames, flag: "--renyi-kernel")
        guard neighbourCount >= 1 else { throw ValidationError("--k: expected at least 1 neighbour, found \(neighbourCount)") }
    }

    func apply(to settings: inout RunSettings) {
        settings.weights = weights
        settings.alpha = alpha
        settings.renyiKernel = renyiKernel
        settings.neighbourCount = neighbourCount
        settings.fusion = fuse
    }
}

/// The divergence and its law under relabelling.
struct DivergenceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kernel of the divergences: \(Kernel.names.joined(separator: ", ")).", valueName: "name"))
    var kernel = "linear"
    @Option(help: ArgumentHelp("The bandwidth of rbf and laplacian (the median distance).", valueName: "value"))
    var bandwidth: Double?
    @Option(help: ArgumentHelp("Random relabellings for debiasing and p-values.", valueName: "count"))
    var permutations = 100
    @Option(help: "Follow published code in what it does differently: paper.")
    var compat: Compatibility?

    enum Compatibility: String, ExpressibleByArgument, CaseIterable {
        case paper
    }

    func validate() throws {
        try checkName(kernel, in: Kernel.names, flag: "--kernel")
        // Beyond these every two rows are unlike or alike, whatever the data.
        if let bandwidth, !(1e-100...1e100).contains(bandwidth) {
            throw ValidationError(
                "--bandwidth: expected a number above 0 of the size of the distances between rows (1e-100 to 1e100), "
                    + "found \(bandwidth)")
        }
        guard (0...1_000_000).contains(permutations) else {
            throw ValidationError("--permutations: expected 0 to 1000000, found \(permutations)")
        }
    }

    func apply(to settings: inout RunSettings) {
        settings.kernel = kernel
        settings.bandwidth = bandwidth
        settings.permutations = permutations
        settings.paperCompatibility = compat == .paper
    }
}

/// The help of `--group` where a command takes arrays one by one.
let groupHelp = ArgumentHelp("The array or key that clusters rows (the one called group, if there is one).", valueName: "name")

extension QueryFusion: ExpressibleByArgument {}
extension DivergenceChoice: ExpressibleByArgument {}
extension BoundForm: ExpressibleByArgument {}
extension AnswerChoice: ExpressibleByArgument {}

extension EntropyScale: ExpressibleByArgument {
    /// `kernel`, VALUE or alphabet:K; nil for anything else.
    public init?(argument: String) {
        self.init(argument)
        // The entropy of one answer is zero, and so would be every bound.
        if case .alphabet(let count) = self, count < 2 { return nil }
    }
}

/// Throws the sentence for a name that is not known, with the one that was likely meant.
func checkName(_ name: String, in names: [String], flag: String) throws {
    guard !names.contains(name) else { return }
    let suggestion = nearestName(to: name, in: names).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError("\(flag): expected one of \(names.joined(separator: ", ")), found '\(name)'.\(suggestion)")
}
