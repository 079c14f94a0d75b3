import CLAPACK

/// The BLAS library that computes the matrices' products.
package enum BLAS {
    /// Restricts every later BLAS call to one thread.
    ///
    /// This project works in parallel across scenarios and relabellings. That is faster for its small matrices, and results do not depend
    /// on the number of threads, as the last bits of a threaded product would.
    package static func useOneThreadPerCall() {
        openblas_set_num_threads(1)
    }

    /// The name, version and kernel of the library, for example "OpenBLAS 0.3.21 Zen".
    package static var identification: String {
        let words = unsafe String(cString: openblas_get_config()).split(separator: " ")
        return (words.prefix(2).map(String.init) + [core]).joined(separator: " ")
    }

    /// The processor whose kernels the library uses, in OpenBLAS's words, for example "Zen".
    package static var core: String { unsafe String(cString: openblas_get_corename()) }
}
