import CLAPACK

/// A sum of products x x^T of rows, d x d, of which only the upper triangle is kept, row after row: half the memory of a matrix.
package struct PackedSum: Sendable, Equatable {
    /// d.
    package let order: Int
    /// The upper triangle, row after row: d(d + 1)/2 elements.
    package private(set) var elements: [Double]

    /// A sum of nothing.
    package init(order: Int) {
        self.order = order
        elements = [Double](repeating: 0, count: order * (order + 1) / 2)
    }

    /// A known sum.
    ///
    /// - Precondition: d(d + 1)/2 elements.
    package init(order: Int, elements: [Double]) {
        precondition(elements.count == order * (order + 1) / 2, "a triangle of order \(order)")
        self.order = order
        self.elements = elements
    }

    /// Room for one product before it is added; reused, because fresh memory costs as much as the product.
    package struct Scratch: Sendable {
        fileprivate var product: [Double] = []
        fileprivate var singleProduct: [Float] = []

        /// Room for sums of one order.
        ///
        /// - Parameter isSingle: whether rows are in single precision.
        package init(order: Int, isSingle: Bool = false) {
            if isSingle {
                singleProduct = [Float](repeating: 0, count: order * order)
            } else {
                product = [Double](repeating: 0, count: order * order)
            }
        }
    }

    /// Adds x x^T of the rows of a matrix.
    ///
    /// - Precondition: `order` columns.
    package mutating func add(_ rows: Matrix, scratch: inout Scratch) {
        precondition(rows.columnCount == order, "rows of another width")
        unsafe rows.elements.withUnsafeBufferPointer { elements in
            guard let first = elements.baseAddress else { return }
            unsafe add(rowsAt: first, rowCount: rows.rowCount, scratch: &scratch)
        }
    }

    /// Adds x x^T of `rowCount` rows that stand one after the other in memory.
    mutating func add(rowsAt first: UnsafePointer<Double>, rowCount: Int, scratch: inout Scratch) {
        precondition(scratch.product.count == order * order, "room for another order")
        guard rowCount > 0, order > 0 else { return }
        let size = order
        unsafe cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, Int32(size), Int32(rowCount), 1, first, Int32(size), 0, &scratch.product,
            Int32(size))
        addTriangle(of: scratch.product)
    }

    /// Adds x x^T of `rowCount` rows in single precision that stand one after the other in memory.
    mutating func add(rowsAt first: UnsafePointer<Float>, rowCount: Int, scratch: inout Scratch) {
        precondition(scratch.singleProduct.count == order * order, "room for another order")
        guard rowCount > 0, order > 0 else { return }
        let size = order
        unsafe cblas_ssyrk(
            CblasRowMajor, CblasUpper, CblasTrans, Int32(size), Int32(rowCount), 1, first, Int32(size), 0, &scratch.singleProduct,
            Int32(size))
        addTriangle(of: scratch.singleProduct)
    }

    /// Adds the upper triangle of a d x d matrix.
    @inline(__always)
    private mutating func addTriangle(of product: [some BinaryFloatingPoint]) {
        let size = order
        unsafe elements.withUnsafeMutableBufferPointer { sums in
            unsafe product.withUnsafeBufferPointer { product in
                var start = 0
                for i in 0..<size {
                    let (source, target) = (i &* size &+ i, start)
                    for j in 0..<(size &- i) { unsafe sums[target &+ j] += Double(product[source &+ j]) }
                    start &+= size &- i
                }
            }
        }
    }

    /// Adds `factor` times another sum.
    ///
    /// - Precondition: equal orders.
    package mutating func add(_ other: PackedSum, times factor: Double = 1) {
        precondition(order == other.order, "sums of orders \(order) and \(other.order)")
        unsafe elements.withUnsafeMutableBufferPointer { sums in
            unsafe other.elements.withUnsafeBufferPointer { added in
                for index in sums.indices { unsafe sums[index] += factor * added[index] }
            }
        }
    }

    /// The whole symmetric matrix.
    package var matrix: Matrix {
        var result = Matrix.zeros(order, order)
        result.withElements { out in
            var start = 0
            for i in 0..<order {
                for j in i..<order {
                    let value = elements[start &+ j &- i]
                    out[i &* order &+ j] = value
                    out[j &* order &+ i] = value
                }
                start += order - i
            }
        }
        return result
    }

    /// The sum of the products of all elements with those of a symmetric matrix: tr(self * matrix).
    ///
    /// - Precondition: equal orders.
    package func inner(_ matrix: Matrix) -> Double {
        precondition(order == matrix.rowCount && order == matrix.columnCount, "a matrix of another order")
        let other = matrix.elements
        return unsafe elements.withUnsafeBufferPointer { own in
            unsafe other.withUnsafeBufferPointer { other in
                var (total, start) = (0.0, 0)
                for i in 0..<order {
                    let row = i &* order
                    var sum = unsafe own[start] * other[row &+ i] / 2
                    for j in (i + 1)..<max(order, i + 1) { unsafe sum += own[start &+ j &- i] * other[row &+ j] }
                    total += 2 * sum
                    start &+= order &- i
                }
                return total
            }
        }
    }

    /// The sum of the diagonal.
    package var trace: Double {
        var (sum, start) = (0.0, 0)
        for i in 0..<order {
            sum += elements[start]
            start += order - i
        }
        return sum
    }
}
