import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Information

@Suite struct EstimatorTests {
    static let estimators: [any Estimator] = [
        ClubKernel(), ClubRidge(), GaussianInformation(),
        MatrixRenyiInformation(), MatrixRenyiInformation(alpha: 2),
        MatrixRenyiInformation(alpha: 1.01, fusion: .product),
    ]

    @Test(arguments: estimators) func anEqualResponseHasNoEffectiveInformation(_ estimator: any Estimator) throws {
        var simulation = Simulation(seed: 1)
        let set = simulation.set("same", rows: 60)
        let equal = SampleSet(
            name: "equal", modalities: set.modalities, response: set.reference, reference: set.reference)
        let other = simulation.set("other", rows: 50, mix: 0.5)
        let estimates = try estimator.estimate([equal, other])
        #expect(estimates[0].value == 0)
        #expect(estimates[0].influence.standardError == 0)
        #expect(estimates[1].value != 0)
    }

    @Test(arguments: estimators) func aSetAgainstItselfHasNoGap(_ estimator: any Estimator) throws {
        var simulation = Simulation(seed: 2)
        let drawn = simulation.set("id", rows: 40, mix: 0.6)
        let names = (0..<40).map { "item \($0)" }
        let set = SampleSet(
            name: "id", modalities: drawn.modalities, response: drawn.response, reference: drawn.reference,
            identifiers: names)
        let estimates = try estimator.estimate([set, set])
        let relabellings = ExchangeDesign(set, set).relabellings(count: 10, seed: 0)
        let gap = try estimator.gap(set, set, estimates: (estimates[0], estimates[1]), relabellings: relabellings)
        // Twins in the pool have equal coordinates up to the rounding of an eigendecomposition.
        #expect(abs(gap.gap.value) < 1e-12)
        #expect(gap.pValue == 1)
    }

    @Test(arguments: [ClubKernel(), ClubRidge()] as [any Estimator])
    func shuffledPairsCarryNoInformation(_ estimator: any Estimator) throws {
        let trials = 8
        var (value, error, effective, effectiveError) = (0.0, 0.0, 0.0, 0.0)
        for trial in 0..<trials {
            var simulation = Simulation(seed: UInt64(40 + trial))
            let set = simulation.set("drawn", rows: 150, width: 6, signal: 2, mix: 0.5)
            let order = simulation.generator.permutation(of: 150)
            let shuffled = SampleSet(
                name: "shuffled", modalities: set.modalities, response: set.response.selectingRows(order),
                reference: set.reference.selectingRows(order))
            let paired = try #require(try estimator.estimate([set]).first)
            let broken = try #require(try estimator.estimate([shuffled]).first)
            value += broken.referenceMutualInformation / Double(trials)
            error += try #require(broken.referenceInfluence.standardError) / Double(trials)
            effective += broken.value / Double(trials)
            effectiveError += try #require(broken.influence.standardError) / Double(trials)
            #expect(paired.referenceMutualInformation > 1)
        }
        // One set's standard error, not that of the mean over trials: choosing penalties by held-out error leaves a small
        // positive bias (about 0.02 nats here, where the paired value is 15).
        #expect(abs(value) < 2 * error, "I = \(value), standard error \(error)")
        #expect(abs(effective) < 2 * effectiveError, "EMI = \(effective), standard error \(effectiveError)")
    }

    @Test func heldOutPredictionsAreThoseOfRefitting() throws {
        // The oracle: refit without each group, with the penalties that the closed form chose.
        var simulation = Simulation(seed: 5)
        let set = simulation.set("set", rows: 24, width: 3, groupSize: 3)
        let fit = try ClubKernel().fitted([set])
        let groups = try #require(set.groups)
        let reference = set.reference.subtractingFromRows(fit.answerCenter).timesTransposed(fit.answerDirections)
        let features = QueryMap.features(fit.queryMap.form, set)
        for group in Set(groups) {
            let kept = groups.indices.filter { groups[$0] != group }
            let left = groups.indices.filter { groups[$0] == group }
            for component in fit.penalties.indices {
                // Kernel ridge with an unpenalised intercept in the centred feature space of *all* rows.
                let n = Double(set.rowCount)
                let gram = features.selectingRowsAndColumns(kept)
                let order = kept.count
                let penalty = fit.penalties[component] * n
                var system = Matrix(rowCount: order + 1, columnCount: order + 1) { i, j in
                    if i < order, j < order { return gram[i, j] + (i == j ? penalty : 0) }
                    return i == order && j == order ? 0 : 1
                }
                system[order, order] = 0
                let right = Matrix(
                    rowCount: order + 1, columnCount: 1,
                    elements: kept.map { reference[$0, component] } + [0])
                let solution = try system.solve(right)
                for row in left {
                    let prediction = kept.enumerated().reduce(solution[order, 0]) {
                        $0 + features[row, $1.element] * solution[$1.offset, 0]
                    }
                    let heldOut = reference[row, component] - fit.residuals[row, component]
                    #expect(abs(prediction - heldOut) < 1e-8, "\(group), component \(component)")
                }
            }
        }
    }

