// Times the kernels of a run at the sizes of the paper's scenarios, one thread each.
//
//     swift run -c release emi-benchmark
//     swift run -c release emi-benchmark --filter eigenvalues
import Benchmark
import CLAPACK
import Calibration
import Information
import LinearAlgebra
import Statistics

BLAS.useOneThreadPerCall()

/// Standard normal rows, which are the same in every run.
func rows(_ count: Int, _ width: Int, seed: UInt64) -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: "benchmark")
    return Matrix(rowCount: count, columnCount: width) { _, _ in
        (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
    }.rowsNormalized
}

/// Eigenvalues by `dsytrd` and `dsterf`, as fast as LAPACK has them.
func lapackEigenvalues(_ matrix: Matrix) throws {
    let order = Int32(matrix.rowCount)
    var work = matrix.elements
    var diagonal = [Double](repeating: 0, count: matrix.rowCount)
    var (offDiagonal, reflectors) = (diagonal, diagonal)
    // The block size follows from the room: 8 is fastest up to some hundreds of rows, 32 above.
    var room = [Double](repeating: 0, count: matrix.rowCount * (order < 512 ? 8 : 32))
    let reduced = unsafe LAPACKE_dsytrd_work(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, &work, order, &diagonal, &offDiagonal, &reflectors, &room, Int32(room.count))
    let found = unsafe LAPACKE_dsterf_work(order, &diagonal, &offDiagonal)
    precondition(reduced == 0 && found == 0, "LAPACK: \(reduced), \(found)")
}

func sampleSet(_ name: String, _ count: Int, _ width: Int, seed: UInt64) -> SampleSet {
    let reference = rows(count, width, seed: seed + 2)
    return SampleSet(
        name: name,
        modalities: [
            Modality(name: "visual", rows: rows(count, width, seed: seed)),
            Modality(name: "text", rows: rows(count, width, seed: seed + 1)),
        ],
        response: reference.adding(rows(count, width, seed: seed + 3)).rowsNormalized, reference: reference)
}

for order in [90, 180, 768, 1_500] {
    let symmetric = rows(order, order, seed: 1).gram
    benchmark("eigenvalues, order \(order)") { _ = try symmetric.symmetricEigenvalues() }
    benchmark("eigenvectors, order \(order)") { _ = try symmetric.symmetricEigendecomposition() }
}
// Sums over spectra as relabellings need them, beside LAPACK's eigenvalues (`HowFast`).
for order in [45, 90, 180, 300, 768] {
    let symmetric = rows(order, order, seed: 1).gram
    benchmark("spectra, order \(order), LAPACK") { try lapackEigenvalues(symmetric) }
    benchmark("spectra, order \(order), one") { _ = try SpectralSums.of([symmetric]) }
    if order <= 256 {
        let eight = [Matrix](repeating: symmetric, count: 8)
        benchmark("spectra, order \(order), eight") { _ = try SpectralSums.of(eight) }
    }
}
for (count, width) in [(90, 768), (180, 768), (2_000, 768)] {
    let matrix = rows(count, width, seed: 2)
    benchmark("Gram, \(count) x \(width)") { _ = matrix.gram }
    benchmark("covariance, \(count) x \(width)") { _ = matrix.crossProduct }
}
for count in [90, 2_000] {
    let (id, ood) = (sampleSet("id", count, 768, seed: 10), sampleSet("ood", count, 768, seed: 20))
    benchmark("club-kernel, 2 x \(count) x 768") { _ = try ClubKernel().estimate([id, ood]) }
}
for (count, relabellingCount) in [(90, 0), (90, 100), (500, 0)] {
    let (first, second) = (rows(count, 768, seed: 30), rows(count, 768, seed: 31))
    let relabellings = ExchangeDesign(firstCount: count, secondCount: count).relabellings(count: relabellingCount, seed: 0)
    benchmark("RJSD, 2 x \(count) x 768, \(relabellingCount) relabellings") {
        _ = try JensenShannonDivergence().estimate([first], [second], relabellings: relabellings)
    }
}
do {
    let hidden = 250
    var weights: [String: Matrix] = [:]
    for (index, name) in ClubNetwork.arrayNames.enumerated() {
        let isBias = name.hasSuffix("bias")
        let (outputs, inputs) = name.contains(".0.") ? (hidden, 768) : (768, hidden)
        weights[name] = rows(outputs, isBias ? 1 : inputs, seed: UInt64(40 + index))
    }
    let network = try ClubNetwork(weights: weights)
    let set = sampleSet("id", 90, 768, seed: 50)
    benchmark("club-network, 90 x 768") { _ = try network.estimate([set]) }
}
do {
    // A million answers of a calibrated model, first as independent rows and then in groups of three.
    let count = 1_000_000
    var generator = SeededGenerator(seed: 60, stream: "benchmark")
    let confidence = (0..<count).map { _ in 0.25 + 0.75 * generator.uniform().squareRoot() }
    let outcome = confidence.map { generator.uniform() < $0 ? 1.0 : 0 }
    for groupSize in [1, 3] {
        let clusters =
            groupSize == 1
            ? nil : Clusters(ofRow: (0..<Int32(count)).map { $0 / Int32(groupSize) }, count: (count + groupSize - 1) / groupSize)
        for draws in groupSize == 1 ? [0, 999] : [0] {
            benchmark("calibration, 1,000,000 rows in groups of \(groupSize), \(draws) patterns of signs") {
                let rows = try ConfidenceRows(confidence: confidence, outcome: outcome, clusters: clusters)
                _ = CalibrationSummary(rows, .init(signs: .init(draws: draws)))
            }
        }
    }
    let small = try (0..<61).map { set in
        let range = (1_000 * set)..<(1_000 * set + 1_000)
        return try ConfidenceRows(confidence: Array(confidence[range]), outcome: Array(outcome[range]))
    }
    benchmark("calibration, 61 x 1,000 rows, 999 patterns of signs") {
        for rows in small { _ = CalibrationSummary(rows) }
    }
}

Benchmark.main()
