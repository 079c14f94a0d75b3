/// What a header says about one array before its elements are read.
struct ArrayHeader: Sendable, Equatable {
    /// The array's name in the file.
    var name: String
    var type: ElementType
    var isBigEndian = false
    var isFortranOrder = false
    /// The lengths of the dimensions as the file stores them.
    var shape: [Int]
    /// The product of the shape; 1 for a scalar.
    var elementCount: Int

    /// The number of bytes that the elements take.
    var dataByteCount: Int

    /// Computes the sizes; throws `shapeOverflow` when they are beyond the range of `Int`.
    init(
        name: String, type: ElementType, isBigEndian: Bool = false, isFortranOrder: Bool = false, shape: [UInt64],
        _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) {
        var count = 1
        var byteCount = type.byteCount
        var hasOverflow = false
        // One zero makes the product zero, but numpy still refuses other lengths that overflow.
        for length in shape where length != 0 {
            guard let length = Int(exactly: length) else { throw .shapeOverflow(place, shape: shape) }
            let product = count.multipliedReportingOverflow(by: length)
            let bytes = byteCount.multipliedReportingOverflow(by: length)
            hasOverflow = hasOverflow || product.overflow || bytes.overflow
            (count, byteCount) = (product.partialValue, bytes.partialValue)
        }
        if hasOverflow { throw .shapeOverflow(place, shape: shape) }
        let isEmpty = shape.contains(0)
        self.name = name
        self.type = type
        self.isBigEndian = isBigEndian
        self.isFortranOrder = isFortranOrder
        self.shape = shape.map { Int($0) }
        self.elementCount = isEmpty ? 0 : count
        self.dataByteCount = isEmpty ? 0 : byteCount
    }

    /// `C` or `Fortran`, followed by the byte order if it matters.
    var order: String {
        (isFortranOrder ? "Fortran" : "C") + (isBigEndian && type.byteCount > 1 ? ", big-endian" : "")
    }

    /// The numbers of rows and columns when the array is read as a matrix, which leaves out dimensions of length 1 after the first; nil
    /// when more than two remain.
    var matrixShape: (rows: Int, columns: Int)? {
        guard let rows = shape.first else { return (1, 1) }
        if shape.count == 2 { return (rows, shape[1]) }
        let rest = shape.dropFirst().filter { $0 != 1 }
        return rest.count > 1 ? nil : (rows, rest.first ?? 1)
    }
}
