import ArgumentParser
import Studies

/// The flags that a manifest may hold under `settings`.
struct ManifestSettings: ParsableArguments {
    @OptionGroup var estimator: EstimatorOptions
    @OptionGroup var divergence: DivergenceOptions
    @OptionGroup var bound: BoundOptions
    @OptionGroup var common: CommonOptions

    static let names = [
        "estimator", "weights", "alpha", "k", "renyi-kernel", "fuse", "kernel", "bandwidth", "permutations", "compat", "divergence",
        "bound", "entropy-scale", "log-prob", "fit", "confidence", "bootstrap", "no-normalize", "text-idf", "units", "seed", "group", "modalities",
    ]
    fileprivate static let flags = ["no-normalize", "text-idf"]
    fileprivate static let files = ["weights", "fit"]
}

/// A manifest's settings as arguments, each checked by itself so that a mistake is told with its line.
///
/// - Parameter unused: names of settings that are left out, once they are checked.
/// - Throws: `RunError` with one line for each mistake.
func manifestArguments(_ manifest: Manifest, without unused: Set<String> = []) throws -> [String] {
    var arguments: [String] = []
    var problems: [String] = []
    for setting in manifest.settings {
        guard ManifestSettings.names.contains(setting.name) else {
            let suggestion = nearestName(to: setting.name, in: ManifestSettings.names).map { "; did you mean '\($0)'?" } ?? ""
            problems.append(
                "\(setting.place): settings: expected one of \(ManifestSettings.names.joined(separator: ", ")), "
                    + "found '\(setting.name)'\(suggestion)")
            continue
        }
        var words = ["--\(setting.name)", setting.value]
        if ManifestSettings.flags.contains(setting.name) {
            switch setting.value {
            case "true", "yes": words = ["--\(setting.name)"]
            case "false", "no": words = []
            default:
                problems.append("\(setting.place): settings.\(setting.name): expected true or false, found '\(setting.value)'")
                continue
            }
        } else if ManifestSettings.files.contains(setting.name), !["pooled", "id"].contains(setting.value),
            !setting.value.hasPrefix("/"), let slash = manifest.path.lastIndex(of: "/")
        {
            words[1] = String(manifest.path[...slash]) + setting.value
        }
        do {
            _ = try ManifestSettings.parse(words)
            if !unused.contains(setting.name) { arguments += words }
        } catch {
            problems.append("\(setting.place): settings.\(setting.name): \(ManifestSettings.message(for: error))")
        }
    }
    guard problems.isEmpty else {
        throw RunError(
            code: "bad_manifest", message: problems.joined(separator: "\n"),
            hint: "settings are flags of 'emi batch' without their dashes: see 'emi batch --help'")
    }
    return arguments
}
