import Foundation
import Statistics
import Testing

@testable import Information

/// The example of the article "Adding an estimator" is code that runs.
@Suite struct AddingAnEstimatorTests {
    @Test func theExampleOfTheArticleIsTheFileBesideThis() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let article = try String(
            contentsOf: folder.appending(path: "../../Sources/emi/Documentation.docc/AddingAnEstimator.md"), encoding: .utf8)
        let code = try String(contentsOf: folder.appending(path: "StrongestPairInformation.swift"), encoding: .utf8)
        // What a file in Sources would not say.
        let shown = code.replacing("\n@testable import Information\n", with: "")
        #expect(article.contains(shown))
    }

    @Test func theExamplePassesTheChecks() throws {
        try checkEstimator(StrongestPairInformation(EstimatorParameters()))
    }

    /// The article's own test: two columns of correlation 0.6 share -ln(1 - 0.36)/2 = 0.223 nats.
    @Test func theStrongestPairOfGaussianColumnsIsFound() {
        var simulation = Simulation(seed: 1)
        let x = simulation.normals(4_000, 1)
        let y = x.combining(simulation.normals(4_000, 1)) { 0.6 * $0 + 0.8 * $1 }
        #expect(abs(StrongestPairInformation.estimate(x, y) - 0.223) < 4 * 0.6 / 4000.0.squareRoot())
    }
}
