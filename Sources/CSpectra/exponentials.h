// The exponentials for one width of vectors. `Exponentials.c` includes this file once for each: LANES, TARGET, NAME and FUSED are its
// parameters.

typedef double NAME(vector) __attribute__((vector_size(8 * LANES)));
typedef int64_t NAME(mask) __attribute__((vector_size(8 * LANES)));
// The same at any address.
typedef double NAME(loose) __attribute__((vector_size(8 * LANES), aligned(8)));
#define V NAME(vector)
#define M NAME(mask)

#define SELECT(mask, a, b) ((V)(((M)(a) & (mask)) | ((M)(b) & ~(mask))))

// exp(x) = 2^k exp(r) with x = k ln 2 + r and |r| <= ln 2/2. exp(r) = 1 + r + r^2 p(r), where the ten coefficients of p, by Remez's
// algorithm on exp(r) itself, leave a relative error of 1.1e-17 before rounding.
TARGET static inline V NAME(exponential)(V x) {
    const V zero = {0};
    const V log2e = zero + 0x1.71547652b82fep+0;
    // The sum's lowest bits are those of k, and taking the number off again leaves k.
    const V magic = zero + 0x1.8p52;
    const V shifted = FUSED(x, log2e, magic);
    const V k = shifted - magic;
    // The first part of ln 2 ends in zeros, so its product with k is exact.
    V r = FUSED(k, zero - 0x1.62e42fefa3000p-1, x);
    r = FUSED(k, zero - 0x1.3de6af278ece6p-42, r);
    V p = zero + 0x1.ad7f7bbd4844dp-26;
    p = FUSED(p, r, zero + 0x1.28ad687c4186bp-22);
    p = FUSED(p, r, zero + 0x1.71df25396ff31p-19);
    p = FUSED(p, r, zero + 0x1.a0199a171576bp-16);
    p = FUSED(p, r, zero + 0x1.a01a012a6a334p-13);
    p = FUSED(p, r, zero + 0x1.6c16c18426550p-10);
    p = FUSED(p, r, zero + 0x1.1111111127b99p-7);
    p = FUSED(p, r, zero + 0x1.555555555088cp-5);
    p = FUSED(p, r, zero + 0x1.55555555554fap-3);
    p = FUSED(p, r, zero + 0x1.000000000000ap-1);
    p = FUSED(r * r, p, r) + 1;
    const V power = (V)(((M)shifted + 1023) << 52);
    return p * power;
}

TARGET static double NAME(exponentials)(size_t count, const double *offsets, double shift, double *values) {
    // Eight partial sums whatever the width.
    V sums[8 / LANES];
    V limit, least, shifts;
    for (int lane = 0; lane < LANES; ++lane) {
        limit[lane] = 690;
        least[lane] = -708;
        shifts[lane] = shift;
    }
    const V zero = {0};
    for (int part = 0; part < 8 / LANES; ++part) sums[part] = zero;
    size_t j = 0;
    for (; j + 8 <= count; j += 8) {
#pragma clang loop unroll(full)
        for (int part = 0; part < 8 / LANES; ++part) {
            const size_t place = j + (size_t)part * LANES;
            V x = *(const NAME(loose) *)(values + place) - *(const NAME(loose) *)(offsets + place) - shifts;
            x = SELECT(x > limit, limit, x);
            const V result = SELECT(x < least, zero, NAME(exponential)(x));
            *(NAME(loose) *)(values + place) = result;
            sums[part] += result;
        }
    }
    if (j < count) {
        double rest[8];
        for (size_t i = 0; i < 8; ++i) rest[i] = j + i < count ? values[j + i] - offsets[j + i] - shift : -INFINITY;
        for (int part = 0; part < 8 / LANES; ++part) {
            V x = *(const NAME(loose) *)(rest + part * LANES);
            x = SELECT(x > limit, limit, x);
            const V result = SELECT(x < least, zero, NAME(exponential)(x));
            *(NAME(loose) *)(rest + part * LANES) = result;
            sums[part] += result;
        }
        for (size_t i = 0; j + i < count; ++i) values[j + i] = rest[i];
    }
    double part[8];
    for (int i = 0; i < 8; ++i) part[i] = sums[i / LANES][i % LANES];
    return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

#undef V
#undef M
#undef SELECT
