"""The independent prototype of `club-kernel` in NumPy: the oracle of its golden values.

    from club_kernel_prototype import club_kernel
    results = club_kernel(sets)      # sets: list of dict(visual, text, response, reference, groups)
    results = club_kernel(sets, residuals="diagonal")

residuals: "rotated" is the estimator: it turns the answers to the eigenbasis of the held-out residual covariance, chooses
the penalties again there, and weighs by the inverse of the whole covariance, its eigenvalues floored at 0.3 of their
mean. "diagonal" is the older definition: one variance an answer component, floored at 0.1 of their mean. "full" uses the
covariance without the turn. Each is CLUB with a Gaussian q of constant covariance.

Returns one dict per set: model_mi, reference_mi, emi, standard_error (of emi), and the per-row contributions.
"""

import numpy as np

PENALTIES = 10.0 ** np.arange(-5, 0.75, 0.5)      # twelve: 1e-5 ... 10^0.5
EXACT_ROW_LIMIT = 2000
LANDMARK_COUNT = 600
MEDIAN_SAMPLE = 400
RELATIVE_EIGENVALUE_FLOOR = 1e-8
RELATIVE_RANK_FLOOR = 1e-10                       # of covariance eigenvalues of the reference
VARIANCE_FLOOR = 0.1
FOLD_ROW_LIMIT = 2000
FOLD_COUNT = 5
COVARIANCE_FLOOR = 0.3                            # of the residual covariance
SCALES = {"visual": 0.5, "text": 1.0}


def unit_rows(x):
    x = np.asarray(x, dtype=np.float64)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def squared_distances(a, b):
    d = (a * a).sum(1)[:, None] + (b * b).sum(1)[None, :] - 2.0 * (a @ b.T)
    return np.maximum(d, 0.0)


def sampled_rows(n, count, seed, purpose):
    """`count` of n rows without replacement, ascending; all rows when n <= count."""
    if n <= count:
        return np.arange(n)
    return np.sort(np.random.default_rng([seed, purpose]).choice(n, count, replace=False))


def median_squared_distance(x):
    """Over the pairs i < j. Pairs of equal rows count (they are zeros up to rounding)."""
    i, j = np.triu_indices(len(x), 1)
    return float(np.median(squared_distances(x, x)[i, j]))


def query_kernel(a, b, medians, scales=SCALES):
    """k_v + k_t + k_v k_t, in general the sum of the products over all non-empty subsets = prod (1 + k_m) - 1."""
    product = 1.0
    for name, median in medians.items():
        product = product * (1.0 + np.exp(-squared_distances(a[name], b[name]) / (scales[name] * median)))
    return product - 1.0


def query_features(x, medians, seed, kernel=query_kernel):
    """Rows of features whose inner products are the kernel: exact, or Nystrom on landmarks."""
    n = len(next(iter(x.values())))
    exact = n <= EXACT_ROW_LIMIT
    landmarks = np.arange(n) if exact else sampled_rows(n, LANDMARK_COUNT, seed, 2)
    at = {name: rows[landmarks] for name, rows in x.items()}
    values, vectors = np.linalg.eigh(kernel(at, at, medians))
    if exact:
        # No eigenvalue dropped beyond what rounding made: negative ones are zero.
        return vectors * np.sqrt(np.maximum(values, 0.0))
    kept = values > RELATIVE_EIGENVALUE_FLOOR * values[-1]
    return kernel(x, at, medians) @ (vectors[:, kept] / np.sqrt(values[kept]))


def principal_answers(reference, limit=64):
    """The pooled mean and the first min(limit, rank) principal directions, as columns."""
    mean = reference.mean(0)
    centred = reference - mean
    values, vectors = np.linalg.eigh(centred.T @ centred / len(reference))
    values, vectors = values[::-1], vectors[:, ::-1]
    rank = int((values > RELATIVE_RANK_FLOOR * values[0]).sum())
    return mean, vectors[:, :min(limit, rank)]


