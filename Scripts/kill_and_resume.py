"""Kills a batch at random moments and resumes it: nothing may be lost, nothing doubled.

    python Scripts/kill_and_resume.py [--times 20] [--emi .build/release/emi] [--seed 0]

Each time: `emi batch Fixtures/digits/manifest.yaml` is killed (SIGKILL) at a random moment, as often as it takes until it gets
through, resumed each time; its report must have the same bytes as an undisturbed run, and no journal may be left.
"""

import argparse
import pathlib
import random
import signal
import subprocess
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--emi", default=str(PROJECT / ".build/release/emi"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    generator = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "report.json"
        journal = pathlib.Path(folder) / "report.json.partial"
        command = [options.emi, "batch", str(PROJECT / "Fixtures/digits/manifest.yaml"), "--format", "json",
                   "--reproducible", "--quiet", "--permutations", "20"]
        start = time.perf_counter()
        expected = subprocess.run(command, check=True, capture_output=True).stdout
        length = time.perf_counter() - start
        kills, reused = 0, 0
        for attempt in range(options.times):
            while True:
                process = subprocess.Popen(command + ["-o", str(output), "--resume"], stderr=subprocess.DEVNULL)
                try:
                    status = process.wait(timeout=generator.uniform(0.02, 1.1 * length))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    kills += 1
                    if journal.exists():
                        reused += journal.read_bytes().count(b'{"scenario"')
                    continue
                assert status == 0, f"exit {status}"
                break
            assert output.read_bytes() == expected, f"attempt {attempt}: other bytes than an undisturbed run"
            assert not journal.exists(), f"attempt {attempt}: a journal is left"
            output.unlink()
    print(f"{options.times} runs, {kills} kills, {reused} finished scenarios taken over: the same {len(expected)} bytes each time")


if __name__ == "__main__":
    main()
