import LinearAlgebra
import RealModule

/// The rows of a set, prepared so that their judges can score them.
///
/// With u_i = M Sigma^-1 z_i of a response z_i and x_j = (1, coordinates of reference j), both under the judge of row i,
/// ln q(z_i | y_j) = u_i.x_j - x_j' M Sigma^-1 M' x_j / 2 plus terms that do not depend on j. One matrix product with the packed products
/// of x_j gives the quadratic forms of all judges.
package struct ChannelRows: Sendable {
    /// The answers of a set that are judged.
    enum Answers: CaseIterable, Sendable {
        /// The model's responses.
        case model
        /// The references in place of the responses, shifted to the mean of the responses.
        case reference
    }

    /// The group label of each row.
    package let groups: [String]
    /// A number for each row that does not depend on its place (`SampleSet.rowHashes`).
    let hashes: [UInt64]
    /// The position of each row's judge in the fit.
    package let judges: [Int]
    /// The coordinates of references and responses, each n x k.
    let coordinates: ChannelCoordinates
    /// What their judges make of the answers.
    let vectors: AnswerVectors
    /// l_ii of both kinds of answers, n numbers each.
    let ownLogarithms: (model: [Double], reference: [Double])
    /// The rows that responses are compared with, ascending: all rows, or in large sets those with the smallest hashes.
    let negatives: [Int]
    /// A 1 and the coordinates of the reference of each negative, N x (k + 1).
    let negativeQueries: Matrix
    /// Half the squared length of the response that each negative leads to (columns), under each judge of the fit (rows).
    let negativeHalfSquares: Matrix
    /// d of the channel (`ReferenceChannel.defence`).
    let defence: Double
    /// The cosine of each response and its reference, both less their means in the run, with every principal direction of the references
    /// divided by the root of its variance and the mean variance: a baseline that nothing is fitted for. Without the mean, directions
    /// of noise count as much as those of content (0.906 with the accuracy of digits instead of 0.981).
    package let whitenedCosines: [Double]
    /// What `meanRatios` gave, if it is kept.
    var keptMeans: (model: [Double], reference: [Double])?

    /// ln d, the least that a row can contribute to an information, in nats.
    package var leastContribution: Double { .log(defence) }
    /// The number of rows that each response is compared with; its logarithm is the most information that the set can show.
    package var comparedCount: Int { negatives.count }
    /// The number of rows.
    package var rowCount: Int { judges.count }

    /// For each row its place among the negatives; nil for a row that is not a negative.
    var negativePlaces: [Int?] {
        var places = [Int?](repeating: nil, count: rowCount)
        for (place, row) in negatives.enumerated() { places[row] = place }
        return places
    }
}

/// The coordinates of a set in the directions of a channel, each n x k.
struct ChannelCoordinates: Sendable {
    let reference: Matrix
    let response: Matrix

    func selectingRows(_ rows: [Int]) -> ChannelCoordinates {
        ChannelCoordinates(reference: reference.selectingRows(rows), response: response.selectingRows(rows))
    }
}

extension ChannelFit {
    /// Prepares the rows of some sets for their judges. A row of a fitted group gets the judge that has not seen the group; other rows get
    /// the judge that is fitted to all rows.
    ///
    /// - Throws: `EstimationError.fitShape` when the width is not that of the fit.
    package func rows(of sets: [SampleSet], threadCount: Int = 1) throws -> [ChannelRows] {
        for set in sets where set.reference.columnCount != width {
            throw EstimationError.fitShape(
                expected: "answers of \(width) columns, as fitted", found: "\(set.reference.columnCount) in \(set.name)")
        }
        let groups = groups(of: sets)
        let forms = packedForms
        let space = space
        return try concurrentMap(count: sets.count, threadCount: threadCount) { index in
            let set = sets[index]
            return rows(
                ChannelCoordinates(reference: space.coordinates(set.reference), response: space.coordinates(set.response)),
                groups: groups[index], hashes: set.rowHashes, forms: forms)
        }
    }

    /// The group of each row of some sets: the fitted group that it belongs to, else one of its own.
    func groups(of sets: [SampleSet]) -> [[String]] {
        let pool = RowGroups(sets)
        return sets.indices.map { index in
            zip(sets[index].rowKeys(setIndex: index, knowsContent: knowsContent), pool.labels[index]).map { keys, label in
                (keys.linking + keys.content).lazy.compactMap { labelByKey[$0] }.first ?? label
            }
        }
    }

