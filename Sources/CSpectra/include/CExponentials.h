// Exponentials of many numbers at once, for likelihoods of rows against many others.
#ifndef CEXPONENTIALS_H
#define CEXPONENTIALS_H

#include <stddef.h>

/// Replaces each value by exp(min(value - offset - shift, 690)) and returns the sum of the results.
///
/// Each result is within 2 ulp of the exponential of its rounded argument (1.03 measured); it is 0 below -708, where it would be subnormal, and NaN stays
/// NaN. The sum is of eight partial sums, element j in the (j mod 8)-th, so that the bits of all kernels with a fused multiply-add are the
/// same (see CSpectra.h), whatever is computed beside them.
///
/// - kernel: as in CSpectra.h.
/// - count: the number of values and of offsets.
double cspectra_exponentials(int kernel, size_t count, const double *offsets, double shift, double *values);

#endif
