import LinearAlgebra
import Testing

@testable import EmbeddingFiles

/// Files that belong together, by whatever name their rows go (cases 07, 27, 28 and their kind).
@Suite("Joins of files")
struct JoinTests {
    private let set = QuestionSet()

    private func notes(_ table: SampleTable, _ folder: TemporaryFolder) -> [String] { table.notes.map { folder.trimmed($0.message) } }

    /// Whether every row has the answer and the reference of its question.
    private func isAligned(_ table: SampleTable) -> Bool {
        let rows = Dictionary(uniqueKeysWithValues: set.rows.map { ($0.question, $0) })
        guard case .texts(let questions)? = table.modalities.first?.values, case .texts(let answers) = table.response.values,
            case .texts(let references) = table.reference.values
        else { return false }
        return questions.indices.allSatisfy {
            rows[questions[$0]]?.answer == answers[$0] && rows[questions[$0]]?.reference == references[$0]
        }
    }

    @Test(
        "Any column that names every row of both files joins them",
        arguments: ["index", "custom_id", "sample_id", "qid", "uid", "Fall Nr.", "datei"])
    func anyName(_ name: String) throws {
        let folder = try TemporaryFolder()
        let data = try folder.write("d.jsonl", set.jsonLines { [name: $0.id, "question": $0.question, "reference": $0.reference] })
        let answers = try folder.write("m.jsonl", set.shuffled.jsonLines { [name: $0.id, "prediction": $0.answer, "model": "m"] })
        let table = try readSampleTable(SampleSource(bundle: data, response: answers))
        #expect(isAligned(table))
        #expect(table.identifiers == set.shuffled.rows.map(\.id))
        let isKnown = Role(name: name, kind: .texts) == .id
        #expect(notes(table, folder) == (isKnown ? [] : ["d.jsonl: rows were joined by '\(name)'"]))
    }

    @Test("Columns under other names that hold the same names of rows join files; numbers that merely count do not")
    func strangers() throws {
        let folder = try TemporaryFolder()
        for (own, other) in [("id", "pid"), ("pid", "question_id"), ("fall", "datei")] {
            let data = try folder.write(
                "d.jsonl", set.jsonLines { [own: "x\($0.id)", "question": $0.question, "reference": $0.reference] })
            let answers = try folder.write(
                "m.jsonl", set.shuffled.jsonLines { [other: "x\($0.id)", "prediction": $0.answer, "model": "m"] })
            let table = try readSampleTable(SampleSource(bundle: data, response: answers))
            #expect(isAligned(table))
            #expect(notes(table, folder) == ["d.jsonl: rows were joined by '\(own)', which is '\(other)' in m.jsonl"])
        }
        var rank = 0
        let data = try folder.write("d.jsonl", set.jsonLines { ["id": $0.id, "question": $0.question, "reference": $0.reference] })
        let answers = try folder.write(
            "m.jsonl",
            set.jsonLines { row in
                rank += 5
                return ["rank": rank % 12, "prediction": row.answer]
            })
        let table = try readSampleTable(SampleSource(bundle: data, response: answers))
        #expect(isAligned(table) && notes(table, folder).contains { $0.contains("by position") })
    }

    @Test("References for which there is no response are no obstacle to columns under other names")
    func surplusOfStrangers() throws {
        let folder = try TemporaryFolder()
        var few = set
        few.rows.removeLast()
        let references = try folder.write("r.jsonl", set.shuffled.jsonLines { ["fall": "x\($0.id)", "reference": $0.reference] })
        let answers = try folder.write(
            "m.jsonl", few.jsonLines { ["datei": "x\($0.id)", "question": $0.question, "prediction": $0.answer] })
        let table = try readSampleTable(SampleSource(bundle: answers, reference: references))
        #expect(isAligned(table) && table.rowCount == few.rows.count)
        #expect(notes(table, folder).contains { $0.contains("1 of \(set.rows.count) references have no response") })
    }

    @Test("An array of texts that is not one a row does not stand in the way of a join by id")
    func textsOfAnotherLength() throws {
        let folder = try TemporaryFolder()
        let ids = ["a", "b", "c"]
        let rows: [[Float]] = [[1, 2], [3, 4], [5, 6]]
        let set = try folder.write("s.npz", npz(["id": npy(texts: ids), "visual": npy(floats: rows), "response": npy(floats: rows)]))
        let references = try folder.write(
            "r.npz",
            npz(["id": npy(texts: ids.reversed()), "reference": npy(floats: rows.reversed()), "text": npy(texts: ["one", "two"])]))
        let table = try readSampleTable(SampleSource(bundle: set, reference: references))
        #expect(table.identifiers == ids && table.reference.values == table.response.values)
    }

