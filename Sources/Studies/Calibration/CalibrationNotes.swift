import Calibration
import EmbeddingFiles

extension CalibrationAnalysis {
    /// What the reader of this set's numbers should know.
    func calibrationNotes() -> [RunWarning] {
        var notes: [RunWarning] = []
        let (table, name) = (set.table, set.source.name)
        let counts = table.stateCounts
        let excluded = counts.filter { $0.key != .used }
        let excludedCount = excluded.values.reduce(0, +)
        if 20 * excludedCount >= table.count, excludedCount > 0 {
            let parts = excluded.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.code)" }
            notes.append(
                RunWarning(.excludedRows, "\(name): \(excludedCount) of \(table.count) rows are excluded: \(parts.joined(separator: ", "))")
            )
        }
        if let count = summary?.groupCount, count < 30 {
            notes.append(RunWarning(.fewGroups, "\(name): \(count) groups of rows; errors are as certain as their number allows"))
        }
        if let summary, summary.distinctCount == 1 {
            notes.append(RunWarning(.constantConfidence, "\(name): every confidence is the same: it ranks nothing, and has one bin"))
        }
        if let accuracy = summary?.accuracy.value, let count = summary.map({ _ in set.used.count }), count > 1, [0, 1].contains(accuracy) {
            notes.append(
                RunWarning(
                    .oneOutcome,
                    "\(name): every answer is \(accuracy == 1 ? "right" : "wrong"): nothing is ranked, and the interval of the gap "
                        + "takes the accuracy as known"))
        }
        if let loss = summary?.logLoss, loss.certainAndWrong > 0 {
            notes.append(
                RunWarning(
                    .certainAndWrong,
                    "\(name): \(loss.certainAndWrong) rows were certain and wrong; the log loss is infinite and left out"))
        }
        for (remark, code, words) in [
            (RowRemark.optionsCut, WarningCode.optionsCut, "have options beyond the reported log-probabilities, taken as impossible"),
            (.oneSample, .oneSample, "have one answer, whose share is 1"),
            (.sampledAnswer, .sampledAnswer, "answer with another option than the likeliest, which is the one that is judged"),
        ] {
            if let count = table.remarks[remark] { notes.append(RunWarning(code, "\(name): \(count) rows \(words)")) }
        }
        if let ties = table.remarks[.tie] {
            notes.append(RunWarning(.scoreTies, "\(name): \(ties) rows have several best answers; the first one counts"))
        }
        if let limit = temperature?.limit {
            notes.append(
                RunWarning(
                    .temperatureLimit,
                    "\(name): the temperature is at its \(limit.rawValue) limit: the scores of right options tell no finite one"))
        }
        if table.disagreementCount > 0 {
            notes.append(
                RunWarning(
                    .scoresDisagree, "\(name): in \(table.disagreementCount) rows the log's own 'acc' is another than the scores say"))
        }
        return notes
    }
}