    @Test func landmarksComeCloseToTheExactKernel() throws {
        var simulation = Simulation(seed: 7)
        let sets = [simulation.set("a", rows: 300, width: 3, mix: 0.8), simulation.set("b", rows: 300, width: 3, mix: 0.3)]
        var approximate = ClubKernel()
        approximate.exactLimit = 100
        let exact = try ClubKernel().fitted(sets).estimateFittedSets(sets)
        let landmarks = try approximate.fitted(sets).estimateFittedSets(sets)
        for (left, right) in zip(exact, landmarks) {
            #expect(abs(left.value - right.value) < 0.02 * abs(left.value) + 1e-3)
        }
    }

    @Test func otherRowsOfTheSameGroupAreHeldOutToo() throws {
        // The same noise twice: under one group label nothing leaks, under two labels each row predicts its twin.
        let trials = 10
        var honest = 0.0
        for trial in 0..<trials {
            var simulation = Simulation(seed: UInt64(80 + trial))
            let modalities = [Modality(name: "visual", rows: simulation.normals(40, 5))]
            let (response, reference) = (simulation.normals(40, 5), simulation.normals(40, 5))
            func labelled(_ prefix: String) -> SampleSet {
                SampleSet(
                    name: prefix, modalities: modalities, response: response, reference: reference,
                    groups: (0..<40).map { "\(prefix) \($0)" })
            }
            let sets = [labelled("item"), labelled("item")]
            let split = [labelled("one"), labelled("two")]
            honest += try ClubKernel().fitted(sets).estimateFittedSets(sets)[0].referenceMutualInformation / Double(trials)
            #expect(try ClubKernel().fitted(split).estimateFittedSets(split)[0].referenceMutualInformation > 10)
        }
        #expect(abs(honest) < 0.3)
    }

    @Test func gaussianInformationIsUnbiasedForGaussianData() throws {
        // Five independent pairs of correlation 0.6: I = -5/2 ln(1 - 0.36) = 1.1157.
        let truth = -2.5 * Double.log(1 - 0.36)
        let trials = 300
        var values: [Double] = []
        for trial in 0..<trials {
            var simulation = Simulation(seed: UInt64(1_000 + trial))
            let x = simulation.normals(40, 5)
            let y = x.combining(simulation.normals(40, 5)) { 0.6 * $0 + 0.8 * $1 }
            values.append(try GaussianInformation.estimate(x, y))
        }
        let mean = values.reduce(0, +) / Double(trials)
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(trials - 1)).squareRoot()
        #expect(abs(mean - truth) < 3 * spread / Double(trials).squareRoot(), "\(mean), expected \(truth)")
    }

    @Test func matrixRenyiOfOneHotRowsIsTheDiscreteInformation() throws {
        // Two fair coins that agree with probability 3/4, as Gram matrices of one-hot rows.
        let pairs = [(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 1), (1, 0)]
        func gram(_ side: KeyPath<(Int, Int), Int>) -> Matrix {
            Matrix(rowCount: 8, columnCount: 8) { pairs[$0][keyPath: side] == pairs[$1][keyPath: side] ? 1 : 0 }
        }
        let truth = Double.log(2) - Discrete.entropy([0.75, 0.25])
        let estimator = MatrixRenyiInformation()
        let value = try estimator.estimate(gram(\.0), queryEntropy: estimator.entropy(gram(\.0)), gram(\.1))
        #expect(abs(value.value - truth) < 1e-12)
    }

    @Test func tooFewGroupsAreRefused() throws {
        var simulation = Simulation(seed: 9)
        let set = simulation.set("one", rows: 3, groupSize: 3)
        #expect(throws: EstimationError.tooFewGroups(found: 1)) { try ClubKernel().fitted([set]) }
        let short = simulation.set("short", rows: 3)
        #expect(throws: EstimationError.tooFewRows(estimator: "gaussian", set: "short", needed: 4, found: 3)) {
            try GaussianInformation().estimate([short])
        }
    }
}

