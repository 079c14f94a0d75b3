import LinearAlgebra
import Statistics
import Testing

@testable import Information

@Suite struct TrainingInfluenceTests {
    private static let labels = (0..<24).map { "group \(100 + $0)" }
    /// Every group is a fold of its own.
    private static let folds = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })

    private func influence(_ kernel: (Int, Int) -> Double) -> GroupInfluence {
        let count = Self.labels.count
        let values = Matrix(rowCount: count, columnCount: count) { $0 == $1 ? 0 : kernel($0, $1) }
        let contributions = (0..<count).map { judged in
            Double(count) * (0..<count).reduce(0) { $0 + values[$1, judged] }
        }
        return GroupInfluence(
            contributions: contributions, groups: Self.labels,
            training: TrainingInfluence(training: Self.labels, judged: Self.labels, values: values, folds: Self.folds))
    }

    @Test func theVarianceOfADegenerateStatisticIsTwiceItsSquares() throws {
        var simulation = Simulation(seed: 1)
        let (width, count, trials) = (6, Self.labels.count, 300)
        var (corrected, squares) = (0.0, 0.0)
        for _ in 0..<trials {
            let rows = simulation.normals(count, width)
            let gram = rows.gram
            let influence = influence { gram[$0, $1] }
            corrected += try #require(influence.standardError).squared / Double(trials)
            let plain = GroupInfluence(byGroup: influence.byGroup)
            squares += try #require(plain.standardError).squared / Double(trials)
        }
        // The variance of the sum over ordered pairs of x_g . x_h is 2 G (G - 1) d.
        let variance = Double(2 * count * (count - 1) * width)
        #expect(abs(squares / variance - 0.5) < 0.05)
        #expect(abs(corrected / variance - 1) < 0.1)
    }

    @Test func groupsThatDoNothingTogetherAddNothing() throws {
        var simulation = Simulation(seed: 2)
        let effects = simulation.normals(Self.labels.count, 2)
        let influence = influence { 5 + effects[$0, 0] + effects[$1, 1] }
        let plain = try #require(GroupInfluence(byGroup: influence.byGroup).standardError)
        // Means leave the diagonal out, so that they miss the effects by 1/G.
        #expect(abs(try #require(influence.standardError) / plain - 1) < 1 / Double(Self.labels.count))
    }

    @Test func pairsThatCancelTakeNothingAway() throws {
        var simulation = Simulation(seed: 3)
        let draws = simulation.normals(Self.labels.count, Self.labels.count)
        let influence = influence { $0 < $1 ? draws[$0, $1] : -draws[$1, $0] }
        #expect(influence.standardError == GroupInfluence(byGroup: influence.byGroup).standardError)
    }

    @Test func theDifferenceOfAnEstimateAndItselfHasNoError() {
        var simulation = Simulation(seed: 4)
        let draws = simulation.normals(Self.labels.count, Self.labels.count)
        let influence = influence { draws[$0, $1] }
        #expect(influence.subtracting(influence).standardError == 0)
    }

    @Test(arguments: [1, 3]) func aFitWithoutAGroupLacksWhatTheGroupAdds(_ groupSize: Int) throws {
        var simulation = Simulation(seed: 5)
        let fitted = simulation.set("fitted", rows: 45, groupSize: groupSize)
        var sets = [fitted]
        let labels = fitted.groups ?? (0..<45).map { "row \($0)" }
        let fit = try ClubKernel().recipe.fit(releasing: &sets, labels: [labels], threadCount: 1)
        let judged = simulation.set("judged", rows: 20)
        let rows = [1, 4, 5, 17]
        let answers = judged.reference.subtractingFromRows(judged.reference.columnMeans)
        let features = QueryMap.features(fit.queryMap.form, judged)
        func contributions(_ label: String) -> [Double] {
            fit.answerDirections(features: features, labels: [String](repeating: label, count: 20), rows: rows)
                .rowProducts(answers.selectingRows(rows))
        }
        let coordinates = fit.queryMap.centredCoordinates(features, rows: rows)
        let weighted = [fit.weighted(answers.selectingRows(rows))]
        let effects = fit.effectsOfFittedRows(coordinates, weighted)[0]
        let slopes = GroupSlopes(fit)
        let byGroup = slopes.effects(coordinates, weighted)[0]
        let all = contributions("unknown")
        for (group, (label, own)) in labels.rowsByValue.enumerated() {
            #expect(slopes.labels[group] == label)
            for (position, without) in contributions(label).enumerated() {
                let added = own.reduce(0) { $0 + effects[$1, position] }
                #expect(abs(all[position] - without - added) < 1e-9 * (1 + abs(all[position])))
                #expect(abs(byGroup[group, position] - added) < 1e-9 * (1 + abs(added)))
            }
        }
    }

    @Test func crossFittedErrorsAreLargerThanTheirSquaresAndDoNotDependOnThreads() throws {
        var simulation = Simulation(seed: 6)
        let sets = ["id", "ood"].map { simulation.set($0, rows: 60, mix: 0.5, groupSize: 3) }
        let estimates = try [1, 3].map { try ClubKernel().estimate(sets, threadCount: $0) }
        for index in sets.indices {
            #expect(estimates[0][index].influence == estimates[1][index].influence)
            let own = estimates[0][index].referenceInfluence
            let plain = try #require(GroupInfluence(byGroup: own.byGroup).standardError)
            #expect(try #require(own.standardError) > plain)
        }
    }
}

extension Double {
    fileprivate var squared: Double { self * self }
}
