@testable import EmbeddingFiles

extension BadInput {
    private static let rows: [UInt8] = [UInt8](repeating: 0, count: 24)

    static let paths: [BadInput] = [
        .init("a missing file", "missing_file", "nope.npz: expected a file or folder, found nothing at this path") {
            SampleSource(bundle: $0("nope.npz"))
        },
        .init("a missing file after FILE:array", "missing_file", "nope.npz: expected a file or folder, found nothing at this path") {
            SampleSource(response: $0("nope.npz:y"))
        },
        .init("a folder where a file is named", "folder_instead_of_file", "set.npz: expected a file, found a folder") {
            try $0.write("set.npz/visual.npy", npy(floats: [[1]]))
            return SampleSource(bundle: $0("set.npz"))
        },
        .init("a file where a folder is named as one", "folder_instead_of_file", "set.npz: expected a file, found a folder") {
            try $0.write("set.npz/visual.npy", npy(floats: [[1]]))
            return SampleSource(bundle: $0("set.npz"))
        },
        .init("a file where a folder is named", "file_instead_of_folder", "set.npz/: expected a folder, found a file") {
            SampleSource(bundle: try $0.write("set.npz", goodBundle()) + "/")
        },
        .init(
            "an unknown ending", "unknown_format",
            "model.pt: expected a file ending in .npz, .npy, .safetensors, .jsonl, .json, .csv, .tsv, .xlsx, .eval or a folder, found '.pt'"
        ) { SampleSource(bundle: try $0.write("model.pt", "x")) },
        .init(
            "no ending", "unknown_format",
            "data: expected a file ending in .npz, .npy, .safetensors, .jsonl, .json, .csv, .tsv, .xlsx, .eval or a folder, found no ending"
        ) { SampleSource(bundle: try $0.write("data", "x")) },
        .init("an empty file", "empty_file", file: "clean.npz", "", "clean.npz: expected data, found an empty file"),
        .init("an empty text file", "empty_file", file: "a.jsonl", " \n\n", "a.jsonl: expected data, found an empty file"),
        .init(
            "a folder without arrays", "unknown_format",
            "set: expected a file ending in .npz, .npy, .safetensors, .jsonl, .json, .csv, .tsv, .xlsx, .eval or a folder, found a folder without .npy files"
        ) {
            try $0.write("set/readme.md", "x")
            return SampleSource(bundle: $0("set"))
        },
        .init(
            "a gap in numbered parts", "missing_part",
            "set: expected 'img_emb_2.npy' in the sequence, found 'img_emb_0.npy', 'img_emb_1.npy' and 'img_emb_3.npy'"
        ) {
            for part in [0, 1, 3] { try $0.write("set/img_emb_\(part).npy", npy(floats: [[1]])) }
            for name in ["response", "reference"] { try $0.write("set/\(name).npy", npy(floats: [[1], [2], [3]])) }
            return SampleSource(bundle: $0("set"))
        },
        .init(
            "numbered parts of different width", "width_mismatch", "set/img_emb_1.npy: expected 1 column, as in set/img_emb_0.npy, found 2"
        ) {
            try $0.write("set/img_emb_0.npy", npy(floats: [[1]]))
            try $0.write("set/img_emb_1.npy", npy(floats: [[1, 2]]))
            for name in ["response", "reference"] { try $0.write("set/\(name).npy", npy(floats: [[1], [2]])) }
            return SampleSource(bundle: $0("set"))
        },
        .init("NaN in a numbered part", "not_finite", "set/img_emb_1.npy: row 1, column 0 (from 0): expected a finite number, found nan") {
            try $0.write("set/img_emb_0.npy", npy(floats: [[1], [2]]))
            try $0.write("set/img_emb_1.npy", npy(floats: [[1], [.nan]]))
            for name in ["response", "reference"] { try $0.write("set/\(name).npy", npy(floats: [[1], [2], [3], [4]])) }
            return SampleSource(bundle: $0("set"))
        },
        .init("an array both whole and in parts", "ambiguous_array", "set: expected one array, found 'img_emb.npy' and 'img_emb_0.npy'") {
            for name in ["img_emb", "img_emb_0", "response", "reference"] {
                try $0.write("set/\(name).npy", npy(floats: [[1]]))
            }
            return SampleSource(bundle: $0("set"))
        },
    ]

