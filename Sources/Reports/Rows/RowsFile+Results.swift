import Studies

extension RowsFile.Rows {
    /// The rows of a set, in a unit; nil when its results have no rows.
    package init?(_ result: SetResult, unit: InformationUnit) {
        guard let rows = result.rows else { return nil }
        let found = rows.contributions
        self.init(
            name: result.name, ids: found.identifiers, groups: found.groups, modelMi: found.model.map(unit.value),
            referenceMi: found.reference.map(unit.value), responseSimilarity: rows.similarities, score: rows.scores)
    }
}
