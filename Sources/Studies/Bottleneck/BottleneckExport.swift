import EmbeddingFiles
import Information
import LinearAlgebra

/// Writes the encoding of every set as a bundle that other commands read. It holds the modality `bottleneck`, `response`, `reference`, and
/// numbers for items and groups, which are the same in all sets.
///
/// - Parameter folder: an existing folder.
/// - Throws: `RunError` if nothing is resolved or two sets have the same name; `EmbeddingFileError` if a file cannot be written.
package func exportBottleneck(_ result: BottleneckResult, to folder: String) throws {
    guard let first = result.encoded.first, first.rows.columnCount > 0 else {
        throw RunError(
            code: "nothing_resolved", message: "\(result.id): expected a resolved direction to export, found none",
            hint: "leave --export out, or give more rows")
    }
    var (items, groups) = (Numbering(), Numbering())
    var names: Set<String> = []
    for encoded in result.encoded {
        let set = encoded.set
        let name = String(set.name.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
        guard names.insert(name).inserted else {
            throw RunError(
                code: "repeated_name", message: "\(folder): expected sets of different names, found '\(name)' twice",
                hint: "names become files")
        }
        func numbers(_ labels: [String]?, _ numbering: inout Numbering, _ array: String) -> NamedArray? {
            labels.map { labels in
                let matrix = Matrix(rowCount: labels.count, columnCount: 1, elements: labels.map { numbering[$0] })
                return NamedArray(name: array, shape: [labels.count], matrix: matrix)
            }
        }
        let arrays = [("bottleneck", encoded.rows), ("response", set.response), ("reference", set.reference)].map {
            NamedArray(name: $0.0, shape: [$0.1.rowCount, $0.1.columnCount], matrix: $0.1)
        }
        let labels = [numbers(set.identifiers, &items, "id"), numbers(set.groups, &groups, "group")].compactMap { $0 }
        try writeSafetensors(
            arrays + labels,
            metadata: ["set": set.name, "in_sample": "\(encoded.isInSample)", "beta": "\(result.point?.beta ?? 0)"],
            to: "\(folder)/\(name).safetensors")
    }
}

/// Numbers labels in the order in which they arrive.
private struct Numbering {
    private var numbers: [String: Double] = [:]

    subscript(label: String) -> Double {
        mutating get {
            if let number = numbers[label] { return number }
            let next = Double(numbers.count)
            numbers[label] = next
            return next
        }
    }
}
