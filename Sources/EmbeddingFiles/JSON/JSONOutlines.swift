/// The keys of the first objects of a file with the kinds of their values, from which the reader chooses columns.
struct JSONOutlines {
    var outlines: [ColumnOutline]
    var dialect: JSONLinesDialect
    /// The line of the first object.
    var firstLine: Int

    /// This many objects are examined, since the first answer may be empty and the first row may lack a key.
    static let recordLimit = 32

    /// Throws when the first value is not an object; the reader reports faults in later ones.
    init(
        _ bytes: UnsafeRawBufferPointer, file: String, unit: RecordUnit
    ) throws(EmbeddingFileError) {
        var lines = LineSequence(bytes)
        guard let first = lines.next() else { throw .emptyFile(.init(file)) }
        var keys: [Key] = []
        var placeOfKey: [String: Int] = [:]
        var line: LineSequence.Line? = first
        var count = 0
        while let current = line, count < Self.recordLimit {
            let place: EmbeddingFileError.Place =
                unit == .line ? .init(file, line: current.number) : .init(file, item: current.number)
            do throws(EmbeddingFileError) {
                let cursor = JSONCursor(bytes, from: current.start, to: current.end)
                try Self.add(cursor, place, &keys, &placeOfKey, isFirst: count == 0)
            } catch {
                if count == 0 { throw error }
                break
            }
            count += 1
            line = lines.next()
        }
        firstLine = first.number
        let dialect = JSONLinesDialect(keys: keys.map(\.name))
        self.dialect = dialect
        outlines = keys.map { $0.outline(dialect) }
        outlines.resolveAnswerRoles()
    }

    private static func add(
        _ cursor: JSONCursor, _ place: EmbeddingFileError.Place, _ keys: inout [Key], _ placeOfKey: inout [String: Int],
        isFirst: Bool
    ) throws(EmbeddingFileError) {
        var cursor = cursor
        do throws(JSONFailure) {
            try cursor.object { (key, cursor) throws(JSONFailure) in
                guard let name = try cursor.string(key) else { throw JSONFailure(.invalidUTF8(place)) }
                let index = placeOfKey[name] ?? keys.count
                if index == keys.count {
                    placeOfKey[name] = index
                    var keyPlace = place
                    keyPlace.key = name
                    keys.append(Key(name: name, place: keyPlace, isInFirstRecord: isFirst))
                }
                try keys[index].add(&cursor)
            }
            try cursor.expectEnd()
        } catch {
            throw error.at(place)
        }
    }

    /// One key and the kinds of values that were seen under it.
    private struct Key {
        let name: String
        let place: EmbeddingFileError.Place
        let isInFirstRecord: Bool
        private var hasText = false, hasNumber = false, hasVector = false, hasList = false, hasObject = false
        private var type: String?
        private var found = "null"
        private var sample: String?

        init(name: String, place: EmbeddingFileError.Place, isInFirstRecord: Bool) {
            self.name = name
            self.place = place
            self.isInFirstRecord = isInFirstRecord
        }

        mutating func add(_ cursor: inout JSONCursor) throws(JSONFailure) {
            let kind = cursor.nextKind()
            if kind != .null, type == nil || type == "null" {
                found = cursor.found()
                type = "\(kind)"
            }
            switch kind {
            case .string:
                hasText = true
                let text = try cursor.text()
                if sample == nil, text.end - text.start < 4096 { sample = try cursor.string(text) }
                return
            case .number, .bool: hasNumber = true
            case .array:
                var inside = cursor
                inside.position += 1
                let first = inside.nextKind()
                if first == .number {
                    hasVector = true
                } else if inside.peek() != UInt8(ascii: "]") {
                    hasList = true
                    if type == "array" { found = "an array that starts with \(inside.found())" }
                    if first == .string, sample == nil, let text = try? inside.text() { sample = try? inside.string(text) }
                } else if type == "array", !hasVector, !hasList {
                    found = "an empty array"
                }
            case .object: hasObject = true
            case .null, .nothing: if type == nil { type = "\(kind)" }
            }
            try cursor.skipValue()
        }

        func outline(_ dialect: JSONLinesDialect) -> ColumnOutline {
            if dialect.isNested(name) {
                var outline = ColumnOutline(name: name, kind: .texts, role: dialect.role(of: name, kind: .texts))
                outline.isInFirstRecord = isInFirstRecord
                return outline
            }
            var kind: ColumnKind =
                hasText ? .texts : hasVector ? .vectors : hasNumber ? .numbers : .other
            // If the key has a role that texts can have, a list of texts, an object with one text, or nothing at all counts as a text.
            let namesCluster = dialect.role(of: name, kind: .texts) == .group
            if kind == .other, type == "array", !hasList, !namesCluster, dialect.role(of: name, kind: .vectors) == .visual {
                kind = .vectors
            }
            // A score that is missing in one row is still a score.
            let described = dialect.role(of: name, kind: .numbers)
            if kind == .texts, hasNumber, described == .score || described == .logProbability { kind = .numbers }
            let role = dialect.role(of: name, kind: kind == .other ? .texts : kind)
            if kind == .other, let role, role != .score, role != .logProbability { kind = .texts }
            let problem: EmbeddingFileError? =
                kind == .other ? .wrongKind(place, expected: "a vector, a text or a number", found: found) : nil
            var outline = ColumnOutline(name: name, kind: kind, role: kind == .other ? nil : role, problem: problem)
            outline.valueType = type
            outline.sample = sample
            outline.mentionsWhenUnused = dialect.mentionsUnusedKeys
            outline.isInFirstRecord = isInFirstRecord
            return outline
        }
    }
}

extension [ColumnOutline] {
    /// If the model's answer has another name, such as `prediction`, `answer` is the accepted one, as in the results of VLMEvalKit
    /// (open-compass/VLMEvalKit, vlmeval/smp/file.py: the columns of the benchmark with `prediction` added), unless a reference has a name
    /// of its own.
    mutating func resolveAnswerRoles() {
        func isAnswer(_ outline: ColumnOutline) -> Bool {
            outline.role == .response && ["answer", "answers"].contains(Role.normalised(outline.name))
        }
        let answers = indices.filter { isAnswer(self[$0]) }
        guard answers.count == 1, contains(where: { $0.role == .response && !isAnswer($0) }),
            !contains(where: { $0.role == .reference })
        else { return }
        self[answers[0]].role = .reference
    }
}
