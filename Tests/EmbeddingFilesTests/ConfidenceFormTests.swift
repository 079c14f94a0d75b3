import Testing

@testable import EmbeddingFiles

/// Forms in which confidences come, one case each.
@Suite struct ConfidenceFormTests {
    private func read(
        _ text: String, name: String = "rows.jsonl", _ change: (inout ConfidenceRequest) -> Void = { _ in }
    ) throws -> ConfidenceTable {
        let folder = try TemporaryFolder()
        var request = ConfidenceRequest()
        change(&request)
        return try readConfidences(try folder.write(name, text), request)
    }

    @Test func aTableOfTwoColumns() throws {
        let table = try read("confidence,correct\n0.9,1\n0.25,False\n,1\n", name: "a.csv")
        #expect(table.confidence.prefix(2) == [0.9, 0.25] && table.outcome == [1, 0, 1])
        #expect(table.states == [.used, .used, .noConfidence] && table.ids == ["0", "1", "2"] && !table.hasIdentifiers)
    }

    @Test func namesOfOthers() throws {
        let table = try read("y_true\ty_prob\timage_id\n1\t0.7\tb\n0\t0.2\ta\n", name: "a.tsv")
        #expect(table.confidence == [0.7, 0.2] && table.groups == [1, 0] && table.groupLabels == ["a", "b"])
    }

