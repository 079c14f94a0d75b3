"""How well EMI follows the true accuracy, and its bound EMID, on the studies of this folder: a Markdown table.

    python Scripts/measure_study.py [--study digits,shapes] [--rows 90,300] [--seeds 0,1,2,3,4]
                                    [--emi .build/release/emi] [--flags "--estimator club-ridge"]
                                    [--twin PATH] [--keep DIR] [--json FILE]

For each study, size and seed, all sets are made anew (`make_digits_study.py`, `make_shapes_study.py`), `emi batch`
judges them, and its report is compared with the exact accuracies: correlations over all sets, the in-distribution one
among them. Beside EMI stand two baselines that need no fit: the cosine of response and reference, and the same after
whitening (`whitened_cosines`). `--twin` adds a NumPy twin of an estimator: a Python file with `estimate(reference,
response, group, set)` that returns what each row adds for the model and for the reference, and whatever else. `--keep`
keeps the sets and takes those that are there.

Columns: mean over seeds, ± standard deviation where there are several
    Pearson, Spearman    of a set's value with its accuracy
    AUROC                how well a row's own value tells right rows from wrong ones, mean over sets that have both
    above the bound      scenarios whose EMID is above the reported bound, of those that have one; all seeds together
    EMID ~ bound         Pearson / Spearman
    bound / EMID         median over scenarios with EMID above 0.3 nats
Needs numpy, scipy, scikit-learn, regex.
"""

import argparse
import importlib.util
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
from typing import NamedTuple

import numpy as np
import scipy.stats

SCRIPTS = pathlib.Path(__file__).resolve().parent
MAKERS = {"digits": "make_digits_study.py", "shapes": "make_shapes_study.py"}
WHITENING_RIDGE = 0.01          # of the largest eigenvalue
EMID_FLOOR = 0.3                # below it, bound / EMID says nothing


class Judged(NamedTuple):
    """What one judge says of all sets of a study, the in-distribution one first."""
    values: list            # one a set
    accuracies: list
    auroc: float
    gaps: list              # EMID, and
    bounds: list            # its bound, where there is one: of the same scenarios


def sets_of(folder):
    """Name to arrays, in the order of scores.csv: the in-distribution set first."""
    names = [line.split(",")[0] for line in (folder / "scores.csv").read_text(encoding="utf-8").splitlines()[1:]]
    return {name: dict(np.load(folder / f"{name}.npz")) for name in names}


def made(study, rows, seed, root, model="base"):
    """The folder of a study below `root`, made unless it is there."""
    folder = root / "-".join([study, str(rows), str(seed), *([model] if model != "base" else [])])
    if not (folder / "manifest.yaml").exists():         # written last
        command = [sys.executable, SCRIPTS / MAKERS[study], "--out", folder, "--rows", str(rows), "--seed", str(seed)]
        command += ["--model", model]
        subprocess.run(command, check=True)
    return folder


def unit(rows):
    rows = np.asarray(rows, dtype=float)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-300)


def whitened_cosines(responses, references):
    """Cosine of each response and its reference after both are centred by their own mean and whitened by their common
    covariance, whose eigenvalues are raised by a hundredth of the largest."""
    centred = [rows - rows.mean(axis=0) for rows in (responses, references)]
    both = np.vstack(centred)
    values, vectors = np.linalg.eigh(both.T @ both / len(both))
    whitener = vectors / np.sqrt(np.maximum(values, 0) + WHITENING_RIDGE * values[-1])
    response, reference = (unit(rows @ whitener) for rows in centred)
    return (response * reference).sum(axis=1)


def auroc(values, right):
    """Probability that a right row has the larger value, a tie counting one half; None where all rows are alike."""
    right = np.asarray(right) > 0.5
    if right.all() or not right.any():
        return None
    ranks = scipy.stats.rankdata(values)
    count = right.sum()
    return float((ranks[right].sum() - count * (count + 1) / 2) / (count * (len(right) - count)))


def mean_or_nothing(values):
    found = [value for value in values if value is not None]
    return statistics.mean(found) if found else None


def judged_by_rows(sets, row_values, with_gaps=False):
    """A judge that has a value for every row: of all rows, in the order of the sets."""
    ends = np.cumsum([len(each["score"]) for each in sets.values()])
    split = np.split(row_values, ends[:-1])
    accuracies = [float(each["score"].mean()) for each in sets.values()]
    means = [float(rows.mean()) for rows in split]
    areas = [auroc(rows, each["score"]) for rows, each in zip(split, sets.values())]
    gaps = [means[0] - value for value in means[1:]] if with_gaps else []
    return Judged(means, accuracies, mean_or_nothing(areas), gaps, [])


