import Foundation

/// Paragraphs of help as lines of their own: the source has them broken to its width, and the parser breaks them to that of the terminal.
/// Headings (`EXAMPLES:`) and what is indented stay as they are.
func reflowed(_ text: String) -> String {
    var lines: [String] = []
    var mayContinue = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
        let isHeading = line.hasSuffix(":") && line == line.uppercased()
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
func helpWithExamplesLast(_ help: String) -> String {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(of: "EXAMPLES:"), let end = lines[start...].firstIndex(where: { $0.hasPrefix("USAGE:") }) else {
        return help
    }
    func withoutBlankEnd(_ lines: [String]) -> [String] {
        Array(lines.prefix((lines.lastIndex { !$0.isEmpty } ?? -1) + 1))
    }
    let others = withoutBlankEnd(Array(lines[..<start]) + Array(lines[end...]))
    return (others + [""] + withoutBlankEnd(Array(lines[start..<end]))).joined(separator: "\n") + "\n"
}
