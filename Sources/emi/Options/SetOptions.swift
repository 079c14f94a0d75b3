import ArgumentParser
import EmbeddingFiles

/// The files of the ID set.
struct IDOptions: ParsableArguments {
    @Option(
        name: .customLong("id"), help: ArgumentHelp("The ID set: a bundle, a folder, or a file of texts.", valueName: "set"),
        completion: .file())
    var bundle: String?
    @Option(name: .customLong("id-visual"), help: ArgumentHelp("Its visual embeddings.", valueName: "file"), completion: .file())
    var visual: String?
    @Option(name: .customLong("id-text"), help: ArgumentHelp("Its question texts or embeddings.", valueName: "file"), completion: .file())
    var text: String?
    @Option(name: .customLong("id-response"), help: ArgumentHelp("The model's responses.", valueName: "file"), completion: .file())
    var response: String?
    @Option(
        name: .customLong("id-reference"),
        help: ArgumentHelp("The references; also those of the OOD set where it has none.", valueName: "file"), completion: .file())
    var reference: String?
    @Option(name: .customLong("id-modality"), help: ArgumentHelp("Another modality.", valueName: "name=file"))
    var modalities: [NamedFile] = []
    @Option(
        name: .customLong("id-key"),
        help: ArgumentHelp(
            "The column that names its rows and joins its files (one that both files have and that names every row).", valueName: "name"))
    var key: String?

    /// What was named; nil for nothing.
    func source(_ selection: SelectionOptions) -> SampleSource? {
        makeSource(bundle, visual, text, response, reference, modalities, key, selection)
    }
}

/// The files of the OOD set.
struct OODOptions: ParsableArguments {
    @Option(name: .customLong("ood"), help: ArgumentHelp("The OOD set, as --id.", valueName: "set"), completion: .file())
    var bundle: String?
    @Option(name: .customLong("ood-visual"), help: ArgumentHelp("As --id-visual.", valueName: "file"), completion: .file())
    var visual: String?
    @Option(name: .customLong("ood-text"), help: ArgumentHelp("As --id-text.", valueName: "file"), completion: .file())
    var text: String?
    @Option(name: .customLong("ood-response"), help: ArgumentHelp("As --id-response.", valueName: "file"), completion: .file())
    var response: String?
    @Option(name: .customLong("ood-reference"), help: ArgumentHelp("As --id-reference.", valueName: "file"), completion: .file())
    var reference: String?
    @Option(name: .customLong("ood-modality"), help: ArgumentHelp("As --id-modality.", valueName: "name=file"))
    var modalities: [NamedFile] = []
    @Option(name: .customLong("ood-key"), help: ArgumentHelp("As --id-key.", valueName: "name"))
    var key: String?

    /// What was named; nil for nothing.
    func source(_ selection: SelectionOptions) -> SampleSource? {
        makeSource(bundle, visual, text, response, reference, modalities, key, selection)
    }
}

/// Flags that say what to take from the files of every set.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The array or key that clusters rows, for example several questions on one image.", valueName: "name"))
    var group: String?
    @Option(help: ArgumentHelp("The modalities to use, separated by commas (all).", valueName: "names"))
    var modalities: String?

    func validate() throws {
        if let modalities, selectedModalities?.contains(where: { !$0.isEmpty }) != true {
            throw ValidationError("--modalities: expected names separated by commas, such as visual,text, found '\(modalities)'")
        }
        let names = selectedModalities ?? []
        if let (_, again) = names.enumerated().first(where: { names[..<$0.offset].contains($0.element) }) {
            throw ValidationError("--modalities: expected each name once, found '\(again)' twice")
        }
    }

    var selectedModalities: [String]? {
        modalities.map { $0.split(separator: ",").map { String($0).trimmingSpaces } }
    }
}

/// An argument of the form `NAME=FILE`.
struct NamedFile: ExpressibleByArgument {
    let name: String
    let file: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        name = String(argument[..<equals])
        file = String(argument[argument.index(after: equals)...])
        if name.isEmpty || file.isEmpty { return nil }
    }
}

private func makeSource(
    _ bundle: String?, _ visual: String?, _ text: String?, _ response: String?, _ reference: String?,
    _ modalities: [NamedFile], _ key: String?, _ selection: SelectionOptions
) -> SampleSource? {
    let named =
        [("visual", visual), ("text", text)].compactMap { name, file in file.map { (name: name, file: $0) } }
        + modalities.map { (name: $0.name, file: $0.file) }
    guard bundle != nil || !named.isEmpty || response != nil else { return nil }
    return SampleSource(
        bundle: bundle, modalities: named, response: response, reference: reference, groupKey: selection.group,
        selectedModalities: selection.selectedModalities, identifierKey: key)
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
