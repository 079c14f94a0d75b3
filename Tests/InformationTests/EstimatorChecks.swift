import LinearAlgebra
import Statistics
import Testing

@testable import Information

/// What every estimator has to do, whatever it computes: identities, invariances, and what bad data get.
///
/// A new estimator is held to it by its line in the catalogue (`EstimatorChecksTests`).
func checkEstimator(_ estimator: any Estimator) throws {
    let about = type(of: estimator).about
    #expect(!about.summary.isEmpty && !about.range.isEmpty && !about.cost.isEmpty && !about.reference.isEmpty)
    var simulation = Simulation(seed: 17)
    let (id, ood) = (simulation.set("id", rows: 60, width: 3, mix: 0.8), simulation.set("ood", rows: 50, width: 3, mix: 0.4))
    let estimates = try estimator.estimate([id, ood], threadCount: 1)

    // What is reported is finite and has an error that is not negative.
    for estimate in estimates {
        #expect(estimate.value.isFinite && estimate.groups.count > 0)
        #expect(try #require(estimate.influence.standardError) > 0)
        if let contributions = estimate.contributions {
            let mean = contributions.reduce(0, +) / Double(contributions.count)
            #expect(abs(mean - estimate.value) <= 1e-9 * max(1, abs(estimate.value)), "contributions have another mean")
        }
    }

    // Threads move no bit.
    let threaded = try estimator.estimate([id, ood], threadCount: 3)
    for (one, three) in zip(estimates, threaded) {
        #expect(one.value == three.value && one.influence.standardError == three.influence.standardError)
    }

    // Responses that are the references have an EMI of 0, with no error; where the fit sees responses, they all have to be.
    func equal(_ set: SampleSet) -> SampleSet {
        SampleSet(name: set.name, modalities: set.modalities, response: set.reference, reference: set.reference)
    }
    let same = try estimator.estimate([equal(id), about.fitsResponses ? equal(ood) : ood], threadCount: 2)[0]
    if about.fitsResponses {
        #expect(abs(same.value) < 1e-9)
        #expect(try #require(same.influence.standardError) < 1e-9)
    } else {
        #expect(same.value == 0 && same.influence.standardError == 0)
    }

    // A set against itself has no gap, and relabelling within pairs finds none.
    let named = SampleSet(
        name: "id", modalities: id.modalities, response: id.response, reference: id.reference,
        identifiers: (0..<60).map { "item \($0)" })
    let twice = try estimator.estimate([named, named], threadCount: 2)
    let gap = try estimator.gap(
        named, named, estimates: (twice[0], twice[1]),
        relabellings: ExchangeDesign(named, named).relabellings(count: 9, seed: 1))
    #expect(abs(gap.gap.value) <= 1e-12)
    // Where each relabelling is an estimate of its own, twins in other places of the pool move the last digits.
    #expect(about.relabelsCheaply ? gap.pValue == 1 : (gap.pValue ?? 1) > 0.05)

    // A prepared estimator judges its sets as `estimate` does, and others without complaint.
    let prepared = try estimator.prepare([id, ood])
    #expect(try prepared.estimate(id, at: 0, threadCount: 1).value == estimates[0].value)
    let stranger = simulation.set("stranger", rows: 40, width: 3)
    #expect(try prepared.estimate(stranger, at: nil, threadCount: 1).value.isFinite)

    // I(X; Y) alone is the same number; what judges responses by references has none.
    if about.fitsResponses {
        #expect(throws: EstimationError.self) { try estimator.information(equal(id), hasError: false, threadCount: 1) }
    } else {
        let information = try estimator.information(equal(id), hasError: true, threadCount: 1)
        let alone = try estimator.information(equal(id), hasError: false, threadCount: 1)
        #expect(abs(information.value - alone.value) <= 1e-12 * max(1, abs(alone.value)))
    }

    // Too few rows, and numbers beyond all bounds, are errors and no numbers.
    if about.sharing != .nothing {
        #expect(throws: EstimationError.self) { try estimator.check(id.selectingRows([0, 1])) }
    }
    let huge = SampleSet(
        name: "huge", modalities: id.modalities.map { Modality(name: $0.name, rows: $0.rows.mapElements { $0 * 1e200 }) },
        response: id.response.mapElements { $0 * 1e200 }, reference: id.reference.mapElements { $0 * 1e200 })
    if let found = try? estimator.estimate([huge])[0] {
        #expect(found.value.isFinite)
    }
}

@Suite struct EstimatorChecksTests {
    /// Small weights of a network from six columns (two modalities, concatenated or averaged) to three.
    private static func parameters() -> EstimatorParameters {
        var simulation = Simulation(seed: 23)
        var parameters = EstimatorParameters()
        parameters.weights = Dictionary(
            uniqueKeysWithValues: ClubNetwork.arrayNames.map { name in
                let isBias = name.hasSuffix("bias")
                let isFirst = name.contains(".0.")
                return (name, simulation.normals(isFirst ? 4 : 3, isBias ? 1 : isFirst ? 3 : 4))
            })
        return parameters
    }

    @Test(arguments: EstimatorCatalogue.names) func everyEstimatorPasses(_ name: String) throws {
        let type = try #require(EstimatorCatalogue.named(name))
        try checkEstimator(try type.init(Self.parameters()))
    }

    @Test func namesAreUniqueAndTheDefaultsAmongThem() {
        #expect(Set(EstimatorCatalogue.names).count == EstimatorCatalogue.all.count)
        #expect(EstimatorCatalogue.names.contains(EstimatorCatalogue.standard.about.name))
        #expect(EstimatorCatalogue.names.contains(EstimatorCatalogue.standardForArrays.about.name))
        #expect(EstimatorCatalogue.named("no-such") == nil)
    }

    @Test func parametersWithoutMeaningAreRefused() {
        for change in [{ $0.neighbourCount = 0 }, { $0.alpha = 0 }, { $0.renyiKernel = "no" }] as [(inout EstimatorParameters) -> Void] {
            var parameters = Self.parameters()
            change(&parameters)
            #expect(throws: EstimationError.self) {
                for type in EstimatorCatalogue.all { _ = try type.init(parameters) }
            }
        }
        #expect(throws: EstimationError.self) { try ClubNetwork(EstimatorParameters()) }
    }
}
