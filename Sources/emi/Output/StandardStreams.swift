import Foundation
import Reports
import Studies

/// Standard error, where notes and errors go. What cannot be written there is lost without a word: there is no place left to say so, and
/// the exit code still tells what happened.
enum StandardError {
    /// Writes lines, as wide as the terminal is. What they quote from files has been made harmless where they were put together
    /// (`withoutControls`); whatever was forgotten is made harmless here.
    static func say(_ lines: String) {
        let width = TerminalWidth.ofStandardError
        let shown = lines.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).withoutControls.wrapped(to: width) }
        send(shown.joined(separator: "\n") + "\n")
    }

    /// Writes a text as it is, for the bar that shows progress.
    static func send(_ text: String) {
        // A pipe that nobody reads any more would end the program with a signal in the place of its exit code.
        var state = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        if unsafe poll(&state, 1, 0) == 1, Int32(state.revents) & (POLLERR | POLLNVAL) != 0 { return }
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(STDERR_FILENO, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            done += count
        }
    }
}

/// The three streams that a program is started with.
enum StandardStreams {
    /// Occupies the numbers of streams that were closed by whoever started the program: else the next file that is opened, an output for
    /// example, would be taken for one of them. What is put there can neither be read nor written, so that use of it is still an error;
    /// messages alone are swallowed.
    static func fillGaps() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
        where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number is given, which is this one, for those below are taken.
            _ = unsafe open("/dev/null", mode)
        }
    }

    /// Why standard output takes no more, in the words of an error.
    static func outputError(_ code: Int32, byteCount: Int) -> RunError {
        let (found, hint): (String, String) =
            switch code {
            case ENOSPC, EDQUOT: ("a full disk", "free some space, or write elsewhere with -o FILE")
            case EBADF: ("it closed", "leave it open, or write to a file with -o FILE")
            case EPIPE: ("a pipe that nobody reads", "let the reader read to the end, or write to a file with -o FILE")
            default: (unsafe String(cString: strerror(code)), "write to a file with -o FILE")
            }
        return RunError(
            code: "unwritable_output", message: "standard output: expected room for \(byteCount) bytes, found \(found)", hint: hint)
    }

    /// Writes to standard output.
    ///
    /// - Throws: `RunError` if it takes less than all.
    static func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(STDOUT_FILENO, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // A pipe that somebody has set not to block.
                var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&state, 1, -1)
                continue
            }
            if count < 0 { throw outputError(errno, byteCount: bytes.count) }
            done += count
        }
    }
}
