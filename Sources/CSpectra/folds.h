// The residuals of kernel ridge regressions without one or two folds, for one width of vectors; included as `kernels.h` is.

#define V NAME(vector)
#define M NAME(mask)
#define SELECT(mask, a, b) ((V)(((M)(a) & (mask)) | ((M)(b) & ~(mask))))
#define TRIANGLE(i) ((i) * ((i) + 1) / 2)

// The rows that are taken together, so that what they are multiplied with is loaded once.
#define TALL 4

// A = L L' in place, row by row; the diagonal becomes 1/L_ii. A lane whose pivot is not positive gets the row's number in `failed`, unless
// it has one, and goes on with a pivot of 1.
TARGET static void NAME(cholesky)(size_t order, V *a, V *failed) {
    const V zero = NAME(broadcast)(0), one = NAME(broadcast)(1);
    for (size_t top = 0; top < order; top += TALL) {
        const size_t tall = order - top < TALL ? order - top : TALL;
        // Rows past the end repeat the last one; what they give is not kept.
        V *rows[TALL];
        for (size_t r = 0; r < TALL; ++r) rows[r] = a + TRIANGLE(top + (r < tall ? r : tall - 1));
        size_t j = 0;
        for (; j + 2 <= top; j += 2) {
            const V *x = a + TRIANGLE(j), *y = a + TRIANGLE(j + 1);
            V p[TALL], q[TALL];
            for (size_t r = 0; r < TALL; ++r) p[r] = q[r] = zero;
            for (size_t k = 0; k < j; ++k) {
                const V xk = x[k], yk = y[k];
#pragma clang loop unroll(full)
                for (size_t r = 0; r < TALL; ++r) {
                    p[r] = FUSED(rows[r][k], xk, p[r]);
                    q[r] = FUSED(rows[r][k], yk, q[r]);
                }
            }
            for (size_t r = 0; r < tall; ++r) {
                const V left = (rows[r][j] - p[r]) * x[j];
                rows[r][j] = left;
                rows[r][j + 1] = (rows[r][j + 1] - FUSED(left, y[j], q[r])) * y[j + 1];
            }
        }
        for (; j < top + tall; ++j) {
            const V *x = a + TRIANGLE(j);
            for (size_t i = j < top ? top : j; i < top + tall; ++i) {
                V *row = a + TRIANGLE(i);
                V sum = zero;
                for (size_t k = 0; k < j; ++k) sum = FUSED(row[k], x[k], sum);
                const V rest = row[j] - sum;
                if (i > j) {
                    row[j] = rest * x[j];
                    continue;
                }
                const M good = rest > zero;
                *failed = SELECT(~good & (*failed < zero), NAME(broadcast)((double)i), *failed);
                const V pivot = SELECT(good, rest, one);
                row[j] = one / __builtin_elementwise_sqrt(pivot);
            }
        }
    }
}

// W = L^-1 in place of L, whose diagonal has been inverted. `copy` holds TALL x order vectors.
TARGET static void NAME(invert)(size_t order, V *a, V *copy) {
    const V zero = NAME(broadcast)(0);
    for (size_t top = 0; top < order; top += TALL) {
        const size_t tall = order - top < TALL ? order - top : TALL;
        for (size_t r = 0; r < TALL; ++r) {
            const size_t i = top + (r < tall ? r : tall - 1);
            for (size_t k = 0; k <= i; ++k) copy[r * order + k] = a[TRIANGLE(i) + k];
        }
        for (size_t j = 0; j < top + tall; j += 2) {
            // The second column of an odd triangle's last pair lies past the diagonal and is not kept.
            V p[TALL], q[TALL];
            for (size_t r = 0; r < TALL; ++r) p[r] = q[r] = zero;
            if (j < top) {
                // W is lower triangular: row j has no element in column j + 1.
                const V first = a[TRIANGLE(j) + j];
                for (size_t r = 0; r < TALL; ++r) p[r] = copy[r * order + j] * first;
                for (size_t k = j + 1; k < top; ++k) {
                    const V *w = a + TRIANGLE(k) + j;
                    const V x = w[0], y = w[1];
#pragma clang loop unroll(full)
                    for (size_t r = 0; r < TALL; ++r) {
                        const V left = copy[r * order + k];
                        p[r] = FUSED(left, x, p[r]);
                        q[r] = FUSED(left, y, q[r]);
                    }
                }
            }
            for (size_t r = 0; r < tall; ++r) {
                V *row = a + TRIANGLE(top + r);
                const V scale = -copy[r * order + top + r];
                for (size_t c = j; c < j + 2 && c <= top + r; ++c) {
                    if (c == top + r) continue;
                    V sum = c == j ? p[r] : q[r];
                    for (size_t k = top > c ? top : c; k < top + r; ++k) sum = FUSED(copy[r * order + k], a[TRIANGLE(k) + c], sum);
                    row[c] = scale * sum;
                }
            }
        }
    }
}

