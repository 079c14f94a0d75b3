import LinearAlgebra

/// The principal axes of the rows outside a fold, and the fold's own rows along them: everything that a ridge needs.
struct FoldAxes: Sendable {
    let heldOut: [Int]
    private let query: PrincipalAxes
    private let answer: PrincipalAxes
    /// The coordinates of the held-out rows.
    private let heldOutQuery: Matrix
    private let heldOutAnswer: Matrix

    init(_ query: Matrix, _ answer: Matrix, _ folds: GroupFolds, fold: Int) throws(LinearAlgebraError) {
        heldOut = folds.rows(in: fold)
        let fitted = folds.rows(outside: fold)
        self.query = try PrincipalAxes(query.selectingRows(fitted))
        self.answer = try PrincipalAxes(answer.selectingRows(fitted))
        heldOutQuery = self.query.coordinates(of: query.selectingRows(heldOut))
        heldOutAnswer = self.answer.coordinates(of: answer.selectingRows(heldOut))
    }

    /// The scores of X times the scores of Y in the fitted rows; with a pairing, row i takes the Y of fitted row `pairing[i]`.
    func cross(pairing: [Int]? = nil) -> Matrix {
        query.scores.transposedTimes(pairing.map { answer.scores.selectingRows($0) } ?? answer.scores)
    }

    /// The held-out coordinates along the canonical directions of the fitted rows.
    ///
    /// - Parameter heldOutPairing: like the `pairing` of `cross`, but for the held-out rows.
    func heldOutCoordinates(
        cross: Matrix, ridge: Double, limit: Int, heldOutPairing: [Int]? = nil
    ) throws(LinearAlgebraError) -> (query: Matrix, answer: Matrix) {
        let rotation = try CanonicalRotation(query, answer, cross: cross, ridge: ridge, limit: limit)
        let answers = heldOutPairing.map { heldOutAnswer.selectingRows($0) } ?? heldOutAnswer
        let signs = query.axes.times(rotation.query).signsOfLargestInColumns
        return (
            heldOutQuery.times(rotation.query).scalingColumns(by: signs),
            answers.times(rotation.answer).scalingColumns(by: signs)
        )
    }
}