    /// The quadratic forms of all judges, (k + 1)(k + 2)/2 x judges.
    var packedForms: Matrix { Matrix(rows: judges.map(\.halfSquares)).transposed }

    /// Prepares the rows of one set.
    ///
    /// - Parameters:
    ///   - hashes: the hash of each row, by which rows are chosen.
    ///   - forms: `packedForms`.
    func rows(_ coordinates: ChannelCoordinates, groups: [String], hashes: [UInt64], forms: Matrix) -> ChannelRows {
        let judgeOfRow = groups.map { foldByGroup[$0] ?? wholeJudge }
        let vectors = AnswerVectors(self, coordinates, judges: judgeOfRow)
        let negatives = negatives(hashes)
        let references = coordinates.reference
        let negativeQueries = (negatives.count == groups.count ? references : references.selectingRows(negatives)).withLeadingOnes
        // In blocks, because the packed products of a thousand rows take 17 MB.
        var halfSquares = Matrix.zeros(0, judges.count)
        for start in stride(from: 0, to: negatives.count, by: 256) {
            let block = negativeQueries.packedProducts(start..<min(start + 256, negatives.count))
            halfSquares = halfSquares.stacked(on: block.times(forms))
        }
        return ChannelRows(
            groups: groups, hashes: hashes, judges: judgeOfRow, coordinates: coordinates, vectors: vectors,
            ownLogarithms: ownLogarithms(coordinates, vectors, judgeOfRow, negatives, halfSquares), negatives: negatives,
            negativeQueries: negativeQueries, negativeHalfSquares: halfSquares.transposed, defence: channel.defence,
            whitenedCosines: whitenedCosines(coordinates))
    }

    /// l_ii of both kinds of answers.
    ///
    /// - Parameter halfSquares: those of the negatives, under each judge.
    private func ownLogarithms(
        _ coordinates: ChannelCoordinates, _ vectors: AnswerVectors, _ judgeOfRow: [Int], _ negatives: [Int], _ halfSquares: Matrix
    ) -> (model: [Double], reference: [Double]) {
        let count = judgeOfRow.count
        var halves = [Double](repeating: 0, count: count)
        for (place, row) in negatives.enumerated() { halves[row] = halfSquares[place, judgeOfRow[row]] }
        var (model, reference): ([Double], [Double]) = ([], [])
        let isNegative = negatives.count < count ? Set(negatives) : []
        for start in stride(from: 0, to: count, by: AnswerVectors.blockSize) {
            let range = start..<min(start + AnswerVectors.blockSize, count)
            let queries = coordinates.reference.selectingRows(Array(range)).withLeadingOnes
            if negatives.count < count {
                for (judge, rows) in judgeOfRow.rowsByJudge(range) {
                    let others = rows.filter { !isNegative.contains($0) }
                    guard !others.isEmpty else { continue }
                    let own = queries.selectingRows(others.map { $0 - start })
                    let products = own.times(judges[judge].response).rowProducts(own.times(judges[judge].slopes))
                    for (row, product) in zip(others, products) { halves[row] = product / 2 }
                }
            }
            for (kind, products) in zip(ChannelRows.Answers.allCases, vectors.both(range).map { $0.rowProducts(queries) }) {
                let own = zip(products, halves[range]).map { $0 - $1 }
                if kind == .model { model += own } else { reference += own }
            }
        }
        return (model, reference)
    }

    private func whitenedCosines(_ coordinates: ChannelCoordinates) -> [Double] {
        let mean = variances.reduce(0, +) / Double(variances.count)
        let scales = variances.map { 1 / ($0 + mean).squareRoot() }
        let left = coordinates.reference.scalingColumns(by: scales).rowsNormalized
        return left.rowProducts(coordinates.response.subtractingFromRows(shift).scalingColumns(by: scales).rowsNormalized)
    }

    private func negatives(_ hashes: [UInt64]) -> [Int] {
        let all = Array(hashes.indices)
        guard all.count > channel.negativeLimit else { return all }
        return all.sorted { hashes[$0] == hashes[$1] ? $0 < $1 : hashes[$0] < hashes[$1] }.prefix(channel.negativeLimit).sorted()
    }
}