    @Test("What LLaVA's files mean by a name comes before the name")
    func answersOfLLaVA() throws {
        let folder = try TemporaryFolder()
        let answers = try folder.write(
            "a.jsonl", set.shuffled.jsonLines { ["question_id": $0.id, "prompt": $0.question, "text": $0.answer, "model_id": "m"] })
        let references = try folder.write("r.jsonl", set.jsonLines { ["question_id": $0.id, "reference": $0.reference] })
        for source in [
            SampleSource(bundle: answers, reference: references),
            SampleSource(modalities: [("text", answers)], response: answers, reference: references),
        ] {
            let table = try readSampleTable(source)
            #expect(isAligned(table) && table.identifiers == set.shuffled.rows.map(\.id))
        }
    }

    @Test("A benchmark's answer is the reference where the model's answers come from another file")
    func benchmark() throws {
        let folder = try TemporaryFolder()
        let columns: KeyValuePairs<String, (QuestionSet.Row) -> String> = ["index": \.id, "question": \.question, "answer": \.reference]
        let data = try folder.write("d.tsv", set.delimited("\t", columns))
        let answers = try folder.write("m.xlsx", set.shuffled.workbook(["index": \.id, "prediction": \.answer]))
        #expect(isAligned(try readSampleTable(SampleSource(bundle: data, response: answers))))
    }

    @Test("Questions that both files have join them where nothing else does")
    func questions() throws {
        let folder = try TemporaryFolder()
        let answers = try folder.write("a.jsonl", set.jsonLines { ["question": $0.question, "response": $0.answer] })
        let references = try folder.write("y.jsonl", set.shuffled.jsonLines { ["question": $0.question, "reference": $0.reference] })
        let table = try readSampleTable(SampleSource(bundle: answers, reference: references))
        #expect(isAligned(table) && notes(table, folder) == ["y.jsonl: rows were joined by 'question'"])
    }

