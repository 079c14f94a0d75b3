import LinearAlgebra

/// The rows of a matrix by what they hold, to the precision of float16: rows that another batch size, another machine or a shorter
/// number format changed in their last digits are one.
///
/// Two rows are one where their distance is at most 2^-10 of the longer of them: rounding to 11 bits moves a row by 2^-12 of its length
/// and at most by 2^-11, float32 encoders repeat themselves to about 1e-6. Candidates are found by signed sums of the direction, a few
/// cells wide; every one is compared in full.
struct NearRows: Sendable {
    /// The largest distance of two rows that are one, over the length of the longer.
    static let tolerance = 0x1p-10
    private static let projectionCount = 4
    /// Many times the tolerance, so that few rows are close to the border of a cell.
    private static let cellWidth = 64 * tolerance
    /// A signed sum moves by the distance of two rows times a normal deviate.
    private static let reach = 6 * tolerance

    private let width: Int
    private var elements: [Double] = []
    private var norms: [Double] = []
    private var classesOfCell: [[Int32]: [Int]] = [:]
    /// The class of each row; classes are numbered in the order of their first rows.
    private(set) var classes: [Int] = []

    /// The number of rows that differ.
    var classCount: Int { norms.count }

    init(_ rows: Matrix) {
        width = rows.columnCount
        classes.reserveCapacity(rows.rowCount)
        for index in 0..<rows.rowCount {
            let row = rows.row(index)
            let position = position(of: row)
            if let known = find(row, position) {
                classes.append(known)
            } else {
                classesOfCell[position.cell, default: []].append(classCount)
                classes.append(classCount)
                elements.append(contentsOf: row)
                norms.append(position.norm)
            }
        }
    }

    /// The class that a row of another matrix belongs to; nil for none, and for another width.
    func match(_ row: ArraySlice<Double>) -> Int? {
        row.count == width ? find(row, position(of: row)) : nil
    }

    /// Where a row stands: the cell of its direction and length, and the cells beside it that it is close to.
    private struct Position {
        var norm: Double
        var cell: [Int32]
        /// By coordinate, -1 or 1 where the cell below or above is within reach.
        var neighbours: [Int32]
    }

    private func position(of row: ArraySlice<Double>) -> Position {
        var sums = [Double](repeating: 0, count: Self.projectionCount)
        var square = 0.0
        var signs: UInt64 = 0
        for (column, value) in row.enumerated() {
            if column & 15 == 0 { signs = Self.signs(column >> 4) }
            square += value * value
            for index in 0..<Self.projectionCount {
                sums[index] += signs & 1 == 0 ? value : -value
                signs >>= 1
            }
        }
        let norm = square.squareRoot()
        let scale = norm > 0 ? 1 / norm : 0
        // The logarithm of the length as a further coordinate: rows of one or two columns differ by little else.
        var coordinates = sums.map { $0 * scale }
        // Exponent and significand together run through without a step; half a cell is added so that rows of length 1, which most are, do
        // not stand on a border.
        coordinates.append(norm > 0 ? Double(norm.exponent) + norm.significand - 1 + Self.cellWidth / 2 : 0)
        var cell: [Int32] = []
        var neighbours: [Int32] = []
        for value in coordinates {
            let width = Self.cellWidth
            let position = value / width
            let floor = position.rounded(.down)
            cell.append(Int32(max(-1e9, min(1e9, floor))))
            let reach = Self.reach / width
            neighbours.append(position - floor < reach ? -1 : floor + 1 - position < reach ? 1 : 0)
        }
        return Position(norm: norm, cell: cell, neighbours: neighbours)
    }

    private func find(_ row: ArraySlice<Double>, _ position: Position) -> Int? {
        if let found = classesOfCell[position.cell]?.first(where: { isNear($0, row, position.norm) }) { return found }
        let free = position.neighbours.indices.filter { position.neighbours[$0] != 0 }
        guard !free.isEmpty else { return nil }
        for choice in 1..<(1 << free.count) {
            var cell = position.cell
            for (bit, index) in free.enumerated() where choice >> bit & 1 == 1 { cell[index] += position.neighbours[index] }
            if let found = classesOfCell[cell]?.first(where: { isNear($0, row, position.norm) }) { return found }
        }
        return nil
    }

    private func isNear(_ known: Int, _ row: ArraySlice<Double>, _ norm: Double) -> Bool {
        let limit = Self.tolerance * max(norm, norms[known])
        var square = 0.0
        var index = known * width
        for value in row {
            let difference = value - elements[index]
            square += difference * difference
            index += 1
        }
        return square <= limit * limit
    }

    /// 64 signs for 16 columns of four sums (the finaliser of SplitMix64, Steele et al. 2014).
    private static func signs(_ index: Int) -> UInt64 {
        var z = UInt64(index &+ 1) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
