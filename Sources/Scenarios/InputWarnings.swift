import EmbeddingFiles
import Information
import LinearAlgebra

/// What the rows of one set should make a reader careful about.
func inputWarnings(_ set: SampleSet) -> [RunWarning] {
    var warnings = [fewGroups(Set(set.groups ?? set.identifiers ?? []).count, rowCount: set.rowCount)].compactMap { $0 }
    for modality in set.modalities where modality.rows.rowsAreEqual {
        warnings.append(
            RunWarning(
                code: "constant_modality",
                message: "all rows of '\(modality.name)' are equal: it carries no information in this set"))
    }
    if set.response.rowsAreEqual {
        warnings.append(
            RunWarning(
                code: "constant_response",
                message: "all responses are equal: I(X; Y_theta) is 0 and EMI is -I(X; Y)"))
    }
    if let identifiers = set.identifiers { warnings += [repeatedIdentifiers(identifiers, set)].compactMap { $0 } }
    return warnings
}

/// The note on standard errors from few groups; a count of 0 groups means that every row is one.
func fewGroups(_ groupCount: Int, rowCount: Int) -> RunWarning? {
    let units = groupCount > 0 ? groupCount : rowCount
    guard units < 20 else { return nil }
    return RunWarning(
        code: "few_groups",
        message: "\(units) independent groups of rows: below 20, standard errors and intervals are rough")
}

/// Rows that share an identifier count as one group, which nobody has to have meant.
private func repeatedIdentifiers(_ identifiers: [String], _ set: SampleSet) -> RunWarning? {
    let repeated = Dictionary(identifiers.map { ($0, 1) }, uniquingKeysWith: +).values.filter { $0 > 1 }
    guard !repeated.isEmpty else { return nil }
    return RunWarning(
        code: "repeated_ids",
        message: "\(repeated.count) of the ids of \(set.name) occur in several rows (\(repeated.reduce(0, +)) rows): "
            + (set.groups == nil
                ? "rows of one id are taken as one group" : "only the first row of an id is paired with another set"))
}

extension Matrix {
    /// Whether all rows are the same.
    var rowsAreEqual: Bool {
        (1..<max(1, rowCount)).allSatisfy { row($0).elementsEqual(row(0)) }
    }
}
