/// One row on its way into a table.
struct ConfidenceRow {
    /// A value that may be missing, null, a number or a text.
    enum Field: Equatable {
        case missing, null, number(Double), text(String)

        /// The value as a number: of a text where it is nothing else.
        var number: Double? {
            switch self {
            case .number(let value): value
            case .text(let text): Double(text.trimmingBlanks())
            case .missing, .null: nil
            }
        }

        var isThere: Bool {
            switch self {
            case .missing, .null: false
            case .number: true
            case .text(let text): !text.trimmingBlanks().isEmpty
            }
        }

        /// What stands there, for messages.
        var found: String {
            switch self {
            case .missing: "none"
            case .null: "null"
            case .number(let value): "\(value)"
            case .text(let text): "'\(text.prefix(40))'"
            }
        }
    }

    var id: String?
    var group: String?
    var confidence = Field.missing
    var correct = Field.missing
    var options: [Double]?
    var label = Field.missing
    var answerable = Field.missing
    var abstained = Field.missing
    var pairKey: String?
    var tokenProbability: Double?
    /// A state that is known from the text of the answer.
    var state: RowState?
    var remark: RowRemark?
}

/// Rows become columns; what is at fault is kept for the message.
struct ConfidenceBuilder {
    private(set) var table: ConfidenceTable
    private var groupNumbers: [String: Int32] = [:]
    private(set) var faults: [ConfidenceFileError.Fault] = []
    private(set) var faultCount = 0
    /// What `correct` or `acc` says of rows whose option scores say it too.
    private var logged: [Double] = []
    private var hasTokenProbability = false
    private var hasAnswerable = false
    private var hasPairKeys = false
    private var hasGroups = false
    private var hasOptions = false

    init(file: String, layout: ConfidenceTable.Layout) { table = ConfidenceTable(file: file, layout: layout) }

    mutating func append(_ row: ConfidenceRow, line: Int) {
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
        if state.isFault { note(.init(line: line, state: state, found: found)) }

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
        if let remark = row.remark, state == .used { table.remarks[remark, default: 0] += 1 }
    }

    /// Settles what needs the whole file: signs of option scores, doubled ids, groups in alphabetical order.
    mutating func finished(_ request: ConfidenceRequest) throws(ConfidenceFileError) -> ConfidenceTable {
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
            // Rows before the first with a group stand by themselves.
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

    /// The second and later rows of an id are at fault.
    private mutating func markDuplicates() {
        guard table.hasIdentifiers else { return }
        var hasher = IdentifierHash()
        let hashes = table.ids.map { hasher($0) }
        let order = hashes.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
        for place in order.indices.dropFirst() {
            // Rows of one hash are neighbours; nearly always they are one id.
            var before = place - 1
            while before >= 0, hashes[order[before]] == hashes[order[place]] {
                if table.ids[order[before]] == table.ids[order[place]] {
                    let row = order[place]
                    if !table.states[row].isFault {
                        table.states[row] = .duplicateIdentifier
                        note(.init(line: Int(table.lines[row]), state: .duplicateIdentifier, found: "'\(table.ids[row])' again"))
                    }
                    break
                }
                before -= 1
            }
        }
    }

    /// FNV-1a with a final mix.
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

extension ConfidenceBuilder {
    /// Tells what option scores are, and turns them into log-probabilities up to a constant, confidences and outcomes.
    private mutating func settleScores(_ given: ConfidenceTable.ScoreKind?) {
        let rows = table.states.indices.filter { !table.options($0).isEmpty && !table.states[$0].isFault }
        let kind = given ?? toldKind(rows)
        table.scoreKind = kind
        for row in rows {
            let range = Int(table.optionStarts[row])..<Int(table.optionStarts[row + 1])
            if let wrong = wrongSign(row, kind) {
                mark(row, .mixedSigns, "\(wrong) among scores read as \(kind.rawValue)")
                continue
            }
            for index in range {
                switch kind {
                case .logLikelihood, .logit: break
                case .loss: table.optionScores[index] = -table.optionScores[index]
                case .probability: table.optionScores[index] = logarithm(table.optionScores[index])
                }
            }
            settleRow(row, range)
        }
    }

    private mutating func mark(_ row: Int, _ state: RowState, _ found: String) {
        guard !table.states[row].isFault else { return }
        table.states[row] = state
        note(.init(line: Int(table.lines[row]), state: state, found: found))
    }

    /// Rows that sum to 1 are probabilities; the signs of most rows say whether the others are log-likelihoods or
    /// losses.
    private func toldKind(_ rows: [Int]) -> ConfidenceTable.ScoreKind {
        var (negative, positive, probabilities) = (0, 0, 0)
        for row in rows {
            let scores = table.options(row)
            if scores.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(scores.reduce(0, +) - 1) < 1e-3 { probabilities += 1 }
            if scores.allSatisfy({ $0 <= 0 }) { negative += 1 } else if scores.allSatisfy({ $0 >= 0 }) { positive += 1 }
        }
        if probabilities > 0, probabilities == rows.count { return .probability }
        return positive > negative ? .loss : .logLikelihood
    }

    /// A score that cannot be of this kind.
    private func wrongSign(_ row: Int, _ kind: ConfidenceTable.ScoreKind) -> Double? {
        switch kind {
        case .logLikelihood: table.options(row).first { $0 > 0 }
        case .loss: table.options(row).first { $0 < 0 }
        case .logit: nil
        case .probability: table.options(row).first { !($0 >= 0 && $0 <= 1) }
        }
    }

    private mutating func settleRow(_ row: Int, _ range: Range<Int>) {
        let scores = table.optionScores[range]
        guard let best = scores.max(), best > -.infinity else {
            mark(row, .scoreNotFinite, "no option with a probability")
            return
        }
        table.confidence[row] = 1 / scores.reduce(0) { $0 + exponential($1 - best) }
        if scores.count(where: { $0 == best }) > 1, table.states[row] == .used { table.remarks[.tie, default: 0] += 1 }
        if table.labels[row] >= 0, let answer = scores.firstIndex(of: best) {
            table.outcome[row] = answer - range.lowerBound == Int(table.labels[row]) ? 1 : 0
        }
    }
}