def judged_by_emi(report, kept):
    """EMI of the report's sets; scenarios that failed are left out. `kept` is the file of `--keep-rows`."""
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()[1:]]
    areas = [auroc(np.subtract(each["model_mi"], each["reference_mi"]), each["score"]) for each in rows if each.get("score")]
    sets = [report["id"]] + [scenario for scenario in report["scenarios"] if scenario["status"] == "ok"]
    bounded = [scenario for scenario in sets[1:] if (scenario.get("bound") or {}).get("value") is not None]
    return Judged(
        [each["emi"]["value"] for each in sets], [each["score"] for each in sets],
        mean_or_nothing(areas),
        [scenario["emid"]["value"] for scenario in bounded], [scenario["bound"]["value"] for scenario in bounded])


def twin_of(path):
    specification = importlib.util.spec_from_file_location(pathlib.Path(path).stem, path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def judgements(folder, options, twin):
    """Judge to what it says, for one study."""
    sets = sets_of(folder)
    responses, references = (unit(np.concatenate([each[name] for each in sets.values()]))
                             for name in ("response", "reference"))
    found = {}
    if options.emi != "none":
        with tempfile.TemporaryDirectory() as place:
            written = pathlib.Path(place) / "report.json"
            command = [options.emi, "batch", folder / "manifest.yaml", "--quiet", "--keep-rows", "-o", written]
            subprocess.run(command + shlex.split(options.flags), check=True, capture_output=True)
            found["EMI"] = judged_by_emi(json.loads(written.read_text(encoding="utf-8")), written.with_suffix(".rows.jsonl"))
    if twin is not None:
        groups = np.concatenate([each["group"] for each in sets.values()])
        numbers = np.concatenate([np.full(len(each["score"]), at) for at, each in enumerate(sets.values())])
        model, reference, *_ = twin.estimate(references, responses, groups, numbers)
        found["EMI of the twin"] = judged_by_rows(sets, model - reference, with_gaps=True)
    found["whitened cosine"] = judged_by_rows(sets, whitened_cosines(responses, references))
    found["cosine"] = judged_by_rows(sets, (responses * references).sum(axis=1))
    return found


def spread(values, digits=3):
    values = [value for value in values if value is not None and np.isfinite(value)]
    if not values:
        return ""
    text = f"{statistics.mean(values):.{digits}f}"
    return text + (f" ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else "")


def pearson(first, second):
    return float(scipy.stats.pearsonr(first, second).statistic) if len(first) > 2 else None


def spearman(first, second):
    return float(scipy.stats.spearmanr(first, second).statistic) if len(first) > 2 else None


def line(study, rows, judge, seeds):
    """A row of the table: `seeds` is what the judge said, one a seed."""
    bounded = [each for each in seeds if each.bounds]
    above = sum(gap > bound for each in bounded for gap, bound in zip(each.gaps, each.bounds))
    ratios = [statistics.median(found) for each in bounded
              if (found := [bound / gap for gap, bound in zip(each.gaps, each.bounds) if gap > EMID_FLOOR])]
    cells = [study, str(rows), judge, spread([pearson(each.values, each.accuracies) for each in seeds]),
             spread([spearman(each.values, each.accuracies) for each in seeds]), spread([each.auroc for each in seeds])]
    if bounded:
        follows = [spread([measure(each.gaps, each.bounds) for each in bounded]) for measure in (pearson, spearman)]
        cells += [f"{above} of {sum(len(each.bounds) for each in bounded)}", " / ".join(follows), spread(ratios, 2)]
    else:
        cells += [""] * 3
    return "| " + " | ".join(cells) + " |"


def numbers(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--study", default="digits,shapes", help="digits, shapes, or both (default)")
    parser.add_argument("--rows", type=numbers, default=[90, 300], help="rows of a set (default 90,300)")
    parser.add_argument("--seeds", type=numbers, default=[0, 1, 2, 3, 4], help="default 0,1,2,3,4")
    parser.add_argument("--emi", default=str(SCRIPTS.parent / ".build/release/emi"), help="the program, or none")
    parser.add_argument("--flags", default="--permutations 0", help="of emi batch (default: no relabellings)")
    parser.add_argument("--twin", metavar="PATH", help="a Python file with an estimator")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="where the sets are kept")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="everything that the table is made of")
    options = parser.parse_args()
    for study in options.study.split(","):
        if study not in MAKERS:
            parser.error(f"--study: expected {' or '.join(MAKERS)}, found {study!r}")
    twin = twin_of(options.twin) if options.twin else None

    everything = []
    print("| study | rows | judged by | Pearson | Spearman | AUROC | above the bound | EMID ~ bound | bound / EMID |")
    print("|:--|--:|:--|--:|--:|--:|--:|--:|--:|")
    for study in options.study.split(","):
        for rows in options.rows:
            found = {}
            for seed in options.seeds:
                with tempfile.TemporaryDirectory() as temporary:
                    folder = made(study, rows, seed, options.keep or pathlib.Path(temporary))
                    for judge, judged in judgements(folder, options, twin).items():
                        found.setdefault(judge, []).append(judged)
                        about = {"study": study, "rows": rows, "seed": seed, "judge": judge}
                        everything.append(about | judged._asdict())
            for judge, seeds in found.items():
                print(line(study, rows, judge, seeds), flush=True)
    if options.json:
        options.json.write_text(json.dumps(everything) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
