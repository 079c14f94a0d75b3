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
        let read = try #require(try loadFit(path, settings: settings) as? CrossFit)
        #expect(read == fit)
        let some = Array(sets.prefix(2))
        for (own, applied) in zip(try fit.estimate(some), try read.estimate(some)) {
            #expect(own.value == applied.value && own.influence.standardError == applied.influence.standardError)
        }
    }

    @Test(arguments: [1, 3]) func aChannelComesBackAsItWas(_ groupSize: Int) throws {
        var settings = StudySettings()
        settings.estimator = "reference-channel"
        let sets = sets(3, groupSize: groupSize)
        let prepared = try #require(try settings.makeEstimator().prepare(sets, threadCount: 2) as? PreparedChannel)
        let path = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try saveFit(prepared.fit, settings: settings, to: path)
        let read = try #require(try loadFit(path, settings: settings) as? PreparedChannel)
        #expect(read.fit == prepared.fit)
        for (position, set) in sets.enumerated() {
            let (own, applied) = (
                try prepared.estimate(set, at: position, threadCount: 1), try read.estimate(set, at: nil, threadCount: 1)
            )
            #expect(abs(own.value - applied.value) < 1e-12)
        }
        settings.estimator = "club-ridge"
        #expect(throws: RunError.self) { try loadFit(path, settings: settings) }
    }
}
