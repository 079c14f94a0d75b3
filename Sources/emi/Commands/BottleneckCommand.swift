import ArgumentParser
import EmbeddingFiles
import Foundation
import Reports
import Studies

/// `emi bottleneck`: measures what a small representation keeps about the answers, and the rates of posteriors that models export.
struct BottleneckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bottleneck",
        abstract:
            "How much a query tells of its reference, in how many directions, and what is left of it under shift.",
        discussion: reflowed(
            """
            The Gaussian information bottleneck of the ID set: held-out canonical correlations, the information plane, and the smallest
            representation that keeps what is resolved. Beside it stand all columns, as many principal components and a random
            projection: divergences fall with the number of columns alone. A probe reads the answers from each, also under shift.

            --posterior reads posteriors that a model exports (mean and log_variance, n x d, or visual_mean, …) and gives their exact
            rates, with the best prior and bounds of I(X;Z); several files are compared with the first, row by row.

            EXAMPLES:
              emi bottleneck --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/defocus_blur_5.npz
              emi bottleneck Fixtures/digits/manifest.yaml --permutations 0 \\
                -o bottleneck.json -o bottleneck.html
              emi bottleneck --id Fixtures/digits/clean.npz --of text --kernel linear
            """))

    @Argument(help: ArgumentHelp("A manifest, in the place of --id and --ood.", valueName: "manifest"), completion: .file()) var manifest:
        String?
    @OptionGroup(title: "ID set") var id: IDOptions
    @OptionGroup(title: "OOD set") var ood: OODOptions
    @OptionGroup(title: "Rows and modalities") var selection: SelectionOptions
    @OptionGroup(title: "Bottleneck") var options: BottleneckOptions
    @OptionGroup(title: "Posteriors") var posteriors: PosteriorOptions
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<BottleneckFormat>
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        let hasSets = id.source(selection) != nil
        switch (posteriors.files.isEmpty, manifest == nil, hasSets) {
        case (false, true, false): break
        case (false, _, _): throw ValidationError("--posterior: expected no sets beside it, found some")
        case (true, true, false): throw ValidationError("expected a manifest, --id SET, or --posterior FILE")
        case (true, false, true): throw ValidationError("expected a manifest or --id, found both")
        default: break
        }
        try checkConfidence(options.confidence)
        if outputs.targets.contains(where: { $0.format == .html }), !posteriors.files.isEmpty {
            throw ValidationError("--format: expected text, json or markdown for posteriors, found html")
        }
        let inputs = [id.source(selection), ood.source(selection)].flatMap { $0?.files ?? [] }
        try outputs.check(against: inputs + [manifest].compactMap { $0 } + posteriors.files)
    }

    func run() throws {
        try reportingErrors {
            if posteriors.files.isEmpty { try runSets() } else { try runPosteriors() }
        }
    }

    private func runPosteriors() throws {
        let results = try posteriors.files.flatMap {
            try runPosterior(
                $0, group: selection.group, confidence: options.confidence, bounds: !posteriors.noBounds,
                threadCount: common.threadCount)
        }
        var report = PosteriorReport(
            results, confidence: options.confidence, showsPublished: posteriors.compat != nil, unit: common.units ?? .nats)
        report.environment = common.environment
        report.provenance = Report.Provenance(fileDigests(posteriors.files, threadCount: 1))
        try outputs.write { format, _ in
            switch format {
            case .json: try jsonText(of: report)
            case .markdown: report.markdown
            case .text, .html: report.text
            }
        }
    }

    private func runSets() throws {
        let settings = options.settings(seed: common.seed ?? 0)
        let sets: [StudySet]
        if let manifest {
            let read = try readManifest(manifest)
            sets = [read.id] + read.scenarios
        } else {
            sets = [id.source(selection), ood.source(selection)].compactMap { $0 }.map { StudySet(source: $0) }
        }
        var study = StudySettings()
        study.normalize = settings.normalize
        study.seed = settings.seed
        let loader = try SetLoader(id: sets[0], settings: study, threadCount: common.threadCount)
        let shifts = try sets.dropFirst().map {
            (set: try loader.load($0, threadCount: common.threadCount), kind: $0.kind)
        }
        let labels = try options.label.map { key in
            try zip(sets, [loader.id] + shifts.map(\.set)).map {
                // Labels are in the order of the files, but rows are sorted by name.
                let places = $1.placesInFiles
                let labels = try answerLabels(of: $0, key: key, rowCount: places?.count ?? $1.set.rowCount)
                return places.map { $0.places.map { labels[$0] } } ?? labels
            }
        }
        let result = try runBottleneck(
            id: loader.id, shifts: shifts, labels: labels, settings: settings, threadCount: common.threadCount)
        var report = BottleneckReport(result, settings: settings, unit: common.units ?? .nats)
        report.environment = common.environment
        let files = [manifest].compactMap { $0 } + sets.flatMap(\.files)
        report.provenance = Report.Provenance(fileDigests(files, threadCount: common.threadCount))
        if let folder = options.export {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try exportBottleneck(result, to: folder)
        }
        try outputs.write { format, _ in try report.rendered(format) }
    }
}