    static let npyFiles: [BadInput] = [
        .init(
            "another magic", "wrong_magic", npy: Array("PK\u{3}\u{4}....".utf8),
            "yhat.npy: expected the first bytes of an npy array, found 50 4b 03 04 2e 2e"),
        .init(
            "text in place of an array", "wrong_magic", npy: Array("hello, world".utf8),
            "yhat.npy: expected the first bytes of an npy array, found \"hello,\""),
        .init(
            "a header cut in the magic", "truncated_header", npy: [0x93, 0x4E, 0x55],
            "yhat.npy: expected a header of 10 bytes, found 3 bytes in all"),
        .init(
            "a header cut in its length", "truncated_header", npy: Array(npy("<f4", "(3, 2)", rows, version: 2).prefix(11)),
            "yhat.npy: expected a header of 12 bytes, found 11 bytes in all"),
        .init(
            "a header cut in its text", "truncated_header", npy: Array(npy("<f4", "(3, 2)", rows).prefix(40)),
            "yhat.npy: expected a header of 128 bytes, found 40 bytes in all"),
        .init(
            "a header length beyond the file", "truncated_header", npy: [0x93] + Array("NUMPY".utf8) + [2, 0] + littleEndian(UInt32.max),
            "yhat.npy: expected a header of 4294967307 bytes, found 12 bytes in all"),
        .init(
            "a header that is too long", "header_too_long",
            npy: [0x93] + Array("NUMPY".utf8) + [2, 0] + littleEndian(UInt32(2 << 20)) + [UInt8](repeating: 32, count: 2 << 20),
            "yhat.npy: expected a header of at most 1048576 bytes, found a length of 2097152"),
        .init(
            "an unknown version", "unsupported_version", npy: npy("<f4", "(3, 2)", rows, version: 9),
            "yhat.npy: expected npy format version 1, 2 or 3, found version 9.0"),
        .init(
            "a header that is no dictionary", "malformed_header", npy: npy(header: "__import__('os').system('true')"),
            "yhat.npy: expected a dictionary with 'descr', 'fortran_order' and 'shape', found \"__import__('os').system('true')\""),
        .init(
            "a header without a shape", "malformed_header", npy: npy(header: "{'descr': '<f4', 'fortran_order': False}"),
            "yhat.npy: expected the entries 'descr', 'fortran_order' and 'shape', found only 'descr', 'fortran_order'"),
        .init(
            "a header with a further entry", "malformed_header",
            npy: npy(header: "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), 'more': True}"),
            "yhat.npy: expected the entries 'descr', 'fortran_order' and 'shape', found the entry 'more': True"),
        .init(
            "a negative length", "malformed_header", npy: npy("<f4", "(-3, 2)", rows),
            "yhat.npy: expected a dictionary with 'descr', 'fortran_order' and 'shape', found \"{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 2), }\""
        ),
        .init(
            "a body cut short", "truncated_data", npy: npy("<f4", "(3, 2)", Array(rows.dropLast())),
            "yhat.npy: expected 24 bytes of data, found 23"),
        .init(
            "a body that goes on", "surplus_data", npy: npy("<f4", "(3, 2)", rows + [0]), "yhat.npy: expected 24 bytes of data, found 25"),
        .init(
            "a shape whose product overflows", "shape_overflow", npy: npy("<f4", "(4294967296, 4294967296)"),
            "yhat.npy: expected a shape that can exist, found (4294967296, 4294967296)"),
        .init(
            "a shape whose bytes overflow", "shape_overflow", npy: npy("<f8", "(2305843009213693952, 1)"),
            "yhat.npy: expected a shape that can exist, found (2305843009213693952, 1)"),
        .init(
            "a length beyond 64 bits", "malformed_header", npy: npy("<f8", "(99999999999999999999, 1)"),
            "yhat.npy: expected a dictionary with 'descr', 'fortran_order' and 'shape', found \"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999, 1), }\""
        ),
        .init(
            "a length beyond the signed range", "shape_overflow", npy: npy("|u1", "(18446744073709551615, 1)"),
            "yhat.npy: expected a shape that can exist, found (18446744073709551615, 1)"),
        .init("zero rows", "no_rows", npy: npy("<f4", "(0, 2)"), "yhat.npy: expected at least one row, found the shape (0, 2)"),
        .init("zero columns", "no_columns", npy: npy("<f4", "(3, 0)"), "yhat.npy: expected at least one column, found the shape (3, 0)"),
        .init(
            "three dimensions", "too_many_dimensions", npy: npy("<f4", "(3, 2, 1, 4)", rows + rows + rows + rows),
            "yhat.npy: expected one or two dimensions, found the shape (3, 2, 1, 4)"),
        .init(
            "pickled objects", "pickled_objects", npy: npy("|O", "(3,)", [0x80, 0x04, 0x4E, 0x2E]),
            "yhat.npy: expected numbers or strings, found pickled Python objects, which are never executed"),
        .init(
            "a structure", "unsupported_element_type",
            npy: npy(header: "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (3,), }", rows),
            "yhat.npy: expected floating point numbers, integers, booleans or strings, found a structure with fields"),
        .init(
            "complex numbers", "unsupported_element_type", npy: npy("<c8", "(3, 1)", rows),
            "yhat.npy: expected floating point numbers, integers, booleans or strings, found the element type '<c8'"),
        .init(
            "NaN", "not_finite", npy: npy(floats: [[1, 2], [3, 4], [5, .nan]]),
            "yhat.npy: row 2, column 1 (from 0): expected a finite number, found nan"),
    ]

