"""What every engine runs once a shard: emi summarize, unless the part is there."""

import os
import pathlib
import subprocess


def read_tasks(path):
    """The tasks of a list: the name of the set, a tab, the shard on each line."""
    return [tuple(line.split("\t")) for line in pathlib.Path(path).read_text().splitlines() if line]


def summarize(number, set_name, shard, parts, flags=()):
    """Makes the part of one shard and returns its path. A part that is there is complete: emi renames it into place."""
    part = pathlib.Path(parts) / f"{number:05}.safetensors"
    if not part.exists():
        part.parent.mkdir(parents=True, exist_ok=True)
        command = [os.environ.get("EMI", "emi"), "summarize", shard, "--set", set_name, "--threads", "1", "-o", str(part), *flags]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
    return str(part)
