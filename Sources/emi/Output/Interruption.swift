import Dispatch
import Foundation
import Synchronization

/// Ctrl-C while work is under way: the first one asks for an end after what is in flight, the second ends at once.
final class Interruption: Sendable {
    private let flag = Atomic(false)
    // Set once, before anyone else can see it.
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

    /// Whether an end was asked for.
    var isRequested: Bool { flag.load(ordering: .relaxed) }
}
