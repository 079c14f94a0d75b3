import LinearAlgebra
import Statistics
import Testing

@testable import Attribution

@Suite("Influence against the golden heads", .enabled(if: SharedData.hasGolden, SharedData.absence))
struct GoldenInfluenceTests {
    @Test("The minimum, its loss and its curvature are those of the twin")
    func minimum() throws {
        let golden = try GoldenHead.a()
        #expect(largestDifference(golden.head.weights.elements, try SharedData.vector("a_w")) < 1e-8)
        #expect(abs(golden.head.loss - 293.87367590080225) < 1e-8)
        #expect(abs(golden.target.value - 6.34526768725576) < 1e-10)
        let curvature = try #require(try ExplicitCurvature(of: golden.head))
        #expect(largestDifference(curvature.hessian.elements, try SharedData.vector("a_hessian")) < 1e-8)
    }

    @Test("Products with the curvature are those of the matrix")
    func products() throws {
        let golden = try GoldenHead.b()
        let curvature = try #require(try ExplicitCurvature(of: golden.head))
        var generator = SeededGenerator(seed: 4)
        let direction = generator.normals(5, 5)
        let product = try golden.head.objective.curvature(at: golden.head.point, times: direction)
        #expect(largestDifference(product.elements, curvature.hessian.times(direction.elements)) < 1e-10)
    }

    @Test("What leaves with a pair has the twin's gradients")
    func gradients() throws {
        let golden = try GoldenHead.a()
        let leaving = try golden.head.objective.leavingGradients(at: golden.head.point, batch: 0)
        #expect(largestDifference(leaving.own.elements, try SharedData.vector("a_pos")) < 1e-8)
        #expect(largestDifference(leaving.others.elements, try SharedData.vector("a_neg_exact")) < 1e-8)
        #expect(largestDifference(leaving.othersLinearised.elements, try SharedData.vector("a_neg")) < 1e-8)
    }

    @Test("Influences are the twin's to 1e-8 of the largest")
    func influences() throws {
        for (name, golden) in [("a", try GoldenHead.a()), ("b", try GoldenHead.b())] {
            let influence = try RemovalInfluence(of: golden.head, on: golden.target, tolerance: 1e-13)
            let exact = try SharedData.vector("\(name)_influence_exact")
            #expect(largestDifference(influence.values(), exact) < 1e-8 * largestSize(exact))
            let linearised = try SharedData.vector("\(name)_influence_paper")
            #expect(largestDifference(influence.values(.linearised), linearised) < 1e-8 * largestSize(linearised))
            if name == "a" {
                let own = try SharedData.vector("a_influence_pos")
                #expect(largestDifference(influence.values(.ownTerms), own) < 1e-8 * largestSize(own))
            }
        }
    }

    @Test("Relative influence, self-influence and the two-parameter form are the twin's")
    func relative() throws {
        let golden = try GoldenHead.a()
        let influence = try RemovalInfluence(of: golden.head, on: golden.target, tolerance: 1e-13).values()
        let quantities = try #require(try ExplicitCurvature(of: golden.head)).pairQuantities(golden.target)
        let relative = zip(influence, quantities.sizes).map { $0 / $1 }
        #expect(largestDifference(relative, try SharedData.vector("a_relative")) < 1e-8)
        #expect(largestDifference(quantities.selfInfluences, try SharedData.vector("a_self")) < 1e-8)
        #expect(largestDifference(quantities.spans, try SharedData.vector("a_relative_two")) < 1e-8)
    }

    @Test("Influence is the derivative of the target under a tilt of the loss")
    func finiteDifferences() throws {
        let golden = try GoldenHead.a()
        let influence = try RemovalInfluence(of: golden.head, on: golden.target, tolerance: 1e-13).values()
        let published = try SharedData.vector("a_finite_difference")
        #expect(largestDifference(influence, published) < 1e-8)
        // Our own: the gradient of the tilted loss at the minimum is -eps grad C_n; one Newton step leads to the tilted minimum to
        // order eps^2, and central differences leave eps^2.
        let curvature = try #require(try ExplicitCurvature(of: golden.head))
        let leaving = try golden.head.objective.leavingGradients(at: golden.head.point, batch: 0)
        let all = leaving.own.adding(leaving.others)
        let epsilon = 1e-4
        for row in [0, 7, 31] {
            let right = Matrix(rowCount: 30, columnCount: 1, elements: Array(all.row(row)))
            let step = try curvature.hessian.choleskyDecomposition().solve(right)
            let ends = try [epsilon, -epsilon].map { length in
                let weights = Matrix(
                    rowCount: 6, columnCount: 5,
                    elements: zip(golden.head.weights.elements, step.elements).map { $0 + length * $1 })
                return try golden.validationLoss(weights)
            }
            #expect(abs((ends[0] - ends[1]) / (2 * epsilon) - influence[row]) < 1e-6)
        }
    }

    @Test("Leave-one-out by retraining is the twin's, and influence has its order", arguments: [("a", 0.97), ("b", 0.99)])
    func leaveOneOut(_ name: String, _ leastCorrelation: Double) throws {
        let golden = name == "a" ? try GoldenHead.a() : try GoldenHead.b()
        let loss = golden.target.value
        let changes = try (0..<golden.head.objective.left.rowCount).map { row in
            try golden.validationLoss(golden.head.refitted(without: [row], tolerance: 1e-11).weights) - loss
        }
        #expect(largestDifference(changes, try SharedData.vector("\(name)_leave_one_out")) < 1e-7)
        let influence = try RemovalInfluence(of: golden.head, on: golden.target).values()
        let correlation = try #require(Correlation.spearman(influence, changes)).coefficient
        #expect(correlation >= leastCorrelation)
    }

    @Test("Influences of groups add up to about what leaving them out does")
    func groups() throws {
        let golden = try GoldenHead.a()
        let groups = try SharedData.integers("a_groups")
        let influence = try RemovalInfluence(of: golden.head, on: golden.target).values()
        var (sums, changes) = ([Double](), [Double]())
        for group in 0..<24 {
            let rows = Array(groups[(group * 4)..<(group * 4 + 4)])
            sums.append(rows.reduce(0) { $0 + influence[$1] })
            changes.append(
                try golden.validationLoss(golden.head.refitted(without: Set(rows), tolerance: 1e-11).weights)
                    - golden.target.value)
        }
        #expect(largestDifference(changes, try SharedData.vector("a_leave_group_out")) < 1e-7)
        #expect(try #require(Correlation.spearman(sums, changes)).coefficient > 0.95)
    }

    @Test("Results do not depend on threads, nor on whether softmaxes are kept")
    func threads() throws {
        let (one, two) = (try GoldenHead.b(threadCount: 1), try GoldenHead.b(threadCount: 2))
        #expect(one.head.weights == two.head.weights)
        let recomputed = try #require(try two.head.objective.evaluate(two.head.weights, keeps: false))
        let direction = Matrix.identity(5)
        let kept = try one.head.objective.curvature(at: one.head.point, times: direction)
        #expect(try one.head.objective.curvature(at: recomputed, times: direction) == kept)
    }
}
