import ArgumentParser
import Information
import Statistics
import Studies

/// The estimator of mutual information and its parameters.
struct EstimatorOptions: ParsableArguments {
    /// Every estimator that applies, beside the default.
    static let all = "all"

    @Option(
        help: ArgumentHelp(
            "The estimator: \(Estimator.names.joined(separator: ", ")); in emi estimate and batch also all.", valueName: "name"))
    var estimator = "club-kernel"
    @OptionGroup var parameters: EstimatorParameters
    @Option(help: "How modalities become one query: mean, concat or product (each estimator has its own default).")
    var fuse: QueryFusion?

    func validate() throws {
        guard estimator != Self.all else { return }
        try checkName(estimator, in: Estimator.names, flag: "--estimator")
    }

    func apply(to settings: inout StudySettings) {
        // The report of all is that of the default; the others stand beside it.
        settings.comparesEstimators = estimator == Self.all
        settings.estimator = estimator == Self.all ? Estimator.names[0] : estimator
        settings.fusion = fuse
        parameters.apply(to: &settings)
    }
}

/// What single estimators can be told.
struct EstimatorParameters: ParsableArguments {
    @Option(help: ArgumentHelp("The weights of club-network.", valueName: "file.safetensors"))
    var weights: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The order of matrix-renyi (1).", valueName: "order"))
    var alpha: Double?
    @Option(
        help: ArgumentHelp("The kernel of matrix-renyi: \(MatrixRenyiInformation.kernelNames.joined(separator: ", ")) (rbf).", valueName: "name"))
    var renyiKernel: String?
    @Option(name: .customLong("k"), parsing: .unconditional, help: ArgumentHelp("The nearest neighbours of ksg and auto (5).", valueName: "count"))
    var neighbourCount: Int?

    func validate() throws {
        if let renyiKernel { try checkName(renyiKernel, in: MatrixRenyiInformation.kernelNames, flag: "--renyi-kernel") }
    }

    func apply(to settings: inout StudySettings) {
        settings.weights = weights
        if let alpha { settings.alpha = alpha }
        if let renyiKernel { settings.renyiKernel = renyiKernel }
        if let neighbourCount { settings.neighbourCount = neighbourCount }
    }
}

/// The divergence and its law under relabelling.
struct DivergenceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kernel of the divergences: \(Kernel.names.joined(separator: ", ")).", valueName: "name"))
    var kernel = "linear"
    @Option(parsing: .unconditional, help: ArgumentHelp("The bandwidth of rbf and laplacian (the median distance).", valueName: "value"))
    var bandwidth: Double?
    @Option(parsing: .unconditional, help: ArgumentHelp("Random relabellings for debiasing and p-values.", valueName: "count"))
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

    func apply(to settings: inout StudySettings) {
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
    /// As `init(_:)`.
    package init?(argument: String) {
        self.init(argument)
    }
}

/// Throws the sentence for a name that is not known, with the one that was likely meant.
func checkName(_ name: String, in names: [String], flag: String) throws {
    guard !names.contains(name) else { return }
    let suggestion = nearestName(to: name, in: names).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError("\(flag): expected one of \(names.joined(separator: ", ")), found '\(name)'.\(suggestion)")
}
