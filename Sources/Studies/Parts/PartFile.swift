import EmbeddingFiles
import Information
import LinearAlgebra

/// The version of the layout below; another one is refused.
private let partFileVersion = "1"

extension SetPart {
    /// Writes the part to a safetensors file: completely or not at all.
    ///
    /// - Throws: `EmbeddingFileError` when the file cannot be written.
    package func save(to path: String) throws {
        var arrays: [NamedArray] = []
        var metadata = [
            "emi_part_version": partFileVersion, "set": set, "normalize": "\(recipe.normalize)", "labels": recipe.labels,
            "input_digests": inputs.map(\.digest).joined(separator: separator),
            "input_paths": inputs.map(\.path).joined(separator: separator),
            "input_rows": inputs.map { "\($0.rowCount)" }.joined(separator: separator),
        ]
        metadata["fit"] = recipe.fit
        for (name, moments) in moments.sorted(by: { $0.key < $1.key }) {
            arrays.append(NamedArray(name: "moments/\(name)/counts", matrix: column(moments.counts.map(Double.init))))
            arrays.append(NamedArray(name: "moments/\(name)/sums", matrix: moments.sums))
            let triangle = moments.products.first?.elements.count ?? 0
            arrays.append(
                NamedArray(
                    name: "moments/\(name)/products",
                    matrix: Matrix(
                        rowCount: moments.bucketCount, columnCount: triangle, elements: moments.products.flatMap(\.elements))))
        }
        if !labelHashes.isEmpty { arrays.append(NamedArray(name: "label_hashes", matrix: halves(labelHashes))) }
        if let kept {
            arrays.append(NamedArray(name: "kept/hashes", matrix: halves(kept.hashes)))
            arrays.append(NamedArray(name: "kept/references", matrix: kept.references))
            arrays.append(NamedArray(name: "kept/responses", matrix: kept.responses))
            arrays.append(NamedArray(name: "kept/complete_hash", matrix: halves([kept.completeHash])))
            metadata["kept_labels"] = kept.labels.joined(separator: separator)
        }
        if let judged {
            let sums = [judged.counts, judged.model, judged.reference, judged.similarity]
            arrays.append(NamedArray(name: "judged", matrix: Matrix(rows: sums)))
        }
        try writeSafetensors(arrays, metadata: metadata, to: path)
    }

    /// Reads a part that `save` wrote.
    ///
    /// - Throws: `EmbeddingFileError` for a bad file, `RunError` for a file that holds no part.
    package init(contentsOf path: String) throws {
        let (found, metadata) = try readSafetensors(path)
        let arrays = Dictionary(found.map { ($0.name, $0.matrix) }) { first, _ in first }
        func refused(_ found: String) -> RunError {
            RunError(
                code: "not_a_part", message: "\(path): expected a part written by emi summarize, found \(found)",
                hint: "write one with: emi summarize SHARD --set NAME -o FILE.safetensors")
        }
        guard metadata["emi_part_version"] == partFileVersion, let set = metadata["set"] else {
            throw refused(metadata["emi_part_version"].map { "version \($0)" } ?? "a safetensors file without a version of parts")
        }
        func texts(_ name: String) -> [String] { metadata[name].map { $0.components(separatedBy: Character(separator)) } ?? [] }
        let (digests, paths, rows) = (texts("input_digests"), texts("input_paths"), texts("input_rows").compactMap(Int.init))
        guard !digests.isEmpty, digests.count == paths.count, digests.count == rows.count, rows.allSatisfy({ $0 > 0 && $0 < 1 << 53 }),
            let labels = metadata["labels"]
        else { throw refused("inputs that do not match") }
        self.init(
            set: set, inputs: zip(zip(digests, paths), rows).map { Input(digest: $0.0, path: $0.1, rowCount: $1) },
            recipe: Recipe(normalize: metadata["normalize"] == "true", labels: labels, fit: metadata["fit"]), moments: [:],
            labelHashes: arrays["label_hashes"].flatMap(wholes) ?? [])
        for name in arrays.keys where name.hasPrefix("moments/") && name.hasSuffix("/counts") {
            let base = name.dropLast("/counts".count)
            guard let counts = arrays[name]?.elements, let sums = arrays[base + "/sums"], let products = arrays[base + "/products"],
                sums.rowCount == counts.count, products.rowCount == counts.count,
                products.columnCount == sums.columnCount * (sums.columnCount + 1) / 2,
                counts.allSatisfy({ $0 >= 0 && $0 < 0x1p53 && $0.rounded() == $0 })
            else { throw refused("arrays whose shapes disagree") }
            moments[String(base.dropFirst("moments/".count))] = RowMoments(
                counts: counts.map { Int($0) }, sums: sums,
                products: (0..<counts.count).map { PackedSum(order: sums.columnCount, elements: Array(products.row($0))) })
        }
        guard !moments.isEmpty, moments.values.allSatisfy({ $0.rowCount == rowCount }) else { throw refused("moments of other rows") }
        if let references = arrays["kept/references"] {
            let keptLabels = texts("kept_labels")
            guard let responses = arrays["kept/responses"], let hashes = arrays["kept/hashes"].flatMap(wholes),
                let complete = arrays["kept/complete_hash"].flatMap(wholes)?.first, hashes.count == references.rowCount,
                keptLabels.count == hashes.count, responses.rowCount == hashes.count, responses.columnCount == references.columnCount
            else { throw refused("kept rows whose shapes disagree") }
            kept = KeptRows(hashes: hashes, labels: keptLabels, references: references, responses: responses, completeHash: complete)
        }
        if let sums = arrays["judged"] {
            guard sums.rowCount == 4, sums.columnCount == JudgedSums.bucketCount else { throw refused("sums of another number of buckets") }
            judged = JudgedSums(
                counts: Array(sums.row(0)), model: Array(sums.row(1)), reference: Array(sums.row(2)), similarity: Array(sums.row(3)))
        }
    }
}

private func column(_ values: [Double]) -> Matrix { Matrix(rowCount: values.count, columnCount: 1, elements: values) }

/// Whole numbers of 64 bits as two columns of doubles, which hold 32 bits each exactly.
func halves(_ values: [UInt64]) -> Matrix {
    Matrix(rowCount: values.count, columnCount: 2) { row, column in
        Double(column == 0 ? values[row] >> 32 : values[row] & 0xffff_ffff)
    }
}

/// The numbers that `halves` wrote; nil for anything else.
func wholes(_ matrix: Matrix) -> [UInt64]? {
    guard matrix.columnCount == 2, matrix.elements.allSatisfy({ $0 >= 0 && $0 < 0x1p32 && $0.rounded() == $0 }) else { return nil }
    return (0..<matrix.rowCount).map { UInt64(matrix[$0, 0]) << 32 | UInt64(matrix[$0, 1]) }
}
