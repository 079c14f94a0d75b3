import Foundation

/// The golden set beside the project, and how it is read.
enum Golden {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/calibration/golden").standardizedFileURL
    static let isThere = FileManager.default.fileExists(atPath: folder.path)

    /// A JSON value of `expected.json`, by keys.
    struct Value {
        let json: Any?
        let path: String

        subscript(key: String) -> Value { Value(json: (json as? [String: Any])?[key], path: "\(path).\(key)") }
        var number: Double? { (json as? NSNumber)?.doubleValue }
        var numbers: [Double] { (json as? [NSNumber])?.map(\.doubleValue) ?? [] }
        var isNull: Bool { json == nil || json is NSNull }
    }

    static func expected() throws -> Value {
        let data = try Data(contentsOf: folder.appending(path: "expected.json"))
        return Value(json: try JSONSerialization.jsonObject(with: data), path: "expected")
    }

    /// The objects of a JSON lines file.
    static func objects(_ name: String) throws -> [[String: Any]] {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        return try text.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }
}

extension [[String: Any]] {
    /// A column of numbers.
    func numbers(_ key: String) -> [Double] { map { ($0[key] as? NSNumber)?.doubleValue ?? .nan } }
    /// A column of texts; nil where the first row has none.
    func texts(_ key: String) -> [String]? { first?[key] is String ? map { $0[key] as? String ?? "" } : nil }
}
