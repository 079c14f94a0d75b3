// Two functions that the compiler would take from a newer glibc than the rest of the program needs (2.36 and 2.35; without them 2.34, which
// Ubuntu 22.04 and Red Hat 9 have). Linked by Scripts/package only.
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#else
#error "expected x86-64 or ARM64: find the oldest version of hypot for this processor with objdump -T libm.so.6"
#endif

// As glibc 2.36 has it: random bits of the system, for hash seeds of the Swift runtime. No result of emi depends on them.
uint32_t arc4random(void) {
    uint32_t bits;
    ssize_t count;
    do { count = getrandom(&bits, sizeof bits, 0); } while (count < 0 && errno == EINTR);
    if (count != (ssize_t)sizeof bits) abort();
    return bits;
}

// The same arithmetic under its older name, which also sets errno.
__asm__(".symver hypot_of_double, hypot@" OLDEST);
__asm__(".symver hypot_of_float, hypotf@" OLDEST);
double hypot_of_double(double, double);
float hypot_of_float(float, float);
double hypot(double x, double y) { return hypot_of_double(x, y); }
float hypotf(float x, float y) { return hypot_of_float(x, y); }
