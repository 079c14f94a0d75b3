import Studies

/// The fields of a report that rules can mention, by path, as the JSON Schema lists them.
struct ReportFields: Sendable {
    /// The type of a field's values.
    enum Content: String, Sendable {
        case number = "a number"
        case truth = "true or false"
        case text = "a text"
    }

    /// The fields of every scenario and of the whole report; `*` stands for a name that the data give.
    private var fields: [(path: [String], content: Content)] = []

    /// The fields of this version's reports of any sort. `change` is added to scenarios by `--baseline`.
    static let all = ReportFields()

    private init() {
        add(.report, parts: Self.scenarioReportParts)
        for measure in Self.baselineMeasures {
            for name in ["value", "standard_error", "interval_low", "interval_high", "p_value"] {
                fields.append((["change", measure, name], .number))
            }
        }
        add(.calibrate, parts: Self.scenarioReportParts + Self.calibrationParts)
        add(.attribute, parts: Self.attributionParts)
    }

    /// Adds the fields that a schema gives to a scenario and to parts of the whole report.
    private mutating func add(_ published: PublishedSchema, parts: [String]) {
        // The schema is part of the program. If it could not be read, no field would be known and the tests would fail.
        let schema = try? FieldValue(json: published.text)
        let definitions = schema?["$defs"]
        if let scenario = definitions?["scenario"] { add(scenario, at: [], definitions) }
        for part in parts {
            if let node = schema?[path: ["properties", part]] { add(node, at: [part], definitions) }
        }
    }

    /// The parts of a report that belong to no single scenario.
    static let reportParts = scenarioReportParts + calibrationParts + attributionParts
    /// The measures for which `--baseline` gives a change.
    static let baselineMeasures = ["emid", "emi"]

    private static let scenarioReportParts = ["id", "settings", "summary", "estimators"]
    private static let calibrationParts = ["modalities"]
    /// The parts of an attribution, which has no scenarios.
    private static let attributionParts = ["pairs", "fit", "detection", "valuation", "trace"]

    /// The type of the field at `path`; nil if there is no such field.
    func content(of path: [String]) -> Content? {
        fields.first { field in
            field.path.count == path.count && zip(field.path, path).allSatisfy { $0 == "*" ? !$1.isEmpty : $0 == $1 }
        }?.content
    }

    /// The path that the user probably meant, with the names from the data taken over.
    func nearest(to path: [String]) -> String? {
        let candidates = fields.map { field in
            field.path.enumerated().map { index, name in
                name == "*" ? (index < path.count ? path[index] : "NAME") : name
            }.joined(separator: ".")
        }
        return nearestName(to: path.joined(separator: "."), in: candidates)
    }

    private mutating func add(_ node: FieldValue, at path: [String], _ definitions: FieldValue?) {
        if case .text(let reference)? = node["$ref"], let name = reference.split(separator: "/").last,
            let target = definitions?[String(name)]
        {
            return add(target, at: path, definitions)
        }
        if case .object(let members)? = node["properties"] {
            for (name, member) in members.sorted(by: { $0.key < $1.key }) { add(member, at: path + [name], definitions) }
            return
        }
        if case .object? = node["additionalProperties"], let member = node["additionalProperties"] {
            return add(member, at: path + ["*"], definitions)
        }
        switch node["type"] {
        case .text("number"), .text("integer"): fields.append((path, .number))
        case .text("boolean"): fields.append((path, .truth))
        case .text("string"): fields.append((path, .text))
        case .text("array"):
            guard let items = node["items"] else { return }
            if case .text("number")? = items["type"], let last = path.last {
                for end in ["_low", "_high"] { fields.append((path.dropLast() + [last + end], .number)) }
            } else if items[path: ["properties", "kind"]] != nil || items[path: ["properties", "name"]] != nil {
                add(items, at: path + ["*"], definitions)
            }
        default:
            if node["enum"] != nil || node["const"] != nil { fields.append((path, .text)) }
        }
    }
}
