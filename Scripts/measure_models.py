"""Two models on the same questions: does the change of EMI follow the change of accuracy?

    python Scripts/measure_models.py [--study digits,shapes] [--rows 90] [--seeds 0,1,2] [--emi .build/release/emi]
                                     [--flags "--estimator club-kernel"] [--twin PATH] [--keep DIR] [--json FILE]

Model A is the studies' base model. Model B is A in other words (`--model rephrased`: no change of substance, the
null) or a model whose eyes also saw corrupted images (`--model exposed`). Queries and references are the same, row by
row. One fit of q on the pairs of both models judges both, so that neither is favoured (`emi batch --fit-with`); rows are
kept, and `emi compare` sets rows against rows, and with `--unpaired` report against report. `--twin` adds a NumPy twin
of an estimator (`measure_study.py --help`), with standard errors clustered by image.

Columns, over all sets and seeds, the in-distribution set among them
    accuracy         mean change of accuracy
    Pearson, Spearman  of the change of EMI with the change of accuracy (none under the null: accuracy does not change)
    ceiling          the Pearson that sampling alone leaves if EMI were a line in accuracy: sqrt(S / (S + N)), with S the
                     variance of that line over sets, N the mean squared standard error of EMI's change around it
    without noise    Pearson between halves of the images (EMI of the one, accuracy of the other), divided by the root of
                     the product of each measure's Pearson between halves; means over 50 random halves
    cosine           Pearson of the change of the cosine of response and reference with that of accuracy
    resolved         sets whose 95 % interval excludes 0 (the twin: |z| > 1.96), independent -> paired
    gap              the same for EMID
    SE, SE of EMID   median of unpaired over paired standard errors, over sets in which the models differ
"""

import argparse
import json
import pathlib
import shlex
import subprocess
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


def twin_changes(twin, first, second):
    """Of each set: changes of accuracy and EMI, the latter's paired and unpaired standard errors, as records."""
    found = []
    for a, b, values_a, values_b in zip(first.values(), second.values(), *row_values(twin, first, second)):
        if list(a["id"]) != list(b["id"]) or not np.array_equal(a["reference"], b["reference"]):
            raise SystemExit("measure_models: the two models were not asked the same questions")
        alone = [clustered_error(values, a["group"]) for values in (values_a, values_b)]
        paired, change = clustered_error(values_b - values_a, a["group"]), float((values_b - values_a).mean())
        found.append({
            "score": float(b["score"].mean() - a["score"].mean()),
            "emi": {"value": change, "paired": paired, "unpaired": float(np.hypot(*alone)),
                    "resolved": abs(change) > 1.96 * paired, "resolved_unpaired": abs(change) > 1.96 * np.hypot(*alone)}})
    return found


