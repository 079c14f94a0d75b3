import Studies

extension ComparedRun {
    /// Adds what `emi calibrate` says of the same sets: mean confidence less accuracy, and ECE less what chance makes of it. Scenarios
    /// belong together by their names.
    ///
    /// - Parameter name: what to call the calibration report in messages.
    /// - Throws: `RunError` where it has no scenario of this run.
    package mutating func add(_ calibration: CalibrationReport, name calibrationName: String) throws {
        let found = Dictionary(
            calibration.scenarios.filter { $0.status == "ok" }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var count = 0
        id.add(calibration.id)
        for index in scenarios.indices {
            guard let set = found[scenarios[index].name] else { continue }
            scenarios[index].add(set)
            count += 1
        }
        guard count > 0 else {
            throw RunError(
                code: "calibration_of_others",
                message: "\(calibrationName): expected calibration of the scenarios of \(name), found none of them".withoutControls,
                hint: "run emi calibrate on the manifest of that report; scenarios belong together by their names")
        }
        if count < scenarios.count {
            notes.append(
                "\(calibrationName) has \(count) of the \(scenarios.count) scenarios of \(name): the tables of models have calibration only "
                    + "where it is known of all scenarios")
        }
    }
}

extension ComparedSet {
    fileprivate mutating func add(_ set: CalibrationReport.Set) {
        values["overconfidence"] = set.gap.map {
            ComparedValue(value: $0.value, standardError: $0.standardError, interval: $0.interval)
        }
        // What chance makes of ECE is known far better than ECE.
        values["ece_excess"] = set.ece.map { ComparedValue(value: $0.excess, standardError: $0.standardError) }
    }
}
