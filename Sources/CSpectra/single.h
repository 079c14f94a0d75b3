// Householder's reduction of one matrix, for one set of instructions; included as `kernels.h` is. Vectors run along the rows of the matrix and
// hold WIDE elements whatever the processor's are, so that every processor adds in the same order.

#define WIDE 8
typedef double NAME(wide) __attribute__((vector_size(8 * WIDE)));
typedef int64_t NAME(wide_mask) __attribute__((vector_size(8 * WIDE)));
#define V NAME(wide)
#define M NAME(wide_mask)
#define MASKED(mask, a) ((V)((M)(a) & (mask)))
#define VECTORS(count) (((count) + WIDE - 1) / WIDE)
// The first vector of row r, which has r + 1 elements and is filled up with zeros.
#define PADDED(r) (((r) / WIDE + 1) * (WIDE / 2 * ((r) / WIDE) + (r) % WIDE))

typedef struct {
    const V *u, *q;
} NAME(wide_reflector);

// Macros, as vectors wider than the processor's are better not handed to functions.
#define FILL(value) ({ const double each_ = (value); (V){each_, each_, each_, each_, each_, each_, each_, each_}; })
#define TOTAL(vector) ({ const V v_ = (vector); ((v_[0] + v_[4]) + (v_[2] + v_[6])) + ((v_[1] + v_[5]) + (v_[3] + v_[7])); })
// The lanes below `count`.
#define BELOW(count) ({ const int64_t end_ = (int64_t)(count); (M){0, 1, 2, 3, 4, 5, 6, 7} < (M){end_, end_, end_, end_, end_, end_, end_, end_}; })

TARGET static double NAME(dot)(size_t vectors, const V *x, const V *y) {
    V sum = FILL(0), other = sum;
    size_t j = 0;
    for (; j + 2 <= vectors; j += 2) {
        sum = FUSED(x[j], y[j], sum);
        other = FUSED(x[j + 1], y[j + 1], other);
    }
    if (j < vectors) sum = FUSED(x[j], y[j], sum);
    return TOTAL(sum + other);
}

// Rows r ..< r + rows, which end in the same vector, after the reflectors that wait; adds what they and their mirror images give to p = a x.
// Always inlined, with constants for `rows` and `count`.
TARGET static inline __attribute__((always_inline)) void NAME(rows)(
    const size_t rows, const size_t count, size_t r, V *triangle, const NAME(wide_reflector) *waiting, const V *x, V *p) {
    const size_t full = r / WIDE;
    V *row[ROWS];
    V nu[ROWS][WAITING], nq[ROWS][WAITING], xr[ROWS], sum[ROWS];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < rows; ++k) {
        row[k] = triangle + PADDED(r + k);
        xr[k] = FILL(((const double *)x)[r + k]);
        sum[k] = FILL(0);
#pragma clang loop unroll(full)
        for (size_t w = 0; w < count; ++w) {
            nu[k][w] = FILL(-((const double *)waiting[w].u)[r + k]);
            nq[k][w] = FILL(-((const double *)waiting[w].q)[r + k]);
        }
    }
    for (size_t j = 0; j < full; ++j) {
        V u[WAITING], q[WAITING];
#pragma clang loop unroll(full)
        for (size_t w = 0; w < count; ++w) {
            u[w] = waiting[w].u[j];
            q[w] = waiting[w].q[j];
        }
        const V xj = x[j];
        V pj = p[j];
#pragma clang loop unroll(full)
        for (size_t k = 0; k < rows; ++k) {
            V element = row[k][j];
#pragma clang loop unroll(full)
            for (size_t w = 0; w < count; ++w) element = FUSED(nu[k][w], q[w], FUSED(nq[k][w], u[w], element));
            if (count > 0) row[k][j] = element;
            sum[k] = FUSED(element, xj, sum[k]);
            pj = FUSED(element, xr[k], pj);
        }
        p[j] = pj;
    }
    const V xj = x[full];
    V pj = p[full];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < rows; ++k) {
        const size_t place = (r + k) % WIDE;
        V element = row[k][full];
#pragma clang loop unroll(full)
        for (size_t w = 0; w < count; ++w) element = FUSED(nu[k][w], waiting[w].q[full], FUSED(nq[k][w], waiting[w].u[full], element));
        element = MASKED(BELOW(place + 1), element);
        if (count > 0) row[k][full] = element;
        pj = FUSED(MASKED(BELOW(place), element), xr[k], pj);
        pj[place] += TOTAL(FUSED(element, xj, sum[k]));
    }
    p[full] = pj;
}

