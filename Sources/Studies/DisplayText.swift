extension String {
    /// The text on one line. Tabs and line breaks become blanks, and every other character that moves the cursor or changes the direction
    /// of writing becomes U+FFFD, because names come from files and a terminal obeys what it is sent.
    package var withoutControls: String {
        guard unicodeScalars.contains(where: \.isControl) || utf8.contains(UInt8(ascii: ":")) || utf8.contains(UInt8(ascii: "#")) else {
            return self
        }
        var scalars = String.UnicodeScalarView()
        var (previous, last): (Unicode.Scalar, Unicode.Scalar) = (" ", " ")
        for scalar in unicodeScalars {
            let shown = !scalar.isControl ? scalar : (0x09...0x0D).contains(scalar.value) ? " " : "\u{FFFD}"
            if (shown == ":" && last == ":" && previous == " ") || (shown == "#" && last == "#") { scalars.append("\u{200B}") }
            scalars.append(shown)
            (previous, last) = (last, shown)
        }
        return String(scalars)
    }

    /// The number of columns that the text takes in a terminal: East Asian wide characters and emoji take two.
    package var displayWidth: Int {
        reduce(0) { $0 + ($1.unicodeScalars.contains(where: \.isWide) ? 2 : 1) }
    }
}

extension Unicode.Scalar {
    /// C0 and C1 controls, line and paragraph separators, and the marks that override the direction of writing.
    fileprivate var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Whether East_Asian_Width is W or F (Unicode Standard Annex 11), by blocks.
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
