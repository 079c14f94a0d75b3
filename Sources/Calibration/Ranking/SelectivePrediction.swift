/// What a model gains by answering only the questions on which it is most confident (Geifman and El-Yaniv, NeurIPS 2017).
///
/// The risk among k answered rows is the expectation over random orders of equal confidences, so that the order of rows in a file
/// does not matter.
package struct SelectivePrediction: Sendable, Equatable {
    /// One point of the risk-coverage curve.
    package struct Point: Sendable, Equatable {
        /// The share of rows answered.
        package let coverage: Double
        /// The mean of 1 - y among them.
        package let risk: Double
        /// The same if the right rows were the most confident ones.
        package let oracle: Double
    }

    /// The mean risk over 1…n answered rows.
    package let aurc: Double
    /// The mean risk with an oracle's order, and with a random order, which is the overall risk.
    package let oracle: Double
    package let random: Double
    /// The mean of risk times coverage over 1…n answered rows (Traub et al., NeurIPS 2024).
    package let augrc: Double
    /// At most 200 points, evenly spaced in coverage, from the first row to the last.
    package let curve: [Point]

    private let risks: [Double]
    /// The numbers of rows that a threshold can answer, ascending.
    private let thresholds: [Int32]

    /// AURC minus the oracle's AURC.
    package var excess: Double { aurc - oracle }
    /// (random - AURC) / (random - oracle), which is 1 for the best order and 0 for a random one (Malinin's prediction-rejection ratio);
    /// nil if all rows are equally right.
    package var normalised: Double? { random == oracle ? nil : (random - aurc) / (random - oracle) }

    init(_ rows: ConfidenceRows) {
        let count = rows.count
        var risks = [Double](repeating: 0, count: count)
        var thresholds: [Int32] = []
        thresholds.reserveCapacity(rows.blocks.count - 1)
        var (loss, answered, sumOfRisks, sumOfLosses) = (0.0, 0, 0.0, 0.0)
        for block in stride(from: rows.blocks.count - 2, through: 0, by: -1) {
            let range = Int(rows.blocks[block])..<Int(rows.blocks[block + 1])
            var sum = 0.0
            for row in range { sum += 1 - rows.outcome[row] }
            let each = sum / Double(range.count)
            for step in 1...range.count {
                let expected = loss + each * Double(step)
                let risk = expected / Double(answered + step)
                risks[answered + step - 1] = risk
                sumOfRisks += risk
                sumOfLosses += expected
            }
            loss += sum
            answered += range.count
            thresholds.append(Int32(answered))
        }
        let best = Self.oracleRisks(rows)
        aurc = sumOfRisks / Double(count)
        augrc = sumOfLosses / Double(count) / Double(count)
        oracle = best.reduce(0, +) / Double(count)
        random = loss / Double(count)
        self.risks = risks
        self.thresholds = thresholds
        let points = min(count, 200)
        curve = (1...points).map { point in
            let index = point * count / points - 1
            return Point(coverage: Double(index + 1) / Double(count), risk: risks[index], oracle: best[index])
        }
    }

    private static func oracleRisks(_ rows: ConfidenceRows) -> [Double] {
        var losses = rows.outcome.map { 1 - $0 }
        if rows.isBinary {
            let right = losses.count { $0 == 0 }
            for index in losses.indices { losses[index] = index < right ? 0 : 1 }
        } else {
            losses.sort()
        }
        var sum = 0.0
        for index in losses.indices {
            sum += losses[index]
            losses[index] = sum / Double(index + 1)
        }
        return losses
    }

    /// The largest share of rows that a threshold of confidence answers with a risk of at most `risk`; 0 if no threshold does.
    package func coverage(atRisk risk: Double) -> Double {
        guard let last = thresholds.last(where: { risks[Int($0) - 1] <= risk + 1e-12 }) else { return 0 }
        return Double(last) / Double(risks.count)
    }

    /// The mean of y among the most confident `coverage` of rows, with at least one row.
    package func accuracy(atCoverage coverage: Double) -> Double {
        let answered = Int((coverage * Double(risks.count) - 1e-9).rounded(.up))
        return 1 - risks[min(max(answered, 1), risks.count) - 1]
    }
}
