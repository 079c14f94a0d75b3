import CLAPACK

extension Matrix {
    /// The squared Euclidean norm of each row.
    package var squaredRowNorms: [Double] { rowProducts(self) }

    /// The inner product of each row of `self` with the same row of `other`.
    ///
    /// - Precondition: equal shapes.
    package func rowProducts(_ other: Matrix) -> [Double] {
        precondition(rowCount == other.rowCount && columnCount == other.columnCount, "shapes differ")
        let width = columnCount
        return unsafe elements.withUnsafeBufferPointer { left in
            unsafe other.elements.withUnsafeBufferPointer { right in
                guard let a = left.baseAddress, let b = right.baseAddress else {
                    return [Double](repeating: 0, count: rowCount)
                }
                return (0..<rowCount).map { row in
                    unsafe cblas_ddot(Int32(width), a + row * width, 1, b + row * width, 1)
                }
            }
        }
    }

    /// Multiplies row i by `factors[i]`.
    ///
    /// - Precondition: one factor per row.
    package func scalingRows(by factors: [Double]) -> Matrix {
        precondition(factors.count == rowCount, "one factor a row")
        var result = self
        result.withElements { out in
            for i in 0..<rowCount {
                for index in (i &* columnCount)..<((i &+ 1) &* columnCount) { out[index] *= factors[i] }
            }
        }
        return result
    }

    /// The mean of each column.
    package var columnMeans: [Double] {
        var means = [Double](repeating: 0, count: columnCount)
        unsafe means.withUnsafeMutableBufferPointer { means in
            unsafe elements.withUnsafeBufferPointer { elements in
                for i in 0..<rowCount {
                    for j in 0..<columnCount { unsafe means[j] += elements[i &* columnCount &+ j] }
                }
            }
        }
        return means.map { $0 / Double(max(rowCount, 1)) }
    }

    /// Every row minus `offset`.
    ///
    /// - Precondition: `offset.count == columnCount`.
    package func subtractingFromRows(_ offset: [Double]) -> Matrix {
        var result = self
        result.subtractFromRows(offset)
        return result
    }

