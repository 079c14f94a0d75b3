import CSpectra
import RealModule

/// Room for one batch of matrices of one order, and the sums over their spectra.
///
/// The entropy follows from the resolvent (2305.16446 needs eigenvalues): with sum l = 1,
///
///     -sum l ln l = integral over t > 0 of [sum l/(l + t) - 1/(1 + t)] dt,
///
/// by the trapezoidal rule in ln t with the ends of `RidgeGrid`. With u = 2^-53 and n the order, its error is bounded by the sum of
/// - the rule: 4 pi exp(-2 pi^2/0.6) (1 + 1) = 1.3e-13, as the pole of each term at t = -l has the residue l;
/// - the ends, where the terms are taken as proportional to t below and as c/t - d/t^2 above: n e^-30 (9.4e-14 n) if all eigenvalues were
///   near e^-30, which a sum of 1 excludes, and a few times e^-30.6;
/// - the reduction: Householder's T has the spectrum of A + E, |E|_F <= c n u |A|_F (Higham, Accuracy and Stability, section 19.3, c about
///   10), and pivots are those of a T whose entries differ by 5 u. The entropy then moves by at most D ln(n - 1) + h(D), with h the binary
///   entropy and D = sqrt(n) |E|_F/2 (Audenaert, quant-ph/0610146): 2e-11 at n = 90 for the worst spectrum; without eigenvalues near 0 by
///   about sum |ln l| |dl|, 1e-14.
/// Measured against LAPACK at orders 2 to 300: 4e-13 at most (`SpectralSumsTests`).
///
/// The sums over T come from the pivots of T + t and their derivatives (`CSpectra.h`), where no two terms cancel but in a_i + t - g_i, which
/// is positive as long as rounding moves no eigenvalue below -t: e^-30 of the trace is 840 u.
struct SpectrumBatch: ~Copyable {
    private let instructions: VectorInstructions
    private let order: Int
    private let laneCount: Int
    private let packed: AlignedBuffer
    private let scratch: AlignedBuffer
    private let diagonal: AlignedBuffer
    private let squares: AlignedBuffer
    private let scales: AlignedBuffer
    private let ridges: AlignedBuffer
    private let sums: AlignedBuffer
    private let squareSums: AlignedBuffer
    private let inverses: AlignedBuffer

    /// - Parameter reduces: whether matrices will be reduced here; if not, their tridiagonal forms are given.
    init(order: Int, instructions: VectorInstructions, reduces: Bool = true) {
        self.instructions = instructions
        self.order = order
        laneCount = instructions.laneCount
        packed = AlignedBuffer(count: reduces ? laneCount * order * (order + 1) / 2 : 0)
        scratch = AlignedBuffer(count: reduces ? laneCount * 3 * order : 0)
        diagonal = AlignedBuffer(count: laneCount * order)
        squares = AlignedBuffer(count: laneCount * order)
        scales = AlignedBuffer(count: laneCount)
        ridges = AlignedBuffer(count: laneCount * RidgeGrid.ridges.count)
        sums = AlignedBuffer(count: laneCount * RidgeGrid.ridges.count)
        squareSums = AlignedBuffer(count: laneCount * RidgeGrid.ridges.count)
        inverses = AlignedBuffer(count: 3 * laneCount)
    }

    /// The sums of matrices, or of the same rows and columns of each, one a lane; lanes that are left over repeat the last.
    ///
    /// - Parameters:
    ///   - matrices: the elements of each, row by row, as many as there are lanes.
    ///   - rows: for each lane the rows to take.
    ///   - roots: for each lane the factors of these rows.
    ///   - used: the number of lanes whose results are wanted.
    mutating func reduce(
        _ matrices: [UnsafePointer<Double>?], stride: Int, rows: [Int32]?, roots: [Double]?, used: Int
    ) -> [SpectralSums?] {
        unsafe cspectra_gather(
            instructions.rawValue, order, matrices, stride, rows, roots, packed.base, scales.base)
        unsafe cspectra_tridiagonalize(instructions.rawValue, order, packed.base, diagonal.base, squares.base, scratch.base)
        return sumsOfLanes(used: used)
    }

    /// The sums of the tridiagonal matrix in each of the first `used` lanes; nil where they are not finite.
    private func sumsOfLanes(used: Int) -> [SpectralSums?] {
        let (lanes, count, large) = (laneCount, RidgeGrid.ridges.count, RidgeGrid.firstLarge)
        let shapes = (0..<lanes).map { TridiagonalShape(diagonal, squares, order: order, lane: $0, stride: lanes) }
        for (index, ridge) in RidgeGrid.ridges.enumerated() {
            for lane in 0..<lanes { ridges[index * lanes + lane] = ridge * shapes[lane].unit }
        }
        unsafe cspectra_weights(
            instructions.rawValue, order, diagonal.base, squares.base, large, ridges.base, sums.base, squareSums.base)
        unsafe cspectra_shares(
            instructions.rawValue, order, diagonal.base, squares.base, count - large, ridges.base + large * lanes,
            sums.base + large * lanes,
            squareSums.base + large * lanes)
        for lane in 0..<lanes { scales[lane] = SpectralSums.rankTolerance * shapes[lane].norm }
        unsafe cspectra_counts(instructions.rawValue, order, diagonal.base, squares.base, scales.base, inverses.base)
        unsafe cspectra_inverses(
            instructions.rawValue, order, diagonal.base, squares.base, inverses.base + lanes, inverses.base + 2 * lanes)
        return (0..<used).map { lane in
            SpectralSums(
                order: order, shape: shapes[lane], rank: inverses[lane], inverses: (inverses[lanes + lane], inverses[2 * lanes + lane]),
                sums: { sums[$0 * lanes + lane] }, squares: { squareSums[$0 * lanes + lane] })
        }
    }

