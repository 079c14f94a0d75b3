import EmbeddingFiles

/// The relative preference in a review file of LLaVA's benchmark: 100 times the judge's mean score of the model over that of
/// the reference, from `tuple: [reference, model]` on each line.
///
/// The judge writes -1 where its answer could not be read; such lines are left out.
///
/// - Throws: `EmbeddingFileError` for a file without such tuples, `RunError` where no review is usable.
package func relativePreference(inReview path: String) throws -> Double {
    let column = try readColumn("\(path):tuple")
    guard case .vectors(let tuples) = column.values, tuples.columnCount == 2 else {
        throw RunError(
            code: "bad_review", message: "\(path): array 'tuple': expected two numbers a line, [reference, model], "
                + "found \(column.values.width.map { "\($0)" } ?? "texts")",
            hint: "give the review file that LLaVA's eval_gpt_review_bench.py wrote")
    }
    let usable = (0..<tuples.rowCount).filter { tuples[$0, 0] >= 0 && tuples[$0, 1] >= 0 }
    let reference = usable.reduce(0) { $0 + tuples[$1, 0] }
    guard reference > 0 else {
        throw RunError(
            code: "bad_review", message: "\(path): expected scores above 0 for references, found none",
            hint: "the first number of each tuple is the judge's score of the reference")
    }
    return 100 * usable.reduce(0) { $0 + tuples[$1, 1] } / reference
}