    @Test func aColumnThatIsNamed() throws {
        let table = try read(#"{"id": 1, "margin": 0.4, "confidence": "high", "correct": 1}"#) { $0.confidenceKey = "margin" }
        #expect(table.confidence == [0.4] && table.ids == ["1"])
    }

    @Test func keysInAnyOrderAndUnknownOnes() throws {
        let table = try read(
            """
            {"id": "a", "confidence": 0.5, "correct": true, "note": {"x": [1, 2]}}

            {"correct": 0.5, "meta": null, "id": "b", "confidence": "0.75"}
            """)
        #expect(table.ids == ["a", "b"] && table.confidence == [0.5, 0.75] && table.outcome == [1, 0.5] && table.lines == [1, 3])
    }

    @Test func probabilitiesOfOptionsAreNoLosses() throws {
        let table = try read(
            """
            {"id": "a", "options": [0.1, 0.7, 0.2], "label": 1}
            {"id": "b", "options": [0.6, 0.4, 0.0], "label": 1}
            """)
        #expect(table.scoreKind == .probability && table.outcome == [1, 0])
        #expect(abs(table.confidence[0] - 0.7) < 1e-12 && table.options(1).last == -.infinity)
    }

    @Test func aDrawnLetterIsRemarkedAndTheLikeliestIsJudged() throws {
        func line(_ name: String, answers letter: String, _ logProbability: Double) -> String {
            #"{"custom_id":"\#(name)","answer":"B","choices":[{"message":{"content":"\#(letter)"},"logprobs":{"content":["#
                + #"{"token":"\#(letter)","logprob":\#(logProbability),"top_logprobs":["#
                + #"{"token":"B","logprob":-0.7},{"token":"C","logprob":-1.2},{"token":"A","logprob":-3.0}]}]}}]}"#
        }
        let table = try read([line("q1", answers: "C", -1.2), line("q2", answers: "B", -0.7)].joined(separator: "\n"))
        #expect(table.layout == .chatLogProbabilities && table.outcome == [1, 1])
        #expect(table.remarks[.sampledAnswer] == 1)
    }

    @Test func logitsOfAnySign() throws {
        let text = """
            {"id": "a", "options": [0.5, -2.0], "label": 0}
            {"id": "b", "options": [-0.5, -2.0], "label": 0}
            """
        #expect(throws: ConfidenceFileError.self) { try read(text) }
        #expect(try read(text) { $0.scoreKind = .logit }.usedRows.count == 2)
    }

    @Test func aLogWhoseAccuracyIsAnotherIsRefused() {
        let line = #"{"doc_id": 1, "target": "1", "filtered_resps": [["-1.0", "False"], ["-2.0", "False"]], "acc": 1.0}"#
        let error = #expect(throws: ConfidenceFileError.self) { try read(line) }
        #expect(error?.code == "score_disagreement")
        #expect(error?.description.contains("found 1 of 1 rows that do not") == true)
    }

    @Test func mutualInformationKeepsTheHalfWithTheQuestion() throws {
        let appended =
            #"{"doc_id": 1, "target": "0", "filtered_resps": [["-1", "a"], ["-2", "a"], ["-9", "a"], ["-8", "a"]], "acc_mutual_info": 1}"#
        let table = try read(appended.replacing("\"a\"", with: "\"True\""))
        #expect(Array(table.options(0)) == [-1, -2])
        let alternating =
            #"{"doc_id": 1, "target": "0", "filtered_resps": [["1", "True"], ["9", "True"], ["2", "True"], ["8", "True"]], "acc_mutual_info": 1}"#
        #expect(Array(try read(alternating).options(0)) == [-1, -2])
    }

    @Test func lengthsOfOptionsDivide() throws {
        let line =
            #"{"doc_id": 1, "target": "1", "arguments": {"gen_args_0": {"arg_0": "Q", "arg_1": " cat"}, "gen_args_1": {"arg_0": "Q", "arg_1": " elephant"}}, "filtered_resps": [["-3", "True"], ["-4", "False"]]}"#
        let table = try read(line) { $0.normalisesByLength = true }
        #expect(Array(table.options(0)) == [-1, -0.5] && table.outcome == [1])
    }

    @Test func abstentionsAndUnanswerableQuestions() throws {
        let table = try read(
            """
            {"id": "a", "confidence": 0.5, "correct": 1}
            {"id": "b", "confidence": 0.5, "correct": 0, "answerable": 0, "abstained": true, "pair": "p"}
            """)
        #expect(table.states == [.used, .abstained] && table.answerable == [true, false] && table.pairKeys == [nil, "p"])
    }

    @Test(arguments: [
        ("Confidence: 85%", 0.85), ("confidence = 0.6", 0.6), ("**Confidence:** 90 percent", 0.9), ("Confidence: 7/10.", 0.7),
        ("Answer: B, Confidence: 40%", 0.4), ("Confidence: about nine", nil), ("Overconfidence: 3%", nil),
    ])
    func statedNumbers(_ text: String, _ wanted: Double?) {
        #expect(StatedConfidence(text).confidence(bareIsPercent: false) == wanted)
    }

    @Test func bareNumbersAboveOneMakeAllPerCent() throws {
        let table = try read(
            """
            {"id": 1, "response": "Answer: A\\nConfidence: 80", "answer": "A"}
            {"id": 2, "response": "Answer: A\\nConfidence: 1", "answer": "B"}
            """)
        #expect(table.confidence == [0.8, 0.01])
    }

    @Test(arguments: [("(B)", "b"), ("B. dog", "b"), ("A dog", "a dog"), ("The cat.", "the cat"), ("b", "b"), ("**C**", "c")])
    func answersAsTheyAreCompared(_ text: String, _ wanted: String) { #expect(AnswerText.answer(text) == wanted) }

    @Test(arguments: [
        ("I don\u{2019}t know.", true), ("Unanswerable", true), ("Unknowns are three", false), ("B", false),
        ("It cannot be determined from the image", true), ("Pass", false),
    ])
    func abstentions(_ text: String, _ wanted: Bool) { #expect(AnswerText().abstains(text) == wanted) }

    @Test func phrasesOfTheUserAbstainToo() {
        #expect(AnswerText(["Pass"]).abstains("pass!") && AnswerText().abstains("(E)", idkOption: "E"))
    }

    @Test func severalChoicesAreSampledAnswers() throws {
        let line =
            #"{"id": "x", "answer": "A", "choices": [{"message": {"content": "A"}}, {"message": {"content": "(A)"}}, {"message": {"content": "B"}}]}"#
        let table = try read(line)
        #expect(table.layout == .sampledAnswers && abs(table.confidence[0] - 2.0 / 3) < 1e-15 && table.outcome == [1])
    }

    @Test func groupsAreInTheOrderOfTheirLabels() throws {
        let table = try read(
            """
            {"id": 1, "confidence": 0.5, "correct": 1, "group": "z"}
            {"id": 2, "confidence": 0.5, "correct": 1, "group": "a"}
            {"id": 3, "confidence": 0.5, "correct": 1, "group": "z"}
            """)
        #expect(table.groups == [1, 0, 1] && table.groupLabels == ["a", "z"])
    }

    @Test func arraysOfABundle() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "a.npz",
            npz([
                "id": npy(texts: ["q0", "q1", "q2"]), "group": npy(texts: ["b", "a", "b"]),
                "options": npy(floats: [[0.25, 0.75, 0], [0.5, 0.5, .nan], [1, 0, 0]]), "label": npy(floats: [[1], [0], [2]]),
                "visual": npy(floats: [[1, 2], [3, 4], [5, 6]]),
            ]))
        let table = try readConfidences(path)
        #expect(table.ids == ["q0", "q1", "q2"] && table.groups == [1, 0, 1] && table.scoreKind == .probability)
        // A row with fewer options ends in NaN.
        #expect(zip(table.confidence, [0.75, 0.5, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(table.outcome == [1, 1, 0] && table.options(1).count == 2)
    }

    @Test func arraysAtFaultAreNamedByRow() throws {
        let folder = try TemporaryFolder()
        func reading(_ arrays: KeyValuePairs<String, [UInt8]>) -> ConfidenceFileError? {
            #expect(throws: ConfidenceFileError.self) { try readConfidences(try folder.write("a.npz", npz(arrays))) }
        }
        let range = reading(["confidence": npy(floats: [[0.5], [1.5], [.nan]]), "correct": npy(floats: [[1], [1], [0]])])
        #expect(range?.description.contains("row 1 (from 0): expected a confidence between 0 and 1, found 1.5") == true)
        #expect(range?.description.contains("also row 2 (from 0) nan (confidence_not_a_number)") == true)
        let count = reading(["confidence": npy(floats: [[0.5], [0.5]]), "correct": npy(floats: [[1]])])
        #expect(count?.code == "row_count_mismatch")
        let none = reading(["visual": npy(floats: [[1, 2]]), "score": npy(floats: [[1]])])
        #expect(none?.description.hasSuffix("a.npz: expected confidences, found 'visual', 'score'") == true)
    }

    @Test func documentsAndCompressedFiles() throws {
        let rows = #"{"id": "a", "confidence": 0.5, "correct": 1}"# + "\n" + #"{"id": "b", "confidence": 0.75, "correct": 0}"# + "\n"
        let list = "[" + rows.split(separator: "\n").joined(separator: ",\n ") + "]"
        let columns = #"{"id": ["a", "b"], "confidence": [0.5, 0.75], "correct": [1, 0]}"#
        let folder = try TemporaryFolder()
        for (name, bytes) in [
            ("a.json", Array(list.utf8)), ("b.json", Array(columns.utf8)), ("c.jsonl", Array(list.utf8)), ("d.jsonl.gz", gzip(rows)),
            ("e.json.gz", gzip(list)), ("f.csv.gz", gzip("id,confidence,correct\na,0.5,1\nb,0.75,0\n")),
        ] {
            let table = try readConfidences(try folder.write(name, bytes))
            #expect(table.ids == ["a", "b"] && table.confidence == [0.5, 0.75] && table.outcome == [1, 0], "\(name)")
        }
        let error = #expect(throws: ConfidenceFileError.self) { try read(list.replacing("0.75", with: "7.5"), name: "a.json") }
        #expect(error?.description.contains("item 2: expected a confidence between 0 and 1, found 7.5") == true)
    }

    @Test func rowsThatAreAskedFor() throws {
        let folder = try TemporaryFolder()
        // The row that is left out is at fault.
        let text = (0..<5).map {
            #"{"name": "n\#($0)", "image": "i", "cell": \#($0 % 2), "confidence": 0.\#($0 == 3 ? "x" : "5"), "correct": 1}"#
        }
        let path = try folder.write("a.jsonl", text.joined(separator: "\n").replacing("0.x", with: "\"high\""))
        var request = ConfidenceRequest()
        (request.identifierKey, request.groupKey) = ("name", "cell")
        for entries in [["0-2", "4"], ["n0", "n1", "n2", "n4"]] {
            let table = try readConfidences(path, request, rows: RowSelection(entries: entries, place: "m.yaml:3"))
            #expect(table.ids == ["n0", "n1", "n2", "n4"] && table.groups == [0, 1, 0, 0] && table.lines == [1, 2, 3, 5])
        }
        #expect(throws: ConfidenceFileError.self) {
            try readConfidences(path, request, rows: RowSelection(entries: ["9"], place: "m.yaml:3"))
        }
    }

