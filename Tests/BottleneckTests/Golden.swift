import EmbeddingFiles
import Foundation
import LinearAlgebra
import Testing

/// `../shared/bottleneck/golden`: arrays, and what the NumPy twin makes of them.
enum Golden {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/bottleneck/golden"
    )
    .standardizedFileURL
    static let exists = FileManager.default.fileExists(atPath: folder.path)

    /// The arrays of a file by name.
    static func arrays(_ name: String) throws -> [String: Matrix] {
        let read = try readArrays(folder.appending(path: "\(name).npz").path)
        return Dictionary(uniqueKeysWithValues: read.map { ($0.name, $0.matrix) })
    }

    /// Labels whose order as text is that of their numbers, which is that of the twin's folds.
    static func labels(_ group: Matrix) -> [String] {
        group.elements.map { String(format: "%04d", Int($0)) }
    }

    static func expected<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let all = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "expected.json")))
        let part = try #require((all as? [String: Any])?[name])
        return try JSONDecoder().decode(Value.self, from: JSONSerialization.data(withJSONObject: part))
    }
}

/// Whether values agree to the precision of the golden files, which have 12 digits.
func isClose(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-8) -> Bool {
    abs(found - expected) <= tolerance * max(1, abs(expected))
}

func areClose(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-8) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { isClose($0, $1, tolerance) }
}
