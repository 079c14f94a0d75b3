import Foundation
import Synchronization

/// Shows on standard error how far a run is: on a terminal a bar with the time left, elsewhere a plain line after every tenth.
final class Progress: Sendable {
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let state = Mutex(State())

    private struct State {
        var phase = ""
        var start = Date()
        var done = 0
        var shownTenth = 0
        var isLineOpen = false
    }

    init(quiet: Bool) {
        isQuiet = quiet
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    /// Shows that `done` of `total` steps of a phase are finished.
    func show(_ phase: String, done: Int, of total: Int) {
        guard !isQuiet, total > 0 else { return }
        state.withLock { state in
            if state.phase != phase { state = State(phase: phase, isLineOpen: state.isLineOpen) }
            // Threads report out of order; a lower count than the last is old.
            guard done > state.done else { return }
            state.done = done
            let passed = Date().timeIntervalSince(state.start)
            let left = passed / Double(done) * Double(total - done)
            let text = "\(phase) \(done) of \(total)" + (done < total && passed > 1 ? ", \(Self.clock(left)) left" : "")
            if isTerminal {
                let filled = 24 * done / total
                let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
                write("\r\u{1B}[K\(bar) \(text)")
                state.isLineOpen = true
            } else if passed > 1 || state.shownTenth > 0, 10 * done / total > state.shownTenth {
                // A run of about a second needs no log.
                state.shownTenth = 10 * done / total
                write(text + "\n")
            }
        }
    }

    /// Clears the bar, so that what follows starts on a clean line.
    func finish() {
        state.withLock { state in
            if state.isLineOpen { write("\r\u{1B}[K") }
            state.isLineOpen = false
        }
    }

    private func write(_ text: String) {
        StandardError.send(text)
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}