    /// Subtracts `offset` from every row, in place.
    ///
    /// - Precondition: `offset.count == columnCount`.
    package mutating func subtractFromRows(_ offset: [Double]) {
        precondition(offset.count == columnCount, "one offset a column")
        let (rows, columns) = (rowCount, columnCount)
        withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { out in
                unsafe offset.withUnsafeBufferPointer { offset in
                    for i in 0..<rows {
                        for j in 0..<columns { unsafe out[i &* columns &+ j] -= offset[j] }
                    }
                }
            }
        }
    }

    /// The rows at `indices`, in the order of `indices`; an index may occur more than once.
    package func selectingRows(_ indices: [Int]) -> Matrix {
        var selected: [Double] = []
        selected.reserveCapacity(indices.count * columnCount)
        for index in indices { selected.append(contentsOf: row(index)) }
        return Matrix(rowCount: indices.count, columnCount: columnCount, elements: selected)
    }

    /// Replaces the rows at `indices` by the rows of `other`.
    ///
    /// - Precondition: `other` has as many rows as there are indices, and equal column counts.
    package mutating func setRows(_ indices: [Int], to other: Matrix) {
        precondition(indices.count == other.rowCount && columnCount == other.columnCount, "shapes differ")
        let width = columnCount
        withElements { elements in
            for (position, index) in indices.enumerated() {
                let target = (index &* width)..<((index &+ 1) &* width)
                elements.replaceSubrange(target, with: other.row(position))
            }
        }
    }

    /// The identity of order `order`.
    package static func identity(_ order: Int) -> Matrix {
        Matrix(rowCount: order, columnCount: order) { $0 == $1 ? 1 : 0 }
    }

    /// The rows and columns of a square matrix at the given indices.
    package func selectingRowsAndColumns(_ indices: [Int]) -> Matrix {
        var selected = [Double](repeating: 0, count: indices.count * indices.count)
        var position = 0
        for i in indices {
            let base = i &* columnCount
            for j in indices {
                selected[position] = elements[base &+ j]
                position &+= 1
            }
        }
        return Matrix(rowCount: indices.count, columnCount: indices.count, elements: selected)
    }

    /// `self` with the rows of `other` below it.
    ///
    /// - Precondition: equal column counts.
    package func stacked(on other: Matrix) -> Matrix {
        precondition(columnCount == other.columnCount, "stacking \(columnCount) on \(other.columnCount) columns")
        return Matrix(
            rowCount: rowCount + other.rowCount, columnCount: columnCount, elements: elements + other.elements)
    }

    /// The element-by-element product.
    ///
    /// - Precondition: equal shapes.
    package func multipliedElementwise(by other: Matrix) -> Matrix {
        var result = self
        result.multiplyElementwise(by: other)
        return result
    }

    /// Multiplies by the elements of another matrix, in place.
    ///
    /// - Precondition: equal shapes.
    package mutating func multiplyElementwise(by other: Matrix) {
        precondition(rowCount == other.rowCount && columnCount == other.columnCount, "shapes differ")
        withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { out in
                unsafe other.elements.withUnsafeBufferPointer { factors in
                    for index in out.indices { unsafe out[index] *= factors[index] }
                }
            }
        }
    }

    /// The sum of two matrices.
    ///
    /// - Precondition: equal shapes.
    package func adding(_ other: Matrix) -> Matrix {
        combining(other) { $0 + $1 }
    }

    /// Applies `operation` to the elements of two matrices of the same shape.
    @inlinable
    package func combining(_ other: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
        precondition(rowCount == other.rowCount && columnCount == other.columnCount, "shapes differ")
        var combined = elements
        let right = other.elements
        for index in combined.indices { combined[index] = operation(combined[index], right[index]) }
        return Matrix(rowCount: rowCount, columnCount: columnCount, elements: combined)
    }

    /// Applies `transform` to every element.
    @inlinable
    package func mapElements(_ transform: (Double) -> Double) -> Matrix {
        Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements.map(transform))
    }

    /// The sum of the diagonal.
    package var trace: Double {
        (0..<min(rowCount, columnCount)).reduce(0) { $0 + self[$1, $1] }
    }

    /// A hash of the bits of each row.
    package var rowFingerprints: [UInt64] {
        let width = columnCount
        return unsafe elements.withUnsafeBufferPointer { elements in
            // Four rows side by side: each step of a hash waits for the last one.
            var hashes: [UInt64] = []
            hashes.reserveCapacity(rowCount)
            let together = 4
            for first in stride(from: 0, to: rowCount, by: together) {
                var hash = (x: UInt64(width), y: UInt64(width), z: UInt64(width), w: UInt64(width))
                let count = min(together, rowCount - first)
                let start = first &* width
                // The last rows stand in for missing ones.
                let (second, third, fourth) = (min(1, count - 1) &* width, min(2, count - 1) &* width, min(3, count - 1) &* width)
                for column in start..<(start &+ width) {
                    unsafe hash.x = (hash.x ^ elements[column].bitPattern) &* 0xff51_afd7_ed55_8ccd
                    unsafe hash.y = (hash.y ^ elements[column &+ second].bitPattern) &* 0xff51_afd7_ed55_8ccd
                    unsafe hash.z = (hash.z ^ elements[column &+ third].bitPattern) &* 0xff51_afd7_ed55_8ccd
                    unsafe hash.w = (hash.w ^ elements[column &+ fourth].bitPattern) &* 0xff51_afd7_ed55_8ccd
                    hash.x ^= hash.x &>> 32
                    hash.y ^= hash.y &>> 32
                    hash.z ^= hash.z &>> 32
                    hash.w ^= hash.w &>> 32
                }
                hashes += [hash.x, hash.y, hash.z, hash.w].prefix(count)
            }
            return hashes
        }
    }

    /// A hash of the shape and bits: equal matrices have equal hashes, different ones nearly never. Zeros of different sign count as
    /// different.
    package var fingerprint: UInt64 {
        var hash = (UInt64(rowCount) &* 0x9e37_79b9_7f4a_7c15) ^ UInt64(columnCount)
        unsafe elements.withUnsafeBufferPointer { elements in
            for index in elements.indices {
                hash = unsafe (hash ^ elements[index].bitPattern) &* 0xff51_afd7_ed55_8ccd
                hash ^= hash &>> 32
            }
        }
        return hash
    }
}
