import LinearAlgebra

/// The top eigenvectors of second-moment matrices, which are the axes in which the head lives.
///
/// The rows are not centred, because centring changes cosines and costs up to 0.015 of AUROC, and not whitened, which costs 0.02 to 0.10.
package struct SecondMomentBasis: Sendable {
    /// k x p, orthonormal rows by falling second moment.
    package let left: Matrix
    /// k x q, orthonormal rows.
    package let right: Matrix

    /// A basis of at most `rank` axes per side, from the rows to which a head is fitted.
    ///
    /// - Parameter isJoint: whether both sides share one basis, made of the stacked rows; for sides that share a space.
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
