import EmbeddingFiles
import LinearAlgebra

/// What is kept of the rows of one array, gathered block by block: enough to tell which rows are equal, or nearly equal, to which.
struct ArrayOutline {
    /// The number of signed sums that stand in for a row. Rows that are near each other have sums near each other; that different rows have
    /// them too, within a hundredth in all of 16, does not happen by chance.
    private static let sumCount = 16

    private var sums: [Double] = []
    /// A hash of the bits of each row, normalised if the settings want it (`Matrix.rowFingerprints`).
    private(set) var fingerprints: [UInt64] = []
    /// The norm of each row as it is in the file.
    private(set) var norms: [Double] = []
    private let signs: Matrix

    init(width: Int) {
        var elements: [Double] = []
        elements.reserveCapacity(width * Self.sumCount)
        var state: UInt64 = 0x5eed
        for _ in 0..<(width * Self.sumCount) {
            state = state &* 0x5851_f42d_4c95_7f2d &+ 0x1405_7b7e_f767_814f
            elements.append(state >> 63 == 0 ? 1 : -1)
        }
        signs = Matrix(rowCount: width, columnCount: Self.sumCount, elements: elements)
    }

    /// Takes rows that follow those before.
    ///
    /// - Parameters:
    ///   - norms: of the rows in the file.
    ///   - rows: as the settings want them.
    mutating func add(norms: [Double], _ rows: Matrix) {
        self.norms += norms
        fingerprints += rows.rowFingerprints
        sums += rows.times(signs).elements
    }

    /// n rows of sums.
    var rows: Matrix { Matrix(rowCount: fingerprints.count, columnCount: Self.sumCount, elements: sums) }
}
