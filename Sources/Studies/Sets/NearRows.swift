import LinearAlgebra

/// Finds rows of a matrix that are equal to the precision of short number formats: a different batch size, machine or float format
/// (float16, bfloat16) changes only the last digits of a row.
///
/// Two rows count as one if their distance is at most `tolerance` times the longer of them. Signed sums of the direction, rounded to
/// cells, give the candidates; each candidate is compared in full. Nearness proves nothing if much is near by chance:
/// `NearnessTest` judges that.
struct NearRows: Sendable {
    /// The largest distance between two rows that count as one, divided by the length of the longer. Rounding to the 8 bits of bfloat16
    /// moves a row by at most 2^-8 of its length, to the 11 bits of float16 by 2^-11; a quarter is added for two roundings and a change
    /// of length.
    static let tolerance = 0x1.4p-8
    /// The width of a cell: many times the tolerance, so that few rows are close to its border.
    private static let cellWidth = 16 * tolerance
    /// This close to a border the next cell is searched too: a signed sum moves by the distance of two rows times a normal deviate.
    private static let reach = 4 * tolerance

    private let rows: Matrix
    /// The first row of each class.
    private var firstRows: [Int] = []
    private var norms: [Double] = []
    /// The first and the last class of each cell, between which `nextClass` leads.
    private var classesOfCell: [Cell: (first: Int32, last: Int32)] = [:]
    /// For each class the next one of its cell; -1 after the last.
    private var nextClass: [Int32] = []
    /// The class of each row; classes are numbered in the order of their first rows.
    private(set) var classes: [Int] = []

    /// The number of classes, that is of rows that differ.
    var classCount: Int { norms.count }

    init(_ rows: Matrix) {
        self.rows = rows
        classes.reserveCapacity(rows.rowCount)
        for index in 0..<rows.rowCount {
            let row = rows.row(index)
            let position = position(of: row)
            if let known = find(row, position) {
                classes.append(known)
            } else {
                append(to: position.cell)
                classes.append(classCount)
                firstRows.append(index)
                norms.append(position.norm)
            }
        }
    }

    /// Adds the class that comes next to a cell.
    private mutating func append(to cell: Cell) {
        let new = Int32(classCount)
        nextClass.append(-1)
        if let known = classesOfCell[cell] {
            nextClass[Int(known.last)] = new
            classesOfCell[cell] = (known.first, new)
        } else {
            classesOfCell[cell] = (new, new)
        }
    }

    /// The class to which a row of another matrix belongs; nil for none, and for a row of another width.
    func match(_ row: ArraySlice<Double>) -> Int? {
        row.count == rows.columnCount ? find(row, position(of: row)) : nil
    }

    /// Whether two rows are equal to the precision of the short number formats.
    static func areNear(_ row: ArraySlice<Double>, _ other: ArraySlice<Double>) -> Bool {
        guard row.count == other.count else { return false }
        var (square, one, two) = (0.0, 0.0, 0.0)
        for (a, b) in zip(row, other) {
            square += (a - b) * (a - b)
            one += a * a
            two += b * b
        }
        return square <= tolerance * tolerance * max(one, two)
    }

    /// Five whole numbers: of the direction and the length of a row.
    private struct Cell: Hashable {
        var coordinates = SIMD8<Int32>.zero

        func hash(into hasher: inout Hasher) {
            func pair(_ first: Int, _ second: Int) -> UInt64 {
                UInt64(UInt32(bitPattern: coordinates[first])) << 32 | UInt64(UInt32(bitPattern: coordinates[second]))
            }
            hasher.combine(pair(0, 1))
            hasher.combine(pair(2, 3))
            hasher.combine(pair(4, 5))
        }
    }

    /// The place of a row: the cell of its direction and length, and the neighbouring cells that it is close to.
    private struct Position {
        var norm: Double
        var cell = Cell()
        /// For each coordinate -1 or 1 if the cell below or above is within reach, else 0.
        var neighbours = SIMD8<Int32>.zero
    }

    private func position(of row: ArraySlice<Double>) -> Position {
        var sums = SIMD4<Double>.zero
        var square = 0.0
        var signs: UInt64 = 0
        unsafe row.withUnsafeBufferPointer { row in
            unsafe Self.directions.withUnsafeBufferPointer { directions in
                for column in row.indices {
                    if column & 15 == 0 { signs = Self.signs(column >> 4) }
                    let value = unsafe row[column]
                    square += value * value
                    unsafe sums += value * directions[Int(signs & 15)]
                    signs >>= 4
                }
            }
        }
        let norm = square.squareRoot()
        let scale = norm > 0 ? 1 / norm : 0
        var place = Position(norm: norm)
        for index in 0..<Self.coordinateCount {
            // Exponent plus significand is continuous in the length. Half a cell is added so that rows of length 1, which most are, do not
            // lie on a border.
            let value = index < 4 ? sums[index] * scale : norm > 0 ? Double(norm.exponent) + norm.significand - 1 + Self.cellWidth / 2 : 0
            let width = Self.cellWidth
            let position = value / width
            let floor = position.rounded(.down)
            place.cell.coordinates[index] = Int32(max(-1e9, min(1e9, floor)))
            let reach = Self.reach / width
            place.neighbours[index] = position - floor < reach ? -1 : floor + 1 - position < reach ? 1 : 0
        }
        return place
    }

    private func find(_ row: ArraySlice<Double>, _ position: Position) -> Int? {
        if let found = find(row, position.norm, in: position.cell) { return found }
        let free = (0..<Self.coordinateCount).filter { position.neighbours[$0] != 0 }
        guard !free.isEmpty else { return nil }
        for choice in 1..<(1 << free.count) {
            var cell = position.cell
            for (bit, index) in free.enumerated() where choice >> bit & 1 == 1 {
                cell.coordinates[index] += position.neighbours[index]
            }
            if let found = find(row, position.norm, in: cell) { return found }
        }
        return nil
    }

    private func find(_ row: ArraySlice<Double>, _ norm: Double, in cell: Cell) -> Int? {
        guard var known = classesOfCell[cell]?.first else { return nil }
        while known >= 0 {
            if isNear(Int(known), row, norm) { return Int(known) }
            known = nextClass[Int(known)]
        }
        return nil
    }

    private func isNear(_ known: Int, _ row: ArraySlice<Double>, _ norm: Double) -> Bool {
        let limit = Self.tolerance * max(norm, norms[known])
        let start = firstRows[known] * rows.columnCount
        return unsafe row.withUnsafeBufferPointer { row in
            unsafe rows.elements.withUnsafeBufferPointer { elements in
                var square = 0.0
                for column in row.indices {
                    let difference = unsafe row[column] - elements[start &+ column]
                    square += difference * difference
                    if square > limit * limit { return false }
                }
                return true
            }
        }
    }

    /// Four signed sums, and the logarithm of the length, because rows of one or two columns differ by little else.
    private static let coordinateCount = 5

    /// Signs of one column in four sums, by four bits.
    private static let directions = (0..<16).map { bits in
        SIMD4<Double>((0..<4).map { bits >> $0 & 1 == 0 ? 1 : -1 })
    }

    /// 64 signs for 16 columns of four sums (the finaliser of SplitMix64, Steele et al. 2014).
    private static func signs(_ index: Int) -> UInt64 {
        var z = UInt64(index &+ 1) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
