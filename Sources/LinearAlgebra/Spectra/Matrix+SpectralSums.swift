extension SpectralSums {
    /// Whether matrices of one order are reduced in batches. A batch takes as long for one matrix as for all lanes, and above an order of
    /// 256, where a batch is larger than the second-level cache, matrices one by one are faster.
    private static func usesBatches(order: Int, count: Int, lanes: Int) -> Bool {
        order <= 256 && 8 * count > (order <= 128 ? 3 : 6) * lanes
    }

    /// The sums over the spectra of symmetric matrices, in their order.
    ///
    /// The result of a matrix depends neither on the others nor on its place, but for rounding where only a few matrices have its order.
    /// - Throws: `LinearAlgebraError` for non-finite elements.
    /// - Precondition: the matrices are square.
    package static func of(_ matrices: [Matrix], instructions: VectorInstructions = .best) throws(LinearAlgebraError) -> [SpectralSums] {
        precondition(matrices.allSatisfy { $0.rowCount == $0.columnCount }, "a matrix is not square")
        return try ofEach(orders: matrices.map(\.rowCount), instructions: instructions) {
            matrices[$0]
        } reduce: { batch, members in
            reduce(members.map { matrices[$0] }, into: &batch, lanes: instructions.laneCount)
        }
    }

    /// Pads the lanes with the last matrix.
    private static func reduce(_ members: [Matrix], into batch: inout SpectrumBatch, lanes: Int) -> [SpectralSums?] {
        let order = members[0].rowCount
        let elements = members.flatMap(\.elements)
        return unsafe elements.withUnsafeBufferPointer { elements in
            let places = (0..<lanes).map { min($0, members.count - 1) * order * order }
            return unsafe batch.reduce(
                places.map { place in unsafe elements.baseAddress.map { unsafe $0 + place } }, stride: order, rows: nil, roots: nil,
                used: members.count)
        }
    }

    /// Goes through the matrices order by order, batch by batch.
    ///
    /// - Parameters:
    ///   - matrix: one of the matrices.
    ///   - reduce: the sums of the matrices of one batch; nil where they are not finite.
    fileprivate static func ofEach(
        orders: [Int], instructions: VectorInstructions, matrix: (Int) -> Matrix,
        reduce: (inout SpectrumBatch, _ members: ArraySlice<Int>) -> [SpectralSums?]
    ) throws(LinearAlgebraError) -> [SpectralSums] {
        var results = [SpectralSums?](repeating: nil, count: orders.count)
        let byOrder = Dictionary(grouping: orders.indices) { orders[$0] }
        for order in byOrder.keys.sorted() {
            let members = byOrder[order] ?? []
            guard order > 0 else { continue }
            if !usesBatches(order: order, count: members.count, lanes: instructions.laneCount) {
                var batch = SpectrumBatch(order: order, instructions: instructions, reduces: false)
                for member in members {
                    results[member] = batch.sums(of: try matrix(member).symmetricTridiagonal(instructions: instructions))
                }
                continue
            }
            var batch = SpectrumBatch(order: order, instructions: instructions)
            for start in stride(from: 0, to: members.count, by: instructions.laneCount) {
                let chosen = members[start..<min(start + instructions.laneCount, members.count)]
                for (member, sums) in zip(chosen, reduce(&batch, chosen)) { results[member] = sums }
            }
        }
        var found: [SpectralSums] = []
        found.reserveCapacity(orders.count)
        for index in orders.indices {
            if let sums = results[index] {
                found.append(sums)
            } else {
                // What is not finite in the sums is so in the matrix, which LAPACK's checks then say, or next to overflow.
                found.append(SpectralSums(eigenvalues: try matrix(index).symmetricEigenvalues()))
            }
        }
        return found
    }
}

extension Matrix {
    /// The sums over the spectra of symmetric submatrices: of each list of rows, the matrix of these rows and columns.
    ///
    /// The result of a submatrix depends neither on the others nor on its place, but for rounding where only a few have its order.
    /// - Parameter roots: for each list the factors of its rows and columns; nil takes 1.
    /// - Throws: `LinearAlgebraError` for non-finite elements.
    /// - Precondition: the matrix is square, and has these rows.
    package func spectralSums(
        ofSubmatrices subsets: [[Int]], roots: [[Double]]? = nil, instructions: VectorInstructions = .best
    ) throws(LinearAlgebraError) -> [SpectralSums] {
        precondition(rowCount == columnCount, "eigenvalues of a \(rowCount) x \(columnCount) matrix")
        precondition(subsets.allSatisfy { $0.allSatisfy { $0 >= 0 && $0 < rowCount } }, "a row out of range")
        precondition(roots.map { $0.map(\.count) == subsets.map(\.count) } ?? true, "one factor a row")
        guard Int32(exactly: rowCount) != nil else {
            throw .dimensionTooLarge(routine: "spectralSums", dimension: rowCount)
        }
        let lanes = instructions.laneCount
        return try SpectralSums.ofEach(orders: subsets.map(\.count), instructions: instructions) { index in
            var block = selectingRowsAndColumns(subsets[index])
            guard let factors = roots?[index] else { return block }
            for i in factors.indices {
                for j in factors.indices { block[i, j] *= factors[i] * factors[j] }
            }
            return block
        } reduce: { batch, members in
            let order = subsets[members.first ?? 0].count
            var rows = [Int32](repeating: 0, count: order * lanes)
            var factors = [Double](repeating: 1, count: roots == nil ? 0 : order * lanes)
            for lane in 0..<lanes {
                let member = members[min(members.startIndex + lane, members.endIndex - 1)]
                for (index, row) in subsets[member].enumerated() { rows[index &* lanes &+ lane] = Int32(truncatingIfNeeded: row) }
                if let own = roots?[member] {
                    for (index, factor) in own.enumerated() { factors[index &* lanes &+ lane] = factor }
                }
            }
            return unsafe elements.withUnsafeBufferPointer { elements in
                unsafe batch.reduce(
                    [UnsafePointer<Double>?](repeating: elements.baseAddress, count: lanes), stride: columnCount, rows: rows,
                    roots: roots == nil ? nil : factors, used: members.count)
            }
        }
    }
}
