extension FieldValue {
    /// Encodes a value into the fields of its JSON, with keys in snake case. It avoids the detour through text, so that checking a report
    /// of thousands of scenarios takes no longer than reading it.
    ///
    /// - Parameter parts: the members of the value that are needed; nil takes all.
    /// - Throws: what encoding the value throws.
    init(_ value: some Encodable, parts: Set<String>? = nil) throws {
        let encoder = FieldEncoder(parts: parts)
        try value.encode(to: encoder)
        self = encoder.result.value
    }
}

/// The place that receives one encoded value.
private final class Node {
    private var single: FieldValue?
    private var items: [Node]?
    // A value that writes nothing becomes an empty object, as in JSON.
    private var members: [(name: String, node: Node)] = []

    var value: FieldValue {
        if let single { return single }
        if let items { return .list(items.map(\.value)) }
        return .object(Dictionary(members.map { ($0.name, $0.node.value) }, uniquingKeysWith: { _, last in last }))
    }

    var count: Int { items?.count ?? 0 }

    func becomeList() { items = [] }

    func append() -> Node {
        let node = Node()
        items?.append(node)
        return node
    }

    func member(_ name: String) -> Node {
        let node = Node()
        members.append((name, node))
        return node
    }

    func set(_ value: FieldValue) { single = value }

    func set(_ value: some Encodable) throws {
        switch value {
        case let text as String: set(FieldValue.text(text))
        case let truth as Bool: set(FieldValue.truth(truth))
        case let number as Double:
            guard number.isFinite else {
                throw EncodingError.invalidValue(number, .init(codingPath: [], debugDescription: "expected a finite number"))
            }
            set(FieldValue.number(number))
        case let integer as any BinaryInteger: set(FieldValue.number(Double(integer)))
        default: try value.encode(to: FieldEncoder(result: self, keepsKeys: type(of: value) is any TextKeyed.Type))
        }
    }
}

/// Dictionaries whose keys come from the data; the keys stay as they are, as with `JSONEncoder`.
private protocol TextKeyed {}
extension Dictionary: TextKeyed where Key == String {}

private struct FieldEncoder: Encoder {
    var result = Node()
    var parts: Set<String>?
    var keepsKeys = false
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Members(node: result, parts: parts, keepsKeys: keepsKeys))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        result.becomeList()
        return Items(node: result)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: result) }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: Node
    let parts: Set<String>?
    let keepsKeys: Bool
    var codingPath: [any CodingKey] { [] }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        let name = name(key)
        guard parts?.contains(name) ?? true else { return }
        try node.member(name).set(value)
    }

    func encodeNil(forKey key: Key) { node.member(name(key)).set(FieldValue.nothing) }

    func nestedContainer<Nested>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        FieldEncoder(result: node.member(name(key))).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        FieldEncoder(result: node.member(name(key))).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { FieldEncoder(result: node.member("super")) }

    func superEncoder(forKey key: Key) -> any Encoder { FieldEncoder(result: node.member(name(key))) }

    private func name(_ key: Key) -> String { keepsKeys ? key.stringValue : key.stringValue.inSnakeCase }
}

private struct Items: UnkeyedEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.count }

    func encode(_ value: some Encodable) throws { try node.append().set(value) }

    func encodeNil() { node.append().set(FieldValue.nothing) }

    func nestedContainer<Nested>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        FieldEncoder(result: node.append()).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { FieldEncoder(result: node.append()).unkeyedContainer() }

    func superEncoder() -> any Encoder { FieldEncoder(result: node.append()) }
}

private struct Single: SingleValueEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }

    func encode(_ value: some Encodable) throws { try node.set(value) }

    func encodeNil() { node.set(FieldValue.nothing) }
}
