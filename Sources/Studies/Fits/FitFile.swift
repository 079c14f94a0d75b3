import EmbeddingFiles
import Information
import LinearAlgebra

/// The version of the layout below; emi refuses a file with another one.
let fitFileVersion = "4"

/// Separates the texts of a list in the metadata; text files of ids do not contain this character.
let separator = "\u{1E}"

/// A fit that can be written to a file.
enum SavedFit: Sendable {
    /// The q of a CLUB estimator.
    case club(CrossFit)
    /// The fit of `reference-channel`.
    case channel(ChannelFit)

    /// Nil for estimators that fit nothing.
    init?(_ prepared: any PreparedEstimator) {
        if let fit = prepared as? CrossFit {
            self = .club(fit)
        } else if let channel = prepared as? PreparedChannel {
            self = .channel(channel.fit)
        } else {
            return nil
        }
    }

    /// A hash of the fit in hexadecimal: values of two runs are comparable when theirs are equal.
    var fingerprint: String {
        let matrices: [Matrix] =
            switch self {
            case .club(let fit): fit.fits.flatMap { [$0.coefficients, $0.precision, $0.answerDirections, $0.queryMap.projection] }
            case .channel(let fit): [fit.directions] + fit.judges.flatMap { [$0.slopes, $0.residuals] }
            }
        let mixed = matrices.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ $1.fingerprint) &* 0x100_0000_01b3 }
        return String(mixed, radix: 16)
    }

    /// Writes the fit to a safetensors file, so that later runs can be judged by it.
    ///
    /// - Parameter settings: the settings of the fit; those that decide its numbers are written into the file.
    /// - Throws: `EmbeddingFileError` when the file cannot be written.
    func save(to path: String, settings: StudySettings) throws {
        switch self {
        case .club(let fit): try saveFit(fit, settings: settings, to: path)
        case .channel(let fit): try saveFit(fit, settings: settings, to: path)
        }
    }
}

/// Writes a fitted q to a safetensors file, so that later runs can be judged by the same q.
///
/// - Parameter settings: the settings of the fit; those that decide its numbers are written into the file.
/// - Throws: `EmbeddingFileError` when the file cannot be written.
func saveFit(_ fit: CrossFit, settings: StudySettings, to path: String) throws {
    var arrays: [NamedArray] = []
    for (index, part) in fit.fits.enumerated() {
        // All fits of a large pool map queries in one form, so the file holds it once, with the first fit.
        let isFirstOfForm = index == 0 || part.queryMap.form != fit.fits[0].queryMap.form
        arrays += partArrays(part, prefix: "\(index)/", hasForm: isFirstOfForm)
    }
    var metadata = fitMetadata(settings)
    for (index, part) in (fit.groupSlopes ?? []).enumerated() {
        arrays.append(NamedArray(name: "\(index)/group_slopes", matrix: part.slopes))
        metadata["group_labels_\(index)"] = part.labels.joined(separator: separator)
    }
    metadata["emi_fit_version"] = fitFileVersion
    metadata["fit_count"] = "\(fit.fits.count)"
    metadata["modalities"] = fit.modalityNames.joined(separator: separator)
    for (index, part) in fit.fits.enumerated() {
        metadata["labels_\(index)"] = part.labels.joined(separator: separator)
    }
    let folds = fit.foldByLabel.sorted { $0.key < $1.key }
    metadata["fold_labels"] = folds.map(\.key).joined(separator: separator)
    metadata["fold_numbers"] = folds.map { "\($0.value)" }.joined(separator: separator)
    let keys = fit.labelByKey.sorted { $0.key < $1.key }
    metadata["keys"] = keys.map(\.key).joined(separator: separator)
    metadata["key_labels"] = keys.map(\.value).joined(separator: separator)
    switch fit.fits[0].queryMap.form {
    case .linear(let fusion):
        metadata["form"] = "linear"
        metadata["fusion"] = fusion?.rawValue
    case .kernel(_, _, let fusion):
        metadata["form"] = "kernel"
        metadata["fusion"] = fusion?.rawValue
    }
    try writeSafetensors(arrays, metadata: metadata, to: path)
}