    /// The sums of one tridiagonal matrix, with another ridge in each lane.
    mutating func sums(of given: TridiagonalMatrix) -> SpectralSums? {
        let (lanes, count, large) = (laneCount, RidgeGrid.ridges.count, RidgeGrid.firstLarge)
        // A power of two, as `cspectra_gather` takes it.
        let trace = given.diagonal.reduce(0, +)
        let scale = trace > 0x1p-1000 && trace.isFinite ? 1 / trace.binade : 1
        for index in 0..<order {
            let square = scale * scale * given.squares[index]
            for lane in 0..<lanes {
                diagonal[index * lanes + lane] = scale * given.diagonal[index]
                squares[index * lanes + lane] = square
            }
        }
        let shape = TridiagonalShape(diagonal, squares, order: order, lane: 0, stride: lanes)
        for lane in 0..<lanes { scales[lane] = SpectralSums.rankTolerance * shape.norm }
        unsafe cspectra_counts(instructions.rawValue, order, diagonal.base, squares.base, scales.base, inverses.base)
        unsafe cspectra_inverses(
            instructions.rawValue, order, diagonal.base, squares.base, inverses.base + lanes, inverses.base + 2 * lanes)
        var (found, foundSquares) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for range in [0..<large, large..<count] {
            let vectors = (range.count + lanes - 1) / lanes
            for index in 0..<(vectors * lanes) {
                ridges[index] = shape.unit * RidgeGrid.ridges[min(range.lowerBound + index, range.upperBound - 1)]
            }
            if range.lowerBound == 0 {
                unsafe cspectra_weights(
                    instructions.rawValue, order, diagonal.base, squares.base, vectors, ridges.base, sums.base, squareSums.base)
            } else {
                unsafe cspectra_shares(
                    instructions.rawValue, order, diagonal.base, squares.base, vectors, ridges.base, sums.base, squareSums.base)
            }
            for index in range {
                found[index] = sums[index - range.lowerBound]
                foundSquares[index] = squareSums[index - range.lowerBound]
            }
        }
        return SpectralSums(
            order: order, shape: shape, rank: inverses[0], inverses: (inverses[lanes], inverses[2 * lanes]),
            sums: { found[$0] }, squares: { foundSquares[$0] })
    }
}

/// The trace and the norm of a tridiagonal matrix.
private struct TridiagonalShape {
    let trace: Double
    /// The root of the sum of the squares of all elements, which is that of the eigenvalues.
    let norm: Double
    /// The trace as the unit of ridges; 1 where it is 0.
    var unit: Double { trace > 0 ? trace : 1 }

    init(_ diagonal: borrowing AlignedBuffer, _ squares: borrowing AlignedBuffer, order: Int, lane: Int, stride: Int) {
        var (trace, square) = (0.0, 0.0)
        for index in 0..<order {
            let element = diagonal[index * stride + lane]
            trace += element
            square += element * element + 2 * squares[index * stride + lane]
        }
        self.trace = trace
        norm = square.squareRoot()
    }
}

extension SpectralSums {
    /// From sums over a tridiagonal matrix; nil where they are not finite numbers.
    ///
    /// - Parameters:
    ///   - sums: those of t/(l + t) at the ridges below `RidgeGrid.firstLarge`, of l/(l + t) from there.
    ///   - squares: those of the squares.
    fileprivate init?(
        order: Int, shape: TridiagonalShape, rank: Double, inverses: (sum: Double, squares: Double), sums: (Int) -> Double,
        squares: (Int) -> Double
    ) {
        guard shape.trace.isFinite, shape.norm.isFinite else { return nil }
        guard shape.trace > 0 else {
            self = .zero(order: order)
            return
        }
        let size = Double(order)
        let count = RidgeGrid.ridges.count
        var inside = [Double](repeating: 0, count: count)
        var (outside, slopes) = (inside, inside)
        var (integral, term, before, first) = (0.0, 0.0, 0.0, 0.0)
        for (index, ridge) in RidgeGrid.ridges.enumerated() {
            let sum = sums(index)
            // The sum of l t/(l + t)^2 is the sum of w - w^2 with w = t/(l + t), and also that of v - v^2 with v = 1 - w.
            slopes[index] = max(0, sum - squares(index))
            let isLarge = index >= RidgeGrid.firstLarge
            inside[index] = isLarge ? sum : size - sum
            outside[index] = isLarge ? size - sum : sum
            before = term
            term = ridge * (inside[index] - 1 / (1 + ridge))
            if index == 0 { first = term }
            integral += term
        }
        integral += RidgeGrid.sumBelow(first) + RidgeGrid.sumAbove(term, before: before)
        guard integral.isFinite, slopes.allSatisfy(\.isFinite) else { return nil }
        let isFull = Int(rank) == order
        self.init(
            order: order, rank: Int(rank), entropy: max(0, RidgeGrid.step * integral),
            inverses: isFull ? (inverses.sum * shape.trace, inverses.squares * shape.trace * shape.trace) : (0, 0), inside: inside,
            outside: outside, slopes: slopes)
    }
}
