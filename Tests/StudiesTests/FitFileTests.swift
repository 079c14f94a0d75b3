import Foundation
import Information
import LinearAlgebra
import Statistics
import Testing

@testable import Studies

/// What is judged by a fit from a file is judged as by the fit itself, errors included.
@Suite struct FitFileTests {
    /// Sets of independent rows or of thirty images, over all more rows than a fit keeps.
    private func sets(_ count: Int, groupSize: Int) -> [SampleSet] {
        var generator = SeededGenerator(seed: 9, stream: "test")
        return (0..<count).map { index in
            let (query, noise) = (generator.normals(90, 4), generator.normals(90, 4))
            return SampleSet(
                name: "\(index)", modalities: [Modality(name: "text", rows: query)], response: query.adding(noise),
                reference: query.adding(generator.normals(90, 4)),
                groups: (0..<90).map { groupSize > 1 ? "image \($0 / groupSize)" : "set \(index), row \($0)" })
        }
    }

    @Test(arguments: [(2, 1), (2, 3), (24, 1), (24, 3)], ["club-ridge", "club-kernel"])
    func aFitComesBackAsItWas(_ design: (count: Int, groupSize: Int), _ name: String) throws {
        var settings = StudySettings()
        settings.estimator = name
        let sets = sets(design.count, groupSize: design.groupSize)
        let fit = try #require(try settings.makeEstimator().prepare(sets, threadCount: 2) as? CrossFit)
        #expect((fit.groupSlopes != nil) == (design == (24, 3)))
        let path = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try saveFit(fit, settings: settings, to: path)
        let read = try loadFit(path, settings: settings)
        #expect(read == fit)
        let some = Array(sets.prefix(2))
        for (own, applied) in zip(try fit.estimate(some), try read.estimate(some)) {
            #expect(own.value == applied.value && own.influence.standardError == applied.influence.standardError)
        }
    }
}
