import Information
import LinearAlgebra
import Statistics

/// Questions whose answer is one of several contents, each in several wordings: the case for which a reference channel is made.
///
/// A reference or a response is the vector of its content plus that of its wording plus its own noise. A model gives the right content or,
/// with the probability of its group, a random one.
struct WordedWorld: Sendable {
    /// How a model treats the contents of its queries.
    enum Behaviour: String, CaseIterable, Sendable {
        case honest = "right, or wrong at random, as the set says"
        case verbatim = "repeats its references"
        case right = "right, in wordings of its own"
        case rotated = "wrong in one consistent way in every set"
        case random = "wrong at random in every set"
        case constant = "says one thing always"
        case empty = "says nothing"
    }

    static let width = 48
    let contents: Matrix
    let wordings: Matrix
    /// The first half are wordings of references, unless the model has no wordings of its own.
    private static let wordingCount = 12

    /// - Parameter contentCount: the number of contents, such as 2 for yes or no and 4 for letters.
    init(contentCount: Int = 24, seed: UInt64 = 1) {
        var generator = SeededGenerator(seed: seed, stream: "worded world")
        contents = generator.normals(contentCount, Self.width)
        wordings = generator.normals(Self.wordingCount, Self.width).mapElements { 0.6 * $0 }
    }

    /// Questions that several sets may share.
    struct Items: Sendable {
        let contents: [Int]
        let references: Matrix
        /// How hard each group is, in addition to its set.
        let hardness: [Double]
        let groupSize: Int
    }

    /// Draws questions in groups.
    func items(groups: Int, size: Int, using generator: inout SeededGenerator) -> Items {
        let chosen = (0..<(groups * size)).map { _ in generator.index(below: contents.rowCount) }
        return Items(
            contents: chosen, references: answers(chosen, wordings: 0..<6, using: &generator),
            hardness: (0..<groups).map { _ in 0.35 * (generator.uniform() - 0.5) }, groupSize: size)
    }

    /// Draws a model's answers to some questions.
    ///
    /// - Parameters:
    ///   - wrong: the mean probability of a wrong answer.
    ///   - namesItems: whether rows are named after their items, so that sets with the same items are paired.
    func set(
        _ name: String, _ items: Items, wrong: Double, _ behaviour: Behaviour = .honest, namesItems: Bool = false,
        using generator: inout SeededGenerator
    ) -> SampleSet {
        let count = items.contents.count
        let said = (0..<count).map { row -> Int in
            let isWrong = generator.uniform() < min(1, max(0, wrong + items.hardness[row / items.groupSize]))
            let other = generator.index(below: contents.rowCount)
            return switch behaviour {
            case .rotated: (items.contents[row] + 1) % contents.rowCount
            case .random: other
            default: isWrong ? other : items.contents[row]
            }
        }
        let response: Matrix =
            switch behaviour {
            case .verbatim: items.references
            case .right: answers(items.contents, wordings: 6..<12, using: &generator)
            case .constant: Matrix(rows: (0..<count).map { _ in Array(contents.row(0)) }).rowsNormalized
            case .empty: Matrix(rowCount: count, columnCount: Self.width) { _, column in column == 0 ? 1 : 0 }
            default: answers(said, wordings: 0..<6, using: &generator)
            }
        let groups = items.groupSize > 1 ? (0..<count).map { "\(namesItems ? "" : name) \($0 / items.groupSize)" } : nil
        return SampleSet(
            name: name, modalities: [Modality(name: "text", rows: items.references)], response: response, reference: items.references,
            identifiers: namesItems ? (0..<count).map { "item \($0)" } : nil, groups: groups)
    }

    private func answers(_ chosen: [Int], wordings range: Range<Int>, using generator: inout SeededGenerator) -> Matrix {
        let words = chosen.map { _ in range.lowerBound + generator.index(below: range.count) }
        return contents.selectingRows(chosen).adding(wordings.selectingRows(words))
            .adding(generator.normals(chosen.count, Self.width).mapElements { 0.2 * $0 }).rowsNormalized
    }
}
