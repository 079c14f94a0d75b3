import RealModule
import Statistics

/// Which queries and answers of a set may be paired anew under the null hypothesis that answers do not depend on queries.
///
/// Rows of one group are dependent, so that the answers of a group go to the queries of another group as one, and only to a group of
/// as many rows. Within the group they go in any order: files often have the same questions in the same order on every image, and
/// answers in their order would keep what depends on the question. Every such pairing is as likely as the one that was seen if,
/// under the hypothesis, the answers of a group (or its queries) may come in any order. Where several
/// q judge parts of the set (`CrossFit`), a group stays among those that its q has not seen either: a q that has seen an answer is no
/// fair judge of it in another place.
struct PairingDesign: Sendable, Equatable {
    /// The rows of each group, in classes of groups that may exchange their answers.
    private let classes: [[[Int]]]
    private let rowCount: Int

    /// - Parameters:
    ///   - groups: one label a row.
    ///   - judges: which q judges the row, one number a row; nil for one q.
    init(groups: [String], judges: [Int]? = nil) {
        struct Class: Hashable, Comparable {
            let judge: Int
            let size: Int
            static func < (a: Class, b: Class) -> Bool { (a.judge, a.size) < (b.judge, b.size) }
        }
        var byClass: [Class: [[Int]]] = [:]
        for group in groups.rowsByValue {
            let key = Class(judge: judges.map { $0[group.rows[0]] } ?? 0, size: group.rows.count)
            byClass[key, default: []].append(group.rows)
        }
        classes = byClass.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map(\.value)
        rowCount = groups.count
    }

    /// The natural logarithm of the number of pairings; 0 where only the one that was seen is possible.
    var logPairingCount: Double {
        classes.reduce(0) { $0 + .logGamma(Double($1.count + 1)) }
    }

    /// `count` random pairings: for every query row the row of its answer. The same seed gives the same ones.
    func lazyPairings(count: Int, seed: UInt64) -> SeededDraws<[Int]> {
        SeededDraws(count: count) { [classes, rowCount] index in
            var generator = SeededGenerator(seed: seed, stream: "pairing", index: index)
            var answers = Array(0..<rowCount)
            for groups in classes {
                for (group, other) in zip(groups, generator.permutation(of: groups.count)) {
                    let order = generator.permutation(of: group.count)
                    for (row, position) in zip(group, order) { answers[row] = groups[other][position] }
                }
            }
            return answers
        }
    }
}
