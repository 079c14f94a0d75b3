"""Two models on the same questions: does the change of EMI follow the change of accuracy?

    python Scripts/measure_models.py --twin PATH [--study digits,shapes] [--rows 90] [--seeds 0,1,2] [--keep DIR]

Model A is the studies' base model. Model B is A in other words (`--model rephrased`: no change of substance, the
null) or a model whose eyes also saw corrupted images (`--model exposed`). Queries and references are the same, row by
row. One fit of the twin's estimator (`measure_study.py --help`) on the pairs of both models judges both, so that
neither is favoured; a set's change is the mean over rows of what B adds less what A adds, its standard error
clustered by image.

Columns, over all sets and seeds
    accuracy         mean change of accuracy
    Pearson, Spearman  of the change of EMI with the change of accuracy (none under the null: accuracy does not change)
    resolved         share of sets with |z| > 1.96
    SE               median of unpaired over paired standard errors, over sets in which the models differ
"""

import argparse
import pathlib
import tempfile

import numpy as np

from measure_study import MAKERS, made, numbers, pearson, sets_of, spearman, twin_of, unit


def clustered_error(values, groups):
    """Standard error of a mean of rows that come in groups."""
    index = np.unique(groups, return_inverse=True)[1]
    sums = np.bincount(index, values - values.mean())
    return float(np.sqrt(len(sums) / (len(sums) - 1) * (sums**2).sum())) / len(values)


def row_values(twin, first, second):
    """What each row adds, by set, for the one model and for the other."""
    everything = [*first.values(), *second.values()]
    references, responses = (unit(np.concatenate([each[name] for each in everything]))
                             for name in ("reference", "response"))
    groups = np.concatenate([each["group"] for each in everything])
    places = np.concatenate([np.full(len(each["score"]), at) for at, each in enumerate(everything)])
    model, reference, *_ = twin.estimate(references, responses, groups, places)
    split = np.split(model - reference, np.flatnonzero(np.diff(places)) + 1)
    return split[:len(first)], split[len(first):]


def changes(twin, first, second):
    """Of each set: change of accuracy, change of EMI, its paired and its unpaired standard error."""
    found = []
    for a, b, values_a, values_b in zip(first.values(), second.values(), *row_values(twin, first, second)):
        if list(a["id"]) != list(b["id"]) or not np.array_equal(a["reference"], b["reference"]):
            raise SystemExit("measure_models: the two models were not asked the same questions")
        alone = [clustered_error(values, a["group"]) for values in (values_a, values_b)]
        paired = clustered_error(values_b - values_a, a["group"])
        accuracy, emi = b["score"].mean() - a["score"].mean(), (values_b - values_a).mean()
        found.append((float(accuracy), float(emi), paired, float(np.hypot(*alone))))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--twin", required=True, metavar="PATH", help="a Python file with an estimator")
    parser.add_argument("--study", default="digits,shapes", help="digits, shapes, or both (default)")
    parser.add_argument("--rows", type=int, default=90)
    parser.add_argument("--seeds", type=numbers, default=[0, 1, 2], help="default 0,1,2")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="where the sets are kept")
    options = parser.parse_args()
    for study in options.study.split(","):
        if study not in MAKERS:
            parser.error(f"--study: expected {' or '.join(MAKERS)}, found {study!r}")
    twin = twin_of(options.twin)

    print("| study | rows | model B | accuracy | Pearson | Spearman | resolved | SE |")
    print("|:--|--:|:--|--:|--:|--:|--:|--:|")
    for study in options.study.split(","):
        for model in ("rephrased", "exposed"):
            found = []
            for seed in options.seeds:
                with tempfile.TemporaryDirectory() as temporary:
                    root = options.keep or pathlib.Path(temporary)
                    first, second = (sets_of(made(study, options.rows, seed, root, each)) for each in ("base", model))
                    found += changes(twin, first, second)
            accuracy, emi, paired, unpaired = np.array(found).T
            differ = paired > 0         # two models that say the same of a set have no errors to compare
            changed = np.ptp(accuracy) > 0
            follows = [f"{measure(emi, accuracy):.3f}" if changed else "" for measure in (pearson, spearman)]
            cells = [study, str(options.rows), model, f"{accuracy.mean():+.3f}", *follows,
                     f"{np.mean(abs(emi) > 1.96 * paired):.1%}", f"{np.median(unpaired[differ] / paired[differ]):.2f}"]
            print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