    static let archives: [BadInput] = [
        .init(
            "another magic", "wrong_magic", file: "clean.npz", npy(floats: [[1]]),
            "clean.npz: expected the first bytes of a zip archive, found 93 4e 55 4d 50 59"),
        .init(
            "an archive cut short", "truncated_archive", file: "clean.npz", Array(goodBundle().dropLast(30)),
            "clean.npz: expected a zip archive up to its directory at the end, found a truncated file of \(goodBundle().count - 30) bytes"),
        .init(
            "an archive cut in a member", "truncated_archive", file: "clean.npz", Array(goodBundle().prefix(300)),
            "clean.npz: expected a zip archive up to its directory at the end, found a truncated file of 300 bytes"),
        .init(
            "an archive cut in its first bytes", "truncated_archive", file: "clean.npz", Array(goodBundle().prefix(3)),
            "clean.npz: expected a zip archive up to its directory at the end, found a truncated file of 3 bytes"),
        .init(
            "an archive without members", "missing_role", file: "clean.npz", zip([]),
            "clean.npz: expected an array for 'response', found no arrays"),
        .init(
            "infinity", "not_finite", response: npy(floats: [[1, 2], [-.infinity, 4], [5, 6]]),
            "clean.npz: array 'response', row 1, column 0 (from 0): expected a finite number, found -infinity"),
        .init(
            "row counts that differ", "row_count_mismatch", response: npy(floats: [[1, 2], [3, 4]]),
            "clean.npz: array 'response': expected 3 rows, as in array 'visual', found 2"),
        .init(
            "widths that differ", "width_mismatch", response: npy(floats: [[1], [2], [3]]),
            "clean.npz: array 'reference': expected 1 column, as in array 'response', found 2"),
        .init(
            "texts against vectors", "wrong_kind", response: npy(texts: ["a", "b", "c"]),
            "clean.npz: array 'reference': expected texts, as in array 'response', found vectors"),
        .init(
            "pickled objects", "pickled_objects", response: npy("|O", "(3,)", [0x80, 0x04, 0x4E, 0x2E]),
            "clean.npz: array 'response': expected numbers or strings, found pickled Python objects, which are never executed"),
        .init(
            "a member cut in its header", "truncated_header", response: Array(npy(floats: [[1]]).prefix(20)),
            "clean.npz: array 'response': expected a header of 128 bytes, found 20 bytes in all"),
        .init(
            "a declared size beyond the shape", "declared_size_mismatch", response: npy("<f4", "(3, 2)", rows + rows),
            "clean.npz: array 'response': expected 152 bytes, as the header of the array says, found a declared size of 176"),
        .init(
            "a declared size below the shape", "declared_size_mismatch", response: npy("<f4", "(3, 2)", Array(rows.prefix(8))),
            "clean.npz: array 'response': expected 152 bytes, as the header of the array says, found a declared size of 136"),
        .init(
            "text that is not UTF-8", "invalid_utf8", response: npy("|S2", "(3,)", [0xC3, 0x28, 65, 65, 65, 65]),
            "clean.npz: array 'response': expected UTF-8 text, found bytes that are not UTF-8"),
        .init(
            "code points that do not exist", "invalid_utf8",
            response: npy("<U1", "(3,)", littleEndian(UInt32(0xD800)) + littleEndian(UInt32(65)) + littleEndian(UInt32(65))),
            "clean.npz: array 'response': expected UTF-8 text, found bytes that are not UTF-8"),
        .init(
            "a checksum that is wrong", "damaged_archive", file: "clean.npz",
            zip([ZipMember(name: "response.npy", data: npy(floats: [[1]]), checksum: 1)]),
            "clean.npz: array 'response': expected a sound zip archive, found CRC error"),
        .init(
            "a stream that ends early", "damaged_archive", file: "clean.npz",
            zip([
                ZipMember(
                    name: "response.npy", data: deflated(Array(npy(floats: [[1, 2]]).dropLast(4))), method: 8,
                    declaredByteCount: UInt32(npy(floats: [[1, 2]]).count))
            ]), "clean.npz: array 'response': expected a sound zip archive, found CRC error"),
        .init(
            "a damaged stream", "damaged_archive", file: "clean.npz",
            zip([ZipMember(name: "response.npy", data: [7, 7, 7, 7], method: 8, declaredByteCount: 200)]),
            "clean.npz: array 'response': expected a sound zip archive, found zlib error: data error"),
        .init(
            "a compression nobody knows", "damaged_archive", file: "clean.npz",
            zip([ZipMember(name: "response.npy", data: [1, 2, 3], method: 77, declaredByteCount: 200)]),
            "clean.npz: array 'response': expected a sound zip archive, found compression method not supported"),
        .init(
            "a bomb that declares more than its shape", "declared_size_mismatch", file: "clean.npz",
            zip([ZipMember(name: "response.npy", data: deflated(npy("<f4", "(3, 2)", rows)), method: 8, declaredByteCount: 4_000_000_000)]),
            "clean.npz: array 'response': expected 152 bytes, as the header of the array says, found a declared size of 4000000000"),
        .init(
            "a bomb that is honest about its size", "suspicious_compression", file: "clean.npz",
            zip([ZipMember(name: "response.npy", data: deflated(npy("|u1", "(1000000, 300)")), method: 8, declaredByteCount: 300_000_128)]),
            "clean.npz: array 'response': expected a compression of at most 1000 to 1, found 300000128 bytes out of 133"),
        .init(
            "no response", "missing_role", file: "clean.npz",
            npz(["visual": npy(floats: [[1]]), "x": npy(floats: [[1]]), "y": npy(floats: [[1]])]),
            "clean.npz: expected an array for 'response', found 'visual', 'x' and 'y'"),
        .init(
            "no modality", "missing_modality", file: "clean.npz", npz(["y_hat": npy(floats: [[1]]), "y": npy(floats: [[1]])]),
            "clean.npz: expected a modality, such as 'visual' or 'text', found 'y_hat' and 'y'"),
        .init(
            "two arrays for one role", "ambiguous_role", file: "clean.npz",
            npz(["x_t": npy(floats: [[1]]), "question": npy(floats: [[1]]), "y_hat": npy(floats: [[1]]), "y": npy(floats: [[1]])]),
            "clean.npz: expected one array for 'text', found 'x_t' and 'question'"),
        .init(
            "two arrays for one further modality", "ambiguous_role", file: "clean.npz",
            npz(["audio": npy(floats: [[1]]), "audio_emb": npy(floats: [[1]]), "y_hat": npy(floats: [[1]]), "y": npy(floats: [[1]])]),
            "clean.npz: expected one array for 'audio', found 'audio' and 'audio_emb'"),
        .init(
            "identifiers that doubles cannot tell apart", "wrong_kind", file: "clean.npz",
            npz([
                "visual": npy(floats: [[1]]), "y_hat": npy(floats: [[1]]), "y": npy(floats: [[1]]),
                "id": npy("<i8", "(1,)", littleEndian(Int64(1) << 60)),
            ]), "clean.npz: array 'id', row 0 (from 0): expected identifiers of at most 2^53, or texts, found 1.152921504606847e+18"),
        .init(
            "scores of more than one column", "wrong_kind", file: "clean.npz",
            npz(["visual": npy(floats: [[1]]), "y_hat": npy(floats: [[1]]), "y": npy(floats: [[1]]), "score": npy(floats: [[1, 2]])]),
            "clean.npz: array 'score': expected one number for each row, found 2 columns"),
        .init(
            "scores that are texts", "wrong_kind", file: "clean.npz",
            npz(["visual": npy(floats: [[1]]), "y_hat": npy(floats: [[1]]), "y": npy(floats: [[1]]), "score": npy(texts: ["good"])]),
            "clean.npz: array 'score', row 0 (from 0): expected one number for each row, found a text"),
        .init(
            "an unknown group", "missing_array", "clean.npz: expected an array 'scene', found 'visual', 'text', 'response' and 'reference'"
        ) { SampleSource(bundle: try $0.write("clean.npz", goodBundle()), groupKey: "scene") },
        .init(
            "an unknown modality", "missing_array",
            "clean.npz: expected an array 'audio', found 'visual' and 'text'"
        ) { SampleSource(bundle: try $0.write("clean.npz", goodBundle()), selectedModalities: ["audio"]) },
        .init(
            "an unknown array of a bundle", "missing_array",
            "clean.npz: expected an array 'z', found 'visual', 'text', 'response' and 'reference'"
        ) { SampleSource(response: try $0.write("clean.npz", goodBundle()) + ":z") },
        .init(
            "a bundle where one array is asked for", "ambiguous_array",
            "clean.npz: expected one array, or one named 'response', found 'a' and 'b'"
        ) { SampleSource(response: try $0.write("clean.npz", npz(["a": npy(floats: [[1]]), "b": npy(floats: [[1]])]))) },
        .init("one modality twice", "ambiguous_role", "v.npy: expected one array for 'visual', found 'v.npy' and 'v.npy'") {
            let path = try $0.write("v.npy", npy(floats: [[1]]))
            return SampleSource(modalities: [("visual", path), ("visual", path)])
        },
    ]

