/// How an estimator makes its q.
struct ClubRecipe: Sendable {
    /// What is kept of answers.
    let limits: ClubFit.Limits
    /// The features of queries like those of some sets.
    let form: @Sendable (_ sets: [SampleSet]) -> QueryMap.Form

    /// A q for these groups of rows of `sets`, which are let go as soon as they have become features.
    ///
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    func fit(releasing sets: inout [SampleSet], labels: [[String]], threadCount: Int) throws -> ClubFit {
        let form = form(sets)
        return try ClubFit(releasing: &sets, labels: labels, form: form, limits: limits, threadCount: threadCount)
    }
}
