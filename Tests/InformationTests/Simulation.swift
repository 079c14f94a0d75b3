import Information
import LinearAlgebra
import RealModule
import Statistics

/// Seeded draws for tests.
struct Simulation {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed, stream: "simulation")
    }

    mutating func uniform() -> Double { generator.uniform() }
    mutating func normal() -> Double { generator.normal() }
    mutating func normals(_ rows: Int, _ columns: Int) -> Matrix { generator.normals(rows, columns) }

    /// A set whose reference is a linear map of the query plus noise, and whose response is `mix` of the reference and noise.
    mutating func set(
        _ name: String, rows: Int, width: Int = 8, signal: Double = 1, mix: Double = 1, groupSize: Int = 1
    ) -> SampleSet {
        let visual = normals(rows, width)
        let text = normals(rows, width)
        let reference = visual.adding(text).combining(normals(rows, width)) { signal * $0 + $1 }
        let response = reference.combining(normals(rows, width)) { mix * $0 + (1 - mix) * $1 }
        return SampleSet(
            name: name, modalities: [Modality(name: "visual", rows: visual), Modality(name: "text", rows: text)],
            response: response, reference: reference,
            groups: groupSize > 1 ? (0..<rows).map { "\(name) \($0 / groupSize)" } : nil)
    }
}

/// A random orthogonal matrix.
func randomRotation(_ order: Int, seed: UInt64) throws -> Matrix {
    var simulation = Simulation(seed: seed)
    return try simulation.normals(order, order).crossProduct.symmetricEigendecomposition().vectors
}
