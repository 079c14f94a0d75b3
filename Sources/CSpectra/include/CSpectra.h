// What a run does thousands of times, in vectors: sums over the spectra of small symmetric matrices without their eigenvalues, kernel ridge
// regressions without folds of rows, and exponentials (CExponentials.h).
//
// A batch holds as many matrices of one order as the processor has lanes of double precision; element e of lane m lies at
// [e * lanes + m]. Each lane goes through the same operations whatever the others hold, so a result depends neither on the lane nor on
// the batch. All products that are added use a fused multiply-add, and the compiler contracts nothing by itself: AVX-512, AVX2 with FMA
// and arm64 give the same bits. Processors without a fused multiply-add (x86-64 before 2013) round twice, within the error bounds.
//
// Every buffer must be aligned to 64 bytes. Nothing is allocated here, and nothing is kept.
#ifndef CSPECTRA_H
#define CSPECTRA_H

#include <stddef.h>
#include <stdint.h>

#include "CExponentials.h"

/// The instructions that a kernel is written for.
enum {
    /// Vectors of 128 bits, which every supported processor has: 2 lanes.
    CSPECTRA_PLAIN = 0,
    /// AVX2 with FMA: 4 lanes.
    CSPECTRA_AVX2 = 1,
    /// AVX-512: 8 lanes.
    CSPECTRA_AVX512 = 2,
};

/// The fastest kernel that this processor runs.
int cspectra_best_kernel(void);

/// The number of matrices in a batch of a kernel.
size_t cspectra_lanes(int kernel);

/// Gathers a batch: the lower triangles of the matrices, row by row, each matrix multiplied by the power of two that brings its trace into
/// [1, 2). The squares of elements then neither overflow nor make the result underflow.
///
/// - matrices: for each lane its elements in row-major order, `stride` a row. Only (r, s) with r >= s in the order of `rows` is read.
/// - rows: the rows (and columns) to take: [i * lanes + lane]; NULL takes 0 ..< order.
/// - roots: the factor of each row and column: [i * lanes + lane]; NULL takes 1.
/// - packed: receives order (order + 1)/2 elements a lane.
/// - scales: receives for each lane the power of two; 1 where the trace is not a positive number.
void cspectra_gather(
    int kernel, size_t order, const double *const *matrices, size_t stride, const int32_t *rows, const double *roots, double *packed,
    double *scales);

/// Householder's reduction of a batch to tridiagonal matrices T with the same spectra.
///
/// - packed: as `cspectra_gather` leaves it; it is overwritten.
/// - diagonal: receives `order` elements a lane.
/// - squares: receives `order` elements a lane: element i is the square of T[i][i - 1], element 0 is 0.
/// - scratch: room for 3 order elements a lane.
void cspectra_tridiagonalize(int kernel, size_t order, double *packed, double *diagonal, double *squares, double *scratch);

/// The same reduction of one matrix, whose rows are taken in vectors: for matrices that are too few or too large for a batch.
///
/// - matrix: its elements in row-major order, `stride` a row; the lower triangle is read.
/// - scale: the factor of each element.
/// - padded: room for order (order + 9)/2 + 8 elements.
/// - diagonal, squares: receive `order` elements, as above.
/// - scratch: room for 6 (order + 8) elements.
void cspectra_tridiagonalize_one(
    int kernel, size_t order, const double *matrix, size_t stride, double scale, double *padded, double *diagonal, double *squares,
    double *scratch);

/// The sums of w = t/(l + t) and of w^2 over the eigenvalues l of each T, for `count` ridges t a lane.
///
/// - ridges: [k * lanes + lane]; positive, and large enough that T + t is positive definite.
/// - sums, squareSums: receive [k * lanes + lane].
void cspectra_weights(
    int kernel, size_t order, const double *diagonal, const double *squares, size_t count, const double *ridges, double *sums,
    double *squareSums);

/// The sums of v = l/(l + t) and of v^2, which keep their digits where t is large.
void cspectra_shares(
    int kernel, size_t order, const double *diagonal, const double *squares, size_t count, const double *ridges, double *sums,
    double *squareSums);

/// The sums of 1/l and 1/l^2 over the eigenvalues of each T. They mean nothing where T is not positive definite.
void cspectra_inverses(
    int kernel, size_t order, const double *diagonal, const double *squares, double *sums, double *squareSums);

/// The number of eigenvalues above `shifts[lane]`, by Sturm's sequence.
void cspectra_counts(
    int kernel, size_t order, const double *diagonal, const double *squares, const double *shifts, double *counts);

/// Kernel ridge regression without one fold of rows, or two, for a batch of kernels. With G = (K + ridge)^-1, the residuals of rows A under
/// the fit without them are G_AA^-1 (G s)_A.
///
/// - packed: as `cspectra_gather` leaves it, with the rows of each fold next to each other; it is overwritten.
/// - ridges: [lane]; positive.
/// - labels: s, `order` numbers, the same in each lane.
/// - starts: the first row of each fold, and `order`: folds + 1 numbers.
/// - residuals: receives for each row its residual under the fit without its fold: [row * lanes + lane].
/// - inner: receives the sum of squared residuals at the rows of h under the fit without f and h: [(f * folds + h) * lanes + lane].
/// - failures: receives for each lane -1, or the number of a pivot that is not positive; the lane's results then mean nothing.
/// - scratch: room for order (order + 7) elements a lane.
void cspectra_leave_out(
    int kernel, size_t order, double *packed, const double *ridges, const double *labels, size_t folds, const size_t *starts,
    double *residuals, double *inner, double *failures, double *scratch);

#endif