// p = a x for the leading `order` rows, after the reflectors that wait.
TARGET static void NAME(wide_pass)(
    size_t order, size_t count, V *triangle, const NAME(wide_reflector) *waiting, const V *x, V *p) {
    for (size_t j = 0; j < VECTORS(order); ++j) p[j] = FILL(0);
    size_t r = 0;
    for (; r + ROWS <= order; r += ROWS) {
        if (count == 0) {
            NAME(rows)(ROWS, 0, r, triangle, waiting, x, p);
        } else {
            NAME(rows)(ROWS, WAITING, r, triangle, waiting, x, p);
        }
    }
    for (; r < order; ++r) {
        if (count == 0) {
            NAME(rows)(1, 0, r, triangle, waiting, x, p);
        } else {
            NAME(rows)(1, WAITING, r, triangle, waiting, x, p);
        }
    }
}

TARGET static void NAME(tridiagonalize_one)(
    size_t order, const double *matrix, size_t stride, double scale, double *padded, double *diagonal, double *squares, double *scratch) {
    V *triangle = (V *)padded;
    const size_t vectors = VECTORS(order);
    for (size_t r = 0; r < order; ++r) {
        double *row = (double *)(triangle + PADDED(r));
        for (size_t j = 0; j <= r; ++j) row[j] = scale * matrix[r * stride + j];
        for (size_t j = r + 1; j < VECTORS(r + 1) * WIDE; ++j) row[j] = 0;
    }
    // As in `tridiagonalize`. The vectors of WAITING + 1 reflectors u, and of as many q.
    NAME(wide_reflector) waiting[WAITING];
    size_t count = 0, next = 0;
    for (size_t i = order; i-- > 0;) {
        V *x = (V *)scratch + 2 * next * vectors, *p = x + vectors;
        next = (next + 1) % (WAITING + 1);
        const V *row = triangle + PADDED(i);
        const size_t used = VECTORS(i + 1);
        for (size_t j = 0; j < used; ++j) x[j] = row[j];
        for (size_t k = 0; k < count; ++k) {
            const V *u = waiting[k].u, *q = waiting[k].q;
            const V nu = FILL(-((const double *)u)[i]), nq = FILL(-((const double *)q)[i]);
            for (size_t j = 0; j < used; ++j) x[j] = FUSED(nu, q[j], FUSED(nq, u[j], x[j]));
        }
        double *elements = (double *)x;
        diagonal[i] = elements[i];
        if (i == 0) break;
        for (size_t j = i; j < used * WIDE; ++j) elements[j] = 0;
        const double alpha = elements[i - 1];
        elements[i - 1] = 0;
        const double sum = NAME(dot)(used, x, x);
        const double square = __builtin_fma(alpha, alpha, sum);
        squares[i] = square;
        const double beta = __builtin_copysign(__builtin_sqrt(square), -alpha);
        elements[i - 1] = alpha - beta;
        const double half = __builtin_fma(-alpha, beta, square);
        const double inverse = sum > 0 && half > 0 ? 1 / half : 0;
        if (count == WAITING) {
            NAME(wide_pass)(i, WAITING, triangle, waiting, x, p);
            count = 0;
        } else {
            NAME(wide_pass)(i, 0, triangle, waiting, x, p);
            for (size_t k = 0; k < count; ++k) {
                const V *u = waiting[k].u, *q = waiting[k].q;
                const V ux = FILL(-NAME(dot)(VECTORS(i), u, x)), qx = FILL(-NAME(dot)(VECTORS(i), q, x));
                for (size_t j = 0; j < VECTORS(i); ++j) p[j] = FUSED(qx, u[j], FUSED(ux, q[j], p[j]));
            }
        }
        const V factor = FILL(inverse);
        for (size_t j = 0; j < VECTORS(i); ++j) p[j] = p[j] * factor;
        const V shift = FILL(-(NAME(dot)(VECTORS(i), p, x) * inverse * 0.5));
        for (size_t j = 0; j < VECTORS(i); ++j) p[j] = FUSED(shift, x[j], p[j]);
        waiting[count++] = (NAME(wide_reflector)){x, p};
    }
    if (order > 0) squares[0] = 0;
}

#undef WIDE
#undef V
#undef M
#undef MASKED
#undef VECTORS
#undef PADDED
#undef FILL
#undef TOTAL
#undef BELOW
