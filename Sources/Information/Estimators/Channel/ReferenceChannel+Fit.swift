import LinearAlgebra

extension ReferenceChannel {
    /// One array of every set, with the labels that say which rows belong together.
    struct Pool: Sendable {
        /// n x d references, by set.
        let references: [Matrix]
        /// n x d responses, by set.
        let responses: [Matrix]
        /// The group of each row, by set.
        let groups: [[String]]
        /// By what the groups are ordered; a group without one by its label.
        var orderByGroup: [String: String] = [:]
        /// The group of every key of a row, for sets that are judged later.
        var labelByKey: [String: String] = [:]
        /// A number for each row by which some are chosen where there are too many, by set.
        var hashes: [[UInt64]] = []
    }

    /// The channel of the rows of all sets.
    ///
    /// - Throws: `EstimationError` for fewer than two groups and for references that are all equal, or `LinearAlgebraError`.
    package func fit(_ sets: [SampleSet], threadCount: Int = 1) throws -> ChannelFit {
        try fit(Pool(sets, threadCount: threadCount), threadCount: threadCount)
    }

    func fit(_ pool: Pool, threadCount: Int) throws -> ChannelFit {
        let labels = Set(pool.groups.joined())
        guard labels.count > 1 else { throw EstimationError.tooFewGroups(found: labels.count) }
        let foldByGroup = folds(labels, pool.orderByGroup)
        let order = try rowOrder(pool, foldByGroup, threadCount: threadCount)
        guard let space = try space(pool.references, order, threadCount: threadCount) else {
            throw EstimationError.constantRows(estimator: "reference-channel", set: "the sets of this run", array: "reference")
        }
        let parts = try concurrentMap(count: pool.references.count, threadCount: threadCount) { index in
            (reference: space.coordinates(pool.references[index]), response: space.coordinates(pool.responses[index]))
        }
        let (queries, answers) = (
            order.gathered(parts.map(\.reference), 0..<order.places.count, subtracting: [Double](repeating: 0, count: space.componentCount)),
            order.gathered(parts.map(\.response), 0..<order.places.count, subtracting: [Double](repeating: 0, count: space.componentCount))
        )
        let shift = answers.columnMeans
        let byFold = Dictionary(grouping: order.places.indices) { position in
            let place = order.places[position]
            return foldByGroup[pool.groups[place.set][place.row]] ?? 0
        }.sorted { $0.key < $1.key }
        guard byFold.count > 1 else { throw EstimationError.tooFewGroups(found: byFold.count) }
        let regression = ChannelRegression(
            self,
            folds: byFold.map {
                ChannelRegression.Fold(queries: queries.selectingRows($0.value).withLeadingOnes, answers: answers.selectingRows($0.value))
            }, shift: shift)
        let solution = try regression.solve(threadCount: threadCount)
        let judges = try concurrentMap(count: solution.folds.count + 1, threadCount: threadCount) { index in
            let judge = index < solution.folds.count ? solution.folds[index] : solution.whole
            return try ChannelJudge(
                slopes: judge.slopes, residuals: judge.residuals, rowCount: judge.rowCount, channel: self, floor: regression.floor)
        }
        // Folds without a fitted row (of more rows than are fitted) are judged by the whole: it has not seen them.
        let positions = Dictionary(uniqueKeysWithValues: zip(byFold.map(\.key), byFold.indices))
        return ChannelFit(
            channel: self, mean: space.mean, directions: space.directions, shift: shift, kappa: regression.kappa,
            floor: regression.floor, ridge: solution.ridge, deviance: (solution.deviance, solution.projectedDeviance), judges: judges,
            foldByGroup: foldByGroup.mapValues { positions[$0] ?? byFold.count }, labelByKey: pool.labelByKey,
            rowCount: order.places.count)
    }

