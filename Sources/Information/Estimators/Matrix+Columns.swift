import LinearAlgebra
import Statistics

extension Matrix {
    /// `self` with the columns of `other` to its right.
    ///
    /// - Precondition: equal row counts.
    func beside(_ other: Matrix) -> Matrix {
        precondition(rowCount == other.rowCount, "\(rowCount) rows beside \(other.rowCount)")
        var elements: [Double] = []
        elements.reserveCapacity(rowCount * (columnCount + other.columnCount))
        for index in 0..<rowCount {
            elements.append(contentsOf: row(index))
            elements.append(contentsOf: other.row(index))
        }
        return Matrix(rowCount: rowCount, columnCount: columnCount + other.columnCount, elements: elements)
    }

    /// Each column minus its mean, divided by its standard deviation (over n); a constant column becomes zero.
    var columnsStandardized: Matrix {
        let centred = subtractingFromRows(columnMeans)
        var squares = [Double](repeating: 0, count: columnCount)
        for i in 0..<rowCount {
            for (j, value) in centred.row(i).enumerated() { squares[j] += value * value }
        }
        let scales = squares.map { $0 > 0 ? (Double(rowCount) / $0).squareRoot() : 0 }
        return centred.scalingColumns(by: scales)
    }

    /// The rank of each element in its column, from 1 to n; equal elements all get the mean of their ranks.
    var columnRanks: Matrix {
        var result = Matrix.zeros(rowCount, columnCount)
        for column in 0..<columnCount {
            for (row, rank) in Correlation.midRanks(self.column(column)).enumerated() { result[row, column] = rank }
        }
        return result
    }
}
