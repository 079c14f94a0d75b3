#include "CSpectra.h"

#include <float.h>
#include <math.h>

// Each sum is rounded as it is written: fused where FUSED says so, and nowhere else.
#pragma clang fp contract(off)

// The number of independent recurrences that hide the latency of divisions; even.
#define CHAINS 4
// The number of reflectors that wait for a pass over the triangle. More pay only for triangles that do not fit the second-level cache.
#define WAITING 2

#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)

#if defined(__x86_64__)

#define LANES 8
#define ROWS 4
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define NAME(name) name##_avx512
#include "kernels.h"
#include "folds.h"
#include "single.h"
#undef LANES
#undef ROWS
#undef TARGET
#undef NAME

#define LANES 4
#define ROWS 2
#define TARGET __attribute__((target("avx2,fma")))
#define NAME(name) name##_avx2
#include "kernels.h"
#include "folds.h"
#include "single.h"
#undef LANES
#undef ROWS
#undef TARGET
#undef NAME

// SSE2 has no fused multiply-add, and calling a function for one would be slow.
#undef FUSED
#define FUSED(a, b, c) ((a) * (b) + (c))

#endif

#define LANES 2
#define ROWS 2
#define TARGET
#define NAME(name) name##_plain
#include "kernels.h"
#include "folds.h"
#include "single.h"

int cspectra_best_kernel(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (fused && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return CSPECTRA_AVX512;
    if (fused) return CSPECTRA_AVX2;
#endif
    return CSPECTRA_PLAIN;
}

size_t cspectra_lanes(int kernel) {
    return kernel == CSPECTRA_AVX512 ? 8 : kernel == CSPECTRA_AVX2 ? 4 : 2;
}

#if defined(__x86_64__)
#define DISPATCH(function, ...)                                              \
    switch (kernel) {                                                        \
    case CSPECTRA_AVX512: function##_avx512(__VA_ARGS__); break;             \
    case CSPECTRA_AVX2: function##_avx2(__VA_ARGS__); break;                 \
    default: function##_plain(__VA_ARGS__);                                  \
    }
#else
#define DISPATCH(function, ...) function##_plain(__VA_ARGS__)
#endif

void cspectra_gather(
    int kernel, size_t order, const double *const *matrices, size_t stride, const int32_t *rows, const double *roots, double *packed,
    double *scales) {
    DISPATCH(gather, order, matrices, stride, rows, roots, packed, scales);
}

void cspectra_tridiagonalize(int kernel, size_t order, double *packed, double *diagonal, double *squares, double *scratch) {
    DISPATCH(tridiagonalize, order, packed, diagonal, squares, scratch);
}

void cspectra_tridiagonalize_one(
    int kernel, size_t order, const double *matrix, size_t stride, double scale, double *padded, double *diagonal, double *squares,
    double *scratch) {
    DISPATCH(tridiagonalize_one, order, matrix, stride, scale, padded, diagonal, squares, scratch);
}

void cspectra_weights(
    int kernel, size_t order, const double *diagonal, const double *squares, size_t count, const double *ridges, double *sums,
    double *squareSums) {
    DISPATCH(weights, order, diagonal, squares, count, ridges, sums, squareSums);
}

void cspectra_shares(
    int kernel, size_t order, const double *diagonal, const double *squares, size_t count, const double *ridges, double *sums,
    double *squareSums) {
    DISPATCH(shares, order, diagonal, squares, count, ridges, sums, squareSums);
}

void cspectra_inverses(
    int kernel, size_t order, const double *diagonal, const double *squares, double *sums, double *squareSums) {
    DISPATCH(inverses, order, diagonal, squares, sums, squareSums);
}

void cspectra_counts(
    int kernel, size_t order, const double *diagonal, const double *squares, const double *shifts, double *counts) {
    DISPATCH(counts, order, diagonal, squares, shifts, counts);
}

void cspectra_leave_out(
    int kernel, size_t order, double *packed, const double *ridges, const double *labels, size_t folds, const size_t *starts,
    double *residuals, double *inner, double *failures, double *scratch) {
    DISPATCH(leave_out, order, packed, ridges, labels, folds, starts, residuals, inner, failures, scratch);
}
