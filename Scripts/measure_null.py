"""Are p-values and intervals right where nothing shifted? Two halves of one set of the digits study, many times.

    python Scripts/measure_null.py [--pairs 200] [--emi .build/release/emi] [--flags "--fit id"]

Each pair: of a set of 100 images with three questions each, 30 images go to one side and 30 others to the other, both from one
distribution. Prints how often EMID's p-value is at most 0.05 and 0.25, how often its 95 % interval holds 0, and how often the
divergence of the queries has p <= 0.05. Needs numpy, scipy, scikit-learn, regex.
"""

import argparse
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

import numpy as np

SCRIPTS = pathlib.Path(__file__).resolve().parent
SETS = ("clean", "id_German")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--emi", default=str(SCRIPTS.parent / ".build/release/emi"))
    parser.add_argument("--flags", default="", help="of emi estimate")
    options = parser.parse_args()
    generator = np.random.default_rng(0)
    p_values, holds_zero, divergence_p_values = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        sets = []
        for seed in range(5):
            subprocess.run([sys.executable, SCRIPTS / "make_digits_study.py", "--out", folder, "--rows", "300", "--seed",
                            str(seed), "--only", ",".join(SETS)], check=True, stdout=subprocess.DEVNULL)
            sets += [dict(np.load(folder / f"{name}.npz")) for name in SETS]
        for index in range(options.pairs):
            rows = sets[index % len(sets)]
            images = generator.permutation(np.unique(rows["group"]))
            for name, part in (("first", images[:30]), ("second", images[30:60])):
                chosen = np.isin(rows["group"], part)
                np.savez(folder / f"{name}.npz", **{key: values[chosen] for key, values in rows.items()})
            output = subprocess.run(
                [options.emi, "estimate", "--id", folder / "first.npz", "--ood", folder / "second.npz", "--format", "json",
                 "--quiet", "--seed", str(index), *shlex.split(options.flags)], check=True, capture_output=True).stdout
            shift = json.loads(output)["scenarios"][0]
            p_values.append(shift["emid"]["p_value"])
            holds_zero.append(shift["emid"]["interval"][0] <= 0 <= shift["emid"]["interval"][1])
            divergence_p_values.append(shift["discrepancies"]["joint"]["p_value"])
    p_values, divergence_p_values = np.array(p_values), np.array(divergence_p_values)
    print(f"{options.pairs} pairs without a shift: EMID p <= 0.05 in {np.mean(p_values <= 0.05):.3f}, p <= 0.25 in "
          f"{np.mean(p_values <= 0.25):.3f}; 95 % interval holds 0 in {np.mean(holds_zero):.3f}; divergence p <= 0.05 in "
          f"{np.mean(divergence_p_values <= 0.05):.3f}")


if __name__ == "__main__":
    main()
