import LinearAlgebra

extension Matrix {
    /// The rows in a range.
    func rows(_ range: Range<Int>) -> Matrix {
        if range == 0..<rowCount { return self }
        return Matrix(
            rowCount: range.count, columnCount: columnCount,
            elements: Array(elements[(range.lowerBound * columnCount)..<(range.upperBound * columnCount)]))
    }

    /// Applies `operation` to the elements of two matrices of one shape and stores the results in this matrix.
    @inline(__always)
    mutating func combine(_ other: Matrix, _ operation: (Double, Double) -> Double) {
        precondition(rowCount == other.rowCount && columnCount == other.columnCount, "shapes differ")
        withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { out in
                unsafe other.elements.withUnsafeBufferPointer { right in
                    for index in 0..<out.count { unsafe out[index] = operation(out[index], right[index]) }
                }
            }
        }
    }

    /// Adds `factor` times a matrix of the same shape, in place.
    mutating func add(_ other: Matrix, times factor: Double = 1) {
        combine(other) { $0 + factor * $1 }
    }

    /// The sum of the products of all elements with those of a matrix of the same shape.
    func inner(_ other: Matrix) -> Double { rowProducts(other).reduce(0, +) }

    /// The square root of the sum of the squares of all elements.
    var frobeniusNorm: Double { inner(self).squareRoot() }
}

/// The scalar product of two lists of `count` numbers.
@inline(__always)
@unsafe func dotProduct(_ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ count: Int) -> Double {
    // The lanes are necessary because the compiler does not vectorise a plain loop over doubles.
    var lanes = SIMD8<Double>.zero
    let (a, b) = unsafe (UnsafeRawPointer(left), UnsafeRawPointer(right))
    var index = 0
    while index &+ 8 <= count {
        lanes +=
            unsafe a.loadUnaligned(fromByteOffset: index &* 8, as: SIMD8<Double>.self)
            * b.loadUnaligned(fromByteOffset: index &* 8, as: SIMD8<Double>.self)
        index &+= 8
    }
    var sum = lanes.sum()
    while index < count {
        unsafe sum += left[index] * right[index]
        index &+= 1
    }
    return sum
}

/// The sum of `count` numbers.
@inline(__always)
@unsafe func total(_ values: UnsafePointer<Double>, _ count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    let raw = unsafe UnsafeRawPointer(values)
    var index = 0
    while index &+ 8 <= count {
        lanes += unsafe raw.loadUnaligned(fromByteOffset: index &* 8, as: SIMD8<Double>.self)
        index &+= 8
    }
    var sum = lanes.sum()
    while index < count {
        unsafe sum += values[index]
        index &+= 1
    }
    return sum
}
