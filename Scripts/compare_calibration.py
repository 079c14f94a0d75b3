"""`emi calibrate` beside netcal, torchmetrics, scikit-learn and relplot on the same rows: values, faults and time.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install netcal torchmetrics scikit-learn relplot
    /tmp/peers/bin/python Scripts/compare_calibration.py --emi .build/release/emi [--rows 1000000]

Prints one Markdown table of values, one of the inputs on which a peer is wrong, and one of CPU seconds. Exits with 1 where
emi and a peer that is right differ by more than rounding. Measured with netcal 1.4.0, torchmetrics 1.9.0, scikit-learn 1.9.1,
relplot 1.0.3.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import netcal.metrics
import numpy as np
import relplot
import torch
import torchmetrics.functional.classification as torch_metrics
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

ROUNDING = 1e-9
# float32 inside.
SINGLE = 1e-6
# relplot's own grid is coarser than ours.
SMOOTH = 1e-3


def draw(count, seed=1):
    """Over-confident answers without ties, below 0.999."""
    random = np.random.default_rng(seed)
    confidence = np.minimum(0.25 + 0.75 * np.sqrt(random.random(count)), 0.998)
    logit = np.log(confidence) - np.log1p(-confidence)
    correct = (random.random(count) < 1 / (1 + np.exp(-logit / 1.5))).astype(float)
    return confidence, correct


def write_rows(path, confidence, correct):
    with open(path, "w") as out:
        for index, (c, y) in enumerate(zip(confidence, correct)):
            out.write(f'{{"id": "q{index}", "confidence": {float(c)!r}, "correct": {int(y)}}}\n')


def peak(process):
    """The largest memory of a running program so far, in KiB: that of `getrusage` counts what Python had when it forked."""
    try:
        lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
        return max((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), default=0)
    except OSError:
        return 0


def calibrate(emi, path, *flags):
    """The report of the one set, the CPU seconds of the whole program, reading included, and its peak memory in MiB (0 off Linux)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [emi, "calibrate", path, "--format", "json", "--threads", "1", "--reproducible", *flags]
    memory = 0
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out)
        while process.poll() is None:
            memory = max(memory, peak(process))
            time.sleep(0.01)
        if process.returncode:
            sys.exit(f"emi calibrate ended with {process.returncode}")
        out.seek(0)
        found = json.load(out)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found["id"], seconds, memory / 1024


def cpu(work):
    """CPU seconds, the best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def torch_error(confidence, correct, norm="l1", double=True):
    kind = torch.float64 if double else torch.float32
    return float(torch_metrics.binary_calibration_error(
        torch.tensor(confidence, dtype=kind), torch.tensor(correct).long(), n_bins=10, norm=norm, validate_args=False))


def corp(confidence, correct):
    fitted = IsotonicRegression(y_min=0, y_max=1).fit_transform(confidence, correct)
    base = np.full(len(correct), correct.mean())
    score, best, base = [float(np.mean((p - correct) ** 2)) for p in (confidence, fitted, base)]
    return score - best, base - best


def values(emi, folder):
    confidence, correct = draw(1000)
    path = folder / "values.jsonl"
    write_rows(path, confidence, correct)
    found, _, _ = calibrate(emi, path)
    miscalibration, discrimination = corp(confidence, correct)
    rows = [
        ("ECE, 10 of equal width", found["ece"]["value"], "netcal", netcal.metrics.ECE(10).measure(confidence, correct), ROUNDING),
        ("", found["ece"]["value"], "torchmetrics", torch_error(confidence, correct), SINGLE),
        ("MCE, 10 of equal width", found["ece"]["largest_gap"], "netcal", netcal.metrics.MCE(10).measure(confidence, correct), ROUNDING),
        ("", found["ece"]["largest_gap"], "torchmetrics", torch_error(confidence, correct, "max"), SINGLE),
        ("ECE, 10 of equal size", found["ece_mass"]["value"], "netcal",
         netcal.metrics.ECE(10, equal_intervals=False).measure(confidence, correct), ROUNDING),
        ("Brier score", found["brier"]["value"], "scikit-learn", brier_score_loss(correct, confidence), ROUNDING),
        ("miscalibration", found["brier"]["miscalibration"], "scikit-learn", miscalibration, ROUNDING),
        ("discrimination", found["brier"]["discrimination"], "scikit-learn", discrimination, ROUNDING),
        ("AUROC", found["auroc"]["value"], "scikit-learn", roc_auc_score(correct, confidence), ROUNDING),
        ("smECE", found["smece"], "relplot", relplot.smECE(confidence, correct), SMOOTH),
    ]
    print("| 1,000 rows without ties | emi | peer | its value | difference | |\n| :-- | --: | :-- | --: | --: | :-- |")
    wrong = 0
    for name, own, peer, other, tolerance in rows:
        isWrong = abs(own - other) > tolerance
        wrong += isWrong
        print(f"| {name} | {own:.12f} | {peer} | {other:.12f} | {abs(own - other):.1e} | {'DIFFERS' if isWrong else 'equal'} |")
    return wrong


def faults(emi, folder):
    def own(name, confidence, correct):
        path = folder / f"{name}.jsonl"
        write_rows(path, confidence, correct)
        return calibrate(emi, path)[0]

    half = np.array([0.95] * 5 + [1.0] * 5), np.array([1.0] * 5 + [0.0] * 5)
    ties = np.array([0.5] * 30 + [0.9] * 70), np.array([1.0] * 40 + [0.0] * 60)
    sure = np.repeat([1.0, 0.5], 100), np.tile([1.0, 0.0], 100)
    steps = np.repeat([0.3, 0.6, 0.7], 20), np.tile([1.0, 0.0, 1.0, 1.0], 15)
    try:
        tied = f"{netcal.metrics.ECE(10, equal_intervals=False).measure(*ties):.4f}"
    except Exception as error:
        tied = f"{type(error).__name__}"
    print("\n| input | truth | emi | peer | says |\n| :-- | --: | --: | :-- | :-- |")
    print(f"| five right at 0.95, five wrong at 1: ECE | 0.4750 | {own('one', *half)['ece']['value']:.4f} | torchmetrics | {torch_error(*half):.4f} |")
    print(f"| 30 at 0.5, 70 at 0.9: equal-size ECE | 0.6800 | {own('ties', *ties)['ece_mass']['value']:.4f} | netcal | {tied} |")
    print(f"| 100 at exactly 1 and 100 at 0.5, half of each right: smECE | 0.2500 | {own('sure', *sure)['smece']:.4f} | relplot | {relplot.smECE(*sure):.4f} |")
    edge = own("edge", *steps)["ece"]["bins"]
    shown = ", ".join(f"{b['confidence']:.1f}" for b in edge)
    print(f"| confidences of 0.3, 0.6, 0.7: their bins | own bins | {shown} | netcal, torchmetrics | linspace edges one ulp above |")


def run_of_benchmark(program, name, iterations):
    """CPU seconds of one run of emi-benchmark."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [program, "--filter", name, "--iterations", str(iterations), "--warmup-iterations", "0"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def benchmark(program, name, iterations=10):
    """CPU seconds of one iteration: what more of them add, without the making of the data."""
    return (run_of_benchmark(program, name, iterations + 1) - run_of_benchmark(program, name, 1)) / iterations


