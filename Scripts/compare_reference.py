"""The published pipeline against emi, side by side: the same 61 scenarios, in one run.

    python Scripts/compare_reference.py [--rows 90] [--columns 768] [--emi .build/release/emi] [--repeats 3] [--layout grid|free]
                                        [--relabellings 100]

Makes one ID set and 61 shifted ones (four float32 arrays each: visual, text, response, reference) and a small tanh network,
and measures

    published   the formulas of the authors' code (2502.00577; deeplearning-wisc/mllmshift-emi) in single precision, as they are
                computed there: CLUB once a set with n x n x d terms, RJSD from full eigendecompositions of three d x d
                covariances for each of four pairs of arrays of every scenario, from arrays already in memory; in PyTorch
                where it is installed, as published, else in NumPy;
    emi         the whole process, from files to JSON: reading, estimates, all divergences, all forms of the bound, summary.

emi runs three times: with its own estimator and no relabelling (point estimates), with the defaults (100 relabellings a
scenario, intervals, p- and q-values), and with the published network and weighting, whose numbers are compared with the
published ones. Needs numpy; the published pipeline may use all cores. Prints the ratio of the times and the largest differences.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import tempfile
import threading
import time

import numpy as np

try:
    import torch
except ImportError:
    torch = None

SCENARIO_COUNT = 61
HIDDEN = 250


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_sets(rows, columns, layout, seed=0):
    """Sets with a power-law spectrum. `grid`: as in the paper, scenarios share images (8 visual conditions) and questions (8
    textual ones). `free`: all arrays of all sets differ."""
    generator = np.random.default_rng(seed)
    scale = np.arange(1, columns + 1) ** -0.5

    def rows_of(base, strength):
        return unit(base + strength * generator.normal(size=(rows, columns)) * scale).astype(np.float32)

    base = {name: generator.normal(size=(rows, columns)) * scale for name in ("visual", "text", "reference")}
    conditions = 8
    strengths = np.linspace(0, 1.4, conditions)
    visual = [rows_of(base["visual"], s) for s in strengths]
    text = [rows_of(base["text"], s) for s in strengths]
    reference = rows_of(base["reference"], 0.3)
    sets = {}
    for v in range(conditions):
        for t in range(conditions):
            if len(sets) > SCENARIO_COUNT:
                break
            answer = rows_of(base["reference"], 0.4 + 0.05 * (v + t))
            images, questions = (visual[v], text[t]) if layout == "grid" else (
                rows_of(base["visual"], strengths[v]), rows_of(base["text"], strengths[t]))
            sets["id" if not sets else f"v{v}_t{t}"] = {
                "visual": images, "text": questions, "response": answer, "reference": reference}
    return sets


def make_network(columns, seed=1):
    generator = np.random.default_rng(seed)
    weights = {}
    for head in ("p_mu", "p_logvar"):
        for layer, (out, into) in ((0, (HIDDEN, columns)), (2, (columns, HIDDEN))):
            weights[f"{head}.{layer}.weight"] = (generator.normal(size=(out, into)) / np.sqrt(into)).astype(np.float32)
            weights[f"{head}.{layer}.bias"] = (0.1 * generator.normal(size=out)).astype(np.float32)
    return weights


def write_safetensors(path, arrays):
    header, offset = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(a.tobytes() for a in arrays.values()))


def published_entropy(covariance):
    # The published code asks for eigenvectors and leaves them unused.
    values = np.asarray(torch.linalg.eigh(torch.from_numpy(covariance))[0]) if torch else np.linalg.eigh(covariance)[0]
    values = values[values > 0]
    values = values / values.sum()
    return -(values * np.log(values)).sum()


def published_divergence(x, y):
    """RJSD as in the authors' code: covariances of normalised rows, mixed by set size."""
    x, y = unit(x), unit(y)
    cx, cy = x.T @ x, y.T @ y
    return published_entropy((cx + cy) / 2) - (published_entropy(cx) + published_entropy(cy)) / 2


def published_club(network, x, y):
    def layer(head, index, rows):
        return rows @ network[f"{head}.{index}.weight"].T + network[f"{head}.{index}.bias"]
    mean = layer("p_mu", 2, np.tanh(layer("p_mu", 0, x)))
    log_variance = np.tanh(layer("p_logvar", 2, np.tanh(layer("p_logvar", 0, x))))
    variance = np.exp(log_variance)
    positive = -(mean - y) ** 2 / 2 / variance
    negative = -((y[None, :, :] - mean[:, None, :]) ** 2).mean(axis=1) / 2 / variance
    return float((positive.sum(-1) - negative.sum(-1)).mean())