    @Test(arguments: [
        ("", "empty_file"), ("[1, 2]", "malformed_text"), (#"{"a": 1}"#, "no_confidences"),
        (#"{"confidence": 0.5"#, "malformed_text"),
    ])
    func filesThatAreNone(_ text: String, _ code: String) {
        let error = #expect(throws: ConfidenceFileError.self) { try read(text) }
        #expect(error?.code == code)
    }

    @Test(arguments: ["rows.csv", "rows.jsonl"]) func columnsThatAreNamedHaveToBeThere(_ name: String) {
        let text =
            name == "rows.csv" ? "confidence,correct\n0.5,1\n" : #"{"confidence": 0.5, "correct": 1}"#
        for change in [{ $0.confidenceKey = "conf" }, { $0.groupKey = "picture" }] as [(inout ConfidenceRequest) -> Void] {
            let error = #expect(throws: ConfidenceFileError.self) { try read(text, name: name, change) }
            #expect(error?.code == "missing_key" && error?.description.contains("'confidence'") == true, "\(error.map { "\($0)" } ?? "")")
        }
    }

    @Test func samplesAreClusteredByAKeyOfTheirDocument() throws {
        let lines = ["b", "a", "b"].enumerated().map { row, picture in
            #"{"doc_id": \#(row), "doc": {"picture": "\#(picture)"}, "target": "0", "filtered_resps": [["-0.1", "True"], ["-2.5", "False"]], "acc": 1}"#
        }
        let table = try read(lines.joined(separator: "\n")) { $0.groupKey = "picture" }
        #expect(table.layout == .evaluationSamples && table.groups == [1, 0, 1] && table.usedRows.count == 3)
    }

    @Test func aTableWithoutConfidencesNamesItsColumns() {
        let error = #expect(throws: ConfidenceFileError.self) { try read("a,b\n1,2\n", name: "x.csv") }
        #expect(error?.description.hasSuffix("x.csv: expected confidences, found 'a', 'b'") == true)
    }
}
