import Foundation
import LinearAlgebra
import Testing

@testable import Information
@testable import Studies

@Suite struct ShiftAnalysisTests {
    /// An estimate with this plug-in and this excess.
    private func estimate(_ plugIn: Double, excess: Double) -> DivergenceEstimate {
        DivergenceEstimate(
            plugIn: plugIn, observed: plugIn, null: [plugIn - excess], balancedExcesses: [],
            firstEntropy: 1, secondEntropy: 1,
            missingTrace: 0)
    }

    private func discrepancies(visual: Double, text: Double, joint: Double) -> Discrepancies {
        let (v, t, x) = (estimate(0.3, excess: visual), estimate(0.2, excess: text), estimate(0.4, excess: joint))
        let none = estimate(0, excess: 0)
        return Discrepancies(
            modalities: [("visual", v), ("text", t)], joint: x, outputID: none, outputOOD: none,
            bySubset: [1: v, 2: t, 3: x])
    }

    private func comparison(_ change: (inout StudySettings) -> Void = { _ in }) throws -> ShiftAnalysis {
        var settings = StudySettings()
        change(&settings)
        return try ShiftAnalysis(settings: settings, cache: DivergenceCache())
    }

    private func terms(_ comparison: ShiftAnalysis, _ found: Discrepancies) -> BoundTerms {
        input(comparison, found).terms
    }

    private func input(_ comparison: ShiftAnalysis, _ found: Discrepancies) -> BoundInput {
        var answerCount = 2.0
        if case .alphabet(let count) = comparison.settings.entropyScale { answerCount = Double(count) }
        return BoundInput(found, settings: comparison.settings, answerCount: answerCount)
    }

    /// Seen in a run: visual 0.0377, joint 0.0023.
    @Test func theJointDivergenceIsAtLeastThatOfItsParts() throws {
        let (found, comparison) = (discrepancies(visual: 0.0377, text: -0.001, joint: 0.0023), try comparison())
        let terms = terms(comparison, found)
        #expect(abs(terms.jointDivergence - 0.0377) < 1e-15)
        #expect(terms.modalities[0].divergence == terms.jointDivergence && terms.modalities[1].divergence == 0)
        #expect(terms.modalities[0].conditionalVariation == 0)
        let shares = try #require(input(comparison, found).attribution)
        #expect(shares.map(\.fraction) == [1, 0])
        // What is reported stays as measured.
        #expect(found.joint.excess.map { abs($0 - 0.0023) < 1e-15 } == true)
    }

    @Test func valuesInOrderAreTakenAsTheyAre() throws {
        let (found, comparison) = (discrepancies(visual: 0.03, text: 0.01, joint: 0.05), try comparison())
        #expect(abs(terms(comparison, found).jointDivergence - 0.05) < 1e-15)
        let shares = try #require(input(comparison, found).attribution)
        // (J_X + J_v - J_t)/2 over J_X.
        #expect(abs(shares[0].fraction - 0.7) < 1e-12)
        let plugIn = try self.comparison { $0.divergence = .plugin }
        #expect(terms(plugIn, found).jointDivergence == 0.4)
    }

    @Test func nothingPositiveIsNotShared() throws {
        #expect(try input(comparison(), discrepancies(visual: -0.01, text: 0, joint: -0.02)).attribution == nil)
    }

    @Test func thePublishedWeightingIsTakenAsItIs() throws {
        let comparison = try comparison {
            $0.compat = .paper
            $0.divergence = .plugin
        }
        let (v, t, x) = (estimate(-0.3, excess: 0), estimate(0.2, excess: 0), estimate(0.1, excess: 0))
        let none = estimate(0, excess: 0)
        let found = Discrepancies(
            modalities: [("visual", v), ("text", t)], joint: x, outputID: none, outputOOD: none,
            bySubset: [1: v, 2: t, 3: x])
        let terms = terms(comparison, found)
        #expect(terms.modalities.map(\.divergence) == [-0.3, 0.2] && terms.jointDivergence == 0.1)
    }

    /// A trillion answers took an array of a trillion probabilities.
    @Test(arguments: [1, 16, 1_000_000_000_000]) func anAlphabetOfAnySizeHasItsEntropy(_ count: Int) throws {
        let comparison = try comparison { $0.entropyScale = .alphabet(count) }
        let terms = terms(comparison, discrepancies(visual: 0.03, text: 0.01, joint: 0.05))
        #expect(terms.entropyScale == 2 * log(Double(count)) && terms.answerCount == Double(count))
        #expect(terms.bounds.allSatisfy { $0.value.isFinite })
    }
}
