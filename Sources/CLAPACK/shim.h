// OpenBLAS first, LAPACKE second: LAPACKE then binds to the LAPACK inside OpenBLAS.
// Never link `lapack` or `blas`: the system's alternatives would decide, and the
// reference routines are 5 to 10 times slower.
#include <cblas.h>
#include <lapacke.h>