def kept_rows(report):
    """Set to rows of a report's `--keep-rows` file."""
    lines = report.with_suffix(".rows.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    return {each["name"]: each for each in map(json.loads, lines)}


def row_changes(first, second):
    """Changes of EMI and of correctness, row by row, with the rows' groups."""
    place = {name: at for at, name in enumerate(second["ids"])}
    order = [place[name] for name in first["ids"]]
    emi, score = (np.asarray(second[key])[order] - np.asarray(first[key]) for key in ("model_mi", "score"))
    return emi, score, np.asarray(first["groups"])


def noise_of(sets):
    """The Pearson that noise leaves, and that of EMI and accuracy without noise; None where it cannot be said."""
    emi, accuracy = (np.array([each[at].mean() for each in sets]) for at in (0, 1))
    slope = np.polyfit(accuracy, emi, 1)[0]
    noise = np.mean([clustered_error(change - slope * score, groups) ** 2 for change, score, groups in sets])
    ceiling = np.sqrt((slope * accuracy).var() / ((slope * accuracy).var() + noise))
    generator, found = np.random.default_rng(0), []
    for _ in range(50):
        halves = ([], [], [], [])
        for change, score, groups in sets:
            labels = np.unique(groups)
            inside = np.isin(groups, generator.permutation(labels)[:len(labels) // 2])
            for half, values in zip(halves, (change[inside], change[~inside], score[inside], score[~inside])):
                half.append(values.mean())
        found.append([pearson(halves[0], halves[1]), pearson(halves[2], halves[3]),
                      (pearson(halves[0], halves[3]) + pearson(halves[1], halves[2])) / 2])
    own, other, cross = np.mean(found, axis=0)
    return float(ceiling), float(cross / np.sqrt(own * other)) if own > 0 and other > 0 else None


def run(command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def measure_of(paired, unpaired):
    """What the two comparisons say of one measure of one set."""
    def resolved(difference):
        low, high = difference["interval"]
        return low > 0 or high < 0
    return {"value": paired["value"], "paired": paired["standard_error"], "unpaired": unpaired["standard_error"],
            "resolved": resolved(paired), "resolved_unpaired": resolved(unpaired)}


def program_changes(options, first, second, work):
    """The same as emi says it, by way of two reports with rows."""
    reports = []
    for name, own, other in (("a", first, second), ("b", second, first)):
        reports.append(work / f"{name}.json")
        run([options.emi, "batch", own / "manifest.yaml", "--fit-with", other / "manifest.yaml", "--keep-rows", "--quiet",
             "--permutations", "0", *shlex.split(options.flags), "-o", reports[-1]])
    paired, unpaired = (json.loads(run([options.emi, "compare", *reports, "--format", "json", *more]))
                        for more in ([], ["--unpaired"]))
    if paired["pairing"]["kind"] != "rows" or "reason" in paired["pairing"]:
        raise SystemExit(f"measure_models: rows were not paired: {paired['pairing']}")
    accuracies = [json.loads(report.read_text(encoding="utf-8"))["id"]["score"] for report in reports]
    kept = [kept_rows(report) for report in reports]
    identity = next(iter(kept[0]))      # the ID set comes first
    found = [{"score": accuracies[1] - accuracies[0], "rows": row_changes(kept[0][identity], kept[1][identity]),
              "emi": measure_of(paired["id"]["difference"], unpaired["id"]["difference"])}]
    others = {each["name"]: each for each in unpaired["scenarios"]}
    for each in paired["scenarios"]:
        record = {"name": each["name"], "rows": row_changes(*(rows[each["name"]] for rows in kept)),
                  "score": each["score"]["difference"]["value"],
                  "cosine": each["response_similarity"]["difference"]["value"]}
        for measure in ("emi", "emid"):
            record[measure] = measure_of(each[measure]["difference"], others[each["name"]][measure]["difference"])
        found.append(record)
    return found


def row_of_table(study, rows, model, judge, found):
    accuracy = np.array([each["score"] for each in found])
    changed = np.ptp(accuracy) > 0
    emi = np.array([each["emi"]["value"] for each in found])
    follows = [f"{measure(emi, accuracy):.3f}" if changed else "" for measure in (pearson, spearman)]
    with_rows = [each["rows"] for each in found if "rows" in each]
    limits = noise_of(with_rows) if changed and with_rows else (None, None)
    follows += ["" if value is None else f"{value:.3f}" for value in limits]
    with_cosine = [each for each in found if "cosine" in each]
    cosine = pearson(np.array([each["cosine"] for each in with_cosine]), np.array([each["score"] for each in with_cosine])) \
        if changed and with_cosine else None
    def shares(measure):
        records = [each[measure] for each in found if measure in each]
        if not records:
            return "", ""
        ratios = [each["unpaired"] / each["paired"] for each in records if each["paired"] > 0]
        return (" -> ".join(f"{np.mean([each[key] for each in records]):.1%}" for key in ("resolved_unpaired", "resolved")),
                f"{np.median(ratios):.2f}")
    (resolved, ratio), (resolved_gap, ratio_gap) = shares("emi"), shares("emid")
    return [study, str(rows), model, judge, f"{accuracy.mean():+.3f}", *follows, "" if cosine is None else f"{cosine:.3f}",
            resolved, resolved_gap, ratio, ratio_gap]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--study", default="digits,shapes", help="digits, shapes, or both (default)")
    parser.add_argument("--rows", type=int, default=90)
    parser.add_argument("--seeds", type=numbers, default=[0, 1, 2], help="default 0,1,2")
    parser.add_argument("--emi", default=".build/release/emi", help="the program, or 'none'; default .build/release/emi")
    parser.add_argument("--flags", default="", help="further flags of emi batch")
    parser.add_argument("--twin", metavar="PATH", help="a Python file with an estimator")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="where the sets are kept")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write what was found of every set")
    options = parser.parse_args()
    for study in options.study.split(","):
        if study not in MAKERS:
            parser.error(f"--study: expected {' or '.join(MAKERS)}, found {study!r}")
    twin = twin_of(options.twin) if options.twin else None

    print("| study | rows | model B | judge | accuracy | Pearson | Spearman | ceiling | without noise | cosine | resolved | gap "
          "| SE | SE of EMID |")
    print("|:--|--:|:--|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    everything = []
    for study in options.study.split(","):
        for model in ("rephrased", "exposed"):
            judged = {}
            for seed in options.seeds:
                with tempfile.TemporaryDirectory() as temporary:
                    root = options.keep or pathlib.Path(temporary)
                    folders = [made(study, options.rows, seed, root, each) for each in ("base", model)]
                    if options.emi != "none":
                        judged.setdefault("emi", []).extend(program_changes(options, *folders, pathlib.Path(temporary)))
                    if twin is not None:
                        judged.setdefault("twin", []).extend(twin_changes(twin, *map(sets_of, folders)))
            for judge, found in judged.items():
                everything.append({"study": study, "model": model, "judge": judge,
                                   "sets": [{key: each[key] for key in each if key != "rows"} for each in found]})
                print("| " + " | ".join(row_of_table(study, options.rows, model, judge, found)) + " |", flush=True)
    if options.json:
        options.json.write_text(json.dumps(everything), encoding="utf-8")


if __name__ == "__main__":
    main()
