// The kernels for one width of vectors. `CSpectra.c` includes this file once for each: LANES, TARGET, NAME and FUSED are its parameters.

typedef double NAME(vector) __attribute__((vector_size(8 * LANES)));
typedef int64_t NAME(mask) __attribute__((vector_size(8 * LANES)));
#define V NAME(vector)
#define M NAME(mask)

// mask ? a : b, lane by lane.
#define SELECT(mask, a, b) ((V)(((M)(a) & (mask)) | ((M)(b) & ~(mask))))
#define TRIANGLE(i) ((i) * ((i) + 1) / 2)

TARGET static inline V NAME(broadcast)(double value) {
    V result;
    for (int lane = 0; lane < LANES; ++lane) result[lane] = value;
    return result;
}

TARGET static void NAME(gather)(
    size_t order, const double *const *matrices, size_t stride, const int32_t *rows, const double *roots, double *packed, double *scales) {
    for (size_t lane = 0; lane < LANES; ++lane) {
        double trace = 0;
        for (size_t i = 0; i < order; ++i) {
            const size_t place = i * LANES + lane;
            const size_t row = rows ? (size_t)rows[place] : i;
            const double element = matrices[lane][row * stride + row];
            trace += roots ? roots[place] * roots[place] * element : element;
        }
        scales[lane] = 1;
        int exponent;
        frexp(trace, &exponent);
        // Within the reach of ldexp; a trace below 2^-1021 keeps its size.
        if (trace > 0 && trace <= DBL_MAX && exponent > -1021) scales[lane] = ldexp(1, 1 - exponent);
    }
    double *out = packed;
    for (size_t i = 0; i < order; ++i) {
        const double *row[LANES];
        double factor[LANES];
        for (size_t lane = 0; lane < LANES; ++lane) {
            const size_t place = i * LANES + lane;
            row[lane] = matrices[lane] + (rows ? (size_t)rows[place] : i) * stride;
            factor[lane] = roots ? scales[lane] * roots[place] : scales[lane];
        }
        for (size_t j = 0; j <= i; ++j, out += LANES) {
            if (rows) {
                const int32_t *columns = rows + j * LANES;
#pragma clang loop unroll(full)
                for (size_t lane = 0; lane < LANES; ++lane) out[lane] = factor[lane] * row[lane][columns[lane]];
            } else {
#pragma clang loop unroll(full)
                for (size_t lane = 0; lane < LANES; ++lane) out[lane] = factor[lane] * row[lane][j];
            }
            if (roots) {
                for (size_t lane = 0; lane < LANES; ++lane) out[lane] *= roots[j * LANES + lane];
            }
        }
    }
}

// A reflector whose rows the triangle has not seen yet: A - u q' - q u'.
typedef struct {
    const V *u, *q;
} NAME(reflector);

// Rows r ..< r + rows of the triangle, after the `count` reflectors that wait; adds what they and their mirror images give to p = a x. Each
// p_j is summed over j' < j first, then over the rows below in their order, whatever ROWS is. Always inlined, with constants for `rows` and
// `count`, 0 or WAITING.
TARGET static inline __attribute__((always_inline)) void NAME(multiply)(
    const size_t rows, const size_t count, size_t r, V *triangle, const NAME(reflector) *waiting, const V *x, V *p) {
    V *row[ROWS];
    V nu[ROWS][WAITING], nq[ROWS][WAITING], xr[ROWS], sum[ROWS], corner[ROWS];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < rows; ++k) {
        row[k] = triangle + TRIANGLE(r + k);
        xr[k] = x[r + k];
        sum[k] = xr[k] - xr[k];
#pragma clang loop unroll(full)
        for (size_t w = 0; w < count; ++w) {
            nu[k][w] = -waiting[w].u[r + k];
            nq[k][w] = -waiting[w].q[r + k];
        }
    }
    for (size_t j = 0; j < r; ++j) {
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
    // The corner stays in registers.
#pragma clang loop unroll(full)
    for (size_t k = 0; k < rows; ++k) {
#pragma clang loop unroll(full)
        for (size_t j = 0; j <= k; ++j) {
            V element = row[k][r + j];
#pragma clang loop unroll(full)
            for (size_t w = 0; w < count; ++w) {
                element = FUSED(nu[k][w], waiting[w].q[r + j], FUSED(nq[k][w], waiting[w].u[r + j], element));
            }
            if (count > 0) row[k][r + j] = element;
            sum[k] = FUSED(element, xr[j], sum[k]);
            if (j < k) corner[j] = FUSED(element, xr[k], corner[j]);
        }
        corner[k] = sum[k];
    }
#pragma clang loop unroll(full)
    for (size_t k = 0; k < rows; ++k) p[r + k] = corner[k];
}

