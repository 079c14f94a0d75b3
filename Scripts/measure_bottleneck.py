"""The bottleneck tables of the digits study: what 22 columns keep of 700, on clean data and under shift, beside rank-matched controls.

    python Scripts/measure_bottleneck.py --emi .build/release/emi [--rows 735] [--seeds 0,1,2] [--work DIR]

Makes the study (Scripts/make_digits_study.py), adds to each set what its references say whatever their words (array `label`), runs
`emi bottleneck` with both kinds of features, and prints means over seeds as Markdown. Needs numpy, scipy, scikit-learn.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

SETS = ("clean,defocus_blur_1,defocus_blur_3,defocus_blur_5,frost_1,frost_3,frost_5,sr_4,sr_7,KeyboardAug_1,KeyboardAug_3,frost_3_sr_4,"
        "normal_English,easy_English,hard_English,normal_German,id_German")
NAMES = {"raw": "all columns", "bottleneck": "bottleneck", "principal": "principal components", "random": "random projection"}


def content(reference):
    """What a reference of the digits study says, whatever its words."""
    words = reference.lower().rstrip(".").split()
    if words[0] in ("yes,", "no,"):
        return words[0][:-1]
    for word in ("even", "odd"):
        if word in words:
            return word
    kind = "next" if "after" in words or "next" in words or "followed" in words else "is"
    return f"{kind} {words[-1]}"


def add_labels(folder):
    """The study with an array `label` in every set."""
    lines = ["version: 1"]
    kinds = dict(line.split(",")[:2] for line in (folder / "scores.csv").read_text().splitlines()[1:])
    for name, kind in kinds.items():
        labels = [content(json.loads(line)["reference"]) for line in (folder / f"{name}.jsonl").open()]
        with np.load(folder / f"{name}.npz") as arrays:
            np.savez(folder / f"labelled_{name}.npz", label=np.array(labels), **{key: arrays[key] for key in arrays})
        entry = f"{{ name: {name}, data: labelled_{name}.npz }}"
        if kind == "id":
            lines.append(f"id: {entry}\nscenarios:")
        else:
            lines.append(f"  - {{ name: {name}, kind: {kind}, data: labelled_{name}.npz }}")
    (folder / "labelled.yaml").write_text("\n".join(lines) + "\n")
    return folder / "labelled.yaml"


def run(emi, manifest, kernel, permutations):
    command = [emi, "bottleneck", manifest, "--kernel", kernel, "--label", "label", "--permutations", str(permutations),
               "--format", "json", "--quiet"]
    return json.loads(subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout)


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else float("nan")


def rows(report):
    """One row a representation: columns, probe on ID, synthetic and natural shifts, excess of JSD."""
    result = {}
    for found in report["representations"]:
        name = found["name"]
        shifted = [(scenario["kind"], scenario["representations"][name]) for scenario in report["scenarios"]]
        synthetic = [value for kind, value in shifted if not kind.startswith("natural")]
        natural = [value for kind, value in shifted if kind.startswith("natural")]
        result[name] = (found["columns"], found["accuracy"], mean(value["accuracy"] for value in synthetic),
                        mean(value["accuracy"] for value in natural), mean(value.get("excess") for value in synthetic + natural))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emi", default=".build/release/emi")
    parser.add_argument("--rows", type=int, default=735)
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--permutations", type=int, default=20)
    parser.add_argument("--work")
    options = parser.parse_args()
    work = pathlib.Path(options.work or tempfile.mkdtemp())
    table = {}
    for seed in options.seeds.split(","):
        folder = work / f"digits-{seed}"
        if not (folder / "scores.csv").exists():
            script = pathlib.Path(__file__).parent / "make_digits_study.py"
            subprocess.run([sys.executable, script, "--out", folder, "--rows", str(options.rows), "--seed", seed, "--only", SETS], check=True)
        manifest = add_labels(folder)
        for kernel in ("product", "linear"):
            report = run(options.emi, manifest, kernel, options.permutations)
            print(f"seed {seed}, {kernel}: {' '.join(report['findings'])}", file=sys.stderr)
            for name, values in rows(report).items():
                table.setdefault((kernel, name), []).append(values)
    print("| query representation | columns | probe ID | synthetic | natural | JSD excess |\n|---|--:|--:|--:|--:|--:|")
    for (kernel, name), values in table.items():
        columns, *numbers = np.mean(values, axis=0)
        print(f"| {kernel}, {NAMES[name]} | {columns:.0f} | " + " | ".join(f"{number:.3f}" for number in numbers) + " |")


if __name__ == "__main__":
    main()
