import LinearAlgebra
import RealModule

/// The rows of a set as their judges see them.
///
/// With u_i = M Sigma^-1 z_i of a response z_i and x_j = (1, coordinates of reference j), both under the judge of row i,
/// ln q(z_i | y_j) = u_i.x_j - x_j' M Sigma^-1 M' x_j / 2, up to what does not depend on j. The quadratic forms of all judges are
/// one matrix product with the packed products of x_j.
package struct ChannelRows: Sendable {
    /// Which answers of a set are judged.
    enum Answers: CaseIterable, Sendable {
        /// The model's responses.
        case model
        /// The references, in the response's place and in the mean of the responses.
        case reference
    }

    /// The group label of each row.
    package let groups: [String]
    /// The position of each row's judge in the fit.
    package let judges: [Int]
    /// n x (k + 1): 1 and the coordinates of the references.
    let queries: Matrix
    /// n x k coordinates of the responses.
    let responses: Matrix
    /// n x (k + 1): u of the responses.
    let model: Matrix
    /// n x (k + 1): u of the references.
    let reference: Matrix
    /// The rows that responses are compared with: all, or those of the smallest hashes, ascending.
    let negatives: [Int]
    /// Their queries.
    let negativeQueries: Matrix
    /// Half the squared lengths of what the negatives make a response to be, a row for each judge of the fit.
    let negativeHalfSquares: Matrix
    /// The same of each row under its own judge.
    let ownHalfSquares: [Double]
    /// d of the channel.
    let defence: Double
    /// The cosine of each response and its reference, both less their means in the run, with every principal direction of the references
    /// divided by the root of its variance and the mean variance: a baseline that nothing is fitted for. Without the mean, directions
    /// of noise count as much as those of content (0.906 with the accuracy of digits instead of 0.981).
    package let whitenedCosines: [Double]

    /// ln d: no row can add less to an information.
    package var leastContribution: Double { .log(defence) }
    /// The rows that each response is compared with: ln of it is the most that the set can show.
    package var comparedCount: Int { negatives.count }
    /// The number of rows.
    package var rowCount: Int { judges.count }

    /// For each row its place among the negatives; nil for a row that is none.
    var negativePlaces: [Int?] {
        var places = [Int?](repeating: nil, count: rowCount)
        for (place, row) in negatives.enumerated() { places[row] = place }
        return places
    }

    func answers(_ kind: Answers) -> Matrix { kind == .model ? model : reference }
}

/// The coordinates of a set in the directions of a channel, each n x k.
struct ChannelCoordinates: Sendable {
    let reference: Matrix
    let response: Matrix
}

extension ChannelFit {
    /// The rows of some sets as their judges see them: those of a fitted group by the channel that has not seen it, others by that of
    /// all rows.
    ///
    /// - Throws: `EstimationError.fitShape` where the width is not that of the fit.
    package func rows(of sets: [SampleSet], threadCount: Int = 1) throws -> [ChannelRows] {
        for set in sets where set.reference.columnCount != width {
            throw EstimationError.fitShape(
                expected: "answers of \(width) columns, as fitted", found: "\(set.reference.columnCount) in \(set.name)")
        }
        let pool = RowGroups(sets)
        let forms = packedForms
        let space = space
        return try concurrentMap(count: sets.count, threadCount: threadCount) { index in
            let set = sets[index]
            let groups = zip(set.rowKeys(setIndex: index, knowsContent: knowsContent), pool.labels[index]).map { keys, label in
                (keys.linking + keys.content).lazy.compactMap { labelByKey[$0] }.first ?? label
            }
            return rows(
                ChannelCoordinates(reference: space.coordinates(set.reference), response: space.coordinates(set.response)),
                groups: groups, hashes: set.rowCount > channel.negativeLimit ? set.rowHashes : nil, forms: forms)
        }
    }

    /// The quadratic forms of all judges, (k + 1)(k + 2)/2 x judges.
    var packedForms: Matrix { Matrix(rows: judges.map(\.halfSquares)).transposed }

    /// The rows of one set.
    ///
    /// - Parameters:
    ///   - hashes: by what the negatives of a large set are chosen.
    ///   - forms: `packedForms`.
    func rows(_ coordinates: ChannelCoordinates, groups: [String], hashes: [UInt64]?, forms: Matrix) -> ChannelRows {
        let (queries, answers) = (coordinates.reference, coordinates.response)
        let judgeOfRow = groups.map { foldByGroup[$0] ?? wholeJudge }
        let extended = queries.withLeadingOnes
        let placed = queries.subtractingFromRows(shift.map { -$0 })
        var (model, references) = (Matrix.zeros(groups.count, componentCount + 1), Matrix.zeros(groups.count, componentCount + 1))
        let byJudge = Dictionary(grouping: judgeOfRow.indices) { judgeOfRow[$0] }
        for (judge, rows) in byJudge {
            let response = judges[judge].response
            model.setRows(rows, to: answers.selectingRows(rows).timesTransposed(response))
            references.setRows(rows, to: placed.selectingRows(rows).timesTransposed(response))
        }
        let negatives = negatives(rowCount: groups.count, hashes: hashes)
        let negativeQueries = negatives.count == groups.count ? extended : extended.selectingRows(negatives)
        // By blocks: the packed products of a thousand rows take 17 MB.
        var halfSquares = Matrix.zeros(0, judges.count)
        for start in stride(from: 0, to: negatives.count, by: 256) {
            let block = negativeQueries.packedProducts(start..<min(start + 256, negatives.count))
            halfSquares = halfSquares.stacked(on: block.times(forms))
        }
        var own = [Double](repeating: 0, count: groups.count)
        for (place, row) in negatives.enumerated() { own[row] = halfSquares[place, judgeOfRow[row]] }
        if negatives.count < groups.count {
            let isNegative = Set(negatives)
            for (judge, rows) in byJudge {
                let others = rows.filter { !isNegative.contains($0) }
                guard !others.isEmpty else { continue }
                let queries = extended.selectingRows(others)
                let products = queries.times(judges[judge].response).rowProducts(queries.times(judges[judge].slopes))
                for (row, product) in zip(others, products) { own[row] = product / 2 }
            }
        }
        return ChannelRows(
            groups: groups, judges: judgeOfRow, queries: extended, responses: answers, model: model, reference: references,
            negatives: negatives,
            negativeQueries: negativeQueries, negativeHalfSquares: halfSquares.transposed, ownHalfSquares: own,
            defence: channel.defence, whitenedCosines: whitenedCosines(coordinates))
    }

    private func whitenedCosines(_ coordinates: ChannelCoordinates) -> [Double] {
        let mean = variances.reduce(0, +) / Double(variances.count)
        let scales = variances.map { 1 / ($0 + mean).squareRoot() }
        let left = coordinates.reference.scalingColumns(by: scales).rowsNormalized
        return left.rowProducts(coordinates.response.subtractingFromRows(shift).scalingColumns(by: scales).rowsNormalized)
    }

    private func negatives(rowCount: Int, hashes: [UInt64]?) -> [Int] {
        guard rowCount > channel.negativeLimit, let hashes else { return Array(0..<rowCount) }
        return (0..<rowCount).sorted { hashes[$0] == hashes[$1] ? $0 < $1 : hashes[$0] < hashes[$1] }
            .prefix(channel.negativeLimit).sorted()
    }
}