/// Flags that say what the bottleneck is computed from and how it is judged.
struct BottleneckOptions: ParsableArguments {
    @Option(help: ArgumentHelp("X: query, response, or a modality.", valueName: "name")) var of = "query"
    @Option(name: .customLong("for"), help: "Y: reference or response.") var target = BottleneckSettings.Target
        .reference
    @Option(
        help: """
            The features of X in which directions are linear: its columns (linear), or the kernel of modalities alone and together \
            (product), which keeps more under shift.
            """)
    var kernel = BottleneckSettings.Features.product
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Nats of X that a nat of Y may cost (the smallest that keeps what is resolved).", valueName: "value"))
    var beta: Double?
    @Option(parsing: .unconditional, help: ArgumentHelp("The largest number of columns.", valueName: "count")) var rank: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Pairings and relabellings for p-values and the excess of divergences.", valueName: "count"))
    var permutations = 100
    @Option(parsing: .unconditional, help: "The confidence of intervals.") var confidence = 0.95
    @Flag(help: "Use rows as they are, without dividing by their norms.") var noNormalize = false
    @Option(
        help: ArgumentHelp(
            "The array or key with what an answer says, whatever its words: the probe reads that (equal references).",
            valueName: "name"))
    var label: String?
    @Option(
        help: ArgumentHelp(
            """
            A folder for the sets in the bottleneck, as .safetensors bundles that every command reads; the encoder has seen the ID rows.
            """, valueName: "folder"), completion: .directory)
    var export: String?

    func validate() throws {
        if let beta, !(beta >= 1 && beta.isFinite) {
            throw ValidationError("--beta: expected at least 1, found \(beta)")
        }
        if let rank, rank < 1 { throw ValidationError("--rank: expected at least 1, found \(rank)") }
        guard (0...100_000).contains(permutations) else {
            throw ValidationError("--permutations: expected 0 to 100000, found \(permutations)")
        }
    }

    /// The settings of a run.
    func settings(seed: UInt64) -> BottleneckSettings {
        var settings = BottleneckSettings()
        (settings.of, settings.target, settings.kernel) = (of, target, kernel)
        (settings.beta, settings.rank, settings.permutations) = (beta, rank, permutations)
        (settings.confidence, settings.normalize, settings.seed) = (confidence, !noNormalize, seed)
        return settings
    }
}

/// Flags for posteriors that models export.
struct PosteriorOptions: ParsableArguments {
    @Option(
        name: .customLong("posterior"),
        help: ArgumentHelp(
            "Posteriors of a model, in the place of sets; may be repeated, the first is compared with.",
            valueName: "file"), completion: .file())
    var files: [String] = []
    @Flag(name: .customLong("no-bounds"), help: "Leave out the bounds of I(X;Z), which cost the square of the rows.")
    var noBounds = false
    @Option(help: "Also what published code logs: vittle.") var compat: PublishedBottleneck?
}

/// Published code whose values can be shown beside the exact ones.
enum PublishedBottleneck: String, ExpressibleByArgument, CaseIterable {
    case vittle
}

extension BottleneckSettings.Target: ExpressibleByArgument {}
extension BottleneckSettings.Features: ExpressibleByArgument {}
extension BottleneckFormat: ExpressibleByArgument {}
