import EmbeddingFiles
import Information
import LinearAlgebra

/// Writes a channel to a safetensors file: the space that it works in, and the slopes and residuals of every judge.
///
/// - Parameters:
///   - negatives: the rows that answers of some sets are compared with, by the name of the set, for sets that are judged in parts.
///   - namesContent: whether rows without names were fitted under names made of what they hold (`PartJudge`).
/// - Throws: `EmbeddingFileError` when the file cannot be written.
func saveFit(
    _ fit: ChannelFit, settings: StudySettings, negatives: [String: ChannelNegatives] = [:], namesContent: Bool = false, to path: String
) throws {
    func vector(_ name: String, _ values: [Double]) -> NamedArray {
        NamedArray(name: name, matrix: Matrix(rowCount: values.count, columnCount: 1, elements: values))
    }
    func stacked(_ parts: [Matrix]) -> Matrix {
        Matrix(
            rowCount: parts.reduce(0) { $0 + $1.rowCount }, columnCount: fit.componentCount,
            elements: parts.flatMap(\.elements))
    }
    var arrays = [
        vector("mean", fit.mean), NamedArray(name: "directions", matrix: fit.directions), vector("variances", fit.variances),
        vector("shift", fit.shift), NamedArray(name: "slopes", matrix: stacked(fit.judges.map(\.slopes))),
        NamedArray(name: "residuals", matrix: stacked(fit.judges.map(\.residuals))),
        vector("row_counts", fit.judges.map { Double($0.rowCount) }),
        vector(
            "constants",
            [
                fit.kappa, fit.floor, fit.ridge, fit.deviance.constant, fit.deviance.free, fit.deviance.oneCode, Double(fit.rowCount),
                fit.channel.shrinkage, fit.channel.defence, Double(fit.channel.negativeLimit), fit.codes.constant, fit.codes.free,
                fit.codes.oneCode,
            ]),
    ]
    var metadata = fitMetadata(settings)
    metadata["emi_fit_version"] = fitFileVersion
    metadata["knows_content"] = "\(fit.knowsContent)"
    let folds = fit.foldByGroup.sorted { $0.key < $1.key }
    metadata["fold_labels"] = folds.map(\.key).joined(separator: separator)
    metadata["fold_numbers"] = folds.map { "\($0.value)" }.joined(separator: separator)
    let keys = fit.labelByKey.sorted { $0.key < $1.key }
    metadata["keys"] = keys.map(\.key).joined(separator: separator)
    metadata["key_labels"] = keys.map(\.value).joined(separator: separator)
    if namesContent { metadata["labels_content"] = "true" }
    for (place, set) in negatives.sorted(by: { $0.key < $1.key }).enumerated() {
        arrays.append(NamedArray(name: "negatives_\(place)/hashes", matrix: halves(set.value.hashes)))
        arrays.append(NamedArray(name: "negatives_\(place)/references", matrix: set.value.references))
        metadata["negatives_\(place)"] = set.key
    }
    try writeSafetensors(arrays, metadata: metadata, to: path)
}

extension FitReader {
    /// The negatives of sets that are judged in parts, by the name of the set.
    ///
    /// - Throws: `RunError` for arrays of shapes that disagree.
    func negatives() throws -> [String: ChannelNegatives] {
        var found: [String: ChannelNegatives] = [:]
        var place = 0
        while let set = metadata["negatives_\(place)"] {
            guard let references = arrays["negatives_\(place)/references"],
                let hashes = arrays["negatives_\(place)/hashes"].flatMap(wholes),
                hashes.count == references.rowCount, !hashes.isEmpty
            else { throw refused("negatives whose shapes disagree") }
            found[set] = ChannelNegatives(hashes: hashes, references: references)
            place += 1
        }
        return found
    }

    /// Rebuilds the channel from the arrays of the file.
    ///
    /// - Throws: `RunError` for arrays that are missing, not finite or of shapes that disagree.
    func channel() throws -> ChannelFit {
        func array(_ name: String) throws -> Matrix {
            guard let found = arrays[name] else { throw refused("no array '\(name)'") }
            guard found.firstNonFiniteIndex == nil else { throw refused("'\(name)' with a number that is not finite") }
            return found
        }
        let (mean, directions) = (try array("mean").elements, try array("directions"))
        let (variances, shift) = (try array("variances").elements, try array("shift").elements)
        let (slopes, residuals) = (try array("slopes"), try array("residuals"))
        let (counts, constants) = (try array("row_counts").elements, try array("constants").elements)
        let size = directions.rowCount
        let (labels, numbers) = (texts("fold_labels"), texts("fold_numbers").compactMap(Int.init))
        let (keys, keyLabels) = (texts("keys"), texts("key_labels"))
        guard size > 0, mean.count == directions.columnCount, variances.count == size, shift.count == size, !counts.isEmpty,
            slopes.columnCount == size, residuals.columnCount == size, slopes.rowCount == counts.count * (size + 1),
            residuals.rowCount == counts.count * size, constants.count == 13, variances.allSatisfy({ $0 > 0 }),
            counts.allSatisfy({ $0 >= 1 && $0 < 0x1p53 }), labels.count == numbers.count, keys.count == keyLabels.count,
            numbers.allSatisfy({ counts.indices.contains($0) })
        else { throw refused("arrays whose shapes disagree") }
        var channel = ReferenceChannel()
        (channel.shrinkage, channel.defence) = (constants[7], constants[8])
        let (floor, rowCount, negativeLimit) = (constants[1], constants[6], constants[9])
        guard floor > 0, (0...1).contains(channel.shrinkage), channel.defence > 0, channel.defence < 1, (1..<0x1p53).contains(rowCount),
            (1..<0x1p31).contains(negativeLimit)
        else { throw refused("constants outside their range") }
        channel.negativeLimit = Int(negativeLimit)
        let judges = try counts.indices.map { index in
            try ChannelJudge(
                slopes: slopes.selectingRows(Array(index * (size + 1)..<(index + 1) * (size + 1))),
                residuals: residuals.selectingRows(Array(index * size..<(index + 1) * size)), rowCount: Int(counts[index]),
                channel: channel, floor: floor)
        }
        return ChannelFit(
            channel: channel, mean: mean, directions: directions, variances: variances, shift: shift, kappa: constants[0], floor: floor,
            ridge: constants[2], deviance: ChannelFit.Deviance(constant: constants[3], free: constants[4], oneCode: constants[5]),
            codes: ChannelFit.Deviance(constant: constants[10], free: constants[11], oneCode: constants[12]),
            judges: judges, foldByGroup: Dictionary(zip(labels, numbers)) { first, _ in first },
            labelByKey: Dictionary(zip(keys, keyLabels)) { first, _ in first }, knowsContent: metadata["knows_content"] == "true",
            rowCount: Int(rowCount))
    }
}
