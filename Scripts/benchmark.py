"""emi beside the published pipeline, NumPy and scikit-learn: the same files, one run, one thread each.

    Scripts/benchmark [--quick] [--only PATTERN] [--emi .build/release/emi] [--write]

Every program runs in a process of its own, from files to a number. What counts is its user CPU time and the most memory that it held
(both as the operating system has them: rusage of the child), because wall times on a busy machine say little. The cases go along the
axes rows, columns, scenarios and relabellings; --quick takes the small ones. The peers:

    published   the formulas of the authors' code (2502.00577), in NumPy as in Scripts/compare_reference.py, and in PyTorch where that
                is installed: point estimates only;
    numpy       the same number as emi's by the shortest NumPy: single precision where the published code has it; of relabellings the
                eigenvalues of every relabelled part, on its smaller side, in double precision;
    classifier  scikit-learn's logistic regression by stochastic gradients that tells the two samples apart, judged by the area under
                its curve: how drift of embeddings is usually measured. Another statistic, without a p-value;
    sklearn     mutual_info_regression, for one column each.

The last column is how far emi is from what the machine can do: its time over that of the floating-point operations which the case
cannot do without (products of rows, reductions to tridiagonal form), at the rate that NumPy's DGEMM reaches on one thread before and
after the case. Reading files, random numbers and intervals are in the time, not in the operations.

--write puts the table into Sources/emi/Documentation.docc/HowFast.md. Exit 1 where a peer's number is not emi's.
"""

import argparse
import concurrent.futures
import fnmatch
import importlib.util
import json
import multiprocessing
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ARTICLE = ROOT / "Sources/emi/Documentation.docc/HowFast.md"
MARKS = ("<!-- Scripts/benchmark --write -->", "<!-- end -->")
# Starts the programs that are measured; made by `main`.
LAUNCHER = None
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


# What runs in processes of their own. This module imports numpy only there: a child inherits the peak memory of its parent.

def make_batch(folder, rows, columns, scenarios):
    import numpy as np

    import compare_reference
    compare_reference.SCENARIO_COUNT = 61
    made = 0
    lines = []
    while made < scenarios:
        sets = compare_reference.make_sets(rows, columns, "free", seed=made)
        for name, arrays in sets.items():
            if (name == "id" and made) or made > scenarios or (name != "id" and made == scenarios):
                continue
            path = f"{name}_{made}"
            np.savez(folder / f"{path}.npz", **arrays)
            lines.append({"name": path, "data": f"{path}.npz"})
            made += name != "id"
    compare_reference.write_safetensors(folder / "network.safetensors", compare_reference.make_network(columns))
    (folder / "manifest.json").write_text(json.dumps({"version": 1, "id": lines[0], "scenarios": lines[1:]}))


def make_pair(folder, rows, columns):
    import numpy as np

    generator = np.random.default_rng(0)
    scale = (np.arange(1, columns + 1) ** -0.5).astype(np.float32)
    for name, shift in (("p", 0.0), ("q", 0.3)):
        with open(folder / f"{name}.npy", "wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": (rows, columns)}
            np.lib.format.write_array_header_1_0(file, header)
            for start in range(0, rows, 10_000):
                block = generator.standard_normal((min(10_000, rows - start), columns), dtype=np.float32) * scale
                block[:, 0] += np.float32(shift)
                block.tofile(file)


