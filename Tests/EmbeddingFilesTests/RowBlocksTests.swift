import LinearAlgebra
import Testing

@testable import EmbeddingFiles

@Suite struct RowBlocksTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func rows(_ count: Int, _ width: Int) -> Matrix {
        Matrix(rowCount: count, columnCount: width) { Double(($0 &* 31 &+ $1 &* 7) % 101) / 8 + Double($0) }
    }

    private func read(_ column: LargeColumn) throws -> Matrix {
        var elements: [Double] = []
        var next = 0
        try column.forEachBlock { block in
            #expect(block.firstRow == next && block.arrayRowCount == column.rowCount)
            next += block.rows.rowCount
            elements += block.rows.elements
        }
        return Matrix(rowCount: column.rowCount, columnCount: column.width, elements: elements)
    }

    @Test func blocksAreTheRowsOfTheArray() throws {
        // More than one block, the last of them shorter.
        let expected = rows(1_501, 200)
        let path = folder("rows.safetensors")
        try writeSafetensors([NamedArray(name: "visual", matrix: expected)], metadata: [:], to: path)
        let column = try #require(try largeColumn(path, fewestBytes: 0))
        #expect(column.rowCount == 1_501 && column.width == 200 && column.key == "visual" && column.groups == nil)
        #expect(try read(column) == expected)
        #expect(try largeColumn(path, fewestBytes: 8 * 1_501 * 200 + 8) == nil)
    }

    /// In mapped files, in small ones and in archives.
    @Test(arguments: ["npy", "safetensors", "npz"], [40, 6_000]) func unwantedRowsArePassedOver(_ format: String, _ count: Int) throws {
        let expected = rows(count, 100)
        let path = folder("rows.\(format)")
        let array = NamedArray(name: "visual", matrix: expected)
        switch format {
        case "npy": _ = try folder.write("rows.npy", npy(floats: (0..<count).map { expected.row($0).map(Float.init) }))
        case "npz": _ = try folder.write("rows.npz", npz(["visual": npy(floats: (0..<count).map { expected.row($0).map(Float.init) })]))
        default: try writeSafetensors([array], metadata: [:], to: path)
        }
        let column = try #require(try largeColumn(path, fewestBytes: 0))
        let wanted = [3, 17, count / 2, count - 1]
        var found: [Int: [Double]] = [:]
        try column.forEachBlock(rowsPerBlock: 16) { range in
            wanted.contains { range.contains($0) }
        } _: { block in
            #expect(block.firstRow.isMultiple(of: 16) && block.arrayRowCount == count)
            for row in 0..<block.rows.rowCount { found[block.firstRow + row] = Array(block.rows.row(row)) }
        }
        #expect(found.count < count || count == 40)
        for row in wanted { #expect(found[row] == Array(expected.row(row))) }
        for (row, elements) in found { #expect(elements == Array(expected.row(row))) }
    }

    @Test func anErrorOfTheCallerEndsTheReading() throws {
        struct Stop: Error {}
        let path = folder("stop.safetensors")
        try writeSafetensors([NamedArray(name: "visual", matrix: rows(3_000, 100))], metadata: [:], to: path)
        let column = try #require(try largeColumn(path, fewestBytes: 0))
        var blocks = 0
        #expect(throws: Stop.self) {
            try column.forEachBlock { _ in
                blocks += 1
                throw Stop()
            }
        }
        #expect(blocks == 1)
    }

    @Test func whatIsNotFiniteIsNamedByItsRowInTheArray() throws {
        var matrix = rows(2_000, 100)
        matrix[1_777, 31] = .nan
        let path = folder("nan.safetensors")
        try writeSafetensors([NamedArray(name: "visual", matrix: matrix)], metadata: [:], to: path)
        let column = try #require(try largeColumn(path, fewestBytes: 0))
        do {
            try column.forEachBlock { try $0.checkFinite() }
            Issue.record("no error")
        } catch {
            #expect("\(error)".contains("row 1777, column 31"), "\(error)")
        }
    }

    @Test func aScanInBlocksIsAScanOfTheWhole() throws {
        var matrix = rows(400, 6)
        matrix.setRows([17, 399], to: matrix.selectingRows([3, 3]))
        for row in 0..<400 { matrix[row, 2] = 5 }
        matrix[200, 1] = .infinity
        let place = EmbeddingFileError.Place("x.npy")
        var whole = RowScan(rowCount: 400, columnCount: 6)
        whole.add(RowBlock(rows: matrix, firstRow: 0, arrayRowCount: 400, isSingle: false, array: place))
        var parts = RowScan(rowCount: 400, columnCount: 6)
        for first in stride(from: 0, to: 400, by: 37) {
            let block = matrix.selectingRows(Array(first..<min(first + 37, 400)))
            parts.add(RowBlock(rows: block, firstRow: first, arrayRowCount: 400, isSingle: false, array: place))
        }
        #expect(parts.result == whole.result && parts.duplicateRowCount == 2 && whole.duplicateRowCount == 2)
        #expect(whole.result?.constantColumnCount == 1 && whole.result?.nonFiniteRows == [200] && parts.firstProblem == whole.firstProblem)
    }
}
