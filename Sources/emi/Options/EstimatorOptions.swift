import ArgumentParser
import Information
import Statistics
import Studies

/// Flags for the estimator of mutual information and its parameters.
struct EstimatorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The estimator: \(EstimatorCatalogue.names.joined(separator: ", ")); in emi estimate and batch also all. \
            (default: \(StudySettings().estimator))
            """, valueName: "name"), completion: .list(EstimatorCatalogue.names))
    var estimator: String?
    @OptionGroup var parameters: ParameterOptions
    @Option(help: "How modalities become one query: mean, concat or product (each estimator has its own default).")
    var fuse: QueryFusion?

    func validate() throws {
        guard let estimator, estimator != StudySettings.allEstimators else { return }
        try checkName(estimator, in: EstimatorCatalogue.names, flag: "--estimator")
    }

    func apply(to settings: inout StudySettings) {
        if let estimator { settings.estimator = estimator }
        if let fuse { settings.fuse = fuse }
        parameters.apply(to: &settings)
    }
}

/// Flags for parameters that only some estimators have.
struct ParameterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The weights of club-network.", valueName: "file.safetensors"), completion: .file())
    var weights: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The order of matrix-renyi (1).", valueName: "order"))
    var alpha: Double?
    @Option(
        help: ArgumentHelp(
            "The kernel of matrix-renyi: \(MatrixRenyiInformation.kernelNames.joined(separator: ", ")) (rbf).", valueName: "name"),
        completion: .list(MatrixRenyiInformation.kernelNames))
    var renyiKernel: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The nearest neighbours of ksg and auto (5).", valueName: "count"))
    var k: Int?

    func validate() throws {
        if let renyiKernel { try checkName(renyiKernel, in: MatrixRenyiInformation.kernelNames, flag: "--renyi-kernel") }
    }

    func apply(to settings: inout StudySettings) {
        if let weights { settings.weights = weights }
        if let alpha { settings.alpha = alpha }
        if let renyiKernel { settings.renyiKernel = renyiKernel }
        if let k { settings.k = k }
    }
}

/// Flags for the divergence and its relabellings.
struct DivergenceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kernel of the divergences: \(Kernel.names.joined(separator: ", ")). (default: \(StudySettings().kernel))",
            valueName: "name"), completion: .list(Kernel.names))
    var kernel: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The bandwidth of rbf and laplacian (the median distance).", valueName: "value"))
    var bandwidth: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Random relabellings for debiasing and p-values. (default: \(StudySettings().permutations))", valueName: "count"))
    var permutations: Int?
    @Option(help: "Follow published code in what it does differently: paper.")
    var compat: StudySettings.Compatibility?

    func validate() throws {
        if let kernel { try checkName(kernel, in: Kernel.names, flag: "--kernel") }
        // Beyond these limits the kernel is 0 or 1 for every two different rows, whatever the data.
        if let bandwidth, !(1e-100...1e100).contains(bandwidth) {
            throw ValidationError(
                "--bandwidth: expected a number above 0 of the size of the distances between rows (1e-100 to 1e100), "
                    + "found \(bandwidth)")
        }
        if let permutations { try checkPermutations(permutations) }
    }

    func apply(to settings: inout StudySettings) {
        if let kernel { settings.kernel = kernel }
        if let bandwidth { settings.bandwidth = bandwidth }
        if let permutations { settings.permutations = permutations }
        if let compat { settings.compat = compat }
    }
}

/// The help of `--group` in commands that take single arrays.
let groupHelp = ArgumentHelp("The array or key that clusters rows (the one called group, if there is one).", valueName: "name")

extension QueryFusion: ExpressibleByArgument {}
extension DivergenceChoice: ExpressibleByArgument {}
extension BoundForm: ExpressibleByArgument {}
extension AnswerChoice: ExpressibleByArgument {}
extension StudySettings.Compatibility: ExpressibleByArgument {}

extension EntropyScale: ExpressibleByArgument {
    /// Reads the argument like `init(_:)`.
    public init?(argument: String) {
        self.init(argument)
    }
}

/// Throws for an unknown name, with a sentence that suggests the name that was likely meant.
func checkName(_ name: String, in names: [String], flag: String) throws {
    guard !names.contains(name) else { return }
    let suggestion = nearestName(to: name, in: names).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError("\(flag): expected one of \(names.joined(separator: ", ")), found '\(name)'.\(suggestion)")
}