def make_sets(folder, rows, columns):
    """Two sets of rows around 50 contents; one in ten and four in ten responses may have another content than the reference."""
    import numpy as np

    generator = np.random.default_rng(0)
    contents = generator.standard_normal((50, columns), dtype=np.float32)
    size = 4 * rows * columns
    names = ("visual", "text", "response", "reference")
    header = json.dumps({
        name: {"dtype": "F32", "shape": [rows, columns], "data_offsets": [place * size, (place + 1) * size]}
        for place, name in enumerate(names)}).encode()
    for name, wrong in (("id", 0.1), ("ood", 0.4)):
        meant = generator.integers(50, size=rows)
        said = np.where(generator.random(rows) < wrong, generator.integers(50, size=rows), meant)
        with open(folder / f"{name}.safetensors", "wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            for content in (meant, meant, said, meant):
                for start in range(0, rows, 10_000):
                    chosen = content[start : start + 10_000]
                    (contents[chosen] + generator.standard_normal((len(chosen), columns), dtype=np.float32)).tofile(file)


def make_columns(folder, rows, columns):
    import numpy as np

    generator = np.random.default_rng(0)
    x = generator.normal(size=(rows, columns))
    np.save(folder / "x.npy", x)
    np.save(folder / "y.npy", x * 0.5 + generator.normal(size=(rows, columns)))


def peer_published(folder):
    import numpy as np

    import compare_reference
    import_torch = compare_reference.torch
    compare_reference.torch = import_torch if os.environ.get("EMI_PEER_TORCH") else None
    manifest = json.loads((folder / "manifest.json").read_text())
    network = compare_reference.make_network(np.load(folder / manifest["id"]["data"])["visual"].shape[1])
    sets = {"id": dict(np.load(folder / manifest["id"]["data"]))}
    for line in manifest["scenarios"]:
        sets[line["name"]] = dict(np.load(folder / line["data"]))
    found = compare_reference.published(sets, network)
    return [found[line["name"]]["visual"] for line in manifest["scenarios"]]


def peer_jsd(folder):
    import numpy as np

    import compare_reference
    compare_reference.torch = None
    return float(compare_reference.published_divergence(np.load(folder / "p.npy"), np.load(folder / "q.npy")))


def peer_relabelled(folder, count):
    import numpy as np

    def entropy(part):
        values = np.linalg.eigvalsh(part @ part.T if len(part) < part.shape[1] else part.T @ part)
        values = values[values > 0] / values.sum()
        return -(values * np.log(values)).sum()

    p, q = (np.load(folder / f"{name}.npy").astype(float) for name in "pq")
    rows = np.concatenate([p, q])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    n = len(p)
    mixture = entropy(rows)
    observed = mixture - (entropy(rows[:n]) + entropy(rows[n:])) / 2
    generator = np.random.default_rng(0)
    null = []
    for _ in range(count):
        order = generator.permutation(2 * n)
        null.append(mixture - sum(entropy(rows[part]) for part in (order[:n], order[n:])) / 2)
    return [observed, float(np.mean(null))]


def peer_classifier(folder):
    import numpy as np
    from sklearn.linear_model import SGDClassifier
    from sklearn.metrics import roc_auc_score

    p, q = np.load(folder / "p.npy"), np.load(folder / "q.npy")
    rows, labels = np.concatenate([p, q]), np.repeat([0, 1], [len(p), len(q)])
    order = np.random.default_rng(0).permutation(len(rows))
    train, test = order[: len(order) // 2], order[len(order) // 2:]
    model = SGDClassifier(loss="log_loss", random_state=0).fit(rows[train], labels[train])
    return float(roc_auc_score(labels[test], model.predict_proba(rows[test])[:, 1]))


def peer_sklearn(folder):
    import numpy as np
    from sklearn.feature_selection import mutual_info_regression

    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    return float(mutual_info_regression(x, y[:, 0], n_neighbors=5, random_state=0)[0])


def peer_canonical(folder):
    import numpy as np

    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    qx, qy = (np.linalg.qr(a - a.mean(axis=0))[0] for a in (x, y))
    correlations = np.linalg.svd(qx.T @ qy, compute_uv=False)
    return float(-0.5 * np.log1p(-correlations ** 2).sum())


def rate(_):
    """GF/s of DGEMM and SGEMM: the best of five products of order 768."""
    import time

    import numpy as np
    found = []
    for kind in (np.float64, np.float32):
        a = np.ones((768, 768), dtype=kind)
        best = 0.0
        for _ in range(5):
            start = time.process_time()
            for _ in range(10):
                a @ a
            best = max(best, 10 * 2 * 768 ** 3 / (time.process_time() - start) / 1e9)
        found.append(best)
    return found


CHILDREN = {function.__name__: function for function in (
    make_batch, make_pair, make_sets, make_columns, peer_published, peer_jsd, peer_relabelled, peer_classifier, peer_sklearn, peer_canonical, rate)}


# The driver.

def launch(command, environment, output):
    """(exit code, user CPU seconds, peak memory as the system counts it) of a process that writes to the file `output`."""
    with open(output, "wb") as file:
        process = subprocess.Popen(command, stdout=file, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime, usage.ru_maxrss


def run(command, environment=None):
    """(user CPU seconds, peak MB, parsed output) of a process on one thread."""
    environment = os.environ | ONE_THREAD | (environment or {})
    with tempfile.NamedTemporaryFile() as output:
        # From a process that is small: the peak of a new process starts with what its parent holds, and reports of thousands of scenarios
        # have been read here.
        code, seconds, memory = LAUNCHER.submit(launch, list(map(str, command)), dict(environment), output.name).result()
        if code != 0:
            raise SystemExit(f"{' '.join(map(str, command))}: exit {code}")
        text = output.read()
    return seconds, memory / (1024 if sys.platform != "darwin" else 1024 ** 2), json.loads(text) if text.strip() else None


def child(name, folder, *arguments, environment=None):
    return run([sys.executable, __file__, "--child", name, str(folder), *map(str, arguments)], environment)


def batch(rows, columns, scenarios, relabellings):
    def peers(folder, _):
        found = {}
        if relabellings == 0:
            found["published"] = child("peer_published", folder)
            if importlib.util.find_spec("torch"):
                found["published, PyTorch"] = child("peer_published", folder, environment={"EMI_PEER_TORCH": "1"})
        return found

    def value(report):
        return [scenario["discrepancies"]["visual"]["jsd"] for scenario in report["scenarios"]]

    # Gram matrices of four pairs of arrays, a reduction to tridiagonal form for the two parts and the mixture of each, and of the
    # two parts for each relabelling; the estimator's fit is not among them.
    operations = scenarios * 4 * (
        2 * rows * rows * columns + 4 / 3 * (2 * rows ** 3 + (2 * rows) ** 3) + relabellings * 2 * 4 / 3 * rows ** 3)
    return {
        "title": f"`batch`: {scenarios} × {rows} × {columns}, {relabellings} relabellings", "make": ("make_batch", rows, columns, scenarios),
        "emi": ["batch", "manifest.json", "--permutations", str(relabellings), "--threads", "1", "--format", "json", "--quiet"],
        "value": value, "same": {"published": 1e-4, "published, PyTorch": 1e-4}, "peers": peers, "operations": operations}


def divergence(rows, columns, relabellings):
    def peers(folder, _):
        if relabellings:
            return {"numpy": child("peer_relabelled", folder, relabellings)}
        return {"numpy": child("peer_jsd", folder), "classifier": child("peer_classifier", folder)}

    def value(report):
        return [report["jsd"], report["null_mean"]] if relabellings else report["jsd"]

    side = min(rows, columns)
    products = 2 * rows * columns * columns if columns < rows else (2 * rows) ** 2 * columns
    operations = products + 4 / 3 * (2 * side ** 3 + min(2 * rows, columns) ** 3) + relabellings * (
        2 * 4 / 3 * side ** 3 + (rows * columns * columns if columns < rows else 0))
    return {
        "title": f"`jsd`: 2 × {rows:,} × {columns}, {relabellings} relabellings", "make": ("make_pair", rows, columns),
        "emi": ["jsd", "--p", "p.npy", "--q", "q.npy", "--permutations", str(relabellings), "--threads", "1", "--format", "json", "--quiet"],
        # emi's null mean is corrected, and the draws differ.
        "value": value, "same": {"numpy": 3e-3 if relabellings else 1e-4}, "peers": peers, "operations": operations}


def estimate(rows, columns, relabellings):
    # The space and the fit; likelihoods of every answer against 1,000 references of its own set, and for the bound of both.
    operations = 4 * 2 * rows * columns * 64 + 2 * columns ** 2 * min(2 * rows, 100_000) + 3 * 2 * 2 * 2 * rows * 1_000 * 65
    return {
        "title": f"`estimate`: 2 × {rows:,} × {columns}, {relabellings} relabellings", "make": ("make_sets", rows, columns),
        "emi": ["estimate", "--id", "id.safetensors", "--ood", "ood.safetensors", "--permutations", str(relabellings), "--threads", "1", "--format", "json",
                "--quiet"],
        "value": lambda report: report["scenarios"][0]["emid"]["value"], "same": {}, "peers": lambda folder, _: {},
        "operations": operations}


def information(estimator, rows, columns):
    peer = {"ksg": ("sklearn", "peer_sklearn"), "gaussian": ("numpy", "peer_canonical")}[estimator]
    # One pass of products; neighbours need none.
    operations = rows * (2 * columns) ** 2 if estimator == "gaussian" else 0
    return {
        # Nor do the peers have bounds beside the estimate, which take ten times as long as a Gaussian one.
        "title": f"`mi --estimator {estimator} --no-bracket`: {rows:,} × {columns}, with its error", "make": ("make_columns", rows, columns),
        "emi": ["mi", "--x", "x.npy", "--y", "y.npy", "--estimator", estimator, "--no-bracket", "--permutations", "0", "--threads", "1",
                "--format", "json", "--quiet"],
        "value": lambda report: report["value"], "same": {}, "peers": lambda folder, _: {peer[0]: child(peer[1], folder)},
        "operations": operations}


# (small, case)
CASES = [
    (True, batch(90, 768, 61, 0)), (True, batch(90, 768, 61, 100)), (False, batch(90, 768, 61, 1000)),
    (True, batch(45, 768, 61, 100)), (False, batch(180, 768, 61, 100)), (True, batch(90, 192, 61, 100)),
    (True, batch(30, 32, 500, 0)), (False, batch(30, 32, 2000, 0)), (False, batch(30, 32, 5000, 0)),
    (True, divergence(90, 768, 1000)), (False, divergence(300, 768, 1000)), (True, divergence(1_000, 384, 100)),
    (True, divergence(10_000, 128, 0)), (True, divergence(10_000, 768, 0)), (False, divergence(10_000, 2048, 0)),
    (False, divergence(100_000, 768, 0)),
    (False, estimate(1_000, 768, 100)), (False, estimate(20_000, 768, 0)), (False, estimate(100_000, 768, 0)),
    (False, estimate(100_000, 768, 100)),
    (True, information("ksg", 2_000, 1)), (False, information("gaussian", 10_000, 256)),
]


def differences(found, expected):
    if isinstance(found, list):
        return max((differences(*pair) for pair in zip(found, expected)), default=0)
    return abs(found - expected)


def measure(case, emi):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        child(case["make"][0], folder, *case["make"][1:])
        before = child("rate", folder)[2]
        command = [emi] + [str(folder / word) if word.endswith((".npy", ".json", ".safetensors")) else word for word in case["emi"]]
        seconds, memory, report = run(command)
        value = case["value"](report)
        peers = case["peers"](folder, report)
        after = child("rate", folder)[2]
    wrong = []
    for name, (_, _, found) in peers.items():
        if name in case["same"] and differences(found, value) > case["same"][name]:
            wrong.append(f"{case['title']}: {name} differs by {differences(found, value):.1e}")
    gemm = [(a + b) / 2 for a, b in zip(before, after)]
    return {"seconds": seconds, "memory": memory, "peers": peers, "rate": gemm[0], "rates": gemm, "wrong": wrong}


def rounded(value):
    return f"{value:.2f}" if value < 9.95 else f"{value:.1f}" if value < 99.5 else f"{value:.0f}"


def line(case, found):
    peers = "; ".join(
        f"{name} {rounded(seconds)} s, {memory:.0f} MB (**{rounded(seconds / found['seconds'])}**)"
        for name, (seconds, memory, _) in found["peers"].items()) or "–"
    floor = case["operations"] / found["rate"] / 1e9
    distance = f"{rounded(found['seconds'] / floor)}" if floor > 1e-3 else "–"
    return f"| {case['title']} | {rounded(found['seconds'])} s | {found['memory']:.0f} MB | {peers} | {distance} |"


HEAD = ("| what | emi | peak | beside it, on the same files (times emi's CPU) | over the machine's DGEMM |\n"
        "|:--|--:|--:|:--|--:|")


def processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(entry.split(":")[1].strip() for entry in lines if entry.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--emi", default=str(ROOT / ".build/release/emi"))
    parser.add_argument("--quick", action="store_true", help="the small cases only")
    parser.add_argument("--only", default="*", help="cases whose title matches, for example '*jsd*'")
    parser.add_argument("--write", action="store_true", help=f"put the table into {ARTICLE.name}")
    options = parser.parse_args()

    global LAUNCHER
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as LAUNCHER:
        write_table(options)


def write_table(options):
    lines, wrong, rates = [], [], []
    print(HEAD)
    for small, case in CASES:
        if (options.quick and not small) or not fnmatch.fnmatch(case["title"], options.only):
            continue
        found = measure(case, options.emi)
        lines.append(line(case, found))
        rates.append(found["rates"])
        wrong += found["wrong"]
        print(lines[-1], flush=True)
    if not lines:
        raise SystemExit(f"no case is called {options.only}")
    low, high = ([pick(rate[0] for rate in rates) for pick in (min, max)])
    single = sum(rate[1] for rate in rates) / len(rates)
    version = subprocess.run([options.emi, "--version"], capture_output=True, text=True).stdout.strip()
    note = (f"emi {version}, {processor()}, one thread, user CPU seconds. DGEMM of NumPy meanwhile: {low:.0f} to {high:.0f} GF/s, "
            f"SGEMM {single:.0f}.")
    print(f"\n{note}")
    if options.write:
        text = ARTICLE.read_text()
        start, end = (text.index(mark) for mark in MARKS)
        ARTICLE.write_text(text[: start + len(MARKS[0])] + f"\n{note}\n\n{HEAD}\n" + "\n".join(lines) + "\n" + text[end:])
    for sentence in wrong:
        print(f"benchmark: {sentence}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "--child":
        sys.path.insert(0, str(ROOT / "Scripts"))
        result = CHILDREN[sys.argv[2]](pathlib.Path(sys.argv[3]), *map(int, sys.argv[4:]))
        print(json.dumps(result, default=float))
    else:
        main()
