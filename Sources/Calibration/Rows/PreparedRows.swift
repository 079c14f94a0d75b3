import Statistics

/// Sorted rows with what several measures need of them, made once.
struct PreparedRows: Sendable {
    let rows: ConfidenceRows
    /// y - c, sorted.
    let residuals: [Double]
    /// Rows by group; nil where each is its own.
    let byGroup: (rows: [Int32], starts: [Int32])?
    let inference: Inference

    init(_ rows: ConfidenceRows, confidence: Double, reach: StudentReach? = nil) {
        self.rows = rows
        residuals = rows.residuals
        byGroup = rows.clusters.byGroup()
        inference = Inference(clusters: rows.clusters, confidence: confidence, reach: reach)
    }
}
