import LinearAlgebra

/// Decodes one binary array from bytes in memory or from a stream.
extension ArrayHeader {
    /// A source of bytes: it fills the buffer as far as it can and returns how many bytes it wrote, 0 at the end.
    typealias Source = (UnsafeMutableRawBufferPointer) throws(EmbeddingFileError) -> Int

    /// What the header tells before the elements are read.
    func outline(_ place: EmbeddingFileError.Place) -> ColumnOutline {
        guard matrixShape != nil else {
            return ColumnOutline(
                name: name, kind: .other, problem: .tooManyDimensions(place, shape: shape), shape: shape)
        }
        let kind: ColumnKind = type.isText ? .texts : shape.count < 2 ? .numbers : .vectors
        return ColumnOutline(name: name, kind: kind, shape: shape)
    }

    /// Makes a column of `bytes`, which hold the elements and nothing else.
    ///
    /// - Parameter blocks: where a large array goes; its column then holds no rows.
    /// - Throws: `tooManyDimensions`, `exceedsMemory` and `invalidUTF8`.
    func column(
        from bytes: UnsafeRawBufferPointer, in file: String, isWholeFile: Bool, budget: inout MemoryBudget, blocks: RowBlocks? = nil
    ) throws(EmbeddingFileError) -> RawColumn {
        let place = place(file, isWholeFile)
        if let blocks, blocks.takes(self) {
            var done = 0
            try blocks.handOn(self, place) { (target, areWanted) throws(EmbeddingFileError) in
                let end = done + target.count * type.byteCount
                if areWanted {
                    let source = UnsafeRawBufferPointer(rebasing: bytes[done..<end])
                    _ = type.widen(source, isBigEndian: isBigEndian, into: target)
                    blocks.release(source)
                }
                done = end
            }
            return passedColumn(in: file, isWholeFile: isWholeFile)
        }
        if type.isText {
            try budget.spend(elementCount: dataByteCount / 8 + elementCount * 2, place)
            return try column(texts: bytes, in: file, isWholeFile: isWholeFile)
        }
        return try column(in: file, isWholeFile: isWholeFile, budget: &budget) { target throws(EmbeddingFileError) in
            _ = type.widen(bytes, isBigEndian: isBigEndian, into: target)
        }
    }