def speed(emi, program, folder, count):
    confidence, correct = draw(count)
    path = folder / "speed.jsonl"
    write_rows(path, confidence, correct)
    scores, labels = torch.tensor(confidence), torch.tensor(correct).long()
    print(f"\n| {count:,} rows, one thread | CPU s |\n| :-- | --: |")
    peers = [
        ("torchmetrics ECE", lambda: torch_metrics.binary_calibration_error(scores, labels, n_bins=10, validate_args=False)),
        ("netcal ECE", lambda: netcal.metrics.ECE(10).measure(confidence, correct)),
        ("netcal ECE, equal size", lambda: netcal.metrics.ECE(10, equal_intervals=False).measure(confidence, correct)),
        ("relplot smECE", lambda: relplot.smECE(confidence, correct)),
        ("scikit-learn AUROC", lambda: roc_auc_score(correct, confidence)),
        ("scikit-learn isotonic", lambda: IsotonicRegression().fit_transform(confidence, correct)),
    ]
    total = 0
    for name, work in peers:
        seconds = cpu(work)
        total += seconds
        print(f"| {name} | {seconds:.3f} |", flush=True)
    print(f"| **these peers together** | {total:.3f} |")
    reading = cpu(lambda: [json.loads(line) for line in open(path)])
    print(f"| Python's json, reading alone | {reading:.3f} |")
    for name, flags in [("all of emi calibrate, reading and recalibration included, without signs", ["--draws", "0"]),
                        ("with 999 patterns of signs", [])]:
        _, seconds, memory = calibrate(emi, path, *flags)
        print(f"| {name} (peak {memory:.0f} MiB; the peers with their reading take {(total + reading) / seconds:.1f} times as long) "
              f"| {seconds:.3f} |", flush=True)
    if not program.exists():
        return
    for name, pattern in [("emi, rows in memory: every value and analytic interval", "groups of 1, 0 "),
                          ("emi, the same in groups of three", "groups of 3, 0 "),
                          ("emi, with 999 patterns of signs", "groups of 1, 999 "),
                          ("emi, 61 sets of 1,000 rows, 999 patterns of signs", "calibration, 61 ")]:
        seconds = benchmark(str(program), pattern)
        ratio = f" (the peers take {total / seconds:.1f} times as long)" if "groups of" in pattern and "999" not in pattern else ""
        print(f"| {name}{ratio} | {seconds:.3f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--emi", default=".build/release/emi")
    parser.add_argument("--benchmark", type=pathlib.Path, default=".build/release/emi-benchmark",
                        help="left out where it is not built; it has a million rows")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the comparison of speed; 0 leaves it out")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        wrong = values(arguments.emi, folder)
        faults(arguments.emi, folder)
        if arguments.rows:
            speed(arguments.emi, arguments.benchmark, folder, arguments.rows)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
