import Foundation
import LinearAlgebra

/// Makes OpenBLAS use the best kernels for the processor. OpenBLAS chooses from a list of processors that ends with the year of its
/// release. On newer processors Debian's 0.3.21 falls back to kernels of 2004 (Prescott, a fifth of the speed), or to AVX2 although the
/// processor has AVX-512.
enum FasterKernels {
    /// Restarts the program with better kernels if OpenBLAS has them and did not choose them. Returns if there is nothing to gain, or if
    /// the user has chosen the kernels (`OPENBLAS_CORETYPE`).
    ///
    /// There is no other way: OpenBLAS reads its environment when it is loaded, before any line of the program runs.
    ///
    /// - Parameter arguments: the arguments of the program; a command that computes nothing is not restarted.
    static func restartIfUseful(_ arguments: [String]) {
        guard isComputing(arguments), ProcessInfo.processInfo.environment[variable] == nil,
            let flags = processorFlags,
            let better = betterCore(than: BLAS.core, flags: flags),
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        unsafe setenv(variable, better, 1)
        // `execv` only returns if the program cannot be restarted: then the slow kernels have to do.
        unsafe execv(program, CommandLine.unsafeArgv)
    }

    /// The kernels to ask for; nil if the chosen ones are as good.
    static func betterCore(than core: String, flags: Set<String>) -> String? {
        guard old.union(middle).contains(core) else { return nil }
        if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]) { return "SkylakeX" }
        return old.contains(core) && flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
    }

    /// Whether a command line is of a command that uses BLAS.
    static func isComputing(_ arguments: [String]) -> Bool { arguments.first.map(computing.contains) ?? false }

    /// The commands that use BLAS.
    private static let computing: Set = [
        "estimate", "batch", "mi", "jsd", "bottleneck", "attribute", "calibrate", "plan", "summarize", "merge",
    ]
    private static let variable = "OPENBLAS_CORETYPE"
    /// Kernels without AVX2, as OpenBLAS names them.
    private static let old: Set = [
        "Prescott", "Core2", "Penryn", "Dunnington", "Atom", "Nehalem", "Sandybridge", "Generic", "Katmai", "Coppermine", "Northwood",
        "Banias",
    ]
    /// Kernels with AVX2 but without AVX-512, as OpenBLAS names them.
    private static let middle: Set = ["Haswell", "Zen"]

    /// The features of the processor, as Linux names them; nil if they are not known.
    private static var processorFlags: Set<String>? {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { return nil }
        return Set(line.split(whereSeparator: { " \t:".contains($0) }).map(String.init))
    }
}