/// Reads a fitted q that `saveFit` wrote.
///
/// - Throws: `EmbeddingFileError` for a bad file; `RunError` for a file that holds no fit, or a fit whose estimator or preparation of
///   the rows is not that of `settings`.
func loadFit(_ path: String, settings: StudySettings) throws -> any PreparedEstimator {
    let file = try FitReader(path, settings: settings)
    let (byName, metadata) = (file.arrays, file.metadata)
    if settings.estimator == ReferenceChannel.about.name { return PreparedChannel(fit: try file.channel()) }
    let count = metadata["fit_count"].flatMap(Int.init) ?? 0
    guard (1...CrossFit.foldCount).contains(count) else { throw file.refused("\(count) fits") }
    let (labels, numbers) = (file.texts("fold_labels"), file.texts("fold_numbers").compactMap(Int.init))
    let (keys, keyLabels) = (file.texts("keys"), file.texts("key_labels"))
    guard labels.count == numbers.count, keys.count == keyLabels.count, numbers.allSatisfy({ (0..<count).contains($0) })
    else { throw file.refused("labels that do not match") }
    return CrossFit(
        fits: try (0..<count).map { try file.part($0, prefix: "\($0)/") },
        foldByLabel: Dictionary(zip(labels, numbers)) { first, _ in first },
        labelByKey: Dictionary(zip(keys, keyLabels)) { first, _ in first }, modalityNames: file.texts("modalities"),
        groupSlopes: byName["0/group_slopes"] == nil ? nil : try (0..<count).map(file.groupSlopes))
}

/// The settings on which a fit and a run that applies it have to agree.
func fitMetadata(_ settings: StudySettings) -> [String: String] {
    [
        "estimator": settings.estimator, "normalize": "\(settings.normalize)",
        "text_idf": "\(settings.textIdf)",
    ]
}

private func partArrays(_ fit: ClubFit, prefix: String, hasForm: Bool) -> [NamedArray] {
    func vector(_ name: String, _ values: [Double]) -> NamedArray {
        NamedArray(name: prefix + name, matrix: Matrix(rowCount: values.count, columnCount: 1, elements: values))
    }
    func matrix(_ name: String, _ values: Matrix) -> NamedArray { NamedArray(name: prefix + name, matrix: values) }
    var arrays = [
        vector("center", fit.queryMap.center), matrix("projection", fit.queryMap.projection),
        vector("eigenvalues", fit.eigenvalues), vector("answer_center", fit.answerCenter),
        matrix("answer_directions", fit.answerDirections), vector("penalties", fit.penalties),
        matrix("coefficients", fit.coefficients), matrix("precision", fit.precision),
    ]
    // A fit of a large pool keeps nothing about single rows.
    if !fit.labels.isEmpty { arrays += [matrix("basis", fit.basis), matrix("residuals", fit.residuals)] }
    if hasForm, case .kernel(let bandwidths, let landmarks, _) = fit.queryMap.form {
        arrays.append(vector("bandwidths", bandwidths))
        for (index, rows) in landmarks.enumerated() { arrays.append(matrix("landmarks_\(index)", rows)) }
    }
    return arrays
}

/// Reads the parts of a fit from the arrays and the metadata of its file.
struct FitReader {
    let path: String
    let arrays: [String: Matrix]
    let metadata: [String: String]

    /// Opens a file that `saveFit` wrote under the same estimator and preparation of rows.
    ///
    /// - Throws: `EmbeddingFileError` for a bad file; `RunError` for a file that holds no fit, or another one.
    init(_ path: String, settings: StudySettings) throws {
        let (arrays, metadata) = try readSafetensors(path)
        self.path = path
        self.arrays = Dictionary(arrays.map { ($0.name, $0.matrix) }, uniquingKeysWith: { first, _ in first })
        self.metadata = metadata
        guard metadata["emi_fit_version"] == fitFileVersion else {
            throw refused(metadata["emi_fit_version"].map { "version \($0)" } ?? "a safetensors file without one")
        }
        for (name, expected) in fitMetadata(settings).sorted(by: { $0.key < $1.key }) where metadata[name] != expected {
            throw RunError(
                code: "fit_settings",
                message: "\(path): expected a fit with \(name) \(expected), as in this run, found \(metadata[name] ?? "none")",
                hint: "run with the settings of the fit, or make another one with --save-fit")
        }
    }

