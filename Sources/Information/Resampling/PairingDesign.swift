import RealModule
import Statistics

/// Which queries and answers of a set may be re-paired under the null hypothesis that answers do not depend on queries.
///
/// Rows of one group depend on each other, so all answers of a group go together to the queries of another group, which has to have
/// equally many rows. Within the group they go in any order: files often have the same questions in the same order on every image, and
/// answers in their old order would keep what depends on the question. Every such pairing is as likely as the observed one if,
/// under the hypothesis, the answers of a group (or its queries) may come in any order. If several q judge parts of the set
/// (`CrossFit`), groups only exchange answers under one q, which has seen neither: a q that has seen an answer cannot judge it
/// fairly in another place.
struct PairingDesign: Sendable, Equatable {
    /// Classes of groups that may exchange their answers; each group is a list of its rows.
    private let classes: [[[Int]]]
    private let rowCount: Int

    /// - Parameters:
    ///   - groups: the group label of each row.
    ///   - judges: the number of the q that judges each row; nil if there is only one.
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

    /// The natural logarithm of the number of pairings of groups; 0 when only the observed one is possible.
    var logPairingCount: Double {
        classes.reduce(0) { $0 + .logGamma(Double($1.count + 1)) }
    }

    /// `count` random pairings, each of which gives for every row of queries the row of its answer. The same seed gives the same pairings.
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
