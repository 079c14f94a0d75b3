import LinearAlgebra

/// What `emi inspect` says about the rows of an array, gathered block by block.
struct RowScan {
    /// Statistics of the rows so far; the mean of the norms is only known in the end.
    private var statistics = RowStatistics(
        normMinimum: nil, normMean: nil, normMaximum: nil, zeroRowCount: 0, nonFiniteRowCount: 0, nonFiniteRows: [],
        constantColumnCount: 0)
    /// The sum of the norms divided by the number of rows: the sum of large norms would overflow where their mean does not.
    private var mean = 0.0
    private var isConstant: [Bool]
    private var firstRow: [Double] = []
    /// A hash of 128 bits of each row: two rows of the same hash are equal, but for one chance in 10^25 at a million rows.
    private var seen: Set<RowHash> = []
    private(set) var duplicateRowCount = 0
    /// The first element that is not finite.
    private(set) var firstProblem: EmbeddingFileError?
    private let rowCount: Int

    /// A scan of an array of this shape.
    init(rowCount: Int, columnCount: Int) {
        self.rowCount = rowCount
        isConstant = [Bool](repeating: true, count: columnCount)
    }

    /// A scan of a column that was kept; nil for texts.
    init?(_ column: RawColumn) {
        guard let matrix = column.matrix else { return nil }
        self.init(rowCount: matrix.rowCount, columnCount: matrix.columnCount)
        add(RowBlock(rows: matrix, firstRow: 0, arrayRowCount: matrix.rowCount, isSingle: false, array: column.place()))
    }

    /// The first elements of the first row; nil stands for an element that is not finite.
    var preview: [Double?] { firstRow.prefix(6).map { $0.isFinite ? $0 : nil } }

    /// Statistics of all rows; nil where there are none.
    var result: RowStatistics? {
        guard rowCount > 0, !isConstant.isEmpty else { return nil }
        var result = statistics
        let finiteCount = rowCount - statistics.nonFiniteRowCount
        if finiteCount > 0 { result.normMean = mean * (Double(rowCount) / Double(finiteCount)) }
        result.constantColumnCount = rowCount > 1 ? isConstant.count { $0 } : 0
        return result
    }

    /// Takes a block, whose rows follow those of the blocks before.
    mutating func add(_ block: RowBlock) {
        let rows = block.rows
        guard rows.rowCount > 0, rows.columnCount > 0 else { return }
        if block.firstRow == 0 { firstRow = Array(rows.row(0)) }
        let hasProblem = rows.elements.firstNonFiniteIndex != nil
        if hasProblem, firstProblem == nil {
            do throws(EmbeddingFileError) { try block.checkFinite() } catch { firstProblem = error }
        }
        let norms = rows.rowNorms
        compareWithFirstRow(rows)
        for index in 0..<rows.rowCount {
            if !seen.insert(RowHash(rows.row(index))).inserted { duplicateRowCount += 1 }
            if hasProblem, !rows.row(index).allSatisfy(\.isFinite) {
                statistics.nonFiniteRowCount += 1
                if statistics.nonFiniteRows.count < 10 { statistics.nonFiniteRows.append(block.firstRow + index) }
                continue
            }
            let norm = norms[index]
            if norm == 0 { statistics.zeroRowCount += 1 }
            mean += norm / Double(rowCount)
            statistics.normMinimum = min(statistics.normMinimum ?? norm, norm)
            statistics.normMaximum = max(statistics.normMaximum ?? norm, norm)
        }
    }

    /// Looks for constant columns among those that were constant so far; most columns are no more after two rows.
    private mutating func compareWithFirstRow(_ rows: Matrix) {
        let (width, elements) = (rows.columnCount, rows.elements)
        for column in 0..<width where isConstant[column] {
            let value = firstRow[column]
            isConstant[column] = stride(from: column, to: elements.count, by: width).allSatisfy { elements[$0] == value }
        }
    }
}

/// 128 bits of a row, equal for rows of the same bits, so that NaN is equal to itself; minus zero counts as zero.
private struct RowHash: Hashable {
    private var (first, second): (UInt64, UInt64) = (0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f)

    init(_ row: ArraySlice<Double>) {
        row.withUnsafeBufferPointer { row in
            for element in row {
                let bits = element == 0 ? 0 : element.bitPattern
                first = (first ^ bits) &* 0xff51_afd7_ed55_8ccd
                first ^= first &>> 32
                second = (second &+ bits) &* 0xc4ce_b9fe_1a85_ec53
                second ^= second &>> 29
            }
        }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(first) }
}
