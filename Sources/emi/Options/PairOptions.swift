import ArgumentParser
import EmbeddingFiles
import Studies

/// Flags that choose the pairs and their columns.
struct PairOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The left side: an array or role of PAIRS, or a file (visual; else text; else response).", valueName: "side"))
    var left: String?
    @Option(help: ArgumentHelp("The right side (text; else response; else reference).", valueName: "side"))
    var right: String?
    @Option(help: ArgumentHelp("The array or key that clusters rows: rows of a group are never each other's decoys.", valueName: "name"))
    var group: String?

    /// The source of the pairs: a set, or a file for each side.
    func source(_ set: String?) -> PairSource { PairSource(bundle: set, left: left, right: right, groupKey: group) }

    /// The source of another set with the same columns.
    func other(_ set: String) -> PairSource {
        PairSource(
            bundle: set, left: left.flatMap { PairSource.isFile($0) ? nil : $0 }, right: right.flatMap { PairSource.isFile($0) ? nil : $0 },
            groupKey: nil)
    }
}

/// Flags that say how pairs are scored.
struct AttributionOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Axes a side that the head lives in.", valueName: "count")) var rank = 64
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The penalty of the head: a number, or auto to choose it by how pairs stand apart from decoys.", valueName: "auto|number"))
    var ridge = RidgeChoice.auto
    @Option(parsing: .unconditional, help: ArgumentHelp("Folds that scores are held out in, by group.", valueName: "count")) var folds = 5
    @Option(parsing: .unconditional, help: ArgumentHelp("Confirm pairs as related up to this q.", valueName: "q")) var alpha = 0.05
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("With --validation: the share of the pairs, of those that harm, to remove and refit.", valueName: "share"))
    var remove = 0.1
    @Flag(help: "With --validation: influence over the size of the change of the weights, too (rank 32 at most).") var relative = false
    @Option(parsing: .unconditional, help: ArgumentHelp("With --trace: wrong answers to trace, the worst first.", valueName: "count"))
    var traced = 10
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("With --trace: pairs to name for each, and to leave out of its refit.", valueName: "count"))
    var causes = 10

    func validate() throws {
        func check(_ isRight: Bool, _ flag: String, _ expected: String, _ found: Any) throws {
            if !isRight { throw ValidationError("--\(flag): expected \(expected), found \(found)") }
        }
        try check((1...1_024).contains(rank), "rank", "1 to 1024", rank)
        try check((2...100).contains(folds), "folds", "2 to 100", folds)
        try check(alpha > 0 && alpha < 1, "alpha", "a number between 0 and 1", alpha)
        try check(remove > 0 && remove < 0.9, "remove", "a share between 0 and 0.9", remove)
        try check((1...10_000).contains(traced), "traced", "1 to 10000", traced)
        try check((1...10_000).contains(causes), "causes", "1 to 10000", causes)
    }

    /// The settings of a run.
    func settings(seed: UInt64) -> AttributionSettings {
        var settings = AttributionSettings()
        settings.rank = rank
        settings.ridge = ridge.value
        settings.folds = folds
        settings.alpha = alpha
        settings.remove = remove
        settings.relative = relative
        settings.traced = traced
        settings.causes = causes
        settings.seed = seed
        return settings
    }
}

/// The ridge penalty: `auto`, or a number above 0.
enum RidgeChoice: ExpressibleByArgument, CustomStringConvertible {
    case auto
    case fixed(Double)

    init?(argument: String) {
        if argument == "auto" {
            self = .auto
        } else {
            guard let value = Double(argument), value > 0, value < .infinity else { return nil }
            self = .fixed(value)
        }
    }

    /// The penalty; nil for `auto`.
    var value: Double? {
        if case .fixed(let value) = self { value } else { nil }
    }

    var description: String { value.map { "\($0)" } ?? "auto" }
}
