import ArgumentParser
import Studies

/// The flags that decide the numbers of a study, whether from the command line or from a manifest; a flag that is absent is nil.
struct StudyFlags: ParsableArguments {
    @OptionGroup var estimator: EstimatorOptions
    @OptionGroup var divergence: DivergenceOptions
    @OptionGroup var bound: BoundOptions
    @OptionGroup var common: CommonOptions
}

extension StudySettings {
    /// The settings after the given flags have replaced what was there.
    func overridden(
        by estimator: EstimatorOptions, _ divergence: DivergenceOptions, _ bound: BoundOptions, _ common: CommonOptions
    ) -> StudySettings {
        var own = self
        estimator.apply(to: &own)
        divergence.apply(to: &own)
        bound.apply(to: &own)
        common.apply(to: &own)
        return own
    }

    /// The settings of a manifest, checked one by one so that each mistake is reported with its line.
    ///
    /// - Parameter unused: the names of settings that are checked and then left out.
    /// - Throws: `RunError` with one line for each mistake.
    init(_ manifest: Manifest, without unused: Set<String> = []) throws {
        self.init()
        var problems: [String] = []
        for setting in manifest.settings {
            let found: StudyFlags?
            do {
                found = try setting.flags(seenFrom: manifest.folder)
            } catch let error as ManifestSettingError {
                problems.append("\(setting.place): \(error.message)")
                continue
            }
            guard let found, !unused.contains(setting.name) else { continue }
            self = overridden(by: found.estimator, found.divergence, found.bound, found.common)
        }
        guard problems.isEmpty else {
            throw RunError(
                code: "bad_manifest", lines: problems,
                hint: "settings are flags of 'emi batch' without their dashes: see 'emi batch --help'")
        }
    }
}

extension Manifest {
    /// Runs checks of settings; what they say of a flag that stands in the manifest, and not on the command line, is said of the manifest.
    ///
    /// - Throws: `RunError` with the line of the manifest, or what the checks throw.
    func namingSettings(_ checks: () throws -> Void) throws {
        do {
            try checks()
        } catch let error as ValidationError {
            let words = CommandLine.arguments.map { $0.prefix { $0 != "=" } }
            guard error.message.hasPrefix("--"),
                let setting = settings.last(where: { error.message.dropFirst(2).prefix { $0 != ":" && $0 != " " } == $0.name }),
                !words.contains("--\(setting.name)")
            else { throw error }
            throw RunError(
                code: "bad_manifest", message: "\(setting.place): settings." + error.message.dropFirst(2),
                hint: "settings are flags of 'emi batch' without their dashes: see 'emi batch --help'")
        }
    }
}

/// What is wrong with one setting of a manifest.
private struct ManifestSettingError: Error {
    let message: String
}

extension Manifest.Setting {
    /// The names that a manifest may have under `settings`. The last two concern the files of every set and are read elsewhere.
    private static let known = StudySettings.names + ["group", "modalities"]
    private static let switches = ["no-normalize", "text-idf"]
    private static let files = ["weights", "fit"]

    /// The setting, parsed as the flag of the same name; nil for a switch that is off.
    ///
    /// - Throws: `ManifestSettingError`.
    fileprivate func flags(seenFrom folder: String) throws -> StudyFlags? {
        guard Self.known.contains(name) else {
            let suggestion = nearestName(to: name, in: Self.known).map { "; did you mean '\($0)'?" } ?? ""
            throw ManifestSettingError(
                message: "settings: expected one of \(Self.known.joined(separator: ", ")), found '\(name)'\(suggestion)")
        }
        var words = ["--\(name)", value]
        if Self.switches.contains(name) {
            switch value {
            case "true", "yes": words = ["--\(name)"]
            case "false", "no": return nil
            default: throw ManifestSettingError(message: "settings.\(name): expected true or false, found '\(value)'")
            }
        } else if Self.files.contains(name), !["pooled", "id"].contains(value), !value.hasPrefix("/") {
            words[1] = folder + value
        }
        do {
            return try StudyFlags.parse(words)
        } catch {
            throw ManifestSettingError(message: "settings.\(name): \(StudyFlags.message(for: error))")
        }
    }
}
