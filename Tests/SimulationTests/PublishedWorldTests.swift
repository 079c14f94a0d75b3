import Foundation
import LinearAlgebra
import Testing

@testable import Information
@testable import emi_simulation

/// The seven finite worlds of `../shared/worlds/worlds.json`, with every quantity and form known exactly.
struct SharedWorld: Decodable, CustomTestStringConvertible, Sendable {
    struct Input: Decodable, Sendable {
        let name: String
        let shape: [Int]
        let K: Int
        let cells: [[Int]]
        let P_X, Q_X: [Double]
        let P_YgX, Q_YgX, theta: [Row]
    }
    /// A distribution, or the one answer that is certain.
    enum Row: Decodable, Sendable {
        case certain(Int)
        case distribution([Double])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let answer = try? container.decode(Int.self) {
                self = .certain(answer)
            } else {
                self = .distribution(try container.decode([Double].self))
            }
        }

        func probabilities(_ count: Int) -> [Double] {
            switch self {
            case .certain(let answer): (0..<count).map { $0 == answer ? 1 : 0 }
            case .distribution(let values): values
            }
        }
    }
    struct Output: Decodable, Sendable {
        let quantities: [String: Double]
        let forms: [String: Double]
    }
    let input: Input
    let output: Output

    var testDescription: String { input.name }

    var world: DiscreteWorld {
        func rows(_ rows: [Row]) -> [[Double]] { rows.map { $0.probabilities(input.K) } }
        return DiscreteWorld(
            shape: input.shape, answerCount: input.K, cells: input.cells, idQuery: input.P_X, oodQuery: input.Q_X,
            idReference: rows(input.P_YgX), oodReference: rows(input.Q_YgX), model: rows(input.theta))
    }

    private struct File: Decodable { let worlds: [SharedWorld] }

    static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/worlds/worlds.json").standardizedFileURL
    static let all: [SharedWorld] = {
        guard let data = try? Data(contentsOf: file) else { return [] }
        return (try? JSONDecoder().decode(File.self, from: data))?.worlds ?? []
    }()
    static let isPresent = FileManager.default.fileExists(atPath: file.path)
}

@Suite(.enabled(if: SharedWorld.isPresent, "../shared/worlds/worlds.json is not here"))
struct PublishedWorldTests {
    @Test func allSevenWorldsAreRead() {
        #expect(SharedWorld.all.count == 7)
    }

    @Test(arguments: SharedWorld.all) func everyQuantityIsExact(_ shared: SharedWorld) throws {
        let world = shared.world
        let (id, ood, terms) = (world.id, world.ood, world.boundTerms)
        var found: [String: Double] = [
            "H_PY": id.referenceEntropy, "H_QY": ood.referenceEntropy, "H_PYtheta": id.modelEntropy,
            "H_QYtheta": ood.modelEntropy, "I_P_ref": id.referenceInformation, "I_Q_ref": ood.referenceInformation,
            "I_P_model": id.modelInformation, "I_Q_model": ood.modelInformation, "EMI_P": id.effectiveInformation,
            "EMI_Q": ood.effectiveInformation, "EMID": world.gap, "dH_P": id.modelEntropy - id.referenceEntropy,
            "dH_Q": ood.modelEntropy - ood.referenceEntropy, "O": terms.outputEntropyChange,
            "C_full": world.conceptChangeUnderID, "C_overlap": terms.conceptChange,
            "input_part": world.gap - terms.outputEntropyChange - terms.conceptChange,
            "Hhat": terms.publishedEntropyScale, "Hhat_sym": terms.entropyScale,
            "Href_P": id.largestReferenceEntropy, "Href_Q": ood.largestReferenceEntropy,
            "Hmod_P": id.largestModelEntropy, "Hmod_Q": ood.largestModelEntropy,
            "R_exact": world.entropyGapRange, "R": terms.crossedEntropyScale,
            "R_lower": ood.largestReferenceEntropy + id.largestModelEntropy, "TV_X": world.queryTotalVariation,
            "JSD_X": terms.jointDivergence, "JSD_PY": terms.outputDivergenceID, "JSD_QY": terms.outputDivergenceOOD,
            "Delta": terms.outputDivergenceID + terms.outputDivergenceOOD, "EP_JSD4_Y": world.conceptFourthRoot,
            "EM_F_Y": terms.conceptContinuity,
        ]
        for (index, modality) in terms.modalities.enumerated() {
            found["JSD_\(index)"] = modality.divergence
            found["TV_\(index)"] = world.totalVariation(subset: 1 << index)
        }
        if terms.modalities.count == 2 {
            // "vt" is the visual modality given the textual one.
            for (name, given) in [("vt", 1), ("tv", 0)] {
                let modality = terms.modalities[given]
                found["kappaJ_\(name)"] = modality.conditionalVariation
                found["kappa_\(name)"] = world.conditionalTotalVariation(given: given)
                found["CJ_\(name)"] = terms.jointDivergence - modality.divergence
                found["D\(name)_shared"] = modality.conditionalRootDivergence
                found["D\(name)_max"] = world.conditionalRootDivergence(given: given, missing: log(2))
            }
            found["cross_JSD"] = terms.jointDivergence - terms.modalities[0].divergence - terms.modalities[1].divergence
            let shares = shapleyShares(modalityCount: 2, divergence: world.queryDivergence)
            (found["shapley_v"], found["shapley_t"]) = (shares[0], shares[1])
        }
        for (name, expected) in shared.output.quantities {
            let value = try #require(found[name], "\(name)")
            #expect(abs(value - expected) < 1e-9, "\(name): \(value), expected \(expected)")
        }
    }

