import LinearAlgebra
import RealModule
import Testing

@Suite struct FactorisationTests {
    @Test(arguments: orders) func eigenvectorsRebuildASymmetricMatrix(_ order: Int) throws {
        let root = randomMatrix(order, order, seed: 7)
        let symmetric = root.adding(root.transposed)
        let eigen = try symmetric.symmetricEigendecomposition()
        let rebuilt = eigen.vectors.transposed.times(eigen.vectors.scalingRows(by: eigen.values))
        #expect(distance(rebuilt, symmetric) <= tolerance(order))
        #expect(distance(eigen.vectors.gram, identity(order)) <= tolerance(order))
        #expect(eigen.values == eigen.values.sorted())
        let valuesOnly = try symmetric.symmetricEigenvalues()
        #expect(zip(valuesOnly, eigen.values).allSatisfy { abs($0 - $1) <= tolerance(order) })
    }

    @Test(arguments: orders) func choleskySolvesAndGivesTheDeterminant(_ order: Int) throws {
        let root = randomMatrix(order, order + 5, seed: 9)
        let positive = root.gram.adding(identity(order))
        let factor = try positive.choleskyDecomposition()
        let right = randomMatrix(order, 3, seed: 10)
        #expect(distance(positive.times(factor.solve(right)), right) <= tolerance(order) * 10)
        #expect(distance(positive.times(try positive.solve(right)), right) <= tolerance(order) * 10)
        let logDeterminant = try positive.symmetricEigenvalues().reduce(0.0) { $0 + ($1 > 0 ? .log($1) : 0) }
        #expect(abs(factor.logDeterminant - logDeterminant) <= tolerance(order) * 10)
    }

    @Test func aGeneralSystemIsSolved() throws {
        let matrix = Matrix(rows: [[0, 2], [1, 1]])
        #expect(distance(try matrix.solve(Matrix(rows: [[4], [3]])), Matrix(rows: [[1], [2]])) < 1e-15)
    }

    @Test func whatLAPACKWouldMisreportIsSaidFirst() {
        let notANumber = Matrix(rows: [[1, 0], [.nan, 1]])
        #expect(throws: LinearAlgebraError.nonFiniteElement(routine: "symmetricTridiagonal", row: 1, column: 0)) {
            try notANumber.symmetricEigenvalues()
        }
        let infinite = Matrix(rows: [[1, .infinity], [0, 1]])
        #expect(throws: LinearAlgebraError.nonFiniteElement(routine: "dsyevd", row: 0, column: 1)) {
            try infinite.symmetricEigendecomposition()
        }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(routine: "dpotrf", pivot: 1)) {
            try Matrix(rows: [[1, 2], [2, 1]]).choleskyDecomposition()
        }
        #expect(throws: LinearAlgebraError.self) {
            try Matrix(rows: [[1, 1], [1, 1]]).solve(Matrix(rows: [[1], [2]]))
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 1_000]) func theFirstNonFiniteElementIsFound(_ count: Int) {
        #expect(randomMatrix(1, count).firstNonFiniteIndex == nil)
        for position in [0, count / 2, count - 1] where position >= 0 && position < count {
            for value in [Double.nan, .infinity, -.infinity] {
                var matrix = randomMatrix(1, count)
                matrix[0, position] = value
                #expect(matrix.firstNonFiniteIndex == position)
            }
        }
    }
}
