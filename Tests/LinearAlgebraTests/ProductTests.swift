import LinearAlgebra
import Testing

@Suite struct ProductTests {
    @Test(arguments: shapes) func productsAgreeWithTheNaiveOnes(_ rows: Int, _ columns: Int) {
        let a = randomMatrix(rows, columns, seed: 3)
        let b = randomMatrix(columns, 4, seed: 4)
        let bound = tolerance(max(rows, columns)) * 10
        #expect(distance(a.times(b), naiveProduct(a, b)) <= bound)
        #expect(distance(a.timesTransposed(b.transposed), naiveProduct(a, b)) <= bound)
        #expect(distance(a.transposed.transposedTimes(b), naiveProduct(a, b)) <= bound)
        #expect(distance(a.gram, naiveProduct(a, a.transposed)) <= bound)
        #expect(distance(a.crossProduct, naiveProduct(a.transposed, a)) <= bound)
        #expect(a.gram == a.gram.transposed)
        let vector = b.column(0)
        #expect(zip(a.times(vector), a.times(b).column(0)).allSatisfy { abs($0 - $1) <= bound })
    }

    @Test(arguments: shapes) func squaredDistancesAgreeWithTheNaiveOnes(_ rows: Int, _ columns: Int) {
        let a = randomMatrix(rows, columns, seed: 5)
        let b = randomMatrix(6, columns, seed: 6)
        let naive = Matrix(rowCount: rows, columnCount: 6) { i, j in
            zip(a.row(i), b.row(j)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(distance(a.squaredDistances(to: b), naive) <= tolerance(columns) * 20)
        #expect(a.squaredDistances == a.squaredDistances.transposed)
        #expect((0..<rows).allSatisfy { a.squaredDistances[$0, $0] == 0 })
        var blocks = Matrix.zeros(0, 6)
        a.forEachBlockOfSquaredDistances(to: b, blockSize: 4) { first, block in
            #expect(first == blocks.rowCount)
            blocks = blocks.stacked(on: block)
        }
        #expect(distance(blocks, naive) <= tolerance(columns) * 20)
    }

    /// Norms and products sum in different orders: over 1,000 columns equal rows differ by 1.9e-14 of their norms, over
    /// 100,000 by 2e-12.
    @Test(arguments: [1_000, 100_000]) func equalWideRowsAreAtDistanceZero(_ columns: Int) {
        let matrix = Matrix(rowCount: 3, columnCount: columns) { i, j in i == 2 && j == 0 ? 2 : 1.1 }
        let (own, other) = (matrix.squaredDistances, matrix.squaredDistances(to: matrix))
        for (i, j) in [(0, 1), (1, 0)] { #expect(own[i, j] == 0 && other[i, j] == 0) }
        #expect(own[0, 2] > 0.8 && other[0, 2] > 0.8)
    }

    @Test func rowsAreNormalisedAndZeroRowsStayZero() {
        let matrix = Matrix(rows: [[3, 4], [0, 0], [-2, 0]])
        #expect(matrix.rowNorms == [5, 0, 2])
        #expect(matrix.rowsNormalized == Matrix(rows: [[0.6, 0.8], [0, 0], [-1, 0]]))
    }

    @Test func rowsAndBlocksAreSelectedInTheOrderGiven() {
        let matrix = Matrix(rowCount: 3, columnCount: 3) { Double(10 * $0 + $1) }
        #expect(matrix.selectingRows([2, 0, 2]).column(1) == [21, 1, 21])
        #expect(matrix.selectingRowsAndColumns([2, 0]) == Matrix(rows: [[22, 20], [2, 0]]))
        #expect(matrix.columnMeans == [10, 11, 12])
        #expect(matrix.trace == 33)
    }

    @Test func anInnerDimensionThatDiffersTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Matrix.zeros(2, 3).times(Matrix.zeros(2, 3))
        }
    }
}
