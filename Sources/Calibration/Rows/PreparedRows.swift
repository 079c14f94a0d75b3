import Statistics

/// Sorted rows with the quantities that several measures need, computed once.
struct PreparedRows: Sendable {
    let rows: ConfidenceRows
    /// y - c of the sorted rows.
    let residuals: [Double]
    /// The rows by group; nil if each row is a group of its own.
    let byGroup: (rows: [Int32], starts: [Int32])?
    let inference: Inference

    init(_ rows: ConfidenceRows, confidence: Double, reach: StudentReach? = nil) {
        self.rows = rows
        residuals = rows.residuals
        byGroup = rows.clusters.byGroup()
        inference = Inference(clusters: rows.clusters, confidence: confidence, reach: reach)
    }
}
