"""Every estimator of `emi mi` against the truth: the public BMI tasks, and wide and short Gaussian pairs.

    python Scripts/measure_estimators.py shared [--tasks ../shared/mi-tasks]     # 13 tasks, 2,000 rows
    python Scripts/measure_estimators.py bmi [--rows 2000] [--estimators auto]   # all 40; needs benchmark-mi and jax 0.4.33
    python Scripts/measure_estimators.py wide [--trials 20]                      # n = 90, 300; d = 384, 768

Prints Markdown. Needs numpy. No setting differs between tasks.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np

PROJECT = pathlib.Path(__file__).resolve().parent.parent
ESTIMATORS = ("auto", "copula", "gaussian", "ksg", "infonce", "club-kernel", "club-ridge", "matrix-renyi")
# Five directions of 0, 0.5, 1 and 2 nats in all.
WIDE_TRUTHS = (0, 0.5, 1, 2)


def estimate(options, folder, x, y, name):
    np.savez(folder / "rows.npz", x=x, y=y)
    command = [options.emi, "mi", "--x", f"{folder}/rows.npz:x", "--y", f"{folder}/rows.npz:y", "--estimator", name, "--no-bracket",
               "--no-error", "--format", "json", "--quiet", "--threads", str(options.threads)]
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout)["value"] if done.returncode == 0 else None


def table(options, tasks):
    """A row a task, a column an estimator; mean and largest error below."""
    names = options.estimators.split(",")
    print("| task | truth | " + " | ".join(f"`{name}`" for name in names) + " |")
    print("|:--" + "|--:" * (len(names) + 1) + "|")
    errors = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        for task, truth, x, y in tasks:
            cells = []
            for name in names:
                value = estimate(options, pathlib.Path(folder), x, y, name)
                cells.append("-" if value is None else f"{value:.3f}")
                if value is not None:
                    errors[name].append(abs(value - truth))
            print(f"| {task} | {truth:.3f} | " + " | ".join(cells) + " |", flush=True)
    for title, function in (("mean absolute error", np.mean), ("largest error", np.max)):
        print(f"| **{title}** | | " + " | ".join(f"**{function(errors[name]):.3f}**" for name in names) + " |")


def shared_tasks(options):
    folder = pathlib.Path(options.tasks)
    for task, about in json.loads((folder / "truth.json").read_text())["tasks"].items():
        rows = np.load(folder / f"{task}.npz")
        yield task, about["mutual_information"], rows["x"], rows["y"]


def bmi_tasks(options):
    from bmi.benchmark import BENCHMARK_TASKS

    for name, task in BENCHMARK_TASKS.items():
        x, y = task.sample(options.rows, seed=options.seed)
        yield name, float(task.mutual_information), np.asarray(x, float), np.asarray(y, float)


def wide_pairs(rows, columns, truth, layout, generator):
    """Two arrays with a power-law spectrum (variance of direction j is 1/j), of which five directions are shared."""
    correlation = np.sqrt(1 - np.exp(-2 * truth / 5))
    shared = generator.standard_normal((rows, 5))
    other = correlation * shared + np.sqrt(1 - correlation**2) * generator.standard_normal((rows, 5))
    variances = np.ones(columns) if layout == "isotropic" else 1 / np.arange(1, columns + 1)
    places = [0, 4, 9, 19, 39] if layout == "spread" else range(5)

    def side(latent):
        scores = generator.standard_normal((rows, columns))
        scores[:, places] = latent
        rotation = np.linalg.qr(generator.standard_normal((columns, columns)))[0]
        return (scores * np.sqrt(variances)) @ rotation

    return side(shared), side(other)


def wide(options):
    names = options.estimators.split(",")
    print("| layout | n | d | estimator | " + " | ".join(f"{truth} nats" for truth in WIDE_TRUTHS) + " | order kept |")
    print("|:--|--:|--:|:--|" + "--:|" * (len(WIDE_TRUTHS) + 1))
    with tempfile.TemporaryDirectory() as folder:
        for layout in ("leading", "spread", "isotropic"):
            for rows in (90, 300):
                for columns in (384, 768):
                    generator = np.random.default_rng(rows + columns)
                    found = {name: [] for name in names}
                    for _ in range(options.trials):
                        trial = {name: [] for name in names}
                        for truth in WIDE_TRUTHS:
                            x, y = wide_pairs(rows, columns, truth, layout, generator)
                            for name in names:
                                trial[name].append(estimate(options, pathlib.Path(folder), x, y, name))
                        for name in names:
                            found[name].append(trial[name])
                    for name in names:
                        values = np.array(found[name], float)
                        kept = np.mean(np.all(np.diff(values, axis=1) > 0, axis=1))
                        cells = " | ".join(f"{m:.2f} ± {s:.2f}" for m, s in zip(values.mean(0), values.std(0)))
                        print(f"| {layout} | {rows} | {columns} | `{name}` | {cells} | {100 * kept:.0f} % |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("shared", "bmi", "wide"))
    parser.add_argument("--tasks", default=str(PROJECT.parent / "shared/mi-tasks"))
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--estimators", default=",".join(ESTIMATORS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--emi", default=str(PROJECT / ".build/release/emi"))
    options = parser.parse_args()
    if options.what == "wide":
        wide(options)
    else:
        table(options, shared_tasks(options) if options.what == "shared" else bmi_tasks(options))


if __name__ == "__main__":
    main()