class Fit:
    """One q of all pooled reference pairs, with everything held out by group."""

    def __init__(self, features, answers, groups, penalties=PENALTIES):
        n = len(features)
        centred = features - features.mean(0)
        values, vectors = np.linalg.eigh(centred.T @ centred / n)         # eigenbasis of the feature covariance
        kept = values > 1e-14 * values[-1]
        values, scores = values[kept], centred @ vectors[:, kept]
        whitened = scores / np.sqrt(n * values)                            # orthonormal columns
        self.whitened, self.groups = whitened, groups
        labels, inverse = np.unique(groups, return_inverse=True)
        members = [np.flatnonzero(inverse == g) for g in range(len(labels))]
        answers = answers - answers.mean(0)
        projected = whitened.T @ answers

        held_out = np.empty((len(penalties),) + answers.shape)            # E for each penalty
        fitted = np.empty_like(held_out)
        for p, penalty in enumerate(penalties):
            shrink = values / (values + penalty)
            fitted[p] = (whitened * shrink) @ projected
            residual = answers - fitted[p]
            for rows in members:
                block = (whitened[rows] * shrink) @ whitened[rows].T + 1.0 / n
                held_out[p][rows] = np.linalg.solve(np.eye(len(rows)) - block, residual[rows])
        errors = (held_out ** 2).mean(1)                                   # penalties x components
        best = errors.argmin(0)
        component = np.arange(answers.shape[1])
        self.errors, self.best, self.penalty = errors, best, np.asarray(penalties)[best]
        self.held_out = held_out[best, :, component].T                     # n x k
        self.fitted = fitted[best, :, component].T
        self.shrink = (values[:, None] / (values[:, None] + self.penalty[None, :]))   # features x k
        variance = errors[best, component]
        self.raw_variance = variance
        self.variance = np.maximum(variance, VARIANCE_FLOOR * variance.mean())
        self.members = members

    def centred_predictions(self, rows):
        """mu_{-g}(x_i) - mu_{-g}(mean of the set) for the rows of a set, g being the group of row i.

        mu_{-g}(z) = mu(z) - H(z, g) E_g; the 1/n of H cancels in the difference.
        """
        at_set_mean = self.whitened[rows].mean(0)
        result = self.fitted[rows] - self.fitted[rows].mean(0)
        groups = self.groups[rows]
        for group in np.unique(groups):
            here = np.flatnonzero(groups == group)
            whole = np.flatnonzero(self.groups == group)
            pull = self.whitened[whole].T @ self.held_out[whole]           # features x k
            result[here] -= (self.whitened[rows[here]] - at_set_mean) @ (pull * self.shrink)
        return result


def clustered_standard_error(contributions, groups):
    """Of the mean: sums of deviations over each group, with the factor G/(G-1)."""
    deviations = contributions - contributions.mean()
    labels, inverse = np.unique(groups, return_inverse=True)
    sums = np.bincount(inverse, weights=deviations)
    count = len(labels)
    if count < 2:
        return float("nan")
    return float(np.sqrt((sums ** 2).sum() * count / (count - 1)) / len(contributions))


def residual_covariance(fit):
    return fit.held_out.T @ fit.held_out / len(fit.held_out)


def floored_inverse(covariance):
    values, vectors = np.linalg.eigh(covariance)
    return (vectors / np.maximum(values, COVARIANCE_FLOOR * values.mean())) @ vectors.T


def weighted(fit, a, residuals):
    """Predictions times the inverse of the (floored) residual covariance."""
    if residuals == "diagonal":
        return a / fit.variance
    return a @ floored_inverse(residual_covariance(fit))


def pooled(sets, name):
    return np.concatenate([unit_rows(s[name]) for s in sets])


def club_kernel(sets, seed=0, details=False, residuals="rotated", scales=SCALES):
    """EMI of every set. Pools of up to FOLD_ROW_LIMIT rows leave every fifth group out of a fit of its own, which judges it;
    larger ones are judged by one fit, each row by slopes without its group."""
    rows = sum(len(s["groups"]) for s in sets)
    if rows <= FOLD_ROW_LIMIT and not details:
        return cross_fitted(sets, seed, residuals, scales)
    return leave_one_group_out(sets, seed, details, residuals, scales)


def cross_fitted(sets, seed, residuals, scales):
    modalities = [name for name in ("visual", "text") if name in sets[0]]
    x = {name: pooled(sets, name) for name in modalities}
    reference, response = pooled(sets, "reference"), pooled(sets, "response")
    groups = np.concatenate([np.asarray(s["groups"]) for s in sets])
    blocks = np.cumsum([0] + [len(s["groups"]) for s in sets])
    order = list(dict.fromkeys(groups.tolist()))                           # groups by their first row
    fold = np.array([order.index(g) % FOLD_COUNT for g in groups.tolist()])
    directions = np.zeros_like(reference)
    for k in range(min(FOLD_COUNT, len(order))):
        train = np.flatnonzero(fold != k)
        predict = fit_of_rows({name: rows[train] for name, rows in x.items()}, reference[train], groups[train], seed,
                              residuals, scales)
        for start, end in zip(blocks[:-1], blocks[1:]):
            own = np.arange(start, end)
            mu = predict({name: rows[own] for name, rows in x.items()})
            here = fold[own] == k
            directions[own[here]] = (mu - mu.mean(0))[here]
    return [summary(directions[start:end], response[start:end], reference[start:end], groups[start:end])
            for start, end in zip(blocks[:-1], blocks[1:])]


