import Foundation
import LinearAlgebra
import Testing

@testable import EmbeddingFiles

/// A dtype with known values and their stored forms.
struct StoredType: Sendable, CustomTestStringConvertible {
    var name: String
    var numpy: String?
    var safetensors: String?
    var values: [Double]
    var little: [[UInt8]]
    var big: [[UInt8]]
    var testDescription: String { name }

    init<T: FixedWidthInteger>(_ name: String, _ numpy: String?, _ safetensors: String?, _ values: [Double], _ bits: [T]) {
        self.name = name
        self.numpy = numpy
        self.safetensors = safetensors
        self.values = values
        little = bits.map { littleEndian($0) }
        big = bits.map { bigEndian($0) }
    }

    /// Six values of each type, among them the extremes.
    static let all: [StoredType] = [
        .init("float16", "f2", "F16", [0, 1, -2, 0.5, 65504, 5.960464477539063e-08], [0, 0x3C00, 0xC000, 0x3800, 0x7BFF, 1] as [UInt16]),
        .init("bfloat16", nil, "BF16", [0, 1, -2, 0.5, 3.140625, -0.0078125], [0, 0x3F80, 0xC000, 0x3F00, 0x4049, 0xBC00] as [UInt16]),
        .init(
            "float32", "f4", "F32", [0, 1, -2, 0.1, 1e30, -1e-30].map { Double(Float($0)) },
            ([0, 1, -2, 0.1, 1e30, -1e-30] as [Float]).map(\.bitPattern)),
        .init("float64", "f8", "F64", [0, 1, -2, 0.1, 1e300, -2.5e-300], [0, 1, -2, 0.1, 1e300, -2.5e-300].map(\.bitPattern)),
        .init("int8", "i1", "I8", [0, 1, -1, 7, 127, -128], [0, 1, -1, 7, 127, -128] as [Int8]),
        .init("int16", "i2", "I16", [0, 1, -1, 7, 32767, -32768], [0, 1, -1, 7, .max, .min] as [Int16]),
        .init("int32", "i4", "I32", [0, 1, -1, 7, 2147483647, -2147483648], [0, 1, -1, 7, .max, .min] as [Int32]),
        .init("int64", "i8", "I64", [0, 1, -1, 7, 9007199254740992, -0x1p63], [0, 1, -1, 7, 1 << 53, .min] as [Int64]),
        .init("uint8", "u1", "U8", [0, 1, 2, 7, 128, 255], [0, 1, 2, 7, 128, 255] as [UInt8]),
        .init("uint16", "u2", "U16", [0, 1, 2, 7, 32768, 65535], [0, 1, 2, 7, 32768, 65535] as [UInt16]),
        .init("uint32", "u4", "U32", [0, 1, 2, 7, 2147483648, 4294967295], [0, 1, 2, 7, 1 << 31, .max] as [UInt32]),
        .init("uint64", "u8", "U64", [0, 1, 2, 7, 9007199254740992, 0x1p63], [0, 1, 2, 7, 1 << 53, 1 << 63] as [UInt64]),
        .init("bool", "b1", "BOOL", [0, 1, 1, 0, 1, 0], [0, 1, 1, 0, 1, 0] as [UInt8]),
    ]

    static let numpyTypes = all.filter { $0.numpy != nil }
}

@Suite("Arrays of npy, npz and safetensors")
struct ArrayFileTests {
    static let versions: [UInt8] = [1, 2, 3]

    @Test("Every dtype, order, endianness and version gives its values", arguments: StoredType.numpyTypes, versions)
    func npyValues(_ type: StoredType, _ version: UInt8) throws {
        let folder = try TemporaryFolder()
        let descr = try #require(type.numpy)
        for isBig in [false, true] {
            for isFortran in [false, true] {
                let stored = isBig ? type.big : type.little
                // Column by column for Fortran order.
                let order = isFortran ? [0, 3, 1, 4, 2, 5] : [0, 1, 2, 3, 4, 5]
                let mark = stored[0].count == 1 ? "|" : isBig ? ">" : "<"
                let bytes = npy(mark + descr, "(2, 3)", order.flatMap { stored[$0] }, fortran: isFortran, version: version)
                let expected = Matrix(rowCount: 2, columnCount: 3, elements: type.values)
                let array = NamedArray(name: "a", shape: [2, 3], dtype: type.name, matrix: expected)
                #expect(try readArrays(try folder.write("a.npy", bytes)) == [array])
                #expect(try readArrays(try folder.write("a.npz", npz(["a": bytes]))) == [array])
                let member = ZipMember(
                    name: "a.npy", data: deflated(bytes), method: 8, declaredByteCount: UInt32(bytes.count),
                    checksum: crc32(bytes))
                #expect(try readArrays(try folder.write("b.npz", zip([member]))) == [array])
            }
        }
    }

