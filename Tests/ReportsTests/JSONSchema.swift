import Foundation

/// As much of JSON Schema as `report.schema.json` uses; an unknown keyword is a problem, so that none is passed over.
struct JSONSchema {
    private let root: [String: Any]

    init(_ text: String) throws {
        root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    func problems(in json: String) throws -> [String] {
        check(try JSONSerialization.jsonObject(with: Data(json.utf8)), root, "report")
    }

    private func check(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        var problems: [String] = []
        for (keyword, rule) in schema {
            switch keyword {
            case "$schema", "$id", "$defs", "title", "description", "properties": break
            case "$ref":
                let name = (rule as? String ?? "").split(separator: "/").last.map(String.init) ?? ""
                let definition = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
                problems += definition.map { check(value, $0, path) } ?? ["\(path): no definition \(name)"]
            case "type": if !hasType(value, rule as? String ?? "") { problems.append("\(path): not of type \(rule)") }
            case "const": if !equal(value, rule) { problems.append("\(path): not \(rule)") }
            case "enum":
                if !(rule as? [Any] ?? []).contains(where: { equal(value, $0) }) { problems.append("\(path): not one of \(rule)") }
            case "pattern":
                if (value as? String)?.range(of: rule as? String ?? "", options: .regularExpression) == nil {
                    problems.append("\(path): not like \(rule)")
                }
            case "minimum": if number(value) < number(rule) { problems.append("\(path): below \(rule)") }
            case "maximum": if number(value) > number(rule) { problems.append("\(path): above \(rule)") }
            case "exclusiveMinimum": if number(value) <= number(rule) { problems.append("\(path): not above \(rule)") }
            case "exclusiveMaximum": if number(value) >= number(rule) { problems.append("\(path): not below \(rule)") }
            case "minItems": if (value as? [Any] ?? []).count < Int(number(rule)) { problems.append("\(path): too short") }
            case "maxItems": if (value as? [Any] ?? []).count > Int(number(rule)) { problems.append("\(path): too long") }
            case "required":
                for key in rule as? [String] ?? [] where (value as? [String: Any])?[key] == nil {
                    problems.append("\(path): no \(key)")
                }
            case "items":
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    problems += check(item, rule as? [String: Any] ?? [:], "\(path)[\(index)]")
                }
            case "additionalProperties": break
            default: problems.append("\(path): unknown keyword \(keyword)")
            }
        }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        for (key, member) in value as? [String: Any] ?? [:] {
            if let property = properties[key] {
                problems += check(member, property, "\(path).\(key)")
            } else if let others = schema["additionalProperties"] as? [String: Any] {
                problems += check(member, others, "\(path).\(key)")
            } else if schema["additionalProperties"] as? Bool == false {
                problems.append("\(path): unexpected \(key)")
            }
        }
        return problems
    }

    private func number(_ value: Any) -> Double { (value as? NSNumber)?.doubleValue ?? .nan }

    private func equal(_ a: Any, _ b: Any) -> Bool { (a as? NSObject) == (b as? NSObject) }

    private func hasType(_ value: Any, _ name: String) -> Bool {
        switch name {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "boolean": value is Bool
        case "number": value is NSNumber && !(value is String)
        case "integer": number(value) == number(value).rounded()
        default: false
        }
    }
}
