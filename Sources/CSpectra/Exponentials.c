#include "CSpectra.h"

#include <math.h>
#include <stdint.h>


// Each sum is rounded as it is written: fused where FUSED says so, and nowhere else.
#pragma clang fp contract(off)

#define FUSED(a, b, c) __builtin_elementwise_fma(a, b, c)

#if defined(__x86_64__)

#define LANES 8
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define NAME(name) name##_avx512
#include "exponentials.h"
#undef LANES
#undef TARGET
#undef NAME

#define LANES 4
#define TARGET __attribute__((target("avx2,fma")))
#define NAME(name) name##_avx2
#include "exponentials.h"
#undef LANES
#undef TARGET
#undef NAME

// SSE2 has no fused multiply-add, and calling a function for one would be slow.
#undef FUSED
#define FUSED(a, b, c) ((a) * (b) + (c))

#endif

#define LANES 2
#define TARGET
#define NAME(name) name##_plain
#include "exponentials.h"

double cspectra_exponentials(int kernel, size_t count, const double *offsets, double shift, double *values) {
#if defined(__x86_64__)
    switch (kernel) {
    case CSPECTRA_AVX512: return exponentials_avx512(count, offsets, shift, values);
    case CSPECTRA_AVX2: return exponentials_avx2(count, offsets, shift, values);
    }
#endif
    return exponentials_plain(count, offsets, shift, values);
}
