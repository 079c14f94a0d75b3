import Foundation
import Reports
import Studies

/// What a batch would do: the sets as they read now, and the memory they will take.
struct BatchPlan {
    /// The plan, for people.
    let text: String
    /// Scenarios whose sets cannot be read.
    let failureCount: Int

    /// Reads every set once.
    ///
    /// - Throws: what reading the ID set throws; sets at fault are listed.
    init(_ manifest: Manifest, settings: StudySettings, _ common: CommonOptions) throws {
        let loader = try SetLoader(id: manifest.id.source, settings: settings)
        let id = try loader.loadID(name: manifest.id.name)
        var lines = ["ID \(manifest.id.name): \(Self.size(id))"]
        var (rowCount, largest, failures) = (id.set.rowCount, id.set.byteCount, 0)
        for entry in manifest.scenarios {
            do {
                let set = try loader.load(entry.source, name: entry.name)
                rowCount += set.set.rowCount
                largest = max(largest, set.set.byteCount)
                lines.append("\(entry.name)\(entry.kind.map { " (\($0))" } ?? ""): \(Self.size(set))")
            } catch {
                failures += 1
                lines.append("\(entry.name): would fail: \(RunError(error, set: entry.name).message)")
            }
        }
        // Estimators follow each other: the largest pool counts.
        let names = settings.comparesEstimators ? settings.applicableEstimators : [settings.estimator]
        let shared = try names.map { name in
            var own = settings
            own.estimator = name
            return try expectedPoolBytes(own, rowCount: rowCount, idSet: id.set, largestSet: largest)
        }.max() ?? 0
        let memory = shared + common.threadCount * 3 * largest
        lines.append(
            "\(manifest.scenarios.count) scenarios, \(rowCount) rows in all\(failures > 0 ? ", \(failures) would fail" : ""); "
                + "\(names.count > 1 ? "all estimators" : settings.estimator), \(settings.permutations) relabellings, \(common.threadCount) threads; "
                + "about \(max(1, memory >> 20)) MB of memory")
        failureCount = failures
        text = lines.map { $0.withoutControls + "\n" }.joined()
    }

    private static func size(_ loaded: LoadedSet) -> String {
        let set = loaded.set
        let arrays = set.modalities.map { "\($0.name) \($0.rows.columnCount)" } + ["answers \(set.response.columnCount)"]
        return "\(set.rowCount) rows, columns: \(arrays.joined(separator: ", "))"
    }
}
