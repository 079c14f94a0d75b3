"""What the studies share: random streams with a purpose, the rows of a set, and the files that they are written to."""

import csv
import io
import json
import zipfile
from typing import NamedTuple

import numpy as np


class Row(NamedTuple):
    """One question about one image, and what the model said to it."""
    id: str             # the same in every set that asks the same question of the same image
    group: str          # the image
    prompt: str
    response: str
    reference: str
    correct: bool


def random_stream(seed, *purpose):
    """Independent random numbers for each purpose, so that no set depends on which others are made."""
    name = "/".join(str(part) for part in purpose)
    return np.random.default_rng([seed, *name.encode("utf-8")])


def arrays(rows, visual, featurize):
    """The arrays of a bundle: unit embeddings (rows x columns, float16), id, group, and score (0 or 1)."""
    def embedded(texts):
        return featurize(texts).astype(np.float16)

    return {
        "visual": visual.astype(np.float16),
        "text": embedded([row.prompt for row in rows]),
        "response": embedded([row.response for row in rows]),
        "reference": embedded([row.reference for row in rows]),
        "id": np.array([row.id for row in rows]),
        "group": np.array([row.group for row in rows]),
        "score": np.array([row.correct for row in rows], dtype=np.float32),
    }


def accuracy(rows):
    return float(np.mean([row.correct for row in rows]))


def write_npz(path, named_arrays):
    """As numpy.savez_compressed, but with a fixed date, so that the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in named_arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, buffer.getvalue())


def write_objects(path, objects):
    """One JSON object a line."""
    lines = [json.dumps(each, ensure_ascii=False) for each in objects]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def write_jsonl(path, rows):
    write_objects(path, [row._asdict() for row in rows])


def write_scores(path, scores):
    """name, kind, accuracy of the sets, as they were made."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "kind", "accuracy"])
        writer.writerows((name, kind, f"{value:.6f}") for name, kind, value in scores)


def write_manifest(path, scores, data="{}.npz", confidences=None):
    """The manifest of `emi batch`: first the in-distribution set, then the others by name; `data` is where the rows of a name are,
    a pattern or a mapping from names, and `confidences` a pattern for what `emi calibrate` reads. Accuracies are in the rows."""
    def of(name):
        files = "data: " + (data.format(name) if isinstance(data, str) else data[name])
        return files + (f", confidences: {confidences.format(name)}" if confidences else "")

    first, *others = scores
    lines = ["version: 1", f"id: {{ name: {first[0]}, {of(first[0])} }}", "scenarios:"]
    lines += [f"  - {{ name: {name}, kind: {kind}, {of(name)} }}" for name, kind, _ in sorted(others)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
