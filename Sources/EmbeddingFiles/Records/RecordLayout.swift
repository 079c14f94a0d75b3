/// Layouts of objects whose texts are nested too deep to be columns, and how each object becomes a flat one.
///
/// A flat object has the keys of `Role`, so everything after this step reads it like any JSON line.
enum RecordLayout: Sendable, Equatable {
    case batchOutput, batchInput, chat, inspectSample, multipleChoice

    /// The layout that the first object of a file has; nil if the objects are flat already.
    init?(_ bytes: UnsafeRawBufferPointer, _ outlines: JSONOutlines) {
        let keys = Set(outlines.outlines.map(\.name))
        if keys.contains("custom_id"), keys.contains("response") || keys.contains("result") {
            self = .batchOutput
        } else if keys.contains("custom_id"), keys.contains("body") || keys.contains("params") {
            self = .batchInput
        } else if outlines.outlines.contains(where: {
            $0.valueType == "object"
                && ($0.name == "response" && keys.contains("key") || $0.name == "modelOutput" && keys.contains("recordId"))
        }) {
            self = .batchOutput
        } else if keys.isSuperset(of: ["choices", "object", "model"]), !keys.contains("target") {
            self = .batchOutput
        } else if keys.isSuperset(of: ["id", "epoch", "input", "target"]), keys.contains("output") || keys.contains("messages") {
            self = .inspectSample
        } else if keys.contains("messages") || keys.contains("conversations"),
            !outlines.outlines.contains(where: { $0.role == .response || $0.role == .text })
        {
            self = .chat
        } else if case .evaluationSamples = outlines.dialect, keys.contains("arguments") || keys.contains("input") {
            var lines = LineSequence(bytes)
            guard let line = lines.next() else { return nil }
            var cursor = JSONCursor(bytes, from: line.start, to: line.end)
            guard let first = try? cursor.value(), first.loglikelihoods != nil else { return nil }
            self = .multipleChoice
        } else {
            return nil
        }
        // The same keys may hold flat values, such as a `custom_id` with a `response` that is a text.
        guard outlines.outlines.contains(where: { $0.valueType == "object" || $0.valueType == "array" }) else { return nil }
    }

    /// The flat objects, each on the same line as the object from which it comes.
    func flattened(
        _ bytes: UnsafeRawBufferPointer, file: String, unit: RecordUnit
    ) throws(EmbeddingFileError) -> [UInt8] {
        var lines = LineSequence(bytes)
        var writer = RecordWriter()
        while let line = lines.next() {
            var cursor = JSONCursor(bytes, from: line.start, to: line.end)
            let place: EmbeddingFileError.Place =
                unit == .line ? .init(file, line: line.number) : .init(file, item: line.number)
            do throws(JSONFailure) {
                let value = try cursor.value()
                try cursor.expectEnd()
                guard case .object = value else {
                    throw JSONFailure(expected: "a JSON object", found: value.kind)
                }
                writer.write(flat(value), line: line.number)
            } catch {
                throw error.at(place)
            }
        }
        return writer.bytes
    }

    private func flat(_ value: JSONValue) -> [(key: String, value: JSONValue)] {
        switch self {
        case .batchOutput: value.batchOutput
        case .batchInput: value.batchInput
        case .chat: value.chat
        case .inspectSample: value.inspectSample
        case .multipleChoice: value.multipleChoice
        }
    }
}

/// Writes objects as JSON lines, each on a given line.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []
    private var line = 1

    /// Adds an object on line `wanted`, or on the next free line if that is later.
    mutating func write(_ entries: [(key: String, value: JSONValue)], line wanted: Int) {
        while line < wanted {
            bytes.append(0x0A)
            line += 1
        }
        append(.object(entries))
        bytes.append(0x0A)
        line += 1
    }

    private mutating func append(_ value: JSONValue) {
        switch value {
        case .object(let entries):
            bytes.append(UInt8(ascii: "{"))
            for (index, entry) in entries.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(entry.key)
                bytes.append(UInt8(ascii: ":"))
                append(entry.value)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(item)
            }
            bytes.append(UInt8(ascii: "]"))
        case .string(let text): append(text)
        case .number(let number, let digits):
            bytes.append(
                contentsOf: (digits
                    ?? (number.isNaN
                        ? "NaN"
                        : number.isInfinite
                            ? (number < 0 ? "-Infinity" : "Infinity") : "\(number)"))
                    .utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .null: bytes.append(contentsOf: "null".utf8)
        }
    }

    private mutating func append(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
