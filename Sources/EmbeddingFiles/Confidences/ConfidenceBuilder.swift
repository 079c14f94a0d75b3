/// Turns rows into the columns of a table and keeps the first faults for the error message.
struct ConfidenceBuilder {
    var table: ConfidenceTable
    private var groupNumbers: [String: Int32] = [:]
    private var faults: [ConfidenceFileError.Fault] = []
    private var faultCount = 0
    private let request: ConfidenceRequest
    private let unit: ConfidenceFileError.Unit
    /// How many rows were read, kept or not.
    private var place = 0
    /// What `correct` or `acc` says about rows whose option scores tell the outcome too; NaN for other rows.
    private var logged: [Double] = []
    private var hasTokenProbability = false
    private var hasAnswerable = false
    private var hasPairKeys = false
    private var hasGroups = false
    private var hasOptions = false

    /// - Parameter unit: what the row numbers in messages count.
    init(file: String, layout: ConfidenceTable.Layout, _ request: ConfidenceRequest, unit: ConfidenceFileError.Unit = .line) {
        table = ConfidenceTable(file: file, layout: layout)
        (self.request, self.unit) = (request, unit)
    }

    /// Adds the next row of the file, unless the request asks only for other rows.
    mutating func append(_ row: ConfidenceRow, line: Int) {
        place += 1
        if let kept = request.keptRows, !kept.contains(place - 1) { return }
        var state = row.state ?? .used
        var found = ""
        func fault(_ new: RowState, _ what: String) {
            guard state == .used else { return }
            (state, found) = (new, what)
        }
        let correct = row.correct.number
        if truth(row.abstained) == true, state == .used { state = .abstained }
        if let options = row.options {
            if options.count < 2 { fault(.oneOption, "\(options.count)") }
            if options.contains(where: { $0.isNaN || $0 == .infinity }) { fault(.scoreNotFinite, "one that is none") }
        } else if row.confidence.isThere {
            if let value = row.confidence.number {
                if value.isNaN { fault(.confidenceNotANumber, row.confidence.found) }
                if !(value >= 0 && value <= 1) { fault(.confidenceOutOfRange, row.confidence.found) }
            } else {
                fault(.confidenceNotANumber, row.confidence.found)
            }
        }
        var label: Int32 = -1
        if let options = row.options, row.label.isThere {
            if let value = row.label.number, let index = Int32(exactly: value), index >= 0, index < options.count {
                label = index
            } else {
                fault(.labelOutOfRange, "\(row.label.found) of \(options.count) options")
            }
        }
        if let correct, !(correct >= 0 && correct <= 1) { fault(.correctnessOutOfRange, row.correct.found) }
        if row.correct.isThere, correct == nil { fault(.correctnessOutOfRange, row.correct.found) }
        if label < 0, correct == nil { fault(.noCorrectness, "neither") }
        if row.options == nil, !row.confidence.isThere, state == .used { state = .noConfidence }
        if state.isFault { note(.init(line: line, unit: unit, state: state, found: found)) }

        let number = table.ids.count
        table.ids.append(row.id ?? "\(number)")
        if row.id != nil { table.hasIdentifiers = true }
        table.lines.append(Int32(clamping: line))
        table.states.append(state)
        let value = row.options == nil ? row.confidence.number ?? .nan : .nan
        table.confidence.append(value >= 0 && value <= 1 ? value : .nan)
        table.outcome.append(label < 0 && correct.map { $0 >= 0 && $0 <= 1 } == true ? correct ?? .nan : .nan)
        logged.append(label >= 0 && row.options != nil ? correct ?? .nan : .nan)
        appendOptions(row.options, label: label)
        appendGroup(row.group)
        if let probability = row.tokenProbability, !hasTokenProbability {
            hasTokenProbability = true
            table.tokenProbability = [Double](repeating: .nan, count: number) + [probability]
        } else if hasTokenProbability {
            table.tokenProbability.append(row.tokenProbability ?? .nan)
        }
        if row.answerable.isThere, !hasAnswerable {
            hasAnswerable = true
            table.answerable = [Bool](repeating: true, count: number)
        }
        if hasAnswerable { table.answerable.append(truth(row.answerable) ?? true) }
        if row.pairKey != nil, !hasPairKeys {
            hasPairKeys = true
            table.pairKeys = [String?](repeating: nil, count: number)
        }
        if hasPairKeys { table.pairKeys.append(row.pairKey) }
        if state == .used { for remark in row.remarks { table.remarks[remark, default: 0] += 1 } }
    }