    static let safetensorsFiles: [BadInput] = [
        .init(
            "a file cut in its length", "truncated_header", file: "a.safetensors", [1, 2, 3],
            "a.safetensors: expected a header of 8 bytes, found 3 bytes in all"),
        .init(
            "a header cut short", "truncated_header", file: "a.safetensors", Array(safetensors("{\"a\":{}}").dropLast(2)),
            "a.safetensors: expected a header of 16 bytes, found 14 bytes in all"),
        .init(
            "a header length beyond all bounds", "header_too_long", file: "a.safetensors", littleEndian(UInt64.max) + Array("{}".utf8),
            "a.safetensors: expected a header of at most 100000000 bytes, found a length of 18446744073709551615"),
        .init(
            "another magic", "wrong_magic", file: "a.safetensors", goodBundle(),
            "a.safetensors: expected the first bytes of a safetensors file, found 50 4b 03 04 14 00"),
        .init(
            "a header that is no object", "malformed_header", file: "a.safetensors", safetensors("[1, 2]  "),
            "a.safetensors: expected a JSON object as header, found \"[1, 2]\""),
        .init(
            "a header that is no JSON", "malformed_header", file: "a.safetensors", safetensors("{\"a\":{,}}"),
            "a.safetensors: expected a key in double quotes, found ',' in the header"),
        .init(
            "one array twice", "malformed_header", file: "a.safetensors", safetensors("{\"a\":{},\"a\":{}}"),
            "a.safetensors: expected each array once in the header, found 'a' twice in the header"),
        .init(
            "an entry without offsets", "malformed_header", file: "a.safetensors", safetensors("{\"y\":{\"dtype\":\"F32\",\"shape\":[1]}}"),
            "a.safetensors: array 'y': expected 'dtype', 'shape' and two 'data_offsets', found an entry without them"),
        .init(
            "a length that is no integer", "malformed_header", file: "a.safetensors",
            safetensors("{\"y\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]}}", [1]),
            "a.safetensors: array 'y': expected lengths in 'shape', found a value that is none"),
        .init(
            "offsets that do not fit the shape", "malformed_header", file: "a.safetensors",
            safetensors("{\"y\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", rows),
            "a.safetensors: array 'y': expected 12 bytes for the shape (3) of F32, found offsets 8 bytes apart"),
        .init(
            "offsets the wrong way round", "malformed_header", file: "a.safetensors",
            safetensors("{\"y\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,0]}}", rows),
            "a.safetensors: array 'y': expected offsets in ascending order, found 4 and 0"),
        .init(
            "a gap between arrays", "malformed_header", file: "a.safetensors",
            safetensors(
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}}",
                [1, 2, 3]), "a.safetensors: array 'y': expected data from byte 1, where the array before ends, found byte 2"),
        .init(
            "arrays that overlap", "malformed_header", file: "a.safetensors",
            safetensors(
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
                [1, 2, 3]), "a.safetensors: array 'y': expected data from byte 2, where the array before ends, found byte 1"),
        .init(
            "a shape whose product overflows", "shape_overflow", file: "a.safetensors",
            safetensors("{\"y\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,1]}}", [1]),
            "a.safetensors: array 'y': expected a shape that can exist, found (4294967296, 4294967296)"),
        .init(
            "a body cut short", "truncated_data", file: "a.safetensors",
            safetensors("{\"y\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", [1, 2, 3]),
            "a.safetensors: expected 8 bytes of data, found 3"),
        .init(
            "a body that goes on", "surplus_data", file: "a.safetensors",
            safetensors("{\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", [1, 2, 3]),
            "a.safetensors: expected 2 bytes of data, found 3"),
        .init(
            "an unknown element type", "unsupported_element_type", file: "a.safetensors",
            safetensors("{\"y\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}", [1, 2]),
            "a.safetensors: array 'y': expected floating point numbers, integers, booleans or strings, found the element type 'F8_E4M3'"),
        .init(
            "metadata that is no strings", "malformed_header", file: "a.safetensors", safetensors("{\"__metadata__\":{\"id\":[1]}}"),
            "a.safetensors: expected strings under __metadata__, found another value for 'id'"),
        .init(
            "identifiers that are no JSON", "malformed_header", file: "a.safetensors",
            safetensors("{\"__metadata__\":{\"id\":\"a, b\"},\"y\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", [1, 2]),
            "a.safetensors: array 'id': expected a JSON array of strings in __metadata__, found other text"),
    ]
}
