extension ConfidenceBuilder {
    /// Decides what kind of scores the options have and turns them into log-probabilities up to a constant, confidences and outcomes.
    mutating func settleScores(_ given: ConfidenceTable.ScoreKind?) {
        let rows = table.states.indices.filter { !table.options($0).isEmpty && !table.states[$0].isFault }
        let kind = given ?? toldKind(rows)
        table.scoreKind = kind
        for row in rows {
            let range = Int(table.optionStarts[row])..<Int(table.optionStarts[row + 1])
            if let wrong = wrongSign(row, kind) {
                mark(row, .mixedSigns, "\(wrong) as a \(kind.rawValue)")
                continue
            }
            for index in range {
                switch kind {
                case .logLikelihood, .logit: break
                case .loss: table.optionScores[index] = -table.optionScores[index]
                case .probability: table.optionScores[index] = logarithm(table.optionScores[index])
                }
            }
            settleRow(row, range)
        }
    }

    /// If every row sums to 1 the scores are probabilities; otherwise the signs of most rows tell log-likelihoods from losses.
    private func toldKind(_ rows: [Int]) -> ConfidenceTable.ScoreKind {
        var (negative, positive, probabilities) = (0, 0, 0)
        for row in rows {
            let scores = table.options(row)
            if scores.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(scores.reduce(0, +) - 1) < 1e-3 { probabilities += 1 }
            if scores.allSatisfy({ $0 <= 0 }) { negative += 1 } else if scores.allSatisfy({ $0 >= 0 }) { positive += 1 }
        }
        if probabilities > 0, probabilities == rows.count { return .probability }
        return positive > negative ? .loss : .logLikelihood
    }

    /// A score of this row whose sign or size the kind does not allow; nil when there is none.
    private func wrongSign(_ row: Int, _ kind: ConfidenceTable.ScoreKind) -> Double? {
        switch kind {
        case .logLikelihood: table.options(row).first { $0 > 0 }
        case .loss: table.options(row).first { $0 < 0 }
        case .logit: nil
        case .probability: table.options(row).first { !($0 >= 0 && $0 <= 1) }
        }
    }

    private mutating func settleRow(_ row: Int, _ range: Range<Int>) {
        let scores = table.optionScores[range]
        guard let best = scores.max(), best > -.infinity else {
            mark(row, .scoreNotFinite, "no option with a probability")
            return
        }
        table.confidence[row] = 1 / scores.reduce(0) { $0 + exponential($1 - best) }
        if scores.count(where: { $0 == best }) > 1, table.states[row] == .used { table.remarks[.tie, default: 0] += 1 }
        if table.labels[row] >= 0, let answer = scores.firstIndex(of: best) {
            table.outcome[row] = answer - range.lowerBound == Int(table.labels[row]) ? 1 : 0
        }
    }
}