    @Test(arguments: SharedWorld.all) func everyFormOfTheBoundIsExact(_ shared: SharedWorld) throws {
        let world = shared.world
        let terms = world.boundTerms
        let found: [String: Double] = [
            "T2_joint": terms.bound(.joint).value, "T3_split": terms.bound(.split).value,
            "T4_corrected_general": terms.bound(.correctedGeneral).value,
            "T5_corrected_simplified": terms.bound(.correctedSimplified).value,
            "simplified_code4": terms.bound(.paper).value, "scale_adjusted": terms.bound(.scaleAdjusted).value,
            "T1_tv": world.value(.exactRange), "T2_joint_pinsker": world.value(.jointPinsker),
            "T2_joint_abs": world.value(.jointAbsolute), "T2_two_sided": world.value(.twoSided),
            "T2_joint_F": world.value(.jointContinuity), "T3_split_abs": world.value(.splitAbsolute),
            "simplified": world.value(.publishedSimplified), "m_component": world.value(.publishedComponents),
            "m_component_m1_on_joint": world.value(.publishedOnJoint),
            "vittle_on_X": world.value(.publishedWithEntropyChange),
            "general_shared": world.value(.publishedGeneralShared), "general_max": world.value(.publishedGeneralLargest),
            "general_code4_shared": world.value(.codeGeneralShared), "general_code4_max": world.value(.codeGeneralLargest),
        ]
        for (name, expected) in shared.output.forms {
            let value = try #require(found[name], "\(name)")
            #expect(abs(value - expected) < 1e-9, "\(name): \(value), expected \(expected)")
        }
    }

    @Test(arguments: SharedWorld.all) func provenFormsHold(_ shared: SharedWorld) {
        let world = shared.world
        for form in [BoundForm.joint, .split, .correctedGeneral] {
            #expect(world.boundTerms.bound(form).value >= world.gap - 1e-12, "\(form)")
        }
        // The forms with the deviation of g lie between EMID and the joint form.
        let (separation, deviation) = (world.value(.separation), world.value(.deviation))
        #expect(separation >= world.gap - 1e-12 && deviation >= separation - 1e-9)
        #expect(world.boundTerms.bound(.joint).value >= deviation - 1e-9)
    }

    @Test func theSeesawMeetsTheJointBoundAndExceedsThePublishedOne() throws {
        let world = try #require(SharedWorld.all.first { $0.input.name == "seesaw" }).world
        #expect(abs(world.boundTerms.bound(.joint).value - world.gap) < 1e-12)
        #expect(world.gap > world.boundTerms.bound(.paper).value + 0.2)
    }

    /// One-hot rows under the linear kernel are the discrete distributions themselves. Every probability of the worlds is a
    /// multiple of 1/n for some small n, so that repeated rows carry it exactly.
    @Test(arguments: SharedWorld.all) func oneHotRowsGiveTheDiscreteDivergences(_ shared: SharedWorld) throws {
        let world = shared.world
        let (modalityCount, divergence) = (world.shape.count, JensenShannonDivergence())
        func rowCells(_ query: [Double]) throws -> [Int] {
            let count = try #require(
                (1...4_000).first { n in
                    query.allSatisfy { abs($0 * Double(n) - ($0 * Double(n)).rounded()) < 1e-9 }
                })
            return query.enumerated().flatMap { cell, p in
                [Int](repeating: cell, count: Int((p * Double(count)).rounded()))
            }
        }
        func oneHot(_ cells: [Int], _ modality: Int) -> Matrix {
            Matrix(rowCount: cells.count, columnCount: world.shape[modality]) {
                world.cells[cells[$0]][modality] == $1 ? 1 : 0
            }
        }
        let (id, ood) = (try rowCells(world.idQuery), try rowCells(world.oodQuery))
        for modality in 0..<modalityCount {
            let value = try divergence.estimate([oneHot(id, modality)], [oneHot(ood, modality)]).plugIn
            #expect(abs(value - world.queryDivergence(subset: 1 << modality)) < 1e-9)
        }
        let joint = try divergence.estimate(
            (0..<modalityCount).map { oneHot(id, $0) }, (0..<modalityCount).map { oneHot(ood, $0) })
        #expect(abs(joint.plugIn - world.boundTerms.jointDivergence) < 1e-9)
        // Answers: P(y) = sum_x P(x) P(y|x) in multiples of 1/4000 is exact for these worlds too.
        for (query, reference, expected) in [
            (world.idQuery, world.idReference, world.id.outputDivergence),
            (world.oodQuery, world.oodReference, world.ood.outputDivergence),
        ] {
            func answers(_ conditional: [[Double]]) throws -> Matrix {
                let marginal = (0..<world.answerCount).map { y in
                    zip(query, conditional).reduce(0) { $0 + $1.0 * $1.1[y] }
                }
                let count = try #require(
                    (1...4_000).first { n in
                        marginal.allSatisfy { abs($0 * Double(n) - ($0 * Double(n)).rounded()) < 1e-9 }
                    })
                let rows = marginal.enumerated().flatMap { answer, p in
                    [Int](repeating: answer, count: Int((p * Double(count)).rounded()))
                }
                return Matrix(rowCount: rows.count, columnCount: world.answerCount) { rows[$0] == $1 ? 1 : 0 }
            }
            let value = try divergence.estimate([answers(world.model)], [answers(reference)]).plugIn
            #expect(abs(value - expected) < 1e-9)
        }
    }
}
