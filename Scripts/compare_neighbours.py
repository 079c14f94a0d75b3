"""`ksg` against benchmark-mi and scikit-learn: equal values, and how long each takes, side by side in one run on one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python Scripts/compare_neighbours.py [--emi .build/release/emi]

Needs numpy, scipy, scikit-learn and benchmark-mi (which needs jax 0.4.33). All use k = 5, the maximum norm and columns divided by
their standard deviations. Times are processor seconds, the least of five runs. Those of Python are of the estimate alone; of `emi`'s the same command
on 10 rows is taken off, which is its start. The others give no standard errors, and with --no-error `emi` does not either.
"""

import argparse
import json
import pathlib
import resource
import subprocess
import tempfile

import numpy as np
from scipy.special import digamma
from sklearn.feature_selection import mutual_info_regression
from sklearn.neighbors import NearestNeighbors

K = 5
RUNS = 5


def emi(options, folder, x, y):
    np.savez(folder / "rows.npz", x=x, y=y)
    command = [options.emi, "mi", "--x", f"{folder}/rows.npz:x", "--y", f"{folder}/rows.npz:y", "--estimator", "ksg", "--k", str(K),
               "--format", "json", "--threads", "1", "--no-bracket", "--no-error"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["value"]


def benchmark_mi(x, y):
    from bmi.estimators import KSGEnsembleFirstEstimator

    return KSGEnsembleFirstEstimator(neighborhoods=(K,), standardize=True, metric_x="chebyshev").estimate(x, y)


def brute_force(x, y):
    """What scikit-learn's mutual_info_regression does for single columns, for any number of them."""
    x, y = x / x.std(axis=0), y / y.std(axis=0)
    search = NearestNeighbors(algorithm="brute", metric="chebyshev", n_neighbors=K)
    radius = np.nextafter(search.fit(np.hstack([x, y])).kneighbors()[0][:, -1], 0)
    total = digamma(len(x)) + digamma(K)
    for side in (x, y):
        # Row by row: the radii differ, and brute force takes one at a time.
        search.fit(side)
        counts = np.empty(len(side))
        for first in range(0, len(side), 500):
            block = slice(first, first + 500)
            distances = search.radius_neighbors(side[block], radius=radius[block].max(), return_distance=True)[0]
            counts[block] = [np.count_nonzero(d <= r) for d, r in zip(distances, radius[block])]
        total -= np.mean(digamma(counts))
    return total


def processor_seconds():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime


def timed(function, *arguments, child=False):
    seconds = []
    for _ in range(RUNS):
        start = processor_seconds()[child]
        value = function(*arguments)
        seconds.append(processor_seconds()[child] - start)
    return value, min(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--emi", default=str(pathlib.Path(__file__).resolve().parent.parent / ".build/release/emi"))
    options = parser.parse_args()
    generator = np.random.default_rng(0)

    def pairs(n, d, correlation=0.6):
        x = generator.standard_normal((n, d))
        return x, correlation * x + np.sqrt(1 - correlation**2) * generator.standard_normal((n, d))

    cases = [("benchmark-mi", benchmark_mi, *pairs(2000, 1)), ("benchmark-mi", benchmark_mi, *pairs(2000, 3)),
             ("benchmark-mi", benchmark_mi, *pairs(2000, 10)),
             ("mutual_info_regression", lambda x, y: mutual_info_regression(x, y[:, 0], n_neighbors=K)[0], *pairs(2000, 1)),
             ("scikit-learn brute force", brute_force, *pairs(2000, 3)),
             ("scikit-learn brute force", brute_force, *pairs(5000, 25))]
    print("| against | n | columns | theirs | emi | difference | theirs, s | emi, s | times faster |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        start = timed(emi, options, pathlib.Path(folder), *pairs(10, 1), child=True)[1]
        for name, theirs, x, y in cases:
            value, seconds = timed(theirs, x, y)
            own, own_seconds = timed(emi, options, pathlib.Path(folder), x, y, child=True)
            own_seconds = max(1e-3, own_seconds - start)
            print(f"| {name} | {len(x):,} | {x.shape[1]} + {y.shape[1]} | {value:.6f} | {own:.6f} | {abs(value - own):.1e} | "
                  f"{seconds:.2f} | {own_seconds:.3f} | {seconds / own_seconds:.0f} |", flush=True)
        print(f"\nStart of emi: {start:.3f} s")


if __name__ == "__main__":
    main()
