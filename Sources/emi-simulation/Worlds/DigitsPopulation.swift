import EmbeddingFiles
import Foundation
import Information
import LinearAlgebra
import Statistics
import Studies

/// One scenario of the digits study over many seeds: a finite population of images with their questions, from which sets are drawn.
///
/// There is a folder for each seed with the sets of `Scripts/make_digits_study.py`. An image under one seed is a group of its own, because
/// another seed asks other questions about it and asks another model.
struct DigitsPopulation: Sendable {
    let set: SampleSet
    /// The rows of each group. Scenarios with the same items have the same groups, in the same order.
    let groups: [[Int]]

    /// Reads the sets called `name` in all folders within `folder` and normalises them as `emi` does.
    ///
    /// - Throws: the errors of reading, and `ValidationError` if there is no such set.
    init(folder: String, name: String, threadCount: Int) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { (seed: $0, path: "\(folder)/\($0)/\(name).npz") }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
        let sets = try concurrentMap(count: files.count, threadCount: threadCount) { index in
            let loaded = try SetLoader(
                id: StudySet(source: SampleSource(bundle: files[index].path)), settings: StudySettings()
            ).id.rows
            func named(_ names: [String]?) -> [String] {
                (0..<loaded.rowCount).map { "\(files[index].seed) \(names?[$0] ?? "row \($0)")" }
            }
            return SampleSet(
                name: name, modalities: loaded.modalities, response: loaded.response, reference: loaded.reference,
                identifiers: named(loaded.identifiers), groups: named(loaded.groups))
        }
        guard let first = sets.first else { throw SimulationError.noDigits(folder: folder, name: name) }
        set = sets.dropFirst().reduce(first) { $0.stacked(on: $1) }
        var positions: [String: Int] = [:]
        var groups: [[Int]] = []
        for (row, label) in (set.groups ?? []).enumerated() {
            if let position = positions[label] {
                groups[position].append(row)
            } else {
                positions[label] = groups.count
                groups.append([row])
            }
        }
        self.groups = groups
    }

    /// Draws `rowCount` rows from the chosen groups: all rows of each group, or, in a design without groups, one row at random.
    func draw(
        _ chosen: [Int], design: SimulationDesign, using generator: inout SeededGenerator
    ) -> SampleSet {
        let rows = chosen.flatMap { group in
            design.groupSize > 1 ? groups[group] : [groups[group][generator.index(below: groups[group].count)]]
        }
        let drawn = set.selectingRows(rows)
        return SampleSet(
            name: drawn.name, modalities: drawn.modalities, response: drawn.response, reference: drawn.reference,
            identifiers: design.sharesItems ? drawn.identifiers : nil, groups: design.groupSize > 1 ? drawn.groups : nil)
    }

    /// The rows of these groups as a single group, to be judged, with their own group labels.
    func unseen(_ chosen: [Int]) -> (set: SampleSet, labels: [String]) {
        let drawn = set.selectingRows(chosen.flatMap { groups[$0] })
        return (
            SampleSet(
                name: drawn.name, modalities: drawn.modalities, response: drawn.response, reference: drawn.reference,
                groups: [String](repeating: "\(drawn.name), unseen", count: drawn.rowCount)),
            drawn.groups ?? []
        )
    }
}

/// The reason why a simulation cannot start.
enum SimulationError: Error, CustomStringConvertible {
    case noDigits(folder: String, name: String)

    var description: String {
        switch self {
        case .noDigits(let folder, let name):
            "\(folder): expected folders with \(name).npz, found none\n"
                + "make them with Scripts/make_digits_study.py (emi-simulation coverage --help)"
        }
    }
}

extension SampleSet {
    /// The rows of two sets, one after the other.
    fileprivate func stacked(on other: SampleSet) -> SampleSet {
        SampleSet(
            name: name,
            modalities: zip(modalities, other.modalities).map { Modality(name: $0.name, rows: $0.rows.stacked(on: $1.rows)) },
            response: response.stacked(on: other.response), reference: reference.stacked(on: other.reference),
            identifiers: (identifiers ?? []) + (other.identifiers ?? []), groups: (groups ?? []) + (other.groups ?? []))
    }
}