    @Test("Every dtype of safetensors gives its values", arguments: StoredType.all)
    func safetensorsValues(_ type: StoredType) throws {
        let folder = try TemporaryFolder()
        let data = type.little.flatMap { $0 }
        let name = try #require(type.safetensors)
        // One byte in front makes the elements unaligned.
        let header = """
            {"pad":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}, \
            "a":{"dtype":"\(name)","shape":[2,3],"data_offsets":[1,\(data.count + 1)]}}
            """
        let arrays = try readArrays(try folder.write("a.safetensors", safetensors(header, [9] + data)))
        let expected = Matrix(rowCount: 2, columnCount: 3, elements: type.values)
        #expect(arrays.map(\.name) == ["pad", "a"])
        #expect(arrays.last == NamedArray(name: "a", shape: [2, 3], dtype: type.name, matrix: expected))
    }

    @Test("An archive of numpy.savez_compressed is read: deflated, zip64, mixed types, aliases")
    func compressed() throws {
        let folder = try TemporaryFolder()
        let bytes = try #require(Data(base64Encoded: compressedArchive))
        let table = try readSampleTable(SampleSource(bundle: try folder.write("set.npz", Array(bytes))))
        let values = ColumnValues.vectors(Matrix(rows: [[0, 0, 0], [0, 0, 1.5], [0, 0, 0], [-2, 0, 0]]))
        #expect(table.modalities.map(\.name) == ["visual", "text"])
        #expect(table.modalities.map(\.key) == ["x_v", "question"])
        #expect(table.modalities.allSatisfy { $0.values == values })
        #expect(table.response.values == values)
        #expect(table.reference.values == .vectors(Matrix(rows: [[0, 0, 0], [0, 0, 1], [0, 0, 0], [-2, 0, 0]])))
        #expect(table.identifiers == ["a", "bé", "c", "d"])
        #expect(table.name == "set" && table.rowCount == 4)
    }

    @Test("Strings of numpy keep their text and lose their padding")
    func strings() throws {
        let folder = try TemporaryFolder()
        let codes = Array("né\0\0漢".unicodeScalars.map(\.value))
        let cases: [(String, [UInt8])] = [
            ("<U5", codes.flatMap { littleEndian($0) }), (">U5", codes.flatMap { bigEndian($0) }),
            ("|S10", Array("né\0\0漢".utf8) + [0, 0]),
        ]
        for (descr, data) in cases {
            let path = try folder.write("id.npy", npy(descr, "(1,)", data))
            #expect(try readColumn(path).values == .texts(["né\0\0漢"]), "\(descr)")
        }
    }

    @Test(
        "Shapes with further dimensions of length 1 are matrices",
        arguments: [("(6,)", 6, 1), ("(2, 3)", 2, 3), ("(2, 1, 3)", 2, 3), ("(2, 3, 1)", 2, 3), ("(6, 1, 1)", 6, 1)])
    func squeezing(_ shape: String, _ rows: Int, _ columns: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.npy", npy("|u1", shape, [1, 2, 3, 4, 5, 6]))
        let expected = Matrix(rowCount: rows, columnCount: columns, elements: [1, 2, 3, 4, 5, 6])
        #expect(try readArrays(path).map(\.matrix) == [expected])
    }

