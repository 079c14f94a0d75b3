import Statistics

/// How two runs were compared: row by row, or as independent runs.
package struct Pairing: Codable, Sendable, Equatable {
    /// `rows`, or `none`.
    package var kind: String
    /// The reason why rows were not compared, or not in every scenario.
    package var reason: String?
    /// The number of scenarios that were compared row by row.
    package var scenarios: Int
    /// The numbers of rows and groups in the ID set, if its rows were paired.
    package var rows: Int?
    package var groups: Int?
}

/// Pairs the rows of two runs, set by set.
struct PairedRuns {
    /// The rows of the ID set.
    let id: PairedSet
    private let names: (String, String)

    init(_ a: ComparedRun, _ b: ComparedRun) {
        names = (a.name, b.name)
        id = PairedSet(a.id, b.id)
    }

    /// How the comparison was made, given the results of the scenarios.
    func pairing(_ scenarios: [PairedSet]) -> Pairing {
        let paired = scenarios.count { $0.rows != nil }
        let isPaired = id.rows != nil && paired > 0
        let obstacle = id.obstacle ?? scenarios.lazy.compactMap(\.obstacle).first
        let count =
            isPaired && paired < scenarios.count ? "\(scenarios.count - paired) of \(scenarios.count) scenarios: " : ""
        return Pairing(
            kind: isPaired ? "rows" : "none", reason: obstacle.map { count + words(of: $0) },
            scenarios: isPaired ? paired : 0,
            rows: isPaired ? id.rows?.differences.count : nil,
            groups: isPaired ? id.rows.map { Set($0.groups).count } : nil)
    }

    private func words(of obstacle: PairedSet.Obstacle) -> String {
        switch obstacle {
        case .noRows(let inA, let inB):
            let missing = [(inA, names.0), (inB, names.1)].filter { !$0.0 }.map(\.1)
            return "no rows beside \(missing.joined(separator: " and ")) (emi batch --keep-rows writes them)"
        case .rows(let set, .repeatedItem(let item)): return "item '\(item)' comes twice in set '\(set)'"
        case .rows(let set, .differentItems(let item)):
            return "item '\(item)' of set '\(set)' is in one of the runs only"
        case .rows(let set, .differentGroups(let item)): return "item '\(item)' of set '\(set)' is in different groups"
        case .rows(let set, .differentReferences(let item)):
            return
                "I(X;Y) of item '\(item)' in set '\(set)' differs: queries, references or the q that judges them are not the same "
                + "(one q for both: --fit-with MANIFEST, or --fit FILE)"
        }
    }
}

/// One set in both runs.
struct PairedSet {
    enum Obstacle {
        case noRows(inA: Bool, inB: Bool)
        case rows(set: String, PairingObstacle)
    }

    /// What B adds more than A to I(X; Y_theta), row by row; nil if the rows cannot be compared.
    let rows: PairedRows?
    let obstacle: Obstacle?
    private let a: RowsFile.Rows?
    private let b: RowsFile.Rows?

    init(_ a: ComparedSet, _ b: ComparedSet) {
        (self.a, self.b) = (a.rows, b.rows)
        guard let first = a.rows, let second = b.rows else {
            (rows, obstacle) = (nil, .noRows(inA: a.rows != nil, inB: b.rows != nil))
            return
        }
        do {
            (rows, obstacle) = (try PairedRows(first.contributions, second.contributions), nil)
        } catch {
            (rows, obstacle) = (nil, .rows(set: a.name, error))
        }
    }

    /// The difference, B minus A, of another value of the rows; nil unless both runs have it for the same items.
    func difference(_ path: KeyPath<RowsFile.Rows, [Double]?>, intervals: IntervalMethod) -> PairedDifference? {
        guard let rows, let a, let b, let first = a.sorted(a[keyPath: path]), let second = b.sorted(b[keyPath: path])
        else { return nil }
        let differences = zip(first, second).map { $1 - $0 }
        let mean = differences.reduce(0, +) / Double(max(1, differences.count))
        // The rows of a pairing are in the order of their names.
        return PairedDifference(
            value: mean, influence: GroupInfluence(spreadOf: differences, groups: rows.groups), intervals: intervals)
    }
}
