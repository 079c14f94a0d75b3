/// Reads a log of Inspect: `.eval` is a zip archive with a JSON file for each sample, `.json` is an object with a list of samples.
///
/// Layout: UKGovernmentBEIS/inspect_ai, src/inspect_ai/log/_recorders/eval.py (`samples/ID_epoch_N.json`) and
/// src/inspect_ai/log/_log.py (`EvalSample`: id, epoch, input, choices, target, messages, output, scores).
func readInspectArchive(
    _ bytes: UnsafeRawBufferPointer, file: String, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let flat = try ZipArchive.withArchive(bytes, file: file) { (archive) throws(EmbeddingFileError) in
        let samples = try archive.members().filter { $0.name.hasPrefix("samples/") && $0.name.hasSuffix(".json") }
        guard !samples.isEmpty else {
            throw .malformedText(
                .init(file), expected: "a log of Inspect with samples/ID_epoch_N.json", found: "an archive without samples")
        }
        var budget = MemoryBudget(limit: request.limit)
        var found: [(id: String, epoch: Double, value: JSONValue)] = []
        for member in samples {
            let content = try archive.content(of: member, budget: &budget, .init(file, array: member.name))
            let value = try JSONValue(content, .init(file, array: member.name))
            found.append((value["id"]?.label ?? member.name, value["epoch"]?.numberValue ?? 1, value))
        }
        // The archive holds samples in the order in which they finished, which differs from run to run.
        found.sort { ($0.id.naturalKey, $0.epoch) < ($1.id.naturalKey, $1.epoch) }
        var writer = RecordWriter()
        for (index, sample) in found.enumerated() { writer.write(sample.value.inspectSample, line: index + 1) }
        return writer.bytes
    }
    return try flat.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
        try readJSONLines(UnsafeRawBufferPointer(buffer), file: file, unit: .item, isFlat: true, request)
    }
}

extension JSONValue {
    /// A sample of Inspect as flat entries: the question, the model's last words, the accepted answer. Epochs are samples of one item.
    var inspectSample: [(key: String, value: JSONValue)] {
        let turns = (self["input"] ?? .null).turns.filter { !$0.isSystem }
        var entries = [(key: "id", value: self["id"] ?? .null)]
        entries.append(("text", .string(turns.map(\.text).joined(separator: "\n"))))
        var answers = self["output"]?.completions ?? []
        if answers.isEmpty, let completion = self["output"]?["completion"]?.spoken { answers = [completion] }
        if answers.isEmpty, let last = (self["messages"] ?? .null).turns.last(where: \.isAnswer) { answers = [last.text] }
        entries.append(("response", .array(answers.map { .string($0) })))
        entries.append(("reference", self["target"] ?? .null))
        let images = turns.flatMap(\.images)
        if !images.isEmpty { entries.append(("image", .array(images.map { .string($0) }))) }
        if let image = self["metadata"]?["image_id"] ?? self["metadata"]?["image"] { entries.append(("image_id", image)) }
        return entries
    }

    /// The number; nil for anything else.
    var numberValue: Double? {
        guard case .number(let value, _) = self else { return nil }
        return value
    }

    /// Parses a whole JSON text.
    init(_ content: [UInt8], _ place: EmbeddingFileError.Place) throws(EmbeddingFileError) {
        self = try content.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
            var cursor = JSONCursor(UnsafeRawBufferPointer(buffer))
            do throws(JSONFailure) {
                let value = try cursor.value()
                try cursor.expectEnd()
                return value
            } catch {
                throw error.at(place)
            }
        }
    }
}

extension String {
    /// A sort key that puts 2 before 10, because it compares runs of digits first by length and then digit by digit.
    package var naturalKey: String {
        var key = ""
        var digits = ""
        func flush() {
            guard !digits.isEmpty else { return }
            let trimmed = digits.drop { $0 == "0" }
            let length = String(trimmed.count)
            key += String(repeating: "0", count: max(0, 8 - length.count)) + length + trimmed
            digits = ""
        }
        for character in self {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                flush()
                key.append(character)
            }
        }
        flush()
        return key
    }
}
