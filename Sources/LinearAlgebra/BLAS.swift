import CLAPACK

/// The BLAS library under the matrices.
package enum BLAS {
    /// Keeps every BLAS call on one thread, from now on.
    ///
    /// The parallelism of this project is across scenarios and relabellings: that is faster for its small matrices, and
    /// results do not depend on the number of threads, as the last bits of a threaded product would.
    package static func useOneThreadPerCall() {
        openblas_set_num_threads(1)
    }

    /// Name, version and kernel, for example "OpenBLAS 0.3.21 Zen".
    package static var identification: String {
        let words = unsafe String(cString: openblas_get_config()).split(separator: " ")
        return (words.prefix(2).map(String.init) + [core]).joined(separator: " ")
    }

    /// The processor whose kernels are in use, in OpenBLAS's words, for example "Zen".
    package static var core: String { unsafe String(cString: openblas_get_corename()) }
}
