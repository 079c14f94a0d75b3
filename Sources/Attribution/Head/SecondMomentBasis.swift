import LinearAlgebra

/// The top eigenvectors of second-moment matrices: the axes in which the head lives.
///
/// Not centred (that costs up to 0.015 of AUROC: it changes cosines) and not whitened (0.02 to 0.10).
package struct SecondMomentBasis: Sendable {
    /// k x p, orthonormal rows, by falling second moment.
    package let left: Matrix
    /// k x q, orthonormal rows.
    package let right: Matrix

    /// A basis of at most `rank` axes a side, from the rows that a head is fitted to.
    ///
    /// - Parameter isJoint: one basis for both sides, of the stacked rows; for sides of one space.
    package init(left: Matrix, right: Matrix, rank: Int, isJoint: Bool, threadCount: Int = 1) throws(AttributionError) {
        let moments = (left.crossProduct(threadCount: threadCount), right.crossProduct(threadCount: threadCount))
        self.left = try Self.axes(isJoint ? moments.0.adding(moments.1) : moments.0, rank)
        self.right = isJoint ? self.left : try Self.axes(moments.1, rank)
    }

    private static func axes(_ moments: Matrix, _ rank: Int) throws(AttributionError) -> Matrix {
        do throws(LinearAlgebraError) {
            let pairs = try moments.largestSymmetricEigenpairs(min(rank, moments.rowCount))
            return pairs.vectors.selectingRows((0..<pairs.vectors.rowCount).reversed())
        } catch {
            throw .linearAlgebra(error)
        }
    }
}
