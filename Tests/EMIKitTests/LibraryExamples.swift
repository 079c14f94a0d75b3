import EMIKit

/// Two sets in files: the report is what `emi estimate` prints.
func lossUnderShift(id: String, shifted: String) throws -> Double? {
    let study = Study(id: .file(id), shifts: [.file(shifted)])
    let report = try study.report()
    return report.scenarios[0].emid?.value
}

/// Arrays in memory, with settings: which shifts cost the model something beyond doubt?
func resolvedLosses(id: StudySet, shifts: [StudySet]) throws -> [String] {
    var settings = StudySettings()
    settings.permutations = 200
    settings.seed = 1
    let report = try Study(id: id, shifts: shifts, settings: settings, threadCount: 2).report()
    return report.scenarios.filter { scenario in
        guard let gap = scenario.emid, let interval = gap.interval else { return false }
        return interval[0] > 0 && (gap.pValue ?? 1) <= 0.05
    }.map(\.name)
}

/// A set from what an encoder returned. Rows of one image share a group.
func makeSet(_ name: String, images: [[Double]], questions: [[Double]], answers: [[Double]], references: [[Double]]) throws -> StudySet {
    try StudySet(
        name: name, visual: images, text: questions, response: answers, reference: references,
        groups: answers.indices.map { "image \($0 / 3)" })
}
