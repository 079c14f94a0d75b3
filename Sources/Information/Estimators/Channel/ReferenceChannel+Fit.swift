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
        /// Whether what rows hold is among the keys of rows with names.
        var knowsContent = false
        /// A hash of each row's reference and one of its response, by set.
        let fingerprints: [(references: [UInt64], responses: [UInt64])]
        /// A number for each row by which some are chosen, by set; empty where there are not too many.
        var hashes: [[UInt64]] = []
    }

    /// The channel of the rows of all sets.
    ///
    /// - Parameter knowsContent: whether sets without names of their rows are to find the groups of named ones in it later: for a fit
    ///   that is saved.
    /// - Throws: `EstimationError` for fewer than two groups and for references that are all equal, or `LinearAlgebraError`.
    package func fit(_ sets: [SampleSet], knowsContent: Bool = false, threadCount: Int = 1) throws -> ChannelFit {
        try fit(Pool(sets, knowsContent: knowsContent, fittedRowLimit: fittedRowLimit), threadCount: threadCount).fit
    }

    /// As `fit`, with the rows of the sets as their judges see them: what is in common is computed once.
    ///
    /// - Throws: as `fit`.
    package func judged(
        _ sets: [SampleSet], knowsContent: Bool = false, threadCount: Int = 1
    ) throws -> (fit: ChannelFit, rows: [ChannelRows]) {
        let pool = Pool(sets, knowsContent: knowsContent, fittedRowLimit: fittedRowLimit)
        let (fit, coordinates) = try fit(pool, threadCount: threadCount)
        let forms = fit.packedForms
        let rows = try concurrentMap(count: sets.count, threadCount: threadCount) { index in
            fit.rows(
                coordinates[index], groups: pool.groups[index], hashes: sets[index].rowHashes, forms: forms)
        }
        return (fit, rows)
    }

    func fit(_ pool: Pool, threadCount: Int) throws -> (fit: ChannelFit, coordinates: [ChannelCoordinates]) {
        try fit(pool, threadCount: threadCount) { order in
            try space(pool.references, pool.fingerprints.map(\.references), order, threadCount: threadCount)
        } coordinates: { space in
            try concurrentMap(count: pool.references.count, threadCount: threadCount) { index in
                ChannelCoordinates(
                    reference: space.coordinates(pool.references[index]), response: space.coordinates(pool.responses[index]))
            }
        }
    }

    /// The channel, given how to find its space and the coordinates of all rows in it.
    ///
    /// - Parameters:
    ///   - findSpace: the space of the references in this order; nil when they are all equal.
    ///   - coordinates: the coordinates of each set.
    func fit(
        _ pool: Pool, threadCount: Int, space findSpace: (PooledOrder) throws -> ChannelSpace?,
        coordinates findCoordinates: (ChannelSpace) throws -> [ChannelCoordinates]
    ) throws -> (fit: ChannelFit, coordinates: [ChannelCoordinates]) {
        let labels = Set(pool.groups.joined())
        guard labels.count > 1 else { throw EstimationError.tooFewGroups(found: labels.count) }
        let foldByGroup = folds(labels, pool.orderByGroup)
        let order = rowOrder(pool, foldByGroup)
        guard let space = try findSpace(order.rows) else {
            throw EstimationError.constantRows(estimator: "reference-channel", set: "the sets of this run", array: "reference")
        }
        let coordinates = try findCoordinates(space)
        let none = [Double](repeating: 0, count: space.componentCount)
        let all = 0..<order.rows.places.count
        let shift = order.rows.gathered(coordinates.map(\.response), all, subtracting: none).columnMeans
        guard order.folds.count > 1 else { throw EstimationError.tooFewGroups(found: order.folds.count) }
        let regression = ChannelRegression(
            self,
            folds: order.folds.map { fold in
                ChannelRegression.Fold(
                    queries: order.rows.gathered(coordinates.map(\.reference), fold.rows, subtracting: none).withLeadingOnes,
                    answers: order.rows.gathered(coordinates.map(\.response), fold.rows, subtracting: none))
            }, shift: shift)
        let solution = try regression.solve(threadCount: threadCount)
        let judges = try concurrentMap(count: solution.folds.count + 1, threadCount: threadCount) { index in
            let judge = index < solution.folds.count ? solution.folds[index] : solution.whole
            return try ChannelJudge(
                slopes: judge.slopes, residuals: judge.residuals, rowCount: judge.rowCount, channel: self, floor: regression.floor)
        }
        // Folds without a fitted row (of more rows than are fitted) are judged by the whole: it has not seen them.
        let positions = Dictionary(uniqueKeysWithValues: zip(order.folds.map(\.number), order.folds.indices))
        let fit = ChannelFit(
            channel: self, mean: space.mean, directions: space.directions, variances: space.variances, shift: shift,
            kappa: regression.kappa,
            floor: regression.floor, ridge: solution.ridge, deviance: solution.deviance, codes: solution.codes, judges: judges,
            foldByGroup: foldByGroup.mapValues { positions[$0] ?? order.folds.count }, labelByKey: pool.labelByKey,
            knowsContent: pool.knowsContent, rowCount: order.rows.places.count)
        return (fit, coordinates)
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

    /// All rows, or those of the smallest hashes, by fold and then by what they hold, with the folds' places in that order.
    private func rowOrder(
        _ pool: Pool, _ foldByGroup: [String: Int]
    ) -> (rows: PooledOrder, folds: [(number: Int, rows: Range<Int>)]) {
        var byFold = [[(set: Int, row: Int)]](repeating: [], count: (foldByGroup.values.max() ?? 0) + 1)
        let limit = hashLimit(pool)
        for (set, groups) in pool.groups.enumerated() {
            for (row, group) in groups.enumerated() where limit.map({ pool.hashes[set][row] <= $0 }) ?? true {
                byFold[foldByGroup[group] ?? 0].append((set, row))
            }
        }
        var (places, folds): ([(set: Int, row: Int)], [(number: Int, rows: Range<Int>)]) = ([], [])
        for (number, rows) in byFold.enumerated() where !rows.isEmpty {
            folds.append((number, places.count..<(places.count + rows.count)))
            places += rows.sorted(by: pool.precedes)
        }
        return (PooledOrder(places: places), folds)
    }

    /// The hash up to which rows are fitted; nil for all of them.
    private func hashLimit(_ pool: Pool) -> UInt64? {
        guard pool.groups.reduce(0, { $0 + $1.count }) > fittedRowLimit else { return nil }
        return pool.hashes.joined().sorted()[fittedRowLimit - 1]
    }
}