def fit_of_rows(x, reference, groups, seed, residuals, scales):
    """A function from queries to mu(x) Sigma^-1 in the space of answers, from some rows alone."""
    n = len(groups)
    sample = sampled_rows(n, MEDIAN_SAMPLE, seed, 1)
    medians = {name: median_squared_distance(rows[sample]) for name, rows in x.items()}
    gram = query_kernel(x, x, medians, scales)
    values, vectors = np.linalg.eigh(gram)
    kept = values > 1e-12 * values[-1]
    to_features = vectors[:, kept] / np.sqrt(values[kept])
    features = gram @ to_features
    mean, directions = principal_answers(reference)
    y = (reference - mean) @ directions
    fit = Fit(features, y, groups)
    if residuals == "rotated":
        turn = np.linalg.eigh(residual_covariance(fit))[1][:, ::-1]
        y, directions = y @ turn, directions @ turn
        fit = Fit(features, y, groups)
    centre = features.mean(0)
    # Ridge slopes in feature space, from the eigenbasis of the fit.
    covariance = (features - centre).T @ (features - centre) / n
    e, u = np.linalg.eigh(covariance)
    coefficients = u.T @ ((features - centre).T @ (y - y.mean(0)) / n)
    slopes = u @ (coefficients / (e[:, None] + fit.penalty[None, :]))
    weights = np.diag(1 / fit.variance) if residuals == "diagonal" else floored_inverse(residual_covariance(fit))
    to_answers = slopes @ weights @ directions.T

    def predict(queries):
        return query_kernel(queries, x, medians, scales) @ to_features @ to_answers
    return predict


def summary(a, response, reference, groups):
    model = (a * (response - response.mean(0))).sum(1)
    truth = (a * (reference - reference.mean(0))).sum(1)
    return {
        "model_mi": float(model.mean()), "reference_mi": float(truth.mean()), "emi": float(model.mean() - truth.mean()),
        "standard_error": clustered_standard_error(model - truth, groups),
        "model_mi_standard_error": clustered_standard_error(model, groups),
        "reference_mi_standard_error": clustered_standard_error(truth, groups),
        "model_contributions": model, "reference_contributions": truth,
    }


def leave_one_group_out(sets, seed=0, details=False, residuals="rotated", scales=SCALES):
    modalities = [name for name in ("visual", "text") if name in sets[0]]
    x = {name: pooled(sets, name) for name in modalities}
    reference, response = pooled(sets, "reference"), pooled(sets, "response")
    groups = np.concatenate([np.asarray(s["groups"]) for s in sets])
    n = len(groups)

    sample = sampled_rows(n, MEDIAN_SAMPLE, seed, 1)
    medians = {name: median_squared_distance(rows[sample]) for name, rows in x.items()}
    features = query_features(x, medians, seed, lambda a, b, m: query_kernel(a, b, m, scales))
    mean, directions = principal_answers(reference)
    y, y_model = (reference - mean) @ directions, (response - mean) @ directions
    fit = Fit(features, y, groups)
    if residuals == "rotated":
        turn = np.linalg.eigh(residual_covariance(fit))[1][:, ::-1]
        y, y_model, directions = y @ turn, y_model @ turn, directions @ turn
        fit = Fit(features, y, groups)

    results, start = [], 0
    for s in sets:
        rows = np.arange(start, start + len(s["groups"]))
        start += len(rows)
        a = weighted(fit, fit.centred_predictions(rows), residuals)
        model = (a * (y_model[rows] - y_model[rows].mean(0))).sum(1)
        truth = (a * (y[rows] - y[rows].mean(0))).sum(1)
        here = groups[rows]
        results.append({
            "model_mi": float(model.mean()), "reference_mi": float(truth.mean()),
            "emi": float(model.mean() - truth.mean()),
            "standard_error": clustered_standard_error(model - truth, here),
            "model_mi_standard_error": clustered_standard_error(model, here),
            "reference_mi_standard_error": clustered_standard_error(truth, here),
            "model_contributions": model, "reference_contributions": truth,
        })
    return (results, medians, fit, directions) if details else results