    /// Makes a column of a stream that has been read up to the first element; `sizeError` makes the error for a stream that ends early.
    func column(
        reading source: Source, in file: String, isWholeFile: Bool, budget: inout MemoryBudget, blocks: RowBlocks? = nil
    ) throws(EmbeddingFileError) -> RawColumn {
        let place = place(file, isWholeFile)
        if let blocks, blocks.takes(self) {
            var done = 0
            try blocks.handOn(self, place) { (target, _) throws(EmbeddingFileError) in
                try widen(source, into: target, done: &done, place)
            }
            return passedColumn(in: file, isWholeFile: isWholeFile)
        }
        if type.isText {
            try budget.spend(elementCount: dataByteCount / 4 + elementCount * 2, place)
            let bytes = try read(dataByteCount, from: source, place)
            return try bytes.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
                try column(texts: UnsafeRawBufferPointer(buffer), in: file, isWholeFile: isWholeFile)
            }
        }
        return try column(in: file, isWholeFile: isWholeFile, budget: &budget) { target throws(EmbeddingFileError) in
            var done = 0
            try widen(source, into: target, done: &done, place)
        }
    }

    /// Fills `target` with the next elements of a stream.
    ///
    /// - Parameter done: how many bytes of the array have been read.
    private func widen(
        _ source: Source, into target: UnsafeMutableBufferPointer<Double>, done: inout Int, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) {
        let chunkSize = 1 << 18  // a multiple of every element size
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 64)
        defer { chunk.deallocate() }
        let end = done + target.count * type.byteCount
        var position = 0
        while done < end {
            let wanted = min(chunkSize, end - done)
            var filled = 0
            while filled < wanted {
                let count = try source(UnsafeMutableRawBufferPointer(rebasing: chunk[filled..<wanted]))
                if count == 0 {
                    throw .truncatedData(place, expectedBytes: dataByteCount, foundBytes: done + filled)
                }
                filled += count
            }
            let elements = UnsafeMutableBufferPointer(rebasing: target[position...])
            position += type.widen(
                UnsafeRawBufferPointer(rebasing: chunk[..<wanted]), isBigEndian: isBigEndian, into: elements)
            done += wanted
        }
    }

    /// The column of an array whose rows were handed on.
    private func passedColumn(in file: String, isWholeFile: Bool) -> RawColumn {
        let (rows, columns) = matrixShape ?? (0, 0)
        let kind = outline(place(file, isWholeFile)).kind
        var column = RawColumn(
            name: name, kind: kind, role: Role(name: name, kind: kind), values: .vectors(.zeros(0, columns)), shape: shape,
            dtype: type.name, order: order, file: file, isWholeFile: isWholeFile)
        column.passedRowCount = rows
        return column
    }

    private func place(_ file: String, _ isWholeFile: Bool) -> EmbeddingFileError.Place {
        .init(file, array: isWholeFile ? nil : name)
    }

    private func read(
        _ count: Int, from source: Source, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let step = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(EmbeddingFileError) in
                try source(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[filled...])))
            }
            if step == 0 { throw .truncatedData(place, expectedBytes: count, foundBytes: filled) }
            filled += step
        }
        return bytes
    }

    private func column(
        texts bytes: UnsafeRawBufferPointer, in file: String, isWholeFile: Bool
    ) throws(EmbeddingFileError) -> RawColumn {
        guard
            let texts = type.byteCount == 0
                ? [String](repeating: "", count: elementCount) : type.texts(bytes, isBigEndian: isBigEndian)
        else { throw .invalidUTF8(place(file, isWholeFile)) }
        return RawColumn(
            name: name, kind: .texts, role: Role(name: name, kind: .texts), values: .texts(texts), shape: shape,
            dtype: type.name, order: order, file: file, isWholeFile: isWholeFile)
    }

    private func column(
        in file: String, isWholeFile: Bool, budget: inout MemoryBudget,
        fill: (UnsafeMutableBufferPointer<Double>) throws(EmbeddingFileError) -> Void
    ) throws(EmbeddingFileError) -> RawColumn {
        let place = place(file, isWholeFile)
        guard let (rows, columns) = matrixShape else { throw .tooManyDimensions(place, shape: shape) }
        try budget.spend(elementCount: isFortranOrder ? elementCount &* 2 : elementCount, place)
        var failure: EmbeddingFileError?
        let elements = [Double](unsafeUninitializedCapacity: elementCount) { buffer, count in
            do throws(EmbeddingFileError) {
                try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<elementCount]))
                count = elementCount
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        let isTransposed = isFortranOrder && rows > 1 && columns > 1
        let matrix =
            isTransposed
            ? Matrix(rowCount: rows, columnCount: columns, elements: transposed(elements, rows: columns, columns: rows))
            : Matrix(rowCount: rows, columnCount: columns, elements: elements)
        let kind = outline(place).kind
        return RawColumn(
            name: name, kind: kind, role: Role(name: name, kind: kind), values: .vectors(matrix), shape: shape,
            dtype: type.name, order: order, file: file, isWholeFile: isWholeFile)
    }
}

/// Transposes a row-major `rows` x `columns` array in blocks that stay in the cache.
func transposed(_ elements: [Double], rows: Int, columns: Int) -> [Double] {
    let block = 32
    return [Double](unsafeUninitializedCapacity: elements.count) { target, count in
        elements.withUnsafeBufferPointer { source in
            for rowStart in stride(from: 0, to: rows, by: block) {
                for columnStart in stride(from: 0, to: columns, by: block) {
                    for row in rowStart..<min(rowStart + block, rows) {
                        for column in columnStart..<min(columnStart + block, columns) {
                            target[column &* rows &+ row] = source[row &* columns &+ column]
                        }
                    }
                }
            }
        }
        count = elements.count
    }
}