// p = a x for the leading `order` rows. If all reflectors wait, the triangle is brought up to them in the same pass.
TARGET static void NAME(pass)(size_t order, size_t count, V *triangle, const NAME(reflector) *waiting, const V *x, V *p) {
    size_t r = 0;
    for (; r + ROWS <= order; r += ROWS) {
        if (count == 0) {
            NAME(multiply)(ROWS, 0, r, triangle, waiting, x, p);
        } else {
            NAME(multiply)(ROWS, WAITING, r, triangle, waiting, x, p);
        }
    }
    for (; r < order; ++r) {
        if (count == 0) {
            NAME(multiply)(1, 0, r, triangle, waiting, x, p);
        } else {
            NAME(multiply)(1, WAITING, r, triangle, waiting, x, p);
        }
    }
}

TARGET static void NAME(tridiagonalize)(size_t order, double *packed, double *diagonal, double *squares, double *scratch) {
    V *triangle = (V *)packed, *a = (V *)diagonal, *b = (V *)squares;
    if (order == 0) return;
    const V zero = NAME(broadcast)(0), one = NAME(broadcast)(1);
    // Passes over the triangle take most of the time. So WAITING reflectors wait for one pass that writes it; those between only read.
    NAME(reflector) waiting[WAITING];
    size_t count = 0, next = 0;
    for (size_t i = order; i-- > 0;) {
        V *x = triangle + TRIANGLE(i);
        for (size_t k = 0; k < count; ++k) {
            const V *u = waiting[k].u, *q = waiting[k].q;
            const V nu = -u[i], nq = -q[i];
            for (size_t j = 0; j <= i; ++j) x[j] = FUSED(nu, q[j], FUSED(nq, u[j], x[j]));
        }
        a[i] = x[i];
        if (i == 0) break;
        V sum = zero;
        for (size_t j = 0; j + 1 < i; ++j) sum = FUSED(x[j], x[j], sum);
        const V alpha = x[i - 1];
        const V square = FUSED(alpha, alpha, sum);
        b[i] = square;
        // The reflector x takes row i to (0, …, 0, beta); nothing has to be taken where the row is that already.
        const V beta = __builtin_elementwise_copysign(__builtin_elementwise_sqrt(square), -alpha);
        x[i - 1] = alpha - beta;
        const V half = FUSED(-alpha, beta, square);
        const M reflects = (sum > zero) & (half > zero);
        const V inverse = SELECT(reflects, one / SELECT(reflects, half, one), zero);
        V *p = (V *)scratch + next * order;
        next = (next + 1) % (WAITING + 1);
        if (count == WAITING) {
            NAME(pass)(i, WAITING, triangle, waiting, x, p);
            count = 0;
        } else {
            NAME(pass)(i, 0, triangle, waiting, x, p);
            for (size_t k = 0; k < count; ++k) {
                const V *u = waiting[k].u, *q = waiting[k].q;
                V ux = zero, qx = zero;
                for (size_t j = 0; j < i; ++j) {
                    ux = FUSED(u[j], x[j], ux);
                    qx = FUSED(q[j], x[j], qx);
                }
                for (size_t j = 0; j < i; ++j) p[j] = FUSED(-qx, u[j], FUSED(-ux, q[j], p[j]));
            }
        }
        V product = zero;
        for (size_t j = 0; j < i; ++j) {
            p[j] = p[j] * inverse;
            product = FUSED(p[j], x[j], product);
        }
        const V shift = -(product * inverse * NAME(broadcast)(0.5));
        for (size_t j = 0; j < i; ++j) p[j] = FUSED(shift, x[j], p[j]);
        waiting[count++] = (NAME(reflector)){x, p};
    }
    b[0] = zero;
}

// The next pivots of CHAINS ridges t: g = b r, and r = 1/(a + t - g). Divisions take most of the time, so two pivots share one.
TARGET static inline void NAME(reciprocals)(V a, V b, const V *ridge, V *r, V *g) {
    V pivot[CHAINS];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < CHAINS; ++k) {
        g[k] = b * r[k];
        pivot[k] = a + ridge[k] - g[k];
    }
#pragma clang loop unroll(full)
    for (size_t k = 0; k < CHAINS; k += 2) {
        const V inverse = NAME(broadcast)(1) / (pivot[k] * pivot[k + 1]);
        r[k] = inverse * pivot[k + 1];
        r[k + 1] = inverse * pivot[k];
    }
}

