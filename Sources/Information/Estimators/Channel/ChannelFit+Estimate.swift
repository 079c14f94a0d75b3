import LinearAlgebra
import RealModule
import Statistics

extension ChannelFit {
    /// EMI of some sets in nats; each set's own rows are its negatives.
    ///
    /// - Throws: `EstimationError.fitShape` when the width is not that of the fit.
    package func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EMIEstimate] {
        let rows = try rows(of: sets, threadCount: threadCount)
        return try concurrentMap(count: sets.count, threadCount: threadCount) { rows[$0].estimate }
    }
}

extension EMIEstimate {
    /// The rows behind an estimate of the channel; nil for other estimators.
    package var channelRows: ChannelRows? { form as? ChannelRows }
}

extension ChannelRows {
    /// EMI of the set, in nats.
    package var estimate: EMIEstimate {
        let rows = keepingMeans
        let (model, reference) = rows.contributions()
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        return EMIEstimate(
            InformationParts(model: mean(model), reference: mean(reference)),
            modelInfluence: GroupInfluence(spreadOf: model, groups: groups),
            referenceInfluence: GroupInfluence(spreadOf: reference, groups: groups), groups: groups, modelContributions: model,
            referenceContributions: reference,
            form: rows, preparingPairs: { underPairing })
    }

    /// Returns a function that gives I(X; Y_theta) and I(X; Y) under any pairing of queries and answers. Every answer keeps its judge,
    /// which has not seen it, and is judged with the reference of the query that it is paired with.
    ///
    /// In large sets only the rows that are negatives can be re-paired, because answers are only compared with negatives.
    var underPairing: PairedInformation {
        func values(_ kind: Answers) -> Matrix {
            var ratios = likelihoodRatios(kind, against: self, rows: 0..<rowCount)
            let count = Double(negatives.count)
            for row in 0..<rowCount {
                let mean = ratios.row(row).reduce(0, +) / count
                for column in 0..<negatives.count {
                    // Where all vanish beside the row's own, which is no negative, none of them explains the answer.
                    ratios[row, column] = logRatio(mean: ratios[row, column] > 0 ? mean / ratios[row, column] : .infinity)
                }
            }
            return ratios
        }
        let (model, reference) = (values(.model), values(.reference))
        let places = negativePlaces
        return { answers in
            func mean(_ values: Matrix) -> Double {
                var (sum, count) = (0.0, 0.0)
                for (query, answer) in answers.enumerated() {
                    guard let place = places[query] else { continue }
                    sum += values[answer, place]
                    count += 1
                }
                return sum / count
            }
            return InformationParts(model: mean(model), reference: mean(reference))
        }
    }
}
