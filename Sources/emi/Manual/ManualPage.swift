import Foundation
import Reports

/// A manual page in man(7) macros.
struct ManualPage {
    private let command: CommandDescription
    private let program: CommandDescription?
    private let others: [String]

    /// - Parameters:
    ///   - program: the program that the command belongs to; nil when the page is about the program itself.
    ///   - others: the names of the program's commands.
    init(_ command: CommandDescription, of program: CommandDescription?, others: [String]) {
        (self.command, self.program, self.others) = (command, program, others)
    }

    /// The name of the page, for example `emi-batch`.
    private var name: String { ([program?.commandName].compactMap { $0 } + [command.commandName]).joined(separator: "-") }

    var source: String {
        let (description, extras) = Self.parts(command.discussion ?? "")
        let sections: [[String]] = [
            [".TH \(name.uppercased().roff) 1 \"\(Self.date)\" \"emi \(emiVersion)\" \"emi manual\""],
            [".SH NAME", "\(name.roff) \\-"] + String((command.abstract ?? "").reversed().drop { $0 == "." }.reversed()).prose,
            [".SH SYNOPSIS"] + synopsis,
            [".SH DESCRIPTION"] + (command.abstract ?? "").prose + (description.isEmpty ? [] : [".PP"] + description),
            program == nil ? commandList : [],
            options, extras, exitStatus,
            [
                ".SH ENVIRONMENT", ".TP", ".B NO_COLOR", "If set and not empty, nothing is bold on a terminal.",
            ],
            [".SH SEE ALSO", program == nil ? references(others) : "\(reference("emi"))"],
        ]
        return sections.flatMap { $0 }.joined(separator: "\n") + "\n"
    }

    private var visible: [CommandDescription.Argument] { (command.arguments ?? []).filter(\.shouldDisplay) }

    private var synopsis: [String] {
        let words = program.map { "\($0.commandName) \(command.commandName)" } ?? command.commandName
        let arguments =
            program == nil
            ? ["\\fIcommand\\fR", "[\\fIoptions\\fR]"]
            : ["[\\fIoptions\\fR]"]
                + visible.filter { $0.kind != .positional && !$0.isOptional }.map { Self.usage($0) }
                + visible.filter { $0.kind == .positional }.map { argument in
                    let name = "\\fI\((argument.valueName ?? "").roff)\\fR" + (argument.isRepeating ? " ..." : "")
                    return argument.isOptional ? "[\(name)]" : name
                }
        return [".B \(words.roff)", arguments.joined(separator: " ")]
    }

    private var commandList: [String] {
        let shown = (command.subcommands ?? []).filter { others.contains($0.commandName) }
        return [".SH COMMANDS"] + shown.flatMap { [".TP", reference("emi-" + $0.commandName)] + ($0.abstract ?? "").prose }
    }

    /// The options by section; those without a section come first.
    private var options: [String] {
        var titles: [String?] = []
        for argument in visible where !titles.contains(argument.sectionTitle) { titles.append(argument.sectionTitle) }
        titles = titles.filter { $0 == nil } + titles.filter { $0 != nil }
        return [".SH OPTIONS"]
            + titles.flatMap { title in
                (title.map { [".SS \($0.roff)"] } ?? [])
                    + visible.filter { $0.sectionTitle == title }.flatMap { argument -> [String] in
                        let value = argument.defaultValue.map { " Default: \($0)." } ?? ""
                        let usage = argument.kind == .positional ? "\\fI\((argument.valueName ?? "").roff)\\fR" : Self.usage(argument)
                        return [".TP", usage] + ((argument.abstract ?? "") + value).prose
                    }
            }
    }

    private static func usage(_ argument: CommandDescription.Argument) -> String {
        let names = (argument.names ?? []).map { "\\fB\($0.text.roff)\\fR" }.joined(separator: ", ")
        return argument.kind == .option ? "\(names) \\fI\((argument.valueName ?? "value").roff)\\fR" : names
    }

    private var exitStatus: [String] {
        let codes = [
            ("0", "Fine."), ("1", "A gate failed (emi check)."), ("2", "Bad data or a failure; in a batch, of any scenario."),
            ("64", "Wrong usage."), ("130", "Interrupted; emi batch keeps what was finished."),
        ]
        return [".SH EXIT STATUS"] + codes.flatMap { [".TP", ".B \($0)", $1.roff] }
    }

    private func reference(_ page: String) -> String { "\\fB\(page.roff)\\fR(1)" }

    private func references(_ commands: [String]) -> String {
        commands.map { reference("emi-" + $0) }.joined(separator: ",\n")
    }

    /// Splits a discussion into paragraphs and, from the first heading on (`EXAMPLES:`), sections, whose indented lines stay as they are.
    private static func parts(_ discussion: String) -> (description: [String], sections: [String]) {
        var (description, sections): ([String], [String]) = ([], [])
        var isLiteral = false
        func add(_ line: String) { if sections.isEmpty { description.append(line) } else { sections.append(line) } }
        for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
            if isLiteral, !line.hasPrefix(" ") {
                add(".EE")
                isLiteral = false
            }
            if line.hasSuffix(":"), line == line.uppercased() {
                sections.append(".SH \(String(line.dropLast()).roff)")
            } else if line.hasPrefix(" ") {
                if !isLiteral { add(".EX") }
                isLiteral = true
                add(String(line.dropFirst(2)).roff)
            } else if !line.isEmpty {
                for part in String(line).prose { add(part) }
            } else if sections.isEmpty {
                add(".PP")
            }
        }
        if isLiteral { add(".EE") }
        if description.last == ".PP" { description.removeLast() }
        return (description, sections)
    }

    /// The date of today, or the day that a reproducible build sets.
    private static var date: String {
        let seconds = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Double.init)
        let day = seconds.map { Date(timeIntervalSince1970: $0) } ?? Date()
        return day.formatted(.iso8601.year().month().day())
    }
}

extension String {
    /// The text escaped for roff, in lines of less than 80 bytes, as checkers of manual pages demand.
    fileprivate var prose: [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            let word = String(word).roff
            if let last = lines.last, last.utf8.count + word.utf8.count < 79 {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    /// The text escaped for roff, so that roff takes no character as a command.
    fileprivate var roff: String {
        // Checkers count an ellipsis as the eight characters that roff turns it into.
        var text = replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq").replacing("^", with: "\\(ha")
            .replacing("~", with: "\\(ti").replacing("`", with: "\\(ga").replacing("…", with: "...")
        if text.hasPrefix(".") { text = "\\&" + text }
        return text.replacing("\"", with: "\\(dq")
    }
}