    /// Completes what needs the whole file: the kind of option scores, duplicate ids, groups in alphabetical order.
    mutating func finished() throws(ConfidenceFileError) -> ConfidenceTable {
        if hasOptions { settleScores(request.scoreKind) }
        markDuplicates()
        if faultCount > 0, !request.skipsFaults {
            throw .faults(file: table.file, first: faults.sorted { $0.line < $1.line }, count: faultCount)
        }
        if let kind = table.scoreKind {
            let compared = logged.indices.filter { table.states[$0] == .used && !logged[$0].isNaN }
            table.disagreementCount = compared.count { (logged[$0] == 1) != (table.outcome[$0] == 1) }
            if request.scoreKind == nil, 100 * table.disagreementCount > compared.count {
                throw .disagreement(file: table.file, count: table.disagreementCount, total: compared.count, kind: kind)
            }
        }
        sortGroups()
        return table
    }

    mutating func mark(_ row: Int, _ state: RowState, _ found: String) {
        guard !table.states[row].isFault else { return }
        table.states[row] = state
        note(.init(line: Int(table.lines[row]), unit: unit, state: state, found: found))
    }

    private mutating func note(_ fault: ConfidenceFileError.Fault) {
        faultCount += 1
        if faults.count < 12 { faults.append(fault) }
    }

    private func truth(_ field: ConfidenceRow.Field) -> Bool? {
        if case .text(let text) = field {
            switch text.lowercased().trimmingBlanks() {
            case "true", "yes": return true
            case "false", "no": return false
            default: break
            }
        }
        return field.number.map { $0 != 0 }
    }

    private mutating func appendOptions(_ options: [Double]?, label: Int32) {
        if options != nil, !hasOptions {
            hasOptions = true
            let before = table.ids.count
            table.optionStarts = [Int32](repeating: 0, count: before)
            table.labels = [Int32](repeating: -1, count: before - 1)
        }
        guard hasOptions else { return }
        table.optionScores += options ?? []
        table.optionStarts.append(Int32(table.optionScores.count))
        table.labels.append(label)
    }

    private mutating func appendGroup(_ group: String?) {
        if group != nil, !hasGroups {
            hasGroups = true
            // Each row before the first one with a group is a group of its own.
            for row in 0..<(table.ids.count - 1) { appendGroupNumber("\(table.ids[row])\u{0}row") }
        }
        if hasGroups { appendGroupNumber(group ?? "\(table.ids[table.ids.count - 1])\u{0}row") }
    }

    private mutating func appendGroupNumber(_ label: String) {
        if let number = groupNumbers[label] {
            table.groups.append(number)
        } else {
            let number = Int32(groupNumbers.count)
            groupNumbers[label] = number
            table.groupLabels.append(label)
            table.groups.append(number)
        }
    }

    /// Numbers groups in the order of their labels, so that the order of rows changes no digit.
    private mutating func sortGroups() {
        guard hasGroups else { return }
        let order = table.groupLabels.indices.sorted { table.groupLabels[$0] < table.groupLabels[$1] }
        var place = [Int32](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { place[old] = Int32(new) }
        for row in table.groups.indices { table.groups[row] = place[Int(table.groups[row])] }
        table.groupLabels = order.map { table.groupLabels[$0] }
    }

    /// Marks the second and later rows of each id as faults.
    private mutating func markDuplicates() {
        guard table.hasIdentifiers else { return }
        var hasher = IdentifierHash()
        let hashes = table.ids.map { hasher($0) }
        let order = hashes.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
        for place in order.indices.dropFirst() {
            // Rows with one hash are neighbours, and they nearly always have one id.
            var before = place - 1
            while before >= 0, hashes[order[before]] == hashes[order[place]] {
                if table.ids[order[before]] == table.ids[order[place]] {
                    let row = order[place]
                    if !table.states[row].isFault {
                        table.states[row] = .duplicateIdentifier
                        note(
                            .init(
                                line: Int(table.lines[row]), unit: unit, state: .duplicateIdentifier,
                                found: "'\(table.ids[row])' again"))
                    }
                    break
                }
                before -= 1
            }
        }
    }

    /// The FNV-1a hash followed by a mixing step.
    private struct IdentifierHash {
        mutating func callAsFunction(_ text: String) -> UInt64 {
            var text = text
            return text.withUTF8 { bytes in
                var hash: UInt64 = 0xcbf2_9ce4_8422_2325
                for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
                return (hash ^ hash >> 29) &* 0x9e37_79b9_7f4a_7c15
            }
        }
    }
}