// G = W' W.
TARGET static void NAME(gramian)(size_t order, const V *w, V *g) {
    const V zero = NAME(broadcast)(0);
    for (size_t top = 0; top < order; top += TALL) {
        const size_t tall = order - top < TALL ? order - top : TALL;
        const size_t below = top + tall;
        for (size_t j = 0; j < below; j += 2) {
            V p[TALL], q[TALL];
            for (size_t r = 0; r < TALL; ++r) p[r] = q[r] = zero;
            if (tall == TALL && j + 1 < below) {
                for (size_t k = below; k < order; ++k) {
                    const V *row = w + TRIANGLE(k);
                    const V x = row[j], y = row[j + 1];
#pragma clang loop unroll(full)
                    for (size_t r = 0; r < TALL; ++r) {
                        p[r] = FUSED(row[top + r], x, p[r]);
                        q[r] = FUSED(row[top + r], y, q[r]);
                    }
                }
            } else {
                // The last rows, which may be fewer.
                for (size_t k = below; k < order; ++k) {
                    const V *row = w + TRIANGLE(k);
                    for (size_t r = 0; r < tall; ++r) {
                        p[r] = FUSED(row[top + r], row[j], p[r]);
                        if (j + 1 < below) q[r] = FUSED(row[top + r], row[j + 1], q[r]);
                    }
                }
            }
            for (size_t r = 0; r < tall; ++r) {
                for (size_t c = j; c < j + 2 && c <= top + r; ++c) {
                    V sum = c == j ? p[r] : q[r];
                    for (size_t k = top + r; k < below; ++k) sum = FUSED(w[TRIANGLE(k) + top + r], w[TRIANGLE(k) + c], sum);
                    g[TRIANGLE(top + r) + c] = sum;
                }
            }
        }
    }
}

// x = L'^-1 L^-1 x, with the diagonal of L inverted.
TARGET static void NAME(solve)(size_t order, const V *l, V *x) {
    for (size_t i = 0; i < order; ++i) {
        const V *row = l + TRIANGLE(i);
        V rest = x[i];
        for (size_t k = 0; k < i; ++k) rest = FUSED(-row[k], x[k], rest);
        x[i] = rest * row[i];
    }
    for (size_t i = order; i-- > 0;) {
        const V *row = l + TRIANGLE(i);
        x[i] = x[i] * row[i];
        for (size_t k = 0; k < i; ++k) x[k] = FUSED(-row[k], x[i], x[k]);
    }
}

TARGET static void NAME(leave_out)(
    size_t order, double *packed, const double *ridges, const double *labels, size_t folds, const size_t *starts, double *residuals,
    double *inner, double *failures, double *scratch) {
    V *a = (V *)packed, *left = (V *)residuals, *squares = (V *)inner, *failed = (V *)failures;
    V *g = (V *)scratch, *block = g + TRIANGLE(order), *copy = block + TRIANGLE(order), *projected = copy + TALL * order;
    V *x = projected + order;
    const V zero = NAME(broadcast)(0), ridge = *(const V *)ridges;
    *failed = NAME(broadcast)(-1);
    for (size_t i = 0; i < order; ++i) a[TRIANGLE(i) + i] += ridge;
    NAME(cholesky)(order, a, failed);
    NAME(invert)(order, a, copy);
    NAME(gramian)(order, a, g);
    // G s = W' (W s).
    for (size_t i = 0; i < order; ++i) projected[i] = zero;
    for (size_t i = 0; i < order; ++i) {
        const V *row = a + TRIANGLE(i);
        V sum = zero;
        for (size_t k = 0; k <= i; ++k) sum = FUSED(row[k], NAME(broadcast)(labels[k]), sum);
        for (size_t k = 0; k <= i; ++k) projected[k] = FUSED(row[k], sum, projected[k]);
    }
    for (size_t f = 0; f < folds; ++f) {
        for (size_t h = 0; h <= f; ++h) {
            // The rows of h, then those of f, or one fold alone.
            const size_t count = starts[f + 1] - starts[f], before = h < f ? starts[h + 1] - starts[h] : 0;
            for (size_t i = 0; i < before + count; ++i) {
                const size_t row = i < before ? starts[h] + i : starts[f] + i - before;
                x[i] = projected[row];
                for (size_t j = 0; j <= i; ++j) {
                    block[TRIANGLE(i) + j] = g[TRIANGLE(row) + (j < before ? starts[h] + j : starts[f] + j - before)];
                }
            }
            NAME(cholesky)(before + count, block, failed);
            NAME(solve)(before + count, block, x);
            V sums[2] = {zero, zero};
            for (size_t i = 0; i < before + count; ++i) sums[i >= before] = FUSED(x[i], x[i], sums[i >= before]);
            if (h < f) {
                squares[f * folds + h] = sums[0];
                squares[h * folds + f] = sums[1];
            } else {
                squares[f * folds + f] = zero;
                for (size_t i = 0; i < count; ++i) left[starts[f] + i] = x[i];
            }
        }
    }
}

#undef V
#undef M
#undef SELECT
#undef TRIANGLE
#undef TALL
