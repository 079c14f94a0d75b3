import Dispatch
import Foundation
import Synchronization

/// Handles Ctrl-C while work is under way: the first asks the run to stop after the scenarios in progress, the second stops it at once.
final class Interruption: Sendable {
    private let flag = Atomic(false)
    // Set once, before any other thread can see it.
    private nonisolated(unsafe) let source: any DispatchSourceSignal

    init() {
        signal(SIGINT, SIG_IGN)
        unsafe source = DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "emi.interruption"))
        unsafe source.setEventHandler { [weak self] in
            guard let self else { return }
            if self.flag.exchange(true, ordering: .relaxed) { _exit(130) }
        }
        unsafe source.resume()
    }

    /// Whether the user has asked the run to stop.
    var isRequested: Bool { flag.load(ordering: .relaxed) }
}
