import Foundation

/// The explanation of each warning: the sections of `Warnings.md`, which is compiled into the program.
package enum WarningGuide {
    /// The section of a warning, without its heading; nil for a code without one.
    package static func section(_ code: String) -> String? {
        sections.first { $0.code == code }?.text
    }

    /// All sections, in their order.
    package static let sections: [(code: String, text: String)] = text.components(separatedBy: "\n## ").dropFirst().map { part in
        let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(lines[0]), lines.dropFirst().joined().trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The whole text, in Markdown.
    package static let text = String(decoding: PackageResources.Warnings_md, as: UTF8.self)
}
