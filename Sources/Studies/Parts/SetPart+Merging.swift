import Information

extension SetPart {
    /// The set that some parts make up. An input that comes twice counts once. Sums are taken in the order of the inputs' digests, so that
    /// the order of the parts does not change any digit.
    ///
    /// - Returns: the whole, and the number of parts that were left out because another holds the same inputs.
    /// - Throws: `RunError` for parts that were made in different ways, or that share some of their inputs but not all.
    /// - Precondition: at least one part, all of one set.
    package static func merged(_ parts: [SetPart]) throws -> (whole: SetPart, repeatedCount: Int) {
        let sorted = parts.sorted { $0.inputs.map(\.digest).lexicographicallyPrecedes($1.inputs.map(\.digest)) }
        var whole = sorted[0]
        var seen = [sorted[0].inputs.map(\.digest)]
        var repeatedCount = 0
        for part in sorted.dropFirst() {
            let digests = part.inputs.map(\.digest)
            if seen.contains(digests) {
                repeatedCount += 1
                continue
            }
            if let shared = part.inputs.first(where: { input in whole.inputs.contains { $0.digest == input.digest } }) {
                throw RunError(
                    code: "overlapping_parts",
                    message: "set '\(part.set)': expected parts without common inputs, found \(shared.path) in two of them, among others",
                    hint: "merge the parts that were made from single shards, or leave one of the two out")
            }
            try whole.check(part)
            whole.add(part)
            seen.append(digests)
        }
        return (whole, repeatedCount)
    }

    private func check(_ other: SetPart) throws {
        func refused(_ expected: String, _ found: String) -> RunError {
            RunError(
                code: "unlike_parts",
                message:
                    "set '\(set)': expected parts made in one way, found \(expected) for \(inputs[0].path) and \(found) for \(other.inputs[0].path)",
                hint: "summarize all shards of a set with the same flags, and under one fit")
        }
        if recipe.normalize != other.recipe.normalize {
            throw refused(
                recipe.normalize ? "rows divided by their norms" : "rows as they are",
                other.recipe.normalize ? "rows divided by their norms" : "rows as they are")
        }
        if recipe.labels != other.recipe.labels { throw refused("groups by \(recipe.labels)", "groups by \(other.recipe.labels)") }
        if recipe.fit != other.recipe.fit { throw refused("fit \(recipe.fit ?? "none")", "fit \(other.recipe.fit ?? "none")") }
        func shapes(_ part: SetPart) -> String {
            part.moments.sorted { $0.key < $1.key }.map { "\($0.key) of \($0.value.width) columns in \($0.value.bucketCount) buckets" }
                .joined(separator: ", ")
        }
        if shapes(self) != shapes(other) { throw refused(shapes(self), shapes(other)) }
    }

    private mutating func add(_ other: SetPart) {
        inputs = (inputs + other.inputs).sorted { $0.digest < $1.digest }
        for (name, added) in other.moments { moments[name]?.add(added) }
        labelHashes = Array(Set(labelHashes + other.labelHashes).sorted().prefix(Self.labelHashLimit))
        if let added = other.kept { kept?.add(added) }
        if let added = other.judged { judged?.add(added) }
    }

    /// The number of labels by which common groups are found.
    static let labelHashLimit = 256
}
