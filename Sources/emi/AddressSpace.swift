import Foundation
import Studies

/// What a limit on the addresses of the process (`ulimit -v`, which clusters set) or on its data (`ulimit -d`) does to the run.
///
/// OpenBLAS takes 128 MiB of addresses for every thread that calls it. If it does not get them it asks again, without end, and the thread
/// of its own that it starts for every further processor does so before any line of this program runs. So with a limit the program starts
/// itself anew without those threads, takes the addresses of all its threads before any data, and works with as many threads as have room.
enum AddressSpace {
    /// The most threads that have room; nil without a limit. Set once, before there is another thread.
    private(set) nonisolated(unsafe) static var threadLimit: Int?

    /// Restarts the program so that OpenBLAS starts no threads, if there is a limit and it has not been restarted yet.
    static func restartIfLimited() {
        guard !limits.isEmpty, ProcessInfo.processInfo.environment["OPENBLAS_NUM_THREADS"] != "1",
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        unsafe setenv("OPENBLAS_NUM_THREADS", "1", 1)
        // Further arenas of malloc reserve 64 MiB each.
        unsafe setenv("MALLOC_ARENA_MAX", "1", 0)
        unsafe execv(program, CommandLine.unsafeArgv)
    }

    /// Takes the addresses that OpenBLAS needs, and says in a sentence when memory ends later.
    ///
    /// - Throws: `RunError` if there is no room for one thread.
    static func reserve(_ arguments: [String]) throws {
        guard !limits.isEmpty else { return }
        sayWhenMemoryEnds()
        guard FasterKernels.isComputing(arguments) else { return }
        var count = ProcessInfo.processInfo.activeProcessorCount
        for limit in limits {
            count = min(count, (limit.bytes - limit.usedBytes - dataBytes) / bytesPerThread)
            guard count > 0 else { throw limit.shortage(needed: limit.usedBytes + dataBytes + bytesPerThread) }
        }
        unsafe OpenBLASBuffers.take(count)
        threadLimit = count
    }

    /// What the run takes beside OpenBLAS and beside large data.
    private static let dataBytes = 96 << 20
    /// OpenBLAS's buffer, the stack of the thread and what separates them.
    private static let bytesPerThread = (128 + 8 + 4) << 20

    /// The limits that there are.
    private static var limits: [Limit] {
        let pages = ((try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? "").split(separator: " ").map { Int($0) ?? 0 }
        return [("-v", RLIMIT_AS, 0), ("-d", RLIMIT_DATA, 5)].compactMap { flag, resource, field in
            var found = rlimit()
            guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &found) == 0, found.rlim_cur < 1 << 40 else { return nil }
            let used = field < pages.count ? pages[field] * sysconf(Int32(_SC_PAGESIZE)) : 0
            return Limit(flag: flag, bytes: Int(found.rlim_cur), usedBytes: used)
        }
    }

    /// One limit of the process, and what is taken of it.
    private struct Limit {
        /// The flag of `ulimit` that sets it.
        let flag: String
        let bytes: Int
        let usedBytes: Int

        func shortage(needed: Int) -> RunError {
            RunError(
                code: "not_enough_memory",
                message: "not enough memory: expected room for \(needed >> 20) MiB, found a limit of \(bytes >> 20) MiB (ulimit \(flag))",
                hint: "raise it with 'ulimit \(flag) \(needed >> 9)', or in a job's request for memory")
        }
    }

    /// Where memory ends within the Swift runtime or the C++ library the process is aborted, which under a limit has no other cause: then a
    /// sentence and exit code 2 take the place of a trap.
    private static func sayWhenMemoryEnds() {
        unsafe signal(SIGABRT) { _ in
            let sentence: StaticString =
                "error: not enough memory within the limit of this process (ulimit)\n  hint: raise it, or give a sample of the rows\n"
            _ = unsafe write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
            _exit(2)
        }
    }
}

/// The buffers that OpenBLAS gives to the threads that call it, one each, and keeps.
private enum OpenBLASBuffers {
    private typealias Take = @convention(c) (Int32) -> UnsafeMutableRawPointer?
    private typealias Return = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// Has it make so many buffers now. With a BLAS that is not OpenBLAS nothing happens.
    @unsafe static func take(_ count: Int) {
        guard let take = unsafe dlsym(nil, "blas_memory_alloc"), let giveBack = unsafe dlsym(nil, "blas_memory_free") else { return }
        let make = unsafe unsafeBitCast(take, to: Take.self)
        let keep = unsafe unsafeBitCast(giveBack, to: Return.self)
        var buffers: [UnsafeMutableRawPointer?] = unsafe []
        for _ in 0..<count { unsafe buffers.append(make(0)) }
        for index in unsafe buffers.indices { unsafe keep(buffers[index]) }
    }
}
