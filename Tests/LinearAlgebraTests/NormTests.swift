import LinearAlgebra
import Testing

@Suite struct NormTests {
    /// Squares of the elements overflow from 1e154 on and vanish below 1e-162; directions do not depend on either.
    @Test(arguments: [1, 1e153, 1e200, 3e307, 1e-161, 1e-200, 1e-300]) func normsAndDirectionsHaveNoScale(_ scale: Double) {
        let rows = Matrix(rows: [[3 * scale, -4 * scale], [0, 5 * scale], [0, 0]])
        for (norm, expected) in zip(rows.rowNorms, [5 * scale, 5 * scale, 0]) {
            #expect(abs(norm - expected) <= 4 * expected.ulp)
        }
        let unit = rows.rowsNormalized
        for (element, expected) in zip(unit.elements, [0.6, -0.8, 0, 1, 0, 0]) {
            #expect(abs(element - expected) < 1e-15, "\(element)")
        }
    }

    @Test func aNormBeyondTheLargestNumberStillLeavesADirection() {
        let rows = Matrix(rows: [[1.5e308, 1.5e308, 0, 0]])
        #expect(rows.rowNorms[0] == .infinity)
        #expect(abs(rows.rowsNormalized[0, 0] - 0.5.squareRoot()) < 1e-15)
    }

    @Test func theSmallestNumbersHaveADirection() {
        let rows = Matrix(rows: [[5e-324, 0], [5e-324, -5e-324]])
        #expect(rows.rowsNormalized[0, 0] == 1)
        #expect(abs(rows.rowsNormalized[1, 1] + 0.5.squareRoot()) < 1e-15)
        #expect(rows.largestRowMagnitudes == [5e-324, 5e-324])
    }

    @Test func theLargestMagnitudeIsThatOfAnyElement() {
        #expect(Matrix(rows: [[1, -7, 2], [3, 0, 6.5]]).largestMagnitude == 7)
        #expect(Matrix.zeros(2, 3).largestMagnitude == 0)
        #expect(Matrix.zeros(0, 3).largestMagnitude == 0)
    }

    @Test func ordinaryRowsKeepTheirBits() {
        let rows = randomMatrix(20, 7, seed: 9)
        let norms = rows.squaredRowNorms.map { $0.squareRoot() }
        #expect(rows.rowNorms == norms)
        #expect(rows.rowsNormalized.elements == rows.elements.enumerated().map { $1 / norms[$0 / 7] })
    }
}