    @Test("A scalar is a matrix of one element")
    func scalars() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.npy", npy("<i2", "()", [7, 0]))
        #expect(try readArrays(path) == [NamedArray(name: "a", shape: [], dtype: "int16", matrix: Matrix(rows: [[7]]))])
    }

    @Test("A mapped file gives the same as one that is read")
    func mapping() throws {
        let folder = try TemporaryFolder()
        let count = FileBytes.mappingThreshold / 4 + 3
        let data = (0..<count).flatMap { littleEndian(Float($0 % 1000).bitPattern) }
        let path = try folder.write("big.npy", npy("<f4", "(\(count),)", data))
        let elements = try readArrays(path)[0].matrix.elements
        #expect(elements == (0..<count).map { Double($0 % 1000) })
    }

    @Test("Fortran order is transposed at every size", arguments: [1, 2, 17, 33, 64], [1, 2, 31, 65])
    func transposing(_ rows: Int, _ columns: Int) {
        let elements = (0..<(rows * columns)).map(Double.init)
        let expected = Matrix(rowCount: rows, columnCount: columns, elements: elements).transposed.elements
        #expect(transposed(elements, rows: rows, columns: columns) == expected)
    }

    @Test("The first element that is not finite is found wherever it is")
    func nonFinite() {
        for count in [0, 1, 7, 8, 9, 40] {
            var elements = [Double](repeating: 1e308, count: count)
            #expect(elements.firstNonFiniteIndex == nil)
            for index in 0..<count {
                elements[index] = index % 2 == 0 ? .nan : -.infinity
                #expect(elements.firstNonFiniteIndex == index)
                elements[index] = 1
            }
        }
    }

    @Test("One array of a bundle is chosen by FILE:array")
    func oneArray() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.npz", goodBundle())
        #expect(try readArrays(path + ":text").map(\.name) == ["text"])
        let column = try readColumn(path + ":response")
        #expect(column.key == "response" && column.values.rowCount == 3)
        #expect(try readColumn(path, preferring: ["reference"]).key == "reference")
    }
}

/// `numpy.savez_compressed` of numpy 2.4 on a 4 x 3 array `a` that is zero but for a[1, 2] = 1.5 and a[3, 0] = -2:
/// x_v = a as '<f4', question = a as '>f8' in Fortran order, y_hat = a as '<f2', y = a as '<i2', id = ['a', 'bé', 'c', 'd'].
private let compressedArchive = """
    UEsDBC0AAAAIAAAAIQA6FohJ//////////8HABQAeF92Lm5weQEAEACwAAAAAAAAAE8AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmoq6j\
    oJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjoKxpo6CrUKZAMuBqzggD26AIwBAFBLAwQtAAAACAAAACEA5AlYZP//////////DAAUAHF1\
    ZXN0aW9uLm5weQEAEADgAAAAAAAAAFEAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpdmoa6joJ6WX1RSlJgXn1+UkgoSDykqTQUKF2ckFqQC\
    uRomOgrGmjoKtQrkAy4GHOAALgkcwP4HdnEAUEsDBC0AAAAIAAAAIQBrg0PW//////////8JABQAeV9oYXQubnB5AQAQAJgAAAAAAAAATgAAAAAA\
    AACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2akrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RomOgrGmjoKtQpkAy4GBLCD0gdABABQSwME\
    LQAAAAgAAAAhAInhnAD//////////wUAFAB5Lm5weQEAEACYAAAAAAAAAE8AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNppK6joJ6WX1RS\
    lJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjoKxpo6CrUKZAMuBjhghNL//oNIAFBLAwQtAAAACAAAACEAIFaJx///////////BgAUAGlkLm5weQEA\
    EACgAAAAAAAAAFIAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbhNqpK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjqaOgq1ChQA\
    rkQGCEgC4pdAnAzlp0BpAFBLAQItAy0AAAAIAAAAIQA6FohJTwAAALAAAAAHAAAAAAAAAAAAAACAAQAAAAB4X3YubnB5UEsBAi0DLQAAAAgAAAAh\
    AOQJWGRRAAAA4AAAAAwAAAAAAAAAAAAAAIABiAAAAHF1ZXN0aW9uLm5weVBLAQItAy0AAAAIAAAAIQBrg0PWTgAAAJgAAAAJAAAAAAAAAAAAAACA\
    ARcBAAB5X2hhdC5ucHlQSwECLQMtAAAACAAAACEAieGcAE8AAACYAAAABQAAAAAAAAAAAAAAgAGgAQAAeS5ucHlQSwECLQMtAAAACAAAACEAIFaJ\
    x1IAAACgAAAABgAAAAAAAAAAAAAAgAEmAgAAaWQubnB5UEsFBgAAAAAFAAUADQEAALACAAAAAA==
    """
