import EmbeddingFiles
import Information
import LinearAlgebra

/// Version of the layout below; a file with another one is refused.
private let fitFileVersion = "2"

/// Writes a fitted q as a safetensors file, so that later runs are judged by the same q.
///
/// - Throws: `EmbeddingFileError` when the file cannot be written.
public func saveFit(_ fit: ClubFit, to path: String) throws {
    func vector(_ name: String, _ values: [Double]) -> NamedArray {
        NamedArray(name: name, matrix: Matrix(rowCount: values.count, columnCount: 1, elements: values))
    }
    var arrays = [
        vector("center", fit.queryMap.center), NamedArray(name: "projection", matrix: fit.queryMap.projection),
        NamedArray(name: "basis", matrix: fit.basis), vector("eigenvalues", fit.eigenvalues),
        vector("answer_center", fit.answerCenter),
        NamedArray(name: "answer_directions", matrix: fit.answerDirections), vector("penalties", fit.penalties),
        NamedArray(name: "residuals", matrix: fit.residuals),
        NamedArray(name: "coefficients", matrix: fit.coefficients), NamedArray(name: "precision", matrix: fit.precision),
    ]
    var metadata = ["emi_fit_version": fitFileVersion]
    // A label may hold any character but the separator, which no text file of ids contains.
    metadata["labels"] = fit.labels.joined(separator: "\u{1F}")
    switch fit.queryMap.form {
    case .linear(let fusion):
        metadata["form"] = "linear"
        metadata["fusion"] = fusion?.rawValue
    case .kernel(let bandwidths, let landmarks, let fusion):
        metadata["form"] = "kernel"
        metadata["fusion"] = fusion?.rawValue
        arrays.append(vector("bandwidths", bandwidths))
        for (index, rows) in landmarks.enumerated() {
            arrays.append(NamedArray(name: "landmarks_\(index)", matrix: rows))
        }
    }
    try writeSafetensors(arrays, metadata: metadata, to: path)
}

/// Reads a fitted q that `saveFit` wrote.
///
/// - Throws: `EmbeddingFileError` for a bad file, `RunError` for one that holds no fit.
public func loadFit(_ path: String) throws -> ClubFit {
    let (arrays, metadata) = try readSafetensors(path)
    let byName = Dictionary(arrays.map { ($0.name, $0.matrix) }, uniquingKeysWith: { first, _ in first })
    func refused(_ found: String) -> RunError {
        RunError(
            code: "not_a_fit", message: "\(path): expected a fit written by --save-fit, found \(found)",
            hint: "write one with: emi estimate --id SET --save-fit FILE.safetensors")
    }
    guard metadata["emi_fit_version"] == fitFileVersion else {
        throw refused(metadata["emi_fit_version"].map { "version \($0)" } ?? "a safetensors file without one")
    }
    func array(_ name: String) throws -> Matrix {
        guard let found = byName[name] else { throw refused("no array '\(name)'") }
        return found
    }
    let fusion = metadata["fusion"].flatMap(QueryFusion.init)
    let form: QueryMap.Form
    if metadata["form"] == "kernel" {
        let bandwidths = try array("bandwidths").elements
        form = .kernel(
            bandwidths: bandwidths, landmarks: try bandwidths.indices.map { try array("landmarks_\($0)") },
            fusion: fusion)
    } else {
        form = .linear(fusion: fusion)
    }
    let labels = (metadata["labels"] ?? "").split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    let fit = ClubFit(
        queryMap: QueryMap(form: form, center: try array("center").elements, projection: try array("projection")),
        basis: try array("basis"), eigenvalues: try array("eigenvalues").elements, labels: labels,
        answerCenter: try array("answer_center").elements, answerDirections: try array("answer_directions"),
        penalties: try array("penalties").elements, residuals: try array("residuals"),
        coefficients: try array("coefficients"), precision: try array("precision"))
    guard fit.shapesAgree else { throw refused("arrays whose shapes disagree") }
    return fit
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
    }
}