    /// Whole groups in at most `foldLimit` folds: the i-th group, in the order of its UTF-8 text, goes to fold i modulo their number.
    func folds(_ labels: Set<String>, _ orderByGroup: [String: String] = [:]) -> [String: Int] {
        let sorted = labels.map { (order: orderByGroup[$0] ?? $0, label: $0) }.sorted {
            $0.order == $1.order
                ? $0.label.utf8.lexicographicallyPrecedes($1.label.utf8) : $0.order.utf8.lexicographicallyPrecedes($1.order.utf8)
        }
        let count = min(sorted.count, foldLimit)
        return Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.label, $0 % count) })
    }

    /// All rows, or those of the smallest hashes, by fold and then by what they hold.
    private func rowOrder(_ pool: Pool, _ foldByGroup: [String: Int], threadCount: Int) throws -> PooledOrder {
        struct Row {
            let set: Int
            let row: Int
            let fold: Int
            let content: (UInt64, UInt64)
        }
        let contents = try concurrentMap(count: pool.references.count, threadCount: threadCount) { index in
            (pool.references[index].rowFingerprints, pool.responses[index].rowFingerprints)
        }
        var rows: [Row] = []
        for (set, groups) in pool.groups.enumerated() {
            for (row, group) in groups.enumerated() {
                rows.append(
                    Row(
                        set: set, row: row, fold: foldByGroup[group] ?? 0,
                        content: (contents[set].0[row], contents[set].1[row])))
            }
        }
        if rows.count > fittedRowLimit {
            func hash(_ row: Row) -> UInt64 { pool.hashes.isEmpty ? row.content.0 ^ row.content.1 : pool.hashes[row.set][row.row] }
            rows.sort { (hash($0), $0.content.0, $0.content.1) < (hash($1), $1.content.0, $1.content.1) }
            rows.removeLast(rows.count - fittedRowLimit)
        }
        rows.sort { ($0.fold, $0.content.0, $0.content.1) < ($1.fold, $1.content.0, $1.content.1) }
        return PooledOrder(places: rows.map { ($0.set, $0.row) })
    }
}

extension ReferenceChannel.Pool {
    /// The rows of some sets with the groups that they share (`RowGroups`).
    init(_ sets: [SampleSet], threadCount: Int) throws {
        let rows = RowGroups(sets, knowsContent: true)
        var order: [String: String] = [:]
        for (set, labels) in zip(sets, rows.labels) {
            for (key, label) in zip(set.orderKeys, labels) {
                if order[label].map({ key.utf8.lexicographicallyPrecedes($0.utf8) }) ?? true { order[label] = key }
            }
        }
        self.init(
            references: sets.map(\.reference), responses: sets.map(\.response), groups: rows.labels, orderByGroup: order,
            labelByKey: rows.labelByKey, hashes: sets.map(\.rowHashes))
    }
}

extension SampleSet {
    /// By what groups of rows are ordered: the name of a row's group, else its item's, else what the row holds; never its place.
    fileprivate var orderKeys: [String] {
        if let groups { return groups }
        if let identifiers { return identifiers }
        return rowHashes.map { String($0, radix: 16) }
    }

    /// A number for each row that does not depend on its place: of its item's name, else of what it holds.
    var rowHashes: [UInt64] {
        if let identifiers {
            return identifiers.map { name in
                var hash: UInt64 = 0xcbf2_9ce4_8422_2325
                for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
                return hash.mixed
            }
        }
        let parts = ([reference, response] + modalities.map(\.rows)).map(\.rowFingerprints)
        return (0..<rowCount).map { row in parts.reduce(0) { ($0 &* 0x100_0000_01b3 ^ $1[row]).mixed } }
    }
}

extension UInt64 {
    /// The last step of SplitMix64: neighbouring numbers become unlike each other.
    fileprivate var mixed: UInt64 {
        var z = self
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

extension Matrix {
    /// The rows with a 1 before their elements.
    var withLeadingOnes: Matrix {
        var elements: [Double] = []
        elements.reserveCapacity(rowCount * (columnCount + 1))
        for index in 0..<rowCount {
            elements.append(1)
            elements.append(contentsOf: row(index))
        }
        return Matrix(rowCount: rowCount, columnCount: columnCount + 1, elements: elements)
    }
}