    func refused(_ found: String) -> RunError {
        RunError(
            code: "not_a_fit", message: "\(path): expected a fit written by --save-fit, found \(found)",
            hint: "write one with: emi estimate --id SET --save-fit FILE.safetensors")
    }

    func texts(_ name: String) -> [String] {
        guard let list = metadata[name], !list.isEmpty else { return [] }
        return list.components(separatedBy: Character(separator))
    }

    func part(_ index: Int, prefix: String) throws -> ClubFit {
        func array(_ name: String, isShared: Bool = false) throws -> Matrix {
            guard let found = arrays[prefix + name] ?? (isShared ? arrays["0/" + name] : nil) else {
                throw refused("no array '\(prefix + name)'")
            }
            return found
        }
        let labels = texts("labels_\(index)")
        func rows(_ name: String, width: Int) throws -> Matrix { labels.isEmpty ? .zeros(0, width) : try array(name) }
        let fusion = metadata["fusion"].flatMap(QueryFusion.init)
        let form: QueryMap.Form
        if metadata["form"] == "kernel" {
            let bandwidths = try array("bandwidths", isShared: true).elements
            guard bandwidths.allSatisfy({ $0 > 0 }) else { throw refused("a bandwidth that is not above 0") }
            form = .kernel(
                bandwidths: bandwidths, landmarks: try bandwidths.indices.map { try array("landmarks_\($0)", isShared: true) },
                fusion: fusion)
        } else {
            form = .linear(fusion: fusion)
        }
        let (eigenvalues, penalties) = (try array("eigenvalues").elements, try array("penalties").elements)
        let fit = ClubFit(
            queryMap: QueryMap(form: form, center: try array("center").elements, projection: try array("projection")),
            basis: try rows("basis", width: eigenvalues.count), eigenvalues: eigenvalues, labels: labels,
            answerCenter: try array("answer_center").elements, answerDirections: try array("answer_directions"),
            penalties: penalties, residuals: try rows("residuals", width: penalties.count),
            coefficients: try array("coefficients"), precision: try array("precision"))
        guard fit.shapesAgree else { throw refused("arrays whose shapes disagree") }
        return fit
    }

    func groupSlopes(_ index: Int) throws -> GroupSlopes {
        let labels = texts("group_labels_\(index)")
        let (slopes, rank) = (arrays["\(index)/group_slopes"], arrays["\(index)/eigenvalues"]?.elements.count ?? 0)
        guard let slopes, !labels.isEmpty, slopes.rowCount == labels.count * rank,
            slopes.columnCount == arrays["\(index)/penalties"]?.elements.count
        else { throw refused("slopes of groups whose shapes disagree") }
        return GroupSlopes(labels: labels, slopes: slopes)
    }
}

extension String {
    /// The parts between separators, empty ones too.
    func components(separatedBy separator: Character) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

extension ClubFit {
    /// Whether all arrays have the shapes that they would have after a fit.
    fileprivate var shapesAgree: Bool {
        let (rows, rank, width) = (basis.rowCount, basis.columnCount, penalties.count)
        let landmarksAgree =
            switch queryMap.form {
            case .linear: true
            case .kernel(_, let landmarks, _):
                landmarks.allSatisfy { $0.rowCount == queryMap.center.count } && !landmarks.isEmpty
            }
        return labels.count == rows && eigenvalues.count == rank && residuals.rowCount == rows
            && residuals.columnCount == width && coefficients.rowCount == rank && coefficients.columnCount == width
            && precision.rowCount == width && precision.columnCount == width && answerDirections.rowCount == width
            && answerDirections.columnCount == answerCenter.count && queryMap.projection.columnCount == rank
            && queryMap.projection.rowCount == queryMap.center.count && landmarksAgree
            && (eigenvalues + penalties).allSatisfy { $0 > 0 }
    }
}