extension ClubKernel {
    fileprivate func fitted(_ sets: [SampleSet]) throws -> ClubFit {
        var own = sets
        return try recipe.fit(releasing: &own, labels: RowGroups(sets).labels, threadCount: 1)
    }
}

extension ClubRidge {
    fileprivate func fitted(_ sets: [SampleSet]) throws -> ClubFit {
        var own = sets
        return try recipe.fit(releasing: &own, labels: RowGroups(sets).labels, threadCount: 1)
    }
}

extension ClubFit {
    /// EMI of fitted sets, each row by slopes without its group and by penalties that saw it.
    fileprivate func estimateFittedSets(_ sets: [SampleSet]) throws -> [EMIEstimate] {
        try estimate(sets, labels: RowGroups(sets).labels, threadCount: 1)
    }
}

/// What a held-out fit must not find: information where there is none, and a loss where responses are as good as references.
@Suite struct LeakTests {
    /// Wide queries and answers, where choosing penalties and directions on the judged rows finds 0.4 to 1.3 nats.
    private static func wide(_ simulation: inout Simulation) -> [SampleSet] {
        (0..<2).map { index in
            let groups = (0..<90).map { "set \(index), image \($0 / 3)" }
            return SampleSet(
                name: "set \(index)",
                modalities: [
                    Modality(name: "visual", rows: simulation.normals(90, 40)), Modality(name: "text", rows: simulation.normals(90, 40)),
                ], response: simulation.normals(90, 40), reference: simulation.normals(90, 40), groups: groups)
        }
    }

    @Test(arguments: [ClubKernel(), ClubRidge()] as [any Estimator])
    func independentAnswersCarryNoInformation(_ estimator: any Estimator) throws {
        let trials = 12
        var values: [Double] = []
        for trial in 0..<trials {
            var simulation = Simulation(seed: UInt64(500 + trial))
            values += try estimator.estimate(Self.wide(&simulation)).map(\.referenceMutualInformation)
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        #expect(abs(mean) < 4 * spread / Double(trials).squareRoot() && abs(mean) < 0.1, "I = \(mean), sd \(spread)")
    }

    /// Response and reference are drawn alike given the query: EMI is 0, though q was fitted to the references.
    @Test func exchangeableAnswersHaveNoEffectiveInformation() throws {
        let trials = 12
        var values: [Double] = []
        for trial in 0..<trials {
            var simulation = Simulation(seed: UInt64(700 + trial))
            let set = simulation.set("set", rows: 90, width: 8, signal: 2, mix: 1, groupSize: 3)
            let swap = (0..<90).map { _ in Bool.random(using: &simulation.generator) }
            func dealt(_ first: Matrix, _ second: Matrix) -> Matrix {
                Matrix(rowCount: 90, columnCount: first.columnCount) { swap[$0] ? second[$0, $1] : first[$0, $1] }
            }
            let noise = simulation.normals(90, set.reference.columnCount)
            let twin = set.reference.combining(noise) { $0 + $1 }
            let exchangeable = SampleSet(
                name: "set", modalities: set.modalities, response: dealt(twin, set.reference),
                reference: dealt(set.reference, twin), groups: set.groups)
            values.append(try ClubKernel().estimate([exchangeable])[0].value)
        }
        let mean = values.reduce(0, +) / Double(trials)
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(trials - 1)).squareRoot()
        #expect(abs(mean) < 3 * spread / Double(trials).squareRoot(), "EMI = \(mean), sd \(spread)")
    }

    /// The unit of the queries means nothing.
    @Test(arguments: [ClubKernel(), ClubRidge()] as [any Estimator])
    func theUnitOfTheQueriesMovesNothing(_ estimator: any Estimator) throws {
        var simulation = Simulation(seed: 11)
        let set = simulation.set("set", rows: 60, width: 5, groupSize: 2)
        func information(_ scale: Double) throws -> Double {
            let scaled = SampleSet(
                name: "set", modalities: set.modalities.map { Modality(name: $0.name, rows: $0.rows.mapElements { scale * $0 }) },
                response: set.response, reference: set.reference, groups: set.groups)
            return try estimator.estimate([scaled])[0].referenceMutualInformation
        }
        let expected = try information(1)
        #expect(expected > 0.1)
        for scale in [1e-6, 1e-3, 1e3, 1e6] {
            #expect(abs(try information(scale) - expected) < 1e-6 * expected)
        }
    }