def published_emi(network, s):
    x = (unit(s["visual"]) + unit(s["text"])) / 2
    return published_club(network, x, unit(s["response"])) - published_club(network, x, unit(s["reference"]))


def published(sets, network):
    """EMID and the scale-adjusted bound of every scenario."""
    own = sets["id"]
    own_emi = published_emi(network, own)
    results = {}
    for name, s in sets.items():
        if name == "id":
            continue
        gap = own_emi - published_emi(network, s)
        divergences = {
            "visual": published_divergence(own["visual"], s["visual"]),
            "text": published_divergence(own["text"], s["text"]),
            "output_id": published_divergence(own["response"], own["reference"]),
            "output_ood": published_divergence(s["response"], s["reference"])}
        # Single precision leaves divergences of equal samples below zero, where a root has no value.
        bound = sum(max(divergences[k], 0) ** 0.5 for k in ("visual", "text")) \
            + sum(max(divergences[k], 0) ** 0.25 for k in ("output_id", "output_ood"))
        results[name] = {"emid": gap, "bound": bound, **divergences}
    return results


def run_emi(command):
    """Seconds of the process, its report, and its peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    peak = 0

    def watch():
        # Of the program itself: rusage would count this interpreter's pages before the exec.
        nonlocal peak
        while process.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                peak = max([peak] + [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")])
            except OSError:
                return
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    output = process.stdout.read()
    status = process.wait()
    seconds = time.perf_counter() - start
    watcher.join()
    if status != 0:
        raise SystemExit(f"{' '.join(command)}: exit {status}")
    return seconds, json.loads(output), peak / 1024


def best(repeats, command):
    runs = [run_emi(command) for _ in range(repeats)]
    return min(runs, key=lambda run: run[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=90)
    parser.add_argument("--columns", type=int, default=768)
    parser.add_argument("--layout", choices=("grid", "free"), default="grid")
    parser.add_argument("--relabellings", type=int, default=100, help="of the run with intervals and p-values")
    parser.add_argument("--repeats", type=int, default=3, help="runs of emi; the fastest counts")
    parser.add_argument("--emi", default=str(pathlib.Path(__file__).resolve().parent.parent / ".build/release/emi"))
    options = parser.parse_args()

    sets, network = make_sets(options.rows, options.columns, options.layout), make_network(options.columns)
    print(f"{len(sets) - 1} scenarios of {options.rows} rows, four arrays of {options.columns} columns, layout {options.layout}")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, s in sets.items():
            np.savez(folder / f"{name}.npz", **s)
        write_safetensors(folder / "network.safetensors", network)
        lines = [{"name": name, "data": f"{name}.npz"} for name in sets]
        (folder / "manifest.json").write_text(json.dumps({"version": 1, "id": lines[0], "scenarios": lines[1:]}))

        start = time.perf_counter()
        expected = published(sets, network)
        reference_seconds = time.perf_counter() - start
        print(f"published pipeline ({'PyTorch' if torch else 'NumPy'}) {reference_seconds:19.2f} s")

        command = [options.emi, "batch", str(folder / "manifest.json"), "--format", "json", "--quiet"]
        kinds = {
            "emi, point estimates": ["--permutations", "0"],
            f"emi, {options.relabellings} relabellings": ["--permutations", str(options.relabellings)],
            "emi, published network": [
                "--permutations", "0", "--estimator", "club-network", "--weights", str(folder / "network.safetensors"),
                "--fuse", "mean", "--compat", "paper"]}
        for title, flags in kinds.items():
            repeats = 1 if title.endswith("relabellings") else options.repeats
            seconds, report, memory = best(repeats, command + flags)
            print(f"{title:32} {seconds:8.2f} s   {reference_seconds / seconds:6.1f} times faster   {memory:4.0f} MB")
        worst = {}
        for scenario in report["scenarios"]:
            published_values = expected[scenario["name"]]
            found = {key: value["jsd"] for key, value in scenario["discrepancies"].items()}
            found |= {"emid": scenario["emid"]["value"], "bound": scenario["bounds"].get("scale-adjusted", {}).get("value")}
            for key, value in published_values.items():
                if found.get(key) is not None:
                    worst[key] = max(worst.get(key, 0), abs(found[key] - value))
        print("largest differences (double against single precision): "
              + ", ".join(f"{key} {value:.1e}" for key, value in sorted(worst.items())))


if __name__ == "__main__":
    main()