extension ReferenceChannel.Pool {
    /// The rows of some sets with the groups that they share (`RowGroups`).
    init(_ sets: [SampleSet], knowsContent: Bool, fittedRowLimit: Int) {
        let rows = RowGroups(sets, knowsContent: knowsContent)
        var order: [String: String] = [:]
        for (set, labels) in zip(sets, rows.labels) {
            for (key, label) in zip(set.orderKeys, labels) {
                if order[label].map({ key.utf8.lexicographicallyPrecedes($0.utf8) }) ?? true { order[label] = key }
            }
        }
        self.init(
            references: sets.map(\.reference), responses: sets.map(\.response), groups: rows.labels, orderByGroup: order,
            labelByKey: rows.labelByKey, knowsContent: knowsContent,
            fingerprints: sets.map { ($0.referenceFingerprints, $0.responseFingerprints) },
            hashes: rows.rowCount > fittedRowLimit ? sets.map(\.rowHashes) : [])
    }

    /// Whether a row comes before another by what they hold: the same order wherever they are. Only rows that are equal in every digit
    /// are left in the order in which they came, and these are exchangeable.
    fileprivate func precedes(_ a: (set: Int, row: Int), _ b: (set: Int, row: Int)) -> Bool {
        let (first, second) = (fingerprints[a.set], fingerprints[b.set])
        let (left, right) = (first.references[a.row], second.references[b.row])
        guard left == right else { return left < right }
        return first.responses[a.row] < second.responses[b.row]
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
        let parts = [referenceFingerprints, responseFingerprints] + modalities.map(\.fingerprints)
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
