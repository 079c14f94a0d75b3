import Dispatch
import Synchronization

/// Applies `transform` to 0..<count on up to `threadCount` threads and returns the results in order.
///
/// Each index is transformed once and independently, so results do not depend on the number of threads. If several fail, the error with the
/// lowest index is thrown.
package func concurrentMap<Result: Sendable>(
    count: Int, threadCount: Int, _ transform: @Sendable (Int) throws -> Result
) throws -> [Result] {
    guard threadCount > 1, count > 1 else { return try (0..<count).map(transform) }
    let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
    concurrentForEach(count: count, threadCount: threadCount) { index in
        let result = Swift.Result { try transform(index) }
        results.withLock { $0[index] = result }
    }
    return try results.withLock { try $0.compactMap { try $0?.get() } }
}

/// Calls `body` once for each of 0..<count on up to `threadCount` threads, lower indices first.
package func concurrentForEach(count: Int, threadCount: Int, _ body: @Sendable (Int) -> Void) {
    guard threadCount > 1, count > 1 else { return (0..<count).forEach(body) }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threadCount, count)) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body(index)
        }
    }
}
