import Foundation

/// Paragraphs of help as lines of their own: the source has them broken to its width, and the parser breaks them to that of the terminal.
/// Headings (`EXAMPLES:`) and what is indented stay as they are.
func reflowed(_ text: String) -> String {
    var lines: [String] = []
    var mayContinue = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
        let isHeading = (line.hasSuffix(":") && line == line.uppercased()) || line.hasPrefix("#")
        let isProse = !line.isEmpty && !line.hasPrefix(" ") && !isHeading
        if isProse, mayContinue {
            lines[lines.count - 1] += " " + line
        } else {
            lines.append(line)
        }
        mayContinue = isProse
    }
    return lines.joined(separator: "\n")
}

/// The help of a command with its examples at the end, where the eye is when the text has scrolled by; the parser puts them first.
func helpWithExamplesLast(_ help: String, width: Int = 80) -> String {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        .flatMap { line in
            line.hasPrefix("USAGE: ") ? wrappedUsage(String(line), to: width).components(separatedBy: "\n") : [String(line)]
        }
    guard let start = lines.firstIndex(of: "EXAMPLES:"), let end = lines[start...].firstIndex(where: { $0.hasPrefix("USAGE:") }) else {
        return help
    }
    func withoutBlankEnd(_ lines: [String]) -> [String] {
        Array(lines.prefix((lines.lastIndex { !$0.isEmpty } ?? -1) + 1))
    }
    let others = withoutBlankEnd(Array(lines[..<start]) + Array(lines[end...]))
    let examples = withoutBlankEnd(Array(lines[start..<end]))
    // Who has the program from a wheel has no such folder.
    let place =
        examples.contains { $0.contains("Fixtures/") }
        ? ["Fixtures/ is a folder of emi's repository; files of your own do as well."] : []
    return (others + [""] + place + (place.isEmpty ? [] : [""]) + examples).joined(separator: "\n") + "\n"
}

/// The line that says how a command is used, in lines of at most so many columns, which break between options and not within one.
func wrappedUsage(_ line: String, to width: Int) -> String {
    var parts: [String] = []
    var depth = 0
    for word in line.split(separator: " ").map(String.init) {
        if depth > 0, let last = parts.popLast() { parts.append(last + " " + word) } else { parts.append(word) }
        depth += word.count { $0 == "[" } - word.count { $0 == "]" }
    }
    var lines: [String] = []
    var current = ""
    for part in parts {
        if !current.isEmpty, current.count + 1 + part.count > width {
            lines.append(current)
            current = "      " + part
        } else {
            current += (current.isEmpty ? "" : " ") + part
        }
    }
    return (lines + [current]).joined(separator: "\n")
}
