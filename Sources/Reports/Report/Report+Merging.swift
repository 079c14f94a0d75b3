import Studies

extension Report {
    /// One report of several over scenarios of one study, with q-values and summary over all scenarios, in the order of their names.
    ///
    /// - Parameter names: of the files, for messages.
    /// - Returns: the report, and the number of scenarios that came again with equal results.
    /// - Throws: `RunError` for reports of other settings, another ID set or another fit, and for a scenario with two results.
    /// - Precondition: a name a report, at least one.
    package static func merged(
        _ reports: [Report], names: [String], threadCount: Int
    ) throws -> (report: Report, repeatedCount: Int) {
        func refused(_ place: Int, _ expected: String, _ found: String) -> RunError {
            RunError(
                code: "unlike_reports", message: "\(names[place]): expected \(expected), as in \(names[0]), found \(found)",
                hint: "run all tasks with one manifest, the same flags, and one q (--fit FILE)")
        }
        let first = reports[0]
        var scenarios: [String: Scenario] = [:]
        var repeatedCount = 0
        for (place, report) in reports.enumerated() {
            if report.settings != first.settings { throw refused(place, "the same settings", "others") }
            if report.id.fit != first.id.fit { throw refused(place, "fit \(first.id.fit ?? "none")", report.id.fit ?? "none") }
            // What depends on the other scenarios of a run is computed again.
            guard report.id.withoutQValues == first.id.withoutQValues else {
                throw refused(place, "the results of the ID set '\(first.id.name)'", "others")
            }
            for scenario in report.scenarios {
                let own = scenario.withoutQValues
                if let known = scenarios[scenario.name] {
                    if known.status == "failed", own.status == "ok" {
                        // A task that failed was repeated.
                        scenarios[scenario.name] = own
                    } else if own.status == "ok", known != own {
                        throw refused(place, "one result of scenario '\(scenario.name)'", "another")
                    }
                    repeatedCount += 1
                } else {
                    scenarios[scenario.name] = own
                }
            }
        }
        var report = Report(
            id: first.id.withoutQValues, scenarios: scenarios.values.sorted { $0.name < $1.name }, settings: first.settings,
            environment: first.environment, threadCount: threadCount)
        report.provenance = first.provenance
        return (report, repeatedCount)
    }
}

extension Report.SampleSet {
    fileprivate var withoutQValues: Report.SampleSet {
        var set = self
        (set.emi.modelMiQValue, set.emi.referenceMiQValue) = (nil, nil)
        return set
    }
}

extension Report.Scenario {
    fileprivate var withoutQValues: Report.Scenario {
        var scenario = self
        scenario.emi?.modelMiQValue = nil
        scenario.emi?.referenceMiQValue = nil
        scenario.emid?.qValue = nil
        scenario.bound?.tightness = nil
        for name in (scenario.discrepancies ?? [:]).keys {
            scenario.discrepancies?[name]?.qValue = nil
            scenario.discrepancies?[name]?.mmdQValue = nil
        }
        return scenario
    }
}
