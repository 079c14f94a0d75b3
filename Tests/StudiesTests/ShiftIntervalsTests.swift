import Foundation
import Testing

@testable import Information
@testable import Studies

@Suite struct ShiftIntervalsTests {
    private func shift(_ ood: String, _ change: (inout StudySettings) -> Void = { _ in }) throws -> ShiftResult {
        var settings = StudySettings()
        settings.permutations = 40
        settings.estimator = "club-kernel"
        change(&settings)
        let files = ["clean.npz", ood].map { Paths.fixtures.appending(path: $0) }
        let sets = studySets(files)
        return try #require(try analyse(sets, settings: settings, threadCount: 2).shift)
    }

    @Test func everyNumberHasItsInterval() throws {
        let shift = try shift("defocus_blur_5.npz")
        let intervals = try #require(shift.intervals)
        for bound in shift.bounds {
            let interval = try #require(intervals.bounds[bound.form])
            #expect(interval.contains(bound.value) && interval.upperBound > interval.lowerBound)
        }
        let selected = try #require(shift.bounds.first { $0.form == .joint })
        #expect(try #require(intervals.slack).contains(selected.value - shift.emid.value))
        for (index, modality) in shift.discrepancies.modalities.enumerated() {
            let found = try #require(intervals.modality(index))
            #expect(found.value == modality.divergence.excess && found.interval.map { $0.lowerBound >= 0 } == true)
        }
        #expect(intervals.joint?.interval?.lowerBound ?? 0 > 0, "the blur is far from nothing")
        #expect(intervals.outputID?.interval?.lowerBound == 0)
    }

    @Test func theSlackVariesAsTheGapDoes() throws {
        let shift = try shift("defocus_blur_5.npz")
        let slack = try #require(shift.intervals?.slack)
        let gap = try #require(shift.emid.interval)
        // The bound varies by a tenth of what EMID varies by here.
        let ratio = (slack.upperBound - slack.lowerBound) / (gap.upperBound - gap.lowerBound)
        #expect(ratio > 0.7 && ratio < 1.2, "\(ratio)")
    }

    @Test func aSeedGivesOneInterval() throws {
        let (a, b) = (try shift("frost_3.npz"), try shift("frost_3.npz"))
        #expect(a.intervals?.bounds == b.intervals?.bounds && a.intervals?.slack == b.intervals?.slack)
    }

    @Test func withoutRelabellingsThereIsNone() throws {
        #expect(try shift("frost_3.npz") { $0.permutations = 0 }.intervals == nil)
        #expect(try shift("frost_3.npz") { $0.compat = .paper }.intervals == nil)
    }

    @Test func aSetAgainstItselfIsNotBounded() throws {
        let shift = try shift("clean.npz")
        #expect(shift.intervals?.joint?.interval == 0...0)
        #expect(shift.bounds.first { $0.form == .joint }.map { abs($0.value) < 1e-12 } == true)
    }
}
