import Information
import LinearAlgebra
import Statistics

/// A model of known quality in a run of nine sets of 90 rows, and what the reference channel says about its first set.
struct KnownModel: Sendable {
    let behaviour: WordedWorld.Behaviour
    var contentCount = 24
    /// The share of wrong answers in the first set; the other sets have up to 0.56 more.
    var firstWrong = 0.1
    /// The number of times each row is repeated.
    var repeats = 1
    /// Whether the first set's references are rounded to float16 while the second set has the same items in full precision.
    var isRounded = false

    init(
        _ behaviour: WordedWorld.Behaviour, contentCount: Int = 24, firstWrong: Double = 0.1, repeats: Int = 1, isRounded: Bool = false
    ) {
        self.behaviour = behaviour
        self.contentCount = contentCount
        self.firstWrong = firstWrong
        self.repeats = repeats
        self.isRounded = isRounded
    }

    /// Means over data sets, and the notes that most of them have.
    struct Reading: Sendable {
        let model: Double
        let reference: Double
        var emi: Double { model - reference }
        let notes: String
    }

    func reading(seed: UInt64, count: Int, threadCount: Int = 1) throws -> Reading {
        let found = try concurrentMap(count: count, threadCount: threadCount) { index in
            var generator = SeededGenerator(seed: seed, stream: "known model \(behaviour) \(contentCount)", index: index)
            let (fit, rows) = try ReferenceChannel().judged(sets(using: &generator))
            let first = rows[0].estimate
            var notes: [String] = []
            if ChannelDoubts.carriesNothing(rows) { notes.append("no_channel") }
            if ChannelDoubts.hasOwnCode(fit) { notes.append("own_code") }
            if ChannelDoubts.isSaturated(first.modelMutualInformation, rowCount: rows[0].comparedCount) { notes.append("saturated") }
            return (model: first.modelMutualInformation, reference: first.referenceMutualInformation, notes: notes)
        }
        let counts = Dictionary(found.flatMap(\.notes).map { ($0, 1) }, uniquingKeysWith: +)
        return Reading(
            model: found.map(\.model).mean, reference: found.map(\.reference).mean,
            notes: counts.filter { 2 * $0.value > count }.keys.sorted().joined(separator: ", "))
    }

    func sets(using generator: inout SeededGenerator) -> [SampleSet] {
        let world = WordedWorld(contentCount: contentCount)
        let shared = world.items(groups: 30, size: 3, using: &generator)
        return (0..<9).map { index in
            let items = isRounded && index < 2 ? shared : world.items(groups: 30, size: 3, using: &generator)
            let set = world.set(
                "set \(index)", items, wrong: firstWrong + 0.07 * Double(index), behaviour, namesItems: isRounded && index < 2,
                using: &generator)
            return repeated(isRounded && index == 0 ? rounded(set) : set, set: index)
        }
    }

    private func repeated(_ set: SampleSet, set index: Int) -> SampleSet {
        guard repeats > 1 else { return set }
        let rows = (0..<repeats).flatMap { _ in 0..<set.rowCount }
        return set.selectingRows(rows)
    }

    private func rounded(_ set: SampleSet) -> SampleSet {
        SampleSet(
            name: set.name, modalities: set.modalities, response: set.response,
            reference: set.reference.mapElements { Double(Float16($0)) }, identifiers: set.identifiers, groups: set.groups)
    }
}