// With the pivots q_i = a_i + t - g_i, g_i = b_i^2/q_(i-1), of T + t = L D L', and a derivative by t written with a prime:
// w_i = t q_i'/q_i = t (1 + g_i w_(i-1)/t)/q_i and m_i = -t^2 q_i''/q_i = g_i (m_(i-1) + 2 w_(i-1)^2)/q_i, whose sums are those of
// t/(l + t) and, with w_i^2, of its square: the first two derivatives of ln det(T + t). No two terms of them cancel.
TARGET static void NAME(weights)(
    size_t order, const double *diagonal, const double *squares, size_t count, const double *ridges, double *sums, double *squareSums) {
    const V *a = (const V *)diagonal, *b = (const V *)squares, *t = (const V *)ridges;
    const V zero = NAME(broadcast)(0), one = NAME(broadcast)(1), two = NAME(broadcast)(2);
    for (size_t first = 0; first < count; first += CHAINS) {
        V ridge[CHAINS], r[CHAINS], w[CHAINS], m[CHAINS], sum[CHAINS], square[CHAINS];
        for (size_t k = 0; k < CHAINS; ++k) {
            ridge[k] = t[first + k < count ? first + k : count - 1];
            r[k] = w[k] = m[k] = sum[k] = square[k] = zero;
        }
        for (size_t i = 0; i < order; ++i) {
            V g[CHAINS];
            NAME(reciprocals)(a[i], b[i], ridge, r, g);
#pragma clang loop unroll(full)
            for (size_t k = 0; k < CHAINS; ++k) {
                const V last = FUSED(two * w[k], w[k], m[k]);
                w[k] = FUSED(g[k], w[k], ridge[k]) * r[k];
                m[k] = g[k] * r[k] * last;
                sum[k] += w[k];
                square[k] += FUSED(w[k], w[k], m[k]);
            }
        }
        for (size_t k = 0; k < CHAINS && first + k < count; ++k) {
            ((V *)sums)[first + k] = sum[k];
            ((V *)squareSums)[first + k] = square[k];
        }
    }
}

// As above with v_i = 1 - w_i = (a_i - 2 g_i + g_i v_(i-1))/q_i, n_i = -m_i, and v_i^2 - … = 1 - 2 w_i + w_i^2 + m_i.
TARGET static void NAME(shares)(
    size_t order, const double *diagonal, const double *squares, size_t count, const double *ridges, double *sums, double *squareSums) {
    const V *a = (const V *)diagonal, *b = (const V *)squares, *t = (const V *)ridges;
    const V zero = NAME(broadcast)(0), one = NAME(broadcast)(1), two = NAME(broadcast)(2);
    for (size_t first = 0; first < count; first += CHAINS) {
        V ridge[CHAINS], r[CHAINS], v[CHAINS], m[CHAINS], sum[CHAINS], square[CHAINS];
        for (size_t k = 0; k < CHAINS; ++k) {
            ridge[k] = t[first + k < count ? first + k : count - 1];
            r[k] = m[k] = sum[k] = square[k] = zero;
            v[k] = one;
        }
        for (size_t i = 0; i < order; ++i) {
            V g[CHAINS];
            NAME(reciprocals)(a[i], b[i], ridge, r, g);
#pragma clang loop unroll(full)
            for (size_t k = 0; k < CHAINS; ++k) {
                const V w = one - v[k];
                const V last = FUSED(two * w, w, m[k]);
                v[k] = FUSED(g[k], v[k] - two, a[i]) * r[k];
                m[k] = g[k] * r[k] * last;
                sum[k] += v[k];
                square[k] += FUSED(v[k], v[k], m[k]);
            }
        }
        for (size_t k = 0; k < CHAINS && first + k < count; ++k) {
            ((V *)sums)[first + k] = sum[k];
            ((V *)squareSums)[first + k] = square[k];
        }
    }
}

// The same at t = 0: s_i = q_i'/q_i, and m_i = -q_i''/q_i.
TARGET static void NAME(inverses)(size_t order, const double *diagonal, const double *squares, double *sums, double *squareSums) {
    const V *a = (const V *)diagonal, *b = (const V *)squares;
    const V zero = NAME(broadcast)(0), one = NAME(broadcast)(1), two = NAME(broadcast)(2);
    V r = zero, s = zero, m = zero, sum = zero, square = zero;
    for (size_t i = 0; i < order; ++i) {
        const V g = b[i] * r;
        r = one / (a[i] - g);
        const V last = FUSED(two * s, s, m);
        s = FUSED(g, s, one) * r;
        m = g * r * last;
        sum += s;
        square += FUSED(s, s, m);
    }
    *(V *)sums = sum;
    *(V *)squareSums = square;
}

TARGET static void NAME(counts)(size_t order, const double *diagonal, const double *squares, const double *shifts, double *counts) {
    const V *a = (const V *)diagonal, *b = (const V *)squares;
    const V shift = *(const V *)shifts, zero = NAME(broadcast)(0), one = NAME(broadcast)(1);
    // A pivot of 0 would lose the sign of the next.
    const V smallest = NAME(broadcast)(1e-290);
    V pivot = one, count = zero;
    for (size_t i = 0; i < order; ++i) {
        V next = a[i] - shift - b[i] / pivot;
        pivot = SELECT((next < smallest) & (next > -smallest), -smallest, next);
        count += SELECT(pivot > zero, one, zero);
    }
    *(V *)counts = count;
}

#undef V
#undef M
#undef SELECT
#undef TRIANGLE
