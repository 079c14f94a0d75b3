import Information

/// A preview of a study: what it can read of its sets now, and about how much memory it will take.
package struct StudyPlan: Sendable {
    /// The plan as text for people, one line a set.
    package let text: String
    /// The number of shifts whose files cannot be read.
    package let failureCount: Int

    /// Reads every set once to find its size.
    ///
    /// - Parameter chosen: the positions of the shifts that would be reported; all sets are read, because q is fitted to all.
    /// - Throws: what reading the ID set throws; a shift that cannot be read becomes a line of the plan instead.
    package init(_ study: Study, chosen: [Int]) throws {
        let settings = study.settings
        let loader = try SetLoader(id: study.id, settings: settings)
        var lines = ["ID \(study.id.name): \(Self.size(loader.id))"]
        var (rowCount, largest, failures) = (loader.id.set.rowCount, loader.id.set.byteCount, 0)
        for (index, shift) in study.shifts.enumerated() {
            do {
                let set = try loader.load(shift)
                rowCount += set.set.rowCount
                largest = max(largest, set.set.byteCount)
                lines.append(
                    "\(shift.name)\(shift.kind.map { " (\($0))" } ?? ""): \(Self.size(set))"
                        + (chosen.contains(index) ? "" : ", for q alone"))
            } catch {
                failures += 1
                lines.append("\(shift.name): would fail: \(RunError(error, set: shift.name).message)")
            }
        }
        // Estimators run one after the other, so only the largest pool counts.
        let comparesEstimators = settings.estimator == StudySettings.allEstimators
        let names = comparesEstimators ? settings.applicableEstimators : [settings.estimator]
        let rowBytes = loader.id.set.byteCount / max(1, loader.id.set.rowCount)
        let shared =
            try names.map { name -> Int in
                let estimator = try settings.with(estimator: name).makeEstimator()
                let isPooled = type(of: estimator).about.sharing == .rows || settings.effectiveFit == .pooled
                return isPooled ? estimator.poolBytes(rowCount: rowCount, rowBytes: rowBytes) : 0
            }.max() ?? 0
        let memory = shared + study.threadCount * 3 * largest
        lines.append(
            "\(chosen.count) scenario\(chosen.count == 1 ? "" : "s"), \(rowCount) rows in all\(failures > 0 ? ", \(failures) would fail" : ""); "
                + "\(comparesEstimators ? "all estimators" : settings.estimator), \(settings.permutations) relabellings, "
                + "\(study.threadCount) threads; about \(max(1, memory >> 20)) MB of memory")
        failureCount = failures
        text = lines.map { $0.withoutControls + "\n" }.joined()
    }

    private static func size(_ loaded: LoadedSet) -> String {
        let set = loaded.set
        let arrays = set.modalities.map { "\($0.name) \($0.rows.columnCount)" } + ["answers \(set.response.columnCount)"]
        return "\(set.rowCount) rows, columns: \(arrays.joined(separator: ", "))"
    }
}
