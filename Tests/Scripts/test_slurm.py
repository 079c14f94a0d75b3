"""Job arrays of Scripts/slurm on a Slurm of this machine: killed and repeated tasks, and the same bytes in the end."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
SLURM = ROOT / "Scripts" / "slurm"
EMI = os.environ["EMI"]


def bundle(path, rows, seed, shift):
    """A set of rows around 24 contents; `shift` is the share of wrong responses."""
    draw = np.random.default_rng(seed)
    contents = np.random.default_rng(1).normal(size=(24, 32))
    meant = draw.integers(0, 24, rows)
    said = np.where(draw.random(rows) < shift, draw.integers(0, 24, rows), meant)
    noise = lambda: 0.5 * draw.normal(size=(rows, 32))
    np.savez(
        path, visual=(contents[meant] + noise() + shift).astype("f4"), text=(contents[meant][:, ::-1] + noise()).astype("f4"),
        response=(contents[said] + noise()).astype("f4"), reference=(contents[meant] + noise()).astype("f4"),
        group=np.array([f"{seed}-{row // 3}" for row in range(rows)]))


def run(*arguments, **options):
    return subprocess.run([str(argument) for argument in arguments], check=True, capture_output=True, text=True, **options).stdout


class Cluster:
    """A Slurm of one node, for as long as the block runs."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        line = run(SLURM / "local-cluster", "start", self.folder)
        self.environment = {**os.environ, "SLURM_CONF": line.strip().split("=", 1)[1], "EMI": EMI}
        return self

    def __exit__(self, *_):
        run(SLURM / "local-cluster", "stop", self.folder)

    def array(self, script, tasks, *arguments, log):
        """Submits an array, waits for it, and returns the states of its tasks."""
        job = run(
            "sbatch", "--parsable", f"--array={tasks}", f"--output={log}/%A_%a.txt", script, *arguments, env=self.environment, cwd=ROOT
        ).strip()
        for _ in range(600):
            lines = run("scontrol", "show", "job", "--oneliner", job, env=self.environment).splitlines()
            states = [word.split("=")[1] for line in lines for word in line.split() if word.startswith("JobState=")]
            if states and not any(state in ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING") for state in states):
                return states
            time.sleep(0.2)
        raise SystemExit(f"job {job} did not end in two minutes: {states}")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="emi-slurm-"))
    try:
        lines = []
        for name, shift in (("clean", 0.0), ("shifted", 0.4)):
            for shard in range(4):
                path = folder / f"{name}-{shard}.npz"
                bundle(path, 300, 10 * shard + (1 if shift else 0), shift)
                lines.append(f"{name}\t{path}")
        shards = folder / "shards.txt"
        shards.write_text("\n".join(lines) + "\n")
        with Cluster(folder / "slurm") as cluster:
            states = cluster.array(SLURM / "summarize.sbatch", "0-7", shards, folder / "first", log=folder)
            assert states == ["COMPLETED"] * 8, states
            fit = folder / "q.safetensors"
            parts = sorted((folder / "first").iterdir())
            assert len(parts) == 8, parts
            run(EMI, "merge", *parts, "--id", "clean", "--save-fit", fit, "--quiet")

            # A task without its shard fails, and leaves no part.
            hidden = folder / "hidden.npz"
            (folder / "shifted-1.npz").rename(hidden)
            second = folder / "second"
            states = cluster.array(SLURM / "summarize.sbatch", "0-7", shards, second, "--fit", fit, log=folder)
            assert sorted(states) == ["COMPLETED"] * 7 + ["FAILED"], states
            assert len(list(second.iterdir())) == 7, list(second.iterdir())
            hidden.rename(folder / "shifted-1.npz")
            # The same command again runs what is missing; what is there is left alone.
            before = {path.name: path.read_bytes() for path in second.iterdir()}
            states = cluster.array(SLURM / "summarize.sbatch", "0-7", shards, second, "--fit", fit, log=folder)
            assert states == ["COMPLETED"] * 8, states
            parts = sorted(second.iterdir())
            assert len(parts) == 8 and all(before.get(path.name, path.read_bytes()) == path.read_bytes() for path in parts)
            merge = lambda files: run(EMI, "merge", *files, "--id", "clean", "--permutations", "20", "--format", "json", "--quiet")
            report = merge(parts)
            # A task that ran twice under another name counts once, and the order of parts is of no account.
            twice = folder / "again.safetensors"
            twice.write_bytes(parts[3].read_bytes())
            assert merge([twice, *reversed(parts)]) == report

            merged = json.loads(report)
            assert merged["id"]["sample_count"] == 1200 and merged["id"]["shard_count"] == 4, merged["id"]
            assert merged["shifts"][0]["emid"]["value"] > 3 * merged["shifts"][0]["emid"]["standard_error"], merged["shifts"][0]

            # Many scenarios: each task some of a manifest, and one report of all.
            study = ROOT / "Fixtures" / "digits" / "manifest.yaml"
            names = [f"defocus_blur_{level}" for level in (1, 3, 5)] + ["frost_1", "frost_3", "frost_5"]
            known = (ROOT / "Fixtures" / "digits" / "manifest.yaml").read_text()
            names = [name for name in names if f"{name}" in known]
            run(EMI, "batch", study, "--save-fit", folder / "digits.safetensors", "--permutations", "0", "--quiet", "-o", folder / "all.json")
            scenarios = folder / "scenarios.txt"
            scenarios.write_text("\n".join(names) + "\n")
            flags = ["--fit", folder / "digits.safetensors", "--permutations", "20", "--quiet"]
            last = (len(names) - 1) // 2
            states = cluster.array(SLURM / "batch.sbatch", f"0-{last}", study, scenarios, folder / "reports", 2, *flags, log=folder)
            assert set(states) == {"COMPLETED"}, states
        one = folder / "one.json"
        only = [word for name in names for word in ("--only", name)]
        run(EMI, "batch", study, *only, *flags, "--reproducible", "-o", one)
        many = folder / "many.json"
        run(EMI, "merge", *sorted((folder / "reports").iterdir()), "--reproducible", "-o", many)
        left, right = (json.loads(path.read_text()) for path in (one, many))
        by_name = lambda report: {scenario["name"]: scenario for scenario in report["scenarios"]}
        assert by_name(left) == by_name(right)
        assert left["summary"] == right["summary"]
        print(f"test-slurm: ok, {len(lines)} shards in two rounds and {len(names)} scenarios in {last + 1} tasks")
    except subprocess.CalledProcessError as failure:
        sys.exit(f"test-slurm: {failure}\n{failure.stderr}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
