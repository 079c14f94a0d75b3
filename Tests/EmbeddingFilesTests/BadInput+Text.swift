@testable import EmbeddingFiles

extension BadInput {
    private static let good = #"{"id": 1, "text": "q", "response": [1, 2], "reference": [3, 4]}"#

    /// Two lines, the second of which is at fault.
    private static func line(_ condition: String, _ code: String, _ second: String, _ message: String) -> BadInput {
        .init(condition, code, file: "a.jsonl", good + "\n\n" + second + "\n", message)
    }

    static let jsonLines: [BadInput] = [
        line("a line that is not an object", "malformed_text", "[1, 2]", "a.jsonl: line 3: expected a JSON object, found an array"),
        line("a line that is no JSON", "malformed_text", #"{"id": 2, "text": q}"#, "a.jsonl: line 3: expected a JSON value, found 'q'"),
        line(
            "a line cut short", "malformed_text", #"{"id": 2, "text": "q", "response": [1, 2"#,
            "a.jsonl: line 3: expected ',' or ']' in a vector, found the end of the text"),
        line("more after the object", "malformed_text", good + good, "a.jsonl: line 3: expected nothing after the value, found an object"),
        line(
            "a missing key", "missing_key", #"{"id": 2, "text": "q", "response": [1, 2]}"#,
            "a.jsonl: line 3: expected the key 'reference', found 'id', 'text' and 'response'"),
        line(
            "a key twice", "malformed_text", #"{"id": 2, "id": 3, "text": "q", "response": [1, 2], "reference": [3, 4]}"#,
            "a.jsonl: line 3: expected each key once, found 'id' twice"),
        line(
            "vectors of different lengths", "ragged_vectors", #"{"id": 2, "text": "q", "response": [1, 2, 3], "reference": [3, 4]}"#,
            "a.jsonl: line 3, key 'response': expected 2 numbers, as in the rows before, found 3"),
        line(
            "NaN of Python", "not_finite", #"{"id": 2, "text": "q", "response": [1, NaN], "reference": [3, 4]}"#,
            "a.jsonl: line 3, key 'response', element 1 (from 0): expected a finite number, found NaN"),
        line(
            "a number too large for a double", "not_finite", #"{"id": 2, "text": "q", "response": [-1e999, 1], "reference": [3, 4]}"#,
            "a.jsonl: line 3, key 'response', element 0 (from 0): expected a finite number, found -1e999"),
        line(
            "a text in a vector", "wrong_kind", #"{"id": 2, "text": "q", "response": [1, "2"], "reference": [3, 4]}"#,
            "a.jsonl: line 3, key 'response', element 1 (from 0): expected numbers in a vector, found a text"),
        line(
            "null for a vector", "wrong_kind", #"{"id": 2, "text": "q", "response": null, "reference": [3, 4]}"#,
            "a.jsonl: line 3, key 'response': expected a vector, as in the rows before, found null"),
        line(
            "a vector for a text", "wrong_kind", #"{"id": 2, "text": [1, 2], "response": [1, 2], "reference": [3, 4]}"#,
            "a.jsonl: line 3, key 'text': expected a text, as in the rows before, found an array of numbers"),
        line(
            "a lone surrogate", "malformed_text", #"{"id": 2, "text": "\ud800", "response": [1, 2], "reference": [3, 4]}"#,
            "a.jsonl: line 3: expected surrogates in pairs, found \\ud800 alone"),
        line(
            "a tab in a text", "malformed_text", "{\"id\": 2, \"text\": \"\t\"}",
            "a.jsonl: line 3: expected control characters in a text as escapes, found the byte 9"),
        line(
            "a number with a leading zero", "malformed_text", #"{"id": 2, "text": "q", "response": [01, 2]}"#,
            "a.jsonl: line 3: expected a number without leading zeros, found 0 before a digit"),
        .init(
            "bytes that are not UTF-8", "invalid_utf8", file: "a.jsonl",
            Array(#"{"text": ""#.utf8) + [0xC3, 0x28] + Array(#"", "response": "a", "reference": "b"}"#.utf8),
            "a.jsonl: line 1, key 'text': expected UTF-8 text, found bytes that are not UTF-8"),
        .init(
            "a key that appears late", "missing_key", file: "a.jsonl",
            "{\"text\": \"q\", \"response\": \"a\"}\n{\"text\": \"q\", \"response\": \"a\", \"reference\": \"r\"}",
            "a.jsonl: line 1: expected the key 'reference', found 'text' and 'response'"),
        .init(
            "an object over several lines", "malformed_text", file: "a.jsonl", "{\n\"id\": 1\n}",
            "a.jsonl: line 1: expected a key in double quotes, found the end of the text"),
        .init(
            "an empty vector", "no_columns", file: "a.jsonl", #"{"visual": [], "response": "a", "reference": "b"}"#,
            "a.jsonl: key 'visual': expected at least one column, found the shape (1, 0)"),
        .init("a list of other things", "malformed_text", file: "a.jsonl", "[1, 2]", "a.jsonl: expected a list of objects, found a number"),
        .init(
            "two explicit names for the cluster", "ambiguous_role", file: "a.jsonl",
            #"{"text": "q", "response": "a", "reference": "r", "group": "x", "cluster": 7}"#,
            "a.jsonl: expected one array for 'group', found 'group' and 'cluster'"),
        .init(
            "an object for an answer", "wrong_kind", file: "a.jsonl", #"{"text": "q", "response": {"b": 1}, "reference": "r"}"#,
            "a.jsonl: line 1, key 'response': expected a text, a number or a list of texts, found an object"),
        .init(
            "no reference", "missing_role", file: "a.jsonl", #"{"question_id": 1, "prompt": "q", "text": "a"}"#,
            "a.jsonl: expected an array for 'reference', found 'question_id', 'prompt' and 'text'"),
    ]

    static let tables: [BadInput] = [
        .init(
            "a row with a field too few", "malformed_text", file: "a.csv", "text,response,reference\na,b,c\nd,e\n",
            "a.csv: line 3: expected 3 fields, as in the header, found 2 fields"),
        .init(
            "a quote that does not close", "malformed_text", file: "a.csv", "text,response,reference\na,b,\"c\nd,e,f\n",
            "a.csv: line 2: expected a closing quote, found the end of the file"),
        .init(
            "text after a closing quote", "malformed_text", file: "a.csv", "text,response,reference\na,b,\"c\"d\n",
            "a.csv: line 2: expected a separator after a closing quote, found 'd'"),
        .init(
            "one column twice", "malformed_text", file: "a.csv", "text,text,response,reference\na,b,c,d\n",
            "a.csv: line 1: expected each column once, found 'text' twice"),
        .init(
            "no rows", "no_rows", file: "a.csv", "text,response,reference\n",
            "a.csv: key 'text': expected at least one row, found the shape (0,)"),
        .init(
            "a gap in numbered columns", "missing_part", file: "a.csv", "visual_0,visual_2,response,reference\n1,2,a,b\n",
            "a.csv: line 1: expected 'visual_1' in the sequence, found 'visual_0' and 'visual_2'"),
        .init(
            "a text among numbers", "wrong_kind", file: "a.csv", "visual_0,visual_1,response,reference\n1,2,a,b\n1,two,a,b\n",
            "a.csv: line 3, key 'visual', element 1 (from 0): expected a number, found 'two'"),
        .init(
            "an empty field among numbers", "wrong_kind", file: "a.csv", "visual_0,visual_1,response,reference\n1,2,a,b\n,2,a,b\n",
            "a.csv: line 3, key 'visual', element 0 (from 0): expected a number, found an empty field"),
        .init(
            "nan among numbers", "not_finite", file: "a.csv", "visual_0,visual_1,response,reference\n1,2,a,b\n1,nan,a,b\n",
            "a.csv: line 3, key 'visual', element 1 (from 0): expected a finite number, found nan"),
        .init(
            "bytes that are not UTF-8", "invalid_utf8", file: "a.csv", Array("text,response,reference\na,b,".utf8) + [0xFF, 0x0A],
            "a.csv: line 2, key 'reference': expected UTF-8 text, found bytes that are not UTF-8"),
        .init(
            "tabs where commas are named", "other_separator", file: "a.csv", "text\tresponse\treference\na\tb\tc\n",
            "a.csv: line 1: expected fields separated by ',', found tabs in the header line"),
        .init(
            "semicolons where commas are named", "other_separator", file: "a.csv", "text;response;reference\na;b, c;d\n",
            "a.csv: line 1: expected fields separated by ',', found ';' in the header line"),
        .init("UTF-16", "invalid_utf8", file: "a.csv", [0xFF, 0xFE, 0x61, 0], "a.csv: expected UTF-8 text, found UTF-16"),
    ]

    private static let answers =
        "{\"id\": \"a\", \"text\": \"q\", \"response\": \"x\"}\n{\"id\": \"b\", \"text\": \"q\", \"response\": \"y\"}\n"

    private static func joined(_ condition: String, _ code: String, _ references: String, _ message: String) -> BadInput {
        .init(condition, code, message) {
            SampleSource(bundle: try $0.write("a.jsonl", answers), reference: try $0.write("y.jsonl", references))
        }
    }

    static let joins: [BadInput] = [
        joined(
            "a response without reference", "missing_identifiers",
            "{\"id\": \"a\", \"reference\": \"r\"}\n{\"id\": \"c\", \"reference\": \"r\"}",
            "y.jsonl: expected each identifier of a.jsonl, found 1 missing: 'b', where this file has 'c'"),
        joined(
            "a reference twice", "duplicate_identifiers",
            "{\"id\": \"a\", \"reference\": \"r\"}\n{\"id\": \"b\", \"reference\": \"r\"}\n{\"id\": \"a\", \"reference\": \"s\"}",
            "y.jsonl: expected each identifier once, found 1 repeated: 'a'"),
        joined(
            "references without identifiers, too many of them", "row_count_mismatch",
            "{\"reference\": \"r\"}\n{\"reference\": \"r\"}\n{\"reference\": \"s\"}",
            "y.jsonl: key 'reference': expected 2 rows, as in key 'text' of a.jsonl, found 3"),
        .init(
            "names that repeat on both sides, in another order", "duplicate_identifiers",
            "a.jsonl: expected each identifier once, found 2 repeated: 'a' and 'b'"
        ) {
            SampleSource(
                bundle: try $0.write("a.jsonl", answers + answers),
                reference: try $0.write(
                    "y.jsonl",
                    "{\"id\": \"a\", \"reference\": \"r\"}\n{\"id\": \"a\", \"reference\": \"r\"}\n{\"id\": \"b\", \"reference\": \"r\"}\n{\"id\": \"b\", \"reference\": \"r\"}"
                ))
        },
        .init(
            "a modality with rows that nothing else has", "missing_identifiers",
            "r.jsonl: expected each identifier of v.jsonl, found 1 missing: 'c'"
        ) {
            SampleSource(
                bundle: try $0.write("a.jsonl", answers.replacing("response", with: "reference")),
                modalities: [
                    (
                        "visual",
                        try $0.write(
                            "v.jsonl",
                            "{\"id\": \"a\", \"visual\": [1]}\n{\"id\": \"b\", \"visual\": [1]}\n{\"id\": \"c\", \"visual\": [1]}")
                    )
                ],
                response: try $0.write("r.jsonl", answers))
        },
        .init(
            "single files of different length", "row_count_mismatch",
            "audio.npy: expected 3 rows, as in array 'visual' of clean.npz, found 2"
        ) {
            SampleSource(
                bundle: try $0.write("clean.npz", goodBundle(rows: 3)),
                modalities: [("audio", try $0.write("audio.npy", npy(floats: [[1], [2]])))])
        },
        .init("nothing at all", "missing_role", "sample set: expected an array for 'response', found no arrays") { _ in SampleSource() },
    ]
}
