"""How well EMI follows the true accuracy on the digits study, over resamplings of everything.

    python Scripts/measure_digits.py [--rows 90] [--resamplings 5] [--emi .build/release/emi] [--flags "--estimator club-ridge"]

Each resampling makes the 62 sets anew (`make_digits_study.py --seed`), runs `emi batch` over them with the default settings and
reads from its report the correlations, over 62 sets, of EMI and of the plain cosine of response and reference with the exact
accuracy. Prints means and standard deviations over the resamplings. Needs numpy, scipy, scikit-learn, regex.
"""

import argparse
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

SCRIPTS = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=90)
    parser.add_argument("--resamplings", type=int, default=5)
    parser.add_argument("--emi", default=str(SCRIPTS.parent / ".build/release/emi"))
    parser.add_argument("--flags", default="--permutations 0", help="of emi batch")
    options = parser.parse_args()
    found = {name: [] for name in ("emi_vs_score", "response_similarity_vs_score")}
    for seed in range(options.resamplings):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, SCRIPTS / "make_digits_study.py", "--out", folder, "--rows", str(options.rows),
                            "--seed", str(seed)], check=True, stdout=subprocess.DEVNULL)
            manifest = pathlib.Path(folder) / "manifest.yaml"
            subprocess.run([options.emi, "init", folder, "--id", "clean", "-o", manifest, "--quiet"], check=True)
            output = subprocess.run([options.emi, "batch", manifest, "--format", "json", "--quiet",
                                     *shlex.split(options.flags)], check=True, capture_output=True).stdout
        summary = json.loads(output)["summary"]
        for name, values in found.items():
            values.append((summary[name]["pearson"], summary[name]["spearman"]))
    print(f"n = {options.rows}, {options.resamplings} resamplings, 62 sets each: Pearson / Spearman with the true accuracy")
    for name, title in (("emi_vs_score", "EMI"), ("response_similarity_vs_score", "cosine of response and reference")):
        pearson, spearman = zip(*found[name])
        spread = f" +- {statistics.stdev(pearson):.3f}" if len(pearson) > 1 else ""
        print(f"{title:34} {statistics.mean(pearson):.3f}{spread} / {statistics.mean(spearman):.3f}   "
              + " ".join(f"{value:.3f}" for value in pearson))


if __name__ == "__main__":
    main()
