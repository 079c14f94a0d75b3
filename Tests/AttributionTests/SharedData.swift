import EmbeddingFiles
import Foundation
import LinearAlgebra
import Testing

/// Data beside the project, which are not part of it.
enum SharedData {
    static let path =
        ProcessInfo.processInfo.environment["EMI_SHARED"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared").standardizedFileURL.path
    static let golden = "\(path)/attribution/golden/golden.npz"
    static let hasGolden = FileManager.default.fileExists(atPath: golden)
    static let absence: Comment = "no folder 'shared/attribution' beside the project; set EMI_SHARED"

    /// An array of the golden file.
    static func matrix(_ name: String) throws -> Matrix {
        try #require(try readArrays("\(golden):\(name)").first).matrix
    }

    /// A vector of the golden file.
    static func vector(_ name: String) throws -> [Double] { try matrix(name).elements }

    /// Whole numbers of the golden file.
    static func integers(_ name: String) throws -> [Int] { try vector(name).map { Int($0) } }
}

/// The largest difference of two lists.
func largestDifference(_ left: [Double], _ right: [Double]) -> Double {
    guard left.count == right.count else { return .infinity }
    return zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// The largest size in a list.
func largestSize(_ values: [Double]) -> Double { values.reduce(0) { max($0, abs($1)) } }
