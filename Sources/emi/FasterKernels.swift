import Foundation
import LinearAlgebra

/// OpenBLAS chooses its kernels by a list of processors that ends with the year of its release: on newer ones Debian's 0.3.21 falls back to
/// those of 2004 (Prescott, a fifth of the speed) or to AVX2 where there is AVX-512.
enum FasterKernels {
    /// Starts the program anew with better kernels where OpenBLAS has them and did not choose them; returns where there is nothing to gain,
    /// and where the environment has chosen (`OPENBLAS_CORETYPE`).
    ///
    /// OpenBLAS reads its environment when it is loaded, which is before any line of the program: so there is no other way.
    ///
    /// - Parameter arguments: those of the program; commands that compute nothing start as they are.
    static func restartIfUseful(_ arguments: [String]) {
        guard let command = arguments.first, computing.contains(command), ProcessInfo.processInfo.environment[variable] == nil,
            let flags = processorFlags,
            let better = betterCore(than: BLAS.core, flags: flags),
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        unsafe setenv(variable, better, 1)
        // Returns where the program cannot be started: then the slow kernels have to do.
        unsafe execv(program, CommandLine.unsafeArgv)
    }

    /// The kernels to ask for; nil where the chosen ones are as good.
    static func betterCore(than core: String, flags: Set<String>) -> String? {
        guard old.union(middle).contains(core) else { return nil }
        if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]) { return "SkylakeX" }
        return old.contains(core) && flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
    }

    /// The commands with work for BLAS.
    private static let computing: Set = [
        "estimate", "batch", "mi", "jsd", "bottleneck", "attribute", "calibrate",
    ]
    private static let variable = "OPENBLAS_CORETYPE"
    /// Kernels without AVX2, as OpenBLAS names them.
    private static let old: Set = [
        "Prescott", "Core2", "Penryn", "Dunnington", "Atom", "Nehalem", "Sandybridge", "Generic", "Katmai", "Coppermine", "Northwood",
        "Banias",
    ]
    /// Kernels with AVX2 and without AVX-512.
    private static let middle: Set = ["Haswell", "Zen"]

    /// What the processor can do, in Linux's words; nil where that is not known.
    private static var processorFlags: Set<String>? {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { return nil }
        return Set(line.split(whereSeparator: { " \t:".contains($0) }).map(String.init))
    }
}
