import Statistics

/// How a model handles questions that cannot be answered: does it say "I don't know" to these, and only to these?
package struct AbstentionSummary: Sendable {
    /// The number of rows, of rows that can be answered, and of rows where the model abstained.
    package let count: Int
    package let answerableCount: Int
    package let abstainedCount: Int
    /// The share of abstentions among unanswerable rows, and among answerable rows.
    package let recall: UncertainValue?
    package let overAbstention: UncertainValue?
    /// The share of abstentions that were right, because the row was unanswerable, and the harmonic mean of that share and `recall`.
    package let precision: UncertainValue?
    package let f1: Double?
    /// The mean score of answerable rows, where an abstention counts as 0, and the mean score of those that the model attempted.
    package let accuracyOfAnswerable: UncertainValue?
    package let accuracyOfAttempted: UncertainValue?
    /// The share of rows where the model was right, or abstained and the row was unanswerable.
    package let truthful: UncertainValue
    /// For each cost of a wrong answer a mean over rows: the score if it is above 0, -cost for an answer with score 0, and 0 for an
    /// abstention (Whitehead et al., ECCV 2022).
    package let effectiveReliability: [(cost: Double, value: UncertainValue)]
    /// The area under the ROC curve of 1 - c for "unanswerable".
    package let areaUnderCurve: UncertainValue?
    /// The mean confidence on unanswerable rows that the model nevertheless attempted.
    package let confidenceOnUnanswerable: UncertainValue?
    /// For pairs of an answerable and an unanswerable item: the share of pairs in which the model was right on the first and abstained
    /// on the second (MM-UPD's dual accuracy, Miyai et al., 2024).
    package let dualAccuracy: UncertainValue?

    /// The costs of a wrong answer for which `effectiveReliability` is computed.
    package static let costs: [Double] = [1, 10, 100]

    /// - Parameters:
    ///   - scores: y of each row, in [0, 1]; ignored for rows that cannot be answered or where the model abstained.
    ///   - confidence: c of each row; nil for a row without one.
    ///   - pairKeys: for each row the key that it shares with the other version (answerable or unanswerable) of its item.
    package init(
        answerable: [Bool], abstained: [Bool], scores: [Double], confidence: [Double?], pairKeys: [String?] = [],
        clusters: Clusters, level: Double = 0.95
    ) {
        let rows = Array(answerable.indices)
        let earned = rows.map { answerable[$0] && !abstained[$0] ? scores[$0] : 0 }
        let inference = Inference(clusters: clusters, confidence: level)
        func among(_ isIn: (Int) -> Bool) -> (rows: [Int], inference: Inference)? {
            let chosen = rows.filter(isIn)
            guard !chosen.isEmpty else { return nil }
            return (chosen, Inference(clusters: clusters.selecting(chosen), confidence: level, reach: inference.reach))
        }
        func rate(_ isIn: (Int) -> Bool, _ value: (Int) -> Double) -> UncertainValue? {
            among(isIn).map { $0.inference.rate($0.rows.map(value)) }
        }
        func share(_ condition: Bool) -> Double { condition ? 1 : 0 }
        count = rows.count
        answerableCount = answerable.count { $0 }
        abstainedCount = abstained.count { $0 }
        recall = rate({ !answerable[$0] }, { share(abstained[$0]) })
        overAbstention = rate({ answerable[$0] }, { share(abstained[$0]) })
        precision = rate({ abstained[$0] }, { share(!answerable[$0]) })
        let due = Double(rows.count { abstained[$0] && !answerable[$0] })
        let mistakes = Double(rows.count { abstained[$0] == answerable[$0] })
        f1 = 2 * due + mistakes > 0 ? 2 * due / (2 * due + mistakes) : nil
        accuracyOfAnswerable = rate({ answerable[$0] }, { earned[$0] })
        accuracyOfAttempted = rate({ answerable[$0] && !abstained[$0] }, { earned[$0] })
        truthful = inference.rate(rows.map { abstained[$0] && !answerable[$0] ? 1 : earned[$0] })
        effectiveReliability = Self.costs.map { cost in
            (cost, inference.mean(rows.map { abstained[$0] ? 0 : earned[$0] > 0 ? earned[$0] : -cost }))
        }
        areaUnderCurve = among { confidence[$0] != nil }.flatMap { chosen in
            Discrimination.areaUnderCurve(
                scores: chosen.rows.map { -(confidence[$0] ?? 0) }, isPositive: chosen.rows.map { !answerable[$0] },
                inference: chosen.inference)
        }
        confidenceOnUnanswerable = among { !answerable[$0] && !abstained[$0] && confidence[$0] != nil }
            .map { chosen in chosen.inference.mean(chosen.rows.map { confidence[$0] ?? 0 }) }
        dualAccuracy = Self.dualAccuracy(
            answerable: answerable, abstained: abstained, earned: earned, keys: pairKeys, clusters: clusters, level: level)
    }

    private static func dualAccuracy(
        answerable: [Bool], abstained: [Bool], earned: [Double], keys: [String?], clusters: Clusters, level: Double
    ) -> UncertainValue? {
        guard keys.count == answerable.count else { return nil }
        var standard: [String: Int] = [:]
        for row in keys.indices where answerable[row] {
            if let key = keys[row] { standard[key] = row }
        }
        var (firsts, values): ([Int], [Double]) = ([], [])
        for row in keys.indices where !answerable[row] {
            guard let key = keys[row], let first = standard[key] else { continue }
            firsts.append(first)
            values.append(abstained[row] ? earned[first] : 0)
        }
        guard !values.isEmpty else { return nil }
        return Inference(clusters: clusters.selecting(firsts), confidence: level).rate(values)
    }
}