    @Test("Of two columns that join rows otherwise the one that was taken is named, and a key chooses the other")
    func choice() throws {
        let folder = try TemporaryFolder()
        let other = set.shuffled
        let data = try folder.write(
            "d.jsonl", set.jsonLines { ["qid": $0.id, "alt": "x\($0.id)", "question": $0.question, "reference": $0.reference] })
        let swapped = zip(set.rows, other.rows).map { ["qid": $0.id, "alt": "x\($1.id)", "response": $1.answer] }
        let answers = try folder.write("m.jsonl", swapped.map { set.json($0) + "\n" }.joined())
        let table = try readSampleTable(SampleSource(bundle: data, response: answers))
        #expect(!isAligned(table))
        #expect(
            notes(table, folder) == [
                "d.jsonl: rows were joined by 'qid', and 'alt' would join them otherwise; choose with --id-key or --ood-key, in a manifest with key"
            ])
        #expect(isAligned(try readSampleTable(SampleSource(bundle: data, response: answers, identifierKey: "alt"))))
        let message = folder.message { () throws(EmbeddingFileError) in
            try readSampleTable(SampleSource(bundle: data, response: answers, identifierKey: "name"))
        }
        #expect(message == "d.jsonl: expected an array 'name', found 'alt', 'qid', 'question', 'reference' and 'response'")
    }

    @Test("Names on one side only, or none: rows are joined by position, and that is said")
    func positions() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write("d.jsonl", set.jsonLines { ["id": $0.id, "question": $0.question, "response": $0.answer] })
        let references = try folder.write("y.jsonl", set.jsonLines { ["reference": $0.reference] })
        let table = try readSampleTable(SampleSource(bundle: data, reference: references))
        #expect(
            isAligned(table)
                && notes(table, folder) == [
                    "rows of y.jsonl were joined to those of d.jsonl by position, since only d.jsonl names its rows"
                ])
        let bare = try folder.write("b.jsonl", set.jsonLines { ["question": $0.question, "response": $0.answer] })
        let second = try readSampleTable(SampleSource(bundle: bare, reference: references))
        #expect(
            isAligned(second)
                && notes(second, folder) == [
                    "rows of y.jsonl were joined to those of b.jsonl by position, since no column names the rows of both"
                ])
    }

    @Test("Names that do not meet are shown from both sides; a column that looks like names is one")
    func mismatch() throws {
        let folder = try TemporaryFolder()
        let answers = try folder.write(
            "a.jsonl", set.jsonLines { ["question_id": Int($0.id.dropFirst(2)) ?? 0, "prompt": $0.question, "text": $0.answer] })
        let references = try folder.write("y.jsonl", set.jsonLines { ["question_id": "00" + $0.id.dropFirst(2), "text": $0.reference] })
        #expect(
            folder.message { () throws(EmbeddingFileError) in try readSampleTable(SampleSource(bundle: answers, reference: references)) }
                == "y.jsonl: expected each identifier of a.jsonl, found 12 missing: '0', '1', '2' and 9 more, where this file has '000', '001' and '002'"
        )
        let from0 = try folder.write(
            "b.jsonl", set.jsonLines { ["case_no": Int($0.id.dropFirst(2)) ?? 0, "question": $0.question, "reference": $0.reference] })
        let from1 = try folder.write("m.jsonl", set.jsonLines { ["case_no": (Int($0.id.dropFirst(2)) ?? 0) + 1, "prediction": $0.answer] })
        #expect(
            folder.message { () throws(EmbeddingFileError) in try readSampleTable(SampleSource(bundle: from0, response: from1)) }
                == "b.jsonl: expected each identifier of m.jsonl, found 1 missing: '12', where this file has '0'")
    }

    @Test("A name of several rows joins in one order, or together with the question, and makes them a group")
    func names() throws {
        let folder = try TemporaryFolder()
        let answers = try folder.write("a.jsonl", set.jsonLines { ["question_id": $0.image, "prompt": $0.question, "text": $0.answer] })
        let inOrder = try folder.write("y.jsonl", set.jsonLines { ["question_id": $0.image, "text": $0.reference] })
        let table = try readSampleTable(SampleSource(bundle: answers, reference: inOrder))
        #expect(isAligned(table) && table.identifiers == nil && table.groups == set.rows.map(\.image))
        #expect(notes(table, folder).count == 1)
        let withQuestions = try folder.write(
            "z.jsonl", set.shuffled.jsonLines { ["question_id": $0.image, "prompt": $0.question, "reference": $0.reference] })
        let byQuestion = try readSampleTable(SampleSource(bundle: answers, reference: withQuestions))
        #expect(isAligned(byQuestion) && byQuestion.groups == set.rows.map(\.image) && byQuestion.identifiers == nil)
        // Several answers to one question find its one reference.
        let twice = try folder.write(
            "t.jsonl",
            (set.rows + set.rows).map { set.json(["id": $0.id, "question": $0.question, "response": $0.answer]) + "\n" }.joined())
        let once = try folder.write("r.jsonl", set.shuffled.jsonLines { ["id": $0.id, "reference": $0.reference] })
        let repeats = try readSampleTable(SampleSource(bundle: twice, reference: once))
        #expect(isAligned(repeats) && repeats.rowCount == 24 && repeats.identifiers == (set.rows + set.rows).map(\.id))
    }

    @Test("Rows of one name that stand in another order are told by their questions")
    func swappedRows() throws {
        let folder = try TemporaryFolder()
        var swapped = set
        swapped.rows = set.rows.indices.map { set.rows[$0 ^ 1] }
        let answers = try folder.write(
            "a.jsonl", swapped.jsonLines { ["question_id": $0.image, "prompt": $0.question, "text": $0.answer] })
        let references = try folder.write(
            "r.jsonl", set.jsonLines { ["question_id": $0.image, "question": $0.question, "reference": $0.reference] })
        let table = try readSampleTable(SampleSource(bundle: answers, reference: references))
        #expect(isAligned(table) && table.groups == swapped.rows.map(\.image))
    }

    @Test("Rows are kept by their places, ranges or ids, from the manifest or a file")
    func rows() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "a.jsonl", set.jsonLines { ["id": $0.id, "question": $0.question, "answer": $0.answer, "reference": $0.reference] })
        func ids(_ selection: RowSelection) throws -> [String]? {
            try readSampleTable(SampleSource(bundle: path, rows: selection)).identifiers
        }
        #expect(try ids(RowSelection(entries: ["0-2", "5"], place: "m")) == ["q-0", "q-1", "q-2", "q-5"])
        #expect(try ids(RowSelection(entries: ["q-7", "q-1"], place: "m")) == ["q-1", "q-7"])
        #expect(try ids(try RowSelection(file: try folder.write("hard.txt", "3\n4-5\n\n"))) == ["q-3", "q-4", "q-5"])
        #expect(try ids(try RowSelection(file: try folder.write("hard.json", "[\"q-9\", \"q-8\"]"))) == ["q-8", "q-9"])
        #expect(
            folder.message { () throws(EmbeddingFileError) in
                try readSampleTable(SampleSource(bundle: path, rows: RowSelection(entries: ["3", "12"], place: "m.yaml:4")))
            } == "m.yaml:4: expected rows from 0 to 11 of a.jsonl, or its ids, found '12'")
    }
}