    /// One item under different names: a group in one set, an id in the other, groups of other names, no names at all.
    @Test func theSameItemIsKnownUnderAnyName() throws {
        var simulation = Simulation(seed: 9)
        let set = simulation.set("a", rows: 60, width: 5)
        let names = (0..<60).map { "item \($0)" }
        func named(_ name: String, ids: [String]?, groups: [String]?, order: [Int]? = nil) -> SampleSet {
            let renamed = SampleSet(
                name: name, modalities: set.modalities, response: set.response, reference: set.reference,
                identifiers: ids, groups: groups)
            return order.map(renamed.selectingRows) ?? renamed
        }
        let order = simulation.generator.permutation(of: 60)
        let pairs = [
            (named("a", ids: names, groups: names), named("b", ids: names, groups: nil)),
            (named("a", ids: names, groups: names.map { "a \($0)" }), named("b", ids: names, groups: names.map { "b \($0)" })),
            (named("a", ids: nil, groups: nil), named("b", ids: nil, groups: nil, order: order)),
        ]
        for (first, second) in pairs { #expect(RowGroups([first, second]).groups.count == 60) }
        let apart = named("b", ids: names.map { "other \($0)" }, groups: nil)
        #expect(RowGroups([pairs[0].0, apart]).groups.count == 120)
    }
}

/// Pools of thousands of rows, which share their landmarks over the folds.
@Suite struct LargePoolTests {
    /// Independent answers of thirty images under so many shifts that no more than 2,000 rows are left out.
    @Test(arguments: [ClubRidge(), ClubKernel()] as [any ClubEstimator]) func imagesCountAndNotRows(_ estimator: any ClubEstimator) throws {
        let shiftCount = 24
        var pValues: [Double] = []
        for trial in 0..<4 {
            var simulation = Simulation(seed: UInt64(40 + trial))
            let groups = (0..<90).map { "image \($0 / 3)" }
            let (queries, references) = (simulation.normals(90, 6), simulation.normals(90, 4))
            let sets = (0..<shiftCount).map { index in
                SampleSet(
                    name: "\(index)", modalities: [Modality(name: "visual", rows: queries.adding(simulation.normals(90, 6)))],
                    response: simulation.normals(90, 4), reference: references, groups: groups)
            }
            let fit = try estimator.fit(sets, threadCount: 2)
            #expect(fit.fits.count == 5 && fit.foldByLabel.count == 30)
            for estimate in try fit.estimate(Array(sets.prefix(3))) {
                #expect(abs(estimate.referenceMutualInformation) < 0.25)
                pValues.append(
                    try #require(try estimate.independenceTest(pairingCount: 39, seed: UInt64(trial))).referencePValue)
            }
        }
        // Without folds 61 to 87 % of such sets had p <= 0.05.
        #expect(pValues.count { $0 <= 0.05 } <= 3)
    }

    @Test func foldsOfOneFormAreFitsOfTheirOwn() throws {
        var simulation = Simulation(seed: 12)
        let sets = (0..<2).map { simulation.set("\($0)", rows: 1_050, width: 3, mix: 0.7) }
        let fit = try ClubRidge().fit(sets, threadCount: 2)
        let pool = RowGroups(sets)
        let labels = pool.labels
        for (fold, found) in fit.fits.enumerated() {
            var kept: [SampleSet] = []
            var keptLabels: [[String]] = []
            for (set, own) in zip(sets, labels) {
                let rows = own.indices.filter { fit.foldByLabel[own[$0]] != fold }
                kept.append(set.selectingRows(rows))
                keptLabels.append(rows.map { own[$0] })
            }
            let expected = try ClubRidge().recipe.fit(releasing: &kept, labels: keptLabels, threadCount: 1)
            #expect(found.labels.isEmpty && found.penalties == expected.penalties)
            #expect(zip(found.queryMap.center, expected.queryMap.center).allSatisfy { abs($0 - $1) < 1e-12 })
            #expect(
                zip(found.precision.elements, expected.precision.elements).allSatisfy {
                    abs($0.magnitude - $1.magnitude) < 1e-9 * abs($1) + 1e-12
                })
        }
    }
}
