import RealModule

/// Cosine transforms of one length, which is a power of two, by a complex Fourier transform (Makhoul, IEEE Trans. ASSP 28, 1980).
struct CosineTransform: Sendable {
    /// The length N.
    let count: Int
    private let reversed: [Int]
    /// cos and sin of 2 pi k / N for k < N/2, and of pi k / 2N for k < N.
    private let turnCosines: [Double]
    private let turnSines: [Double]
    private let cosines: [Double]
    private let sines: [Double]

    /// - Precondition: `count` is a power of two, at least 2.
    init(count: Int) {
        precondition(count >= 2 && count & (count - 1) == 0, "a power of two, not \(count)")
        self.count = count
        let bits = count.trailingZeroBitCount
        reversed = (0..<count).map { index in
            (0..<bits).reduce(0) { $0 | (index >> $1 & 1) << (bits - 1 - $1) }
        }
        turnCosines = (0..<count / 2).map { .cos(2 * .pi * Double($0) / Double(count)) }
        turnSines = (0..<count / 2).map { .sin(2 * .pi * Double($0) / Double(count)) }
        cosines = (0..<count).map { .cos(.pi * Double($0) / Double(2 * count)) }
        sines = (0..<count).map { .sin(.pi * Double($0) / Double(2 * count)) }
    }

    /// The coefficients, sum over j of x_j cos(pi k (j + 1/2) / N) for each k < N.
    func coefficients(_ x: [Double]) -> [Double] {
        var real = [Double](repeating: 0, count: count)
        for index in 0..<(count / 2) {
            real[index] = x[2 * index]
            real[count - 1 - index] = x[2 * index + 1]
        }
        var imaginary = [Double](repeating: 0, count: count)
        transform(&real, &imaginary)
        return (0..<count).map { real[$0] * cosines[$0] + imaginary[$0] * sines[$0] }
    }

    /// The cosine series, w_0 + 2 sum over k > 0 of w_k cos(pi k (j + 1/2) / N) for each j < N.
    func series(_ w: [Double]) -> [Double] {
        // v = IFFT(e^{i pi k / 2N} (w_k - i w_{N-k})), computed as the conjugate of a forward transform.
        var real = [Double](repeating: 0, count: count)
        var imaginary = real
        real[0] = w[0]
        for k in 1..<count {
            let (a, b) = (w[k], w[count - k])
            real[k] = a * cosines[k] + b * sines[k]
            imaginary[k] = -(a * sines[k] - b * cosines[k])
        }
        transform(&real, &imaginary)
        var values = [Double](repeating: 0, count: count)
        for index in 0..<(count / 2) {
            values[2 * index] = real[index]
            values[2 * index + 1] = real[count - 1 - index]
        }
        return values
    }

    /// The Fourier transform with e^{-2 pi i jk / N}, in place.
    private func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        unsafe real.withUnsafeMutableBufferPointer { re in
            unsafe imaginary.withUnsafeMutableBufferPointer { im in
                for index in 0..<count where reversed[index] > index {
                    unsafe re.swapAt(index, reversed[index])
                    unsafe im.swapAt(index, reversed[index])
                }
                var half = 1
                while half < count {
                    let stride = count / (2 * half)
                    for start in Swift.stride(from: 0, to: count, by: 2 * half) {
                        for k in 0..<half {
                            let (cosine, sine) = (turnCosines[k &* stride], turnSines[k &* stride])
                            let (low, high) = (start &+ k, start &+ k &+ half)
                            let x = unsafe re[high] * cosine + im[high] * sine
                            let y = unsafe im[high] * cosine - re[high] * sine
                            unsafe re[high] = re[low] - x
                            unsafe im[high] = im[low] - y
                            unsafe re[low] += x
                            unsafe im[low] += y
                        }
                    }
                    half *= 2
                }
            }
        }
    }
}
