import LinearAlgebra

/// The vectors u_i = M Sigma^-1 z_i of the answers of a set, under the judge of each row: kept for small sets, computed again block by
/// block for large ones, where they would take twice the memory of the coordinates that they follow from.
struct AnswerVectors: Sendable {
    /// The number of rows whose vectors are computed together.
    static let blockSize = 1_024
    /// The vectors of sets of more rows are not kept.
    private static let keptRowCount = 2_048

    private let coordinates: ChannelCoordinates
    private let judgeOfRow: [Int]
    /// M Sigma^-1 of each judge.
    private let responses: [Matrix]
    /// The mean response minus the mean reference.
    private let shift: [Double]
    private var kept: (model: Matrix, reference: Matrix)?

    init(_ fit: ChannelFit, _ coordinates: ChannelCoordinates, judges: [Int]) {
        self.init(responses: fit.judges.map(\.response), shift: fit.shift, coordinates, judges: judges)
    }

    /// Those of other rows under the judges of `other`.
    init(_ other: AnswerVectors, _ coordinates: ChannelCoordinates, judges: [Int]) {
        self.init(responses: other.responses, shift: other.shift, coordinates, judges: judges)
    }

    private init(responses: [Matrix], shift: [Double], _ coordinates: ChannelCoordinates, judges: [Int]) {
        (self.coordinates, self.responses, self.shift, judgeOfRow) = (coordinates, responses, shift, judges)
        if judges.count <= Self.keptRowCount {
            kept = (compute(.model, 0..<judges.count), compute(.reference, 0..<judges.count))
        }
    }

    /// u of the rows in a range, one a row, k + 1 numbers each.
    func rows(_ kind: ChannelRows.Answers, _ range: Range<Int>) -> Matrix {
        guard let kept else { return compute(kind, range) }
        let all = kind == .model ? kept.model : kept.reference
        return range == 0..<judgeOfRow.count ? all : all.selectingRows(Array(range))
    }

    /// u of both kinds of answers, in the order of `Answers.allCases`.
    func both(_ range: Range<Int>) -> [Matrix] { ChannelRows.Answers.allCases.map { rows($0, range) } }

    private func compute(_ kind: ChannelRows.Answers, _ range: Range<Int>) -> Matrix {
        let width = responses.first?.rowCount ?? 0
        var result = Matrix.zeros(range.count, width)
        for (judge, rows) in judgeOfRow.rowsByJudge(range) {
            let own =
                kind == .model
                ? coordinates.response.selectingRows(rows)
                : coordinates.reference.selectingRows(rows).subtractingFromRows(shift.map { -$0 })
            result.setRows(rows.map { $0 - range.lowerBound }, to: own.timesTransposed(responses[judge]))
        }
        return result
    }
}

extension [Int] {
    /// The rows of each judge in a range, ascending; `self` holds the judge of every row.
    func rowsByJudge(_ range: Range<Int>) -> [(judge: Int, rows: [Int])] {
        Dictionary(grouping: range) { self[$0] }.map { (judge: $0.key, rows: $0.value) }
    }
}
