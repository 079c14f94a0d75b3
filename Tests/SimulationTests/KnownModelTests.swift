import Foundation
import Testing

@testable import emi_simulation

@Suite struct KnownModelTests {
    private func reading(_ model: KnownModel) throws -> KnownModel.Reading { try model.reading(seed: 4, count: 3, threadCount: 2) }

    @Test func repeatingTheReferencesIsTheBestThereIs() throws {
        let verbatim = try reading(KnownModel(.verbatim))
        #expect(abs(verbatim.emi) < 1e-9)
        for other in [KnownModel(.honest), KnownModel(.right)] { #expect(try reading(other).emi < -0.1) }
    }

    @Test func rightAnswersInOtherWordsAreBetterThanWrongOnes() throws {
        let right = try reading(KnownModel(.right)).emi
        #expect(try reading(KnownModel(.honest, firstWrong: 0.5)).emi < right)
    }

    @Test(arguments: [WordedWorld.Behaviour.random, .constant, .empty])
    func whatSaysNothingOfTheReferencesLeavesNoChannel(_ behaviour: WordedWorld.Behaviour) throws {
        let found = try reading(KnownModel(behaviour))
        #expect(found.model < 0.05 && found.notes == "no_channel", "\(found)")
    }

    @Test func beingWrongInOneWayIsNotBeingRight() throws {
        let found = try reading(KnownModel(.rotated))
        #expect(try found.emi < reading(KnownModel(.honest)).emi && found.notes == "own_code", "\(found)")
    }

    @Test func honestModelsAreNotDoubted() throws {
        for model in [KnownModel(.honest), KnownModel(.right), KnownModel(.honest, contentCount: 4, firstWrong: 0.2)] {
            #expect(try reading(model).notes.isEmpty)
        }
    }

    @Test(arguments: [2, 4]) func fewAnswersHoldNoMoreThanTheyCan(_ count: Int) throws {
        let found = try reading(KnownModel(.honest, contentCount: count, firstWrong: 0.2))
        #expect(found.model > 0 && found.model < log(Double(count)), "\(found)")
    }

    @Test func repeatedRowsAndOtherPrecisionsChangeLittle() throws {
        let once = try reading(KnownModel(.honest))
        for model in [KnownModel(.honest, repeats: 2), KnownModel(.honest, repeats: 3), KnownModel(.honest, isRounded: true)] {
            #expect(try abs(reading(model).emi - once.emi) < 0.35)
        }
    }
}
