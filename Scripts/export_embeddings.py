#!/usr/bin/env python3
"""Export image and text embeddings as one bundle that `emi` reads.

Each row of a JSONL, CSV or TSV file is an image, a question, a model's response and a reference response. The bundle
holds the arrays `visual`, `text`, `response`, `reference` (float32, rows x width), `id`, and where given `group` and
`score`. Vectors are written as the encoder gives them: normalising is left to `emi`, which does it in one place.

`--preset paper` is what Oh et al. (ICML 2025, arXiv 2502.00577) compute, read from `EMI.forward` in `main.py` of the
authors' repository deeplearning-wisc/mllmshift-emi, commit 65484382a03dc4bbbcea572fd838a3b60e01df57:
  - image: CLIP ViT-B/32, vision tower, `hidden_states[-1][:, 1:].mean(1)`: the last block's output before the final
    layer norm, mean over the patches without [CLS], no projection, width 768;
  - text: XLM-R base, `hidden_states[0]`, which is the embedding layer's output (words, positions, layer norm: before
    any attention), mean over the real tokens but the first (<s> left out, </s> kept), at most 512 tokens, width 768.
They then L2-normalise each row and average image and text; `emi` does the same by default. Here images are resized
by Pillow, as by their transformers 4.37, whatever else is installed: torchvision's resizing differs slightly.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:  # heavy or optional: imported where used, so that --help is instant
    import numpy as np

Encoder = Callable[[Sequence[Any]], "tuple[Any, int | None]"]  # vectors, and how many texts were cut (None: unknown)

ALIASES = {
    "id": ("id", "question_id"), "image": ("image",), "text": ("text", "prompt"), "response": ("response",),
    "reference": ("reference",), "group": ("group",), "score": ("score",),
}  # fmt: skip
LAST_LAYER = {"text_layer": -1, "text_pooling": "mean", "image_layer": -1, "image_pooling": "mean"}
PAPER = {
    "text_encoder": "xlm-roberta-base", "text_layer": 0, "text_pooling": "mean-no-cls",
    "image_encoder": "openai/clip-vit-base-patch32", "image_layer": -1, "image_pooling": "mean-no-cls",
}  # fmt: skip


class Failure(Exception):
    """Bad data, or an encoder that cannot be used. The message is the sentence that the user sees."""

    exit_code = 2


class Misuse(Failure):
    exit_code = 64


# --- reading the rows ---


@dataclass(frozen=True)
class Cell:
    """One value together with where it stands, so that whoever rejects it can say where."""

    path: Path
    line: int
    column: str
    value: Any

    def refusal(self, expected: str, found: str | None = None) -> Failure:
        found = found or ("nothing" if self.value in (None, "") else json.dumps(self.value)[:60])
        return Failure(f"{self.path}, line {self.line}, '{self.column}': expected {expected}, found {found}")

    def text(self) -> str:
        """Empty is a text (a model may answer nothing); absent is not."""
        if not isinstance(self.value, str):
            raise self.refusal("a text")
        return self.value

    def label(self) -> str:
        if isinstance(self.value, bool) or not isinstance(self.value, (str, int)) or self.value == "":
            raise self.refusal("a non-empty text or an integer")
        return str(self.value)

    def number(self) -> float:
        try:
            number = float(self.value)
        except (TypeError, ValueError, OverflowError):
            raise self.refusal("a number") from None
        if not math.isfinite(number):
            raise self.refusal("a finite number", str(number))
        return number

    def image(self, root: Path | None) -> Path:
        path = (root or self.path.parent) / self.label()
        if not path.is_file():
            raise self.refusal("an image file", f"{path}, which is {'not a file' if path.exists() else 'missing'}")
        return path


@dataclass(frozen=True)
class Table:
    path: Path
    rows: list[tuple[int, dict[str, Any]]]  # line number and record

    def column(self, name: str, remap: dict[str, str], *, names: Sequence[str] = (), must: bool = True) -> list[Cell]:
        """The cells of the column that holds `name`: the remapped one, or the first alias in use; else empty."""
        choices = [remap[name]] if name in remap else names or ALIASES[name]
        for choice in choices:
            if any(row.get(choice) is not None for _, row in self.rows):
                return [Cell(self.path, line, choice, row.get(choice)) for line, row in self.rows]
        if must or name in remap:
            wanted = " or ".join(f"'{choice}'" for choice in choices)
            found = ", ".join(dict.fromkeys(f"'{key}'" for _, row in self.rows for key in row)) or "none"
            raise Failure(f"{self.path}: expected a column {wanted} for {name} (see --key), found {found}")
        return []


def read_table(path: Path) -> Table:
    suffix = path.suffix.lower()
    if suffix not in (".jsonl", ".csv", ".tsv"):
        raise Misuse(f"{path}: expected a .jsonl, .csv or .tsv file, found '{suffix}'")
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Failure(f"{path}, line {line}: expected UTF-8, found byte 0x{data[error.start]:02x}") from None
    rows = json_rows(path, text) if suffix == ".jsonl" else csv_rows(path, text, "\t" if suffix == ".tsv" else ",")
    if not rows:
        raise Failure(f"{path}: expected at least one row, found none")
    return Table(path, rows)


def json_rows(path: Path, text: str) -> list[tuple[int, dict[str, Any]]]:
    rows = []
    for line, source in enumerate(text.split("\n"), start=1):  # splitlines would cut inside texts, at U+2028
        try:
            row = json.loads(source) if source.strip() else None
        except (ValueError, RecursionError) as error:
            raise Failure(f"{path}, line {line}: expected a JSON object, found invalid JSON ({error})") from None
        if isinstance(row, dict):
            rows.append((line, row))
        elif source.strip():
            raise Failure(f"{path}, line {line}: expected a JSON object, found {source.strip()[:60]}")
    return rows


def csv_rows(path: Path, text: str, delimiter: str) -> list[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(2**31 - 1)  # the default, 128 KiB, is less than a long response
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        names = list(reader.fieldnames or ())
        if len(set(names)) < len(names):
            raise Failure(f"{path}, line 1: expected different column names, found {', '.join(names)}")
        for row in reader:
            if None in row or None in row.values():
                count = sum(value is not None for key, value in row.items() if key) + len(row.get(None) or ())
                raise Failure(f"{path}, line {reader.line_num}: expected {len(names)} fields, found {count}")
            rows.append((reader.line_num - sum(value.count("\n") for value in row.values()), row))  # its first line
    except csv.Error as error:
        raise Failure(f"{path}, line {reader.reader.line_num}: expected well-formed CSV, found: {error}") from None
    return rows


@dataclass(frozen=True)
class Samples:
    """The rows, column by column, checked and aligned; an optional column that is absent is empty."""

    ids: list[str]
    texts: dict[str, list[str]]  # 'text', 'response', 'reference'
    images: list[tuple[Cell, Path]]
    groups: list[str]
    scores: list[float]
    places: list[str]  # 'file, line n' of each row


def row_by_id(cells: Sequence[Cell]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for row, cell in enumerate(cells):
        first = rows.setdefault(cell.label(), row)
        if first != row:
            raise cell.refusal("each id once", f"'{cell.label()}' again (first on line {cells[first].line})")
    return rows


def joined(ids: Sequence[Cell], path: Path, remap: dict[str, str], name: str, *names: str) -> list[Cell]:
    """The cells of column `name` of another file, in the order of `ids`. That file may spell its id another way."""
    table = read_table(path)
    rows = row_by_id(table.column("id", {}, names=(remap.get("id", "id"), *ALIASES["id"])))
    for cell in ids:
        if cell.label() not in rows:
            raise cell.refusal(f"an id that {path} has", f"'{cell.label()}'")
    cells = table.column(name, remap, names=names)
    return [cells[rows[cell.label()]] for cell in ids]


def read_samples(options: argparse.Namespace) -> Samples:
    table, remap = read_table(options.rows), options.remap
    ids = table.column("id", remap)
    aliases = ALIASES
    has_response = "response" in remap or table.column("response", {}, must=False)
    if not has_response and table.column("text", {}, names=("prompt",), must=False):
        # LLaVA's answer files call the question `prompt` and the model's answer `text`.
        aliases = ALIASES | {"text": ("prompt",), "response": ("text",)}
    texts = {name: table.column(name, remap, names=aliases[name]) for name in ("text", "response")}
    texts["reference"] = (
        joined(ids, options.references, remap, "reference", "reference", "text")
        if options.references
        else table.column("reference", remap)
    )
    images = joined(ids, options.images, remap, "image") if options.images else table.column("image", remap, must=False)
    return Samples(
        ids=list(row_by_id(ids)),
        texts={name: [cell.text() for cell in cells] for name, cells in texts.items()},
        images=[(cell, cell.image(options.image_root)) for cell in images],
        groups=[cell.label() for cell in table.column("group", remap, must=False)],
        scores=[cell.number() for cell in table.column("score", remap, must=False)],
        places=[f"{table.path}, line {line}" for line, _ in table.rows],
    )


def opened(cell: Cell, path: Path) -> Any:
    library = require("PIL.Image", "pillow")
    try:
        with library.open(path) as image:
            return image.convert("RGB")
    except Exception as error:  # Pillow's plugins raise what they like on broken files, SyntaxError included
        raise cell.refusal("a readable image", f"{path} ({brief(error)})") from error


# --- encoders ---


def require(module: str, package: str | None = None) -> Any:
    package = package or module
    try:
        return importlib.import_module(module)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name == module.split(".")[0]:
            raise Failure(f"{package} is not installed; to get it: {sys.executable} -m pip install {package}") from None
        # Not only ImportError: torch and torchvision of different builds end in a RuntimeError.
        raise Failure(f"{package} is installed but cannot be imported: {brief(error)}") from error


def brief(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


def loaded(name: str, load: Callable[[], Any]) -> Any:
    """Runs a library's loader. What it may raise is not documented, so everything becomes one sentence."""
    try:
        return load()
    except Failure:
        raise
    except Exception as error:
        raise Failure(f"the encoder '{name}' could not be loaded: {brief(error)}") from error


def pooled(states: Any, mask: Any, pooling: str) -> Any:
    """Rows x tokens x width to rows x width; `mask` is 1 on real tokens, and the first token is [CLS]."""
    if pooling == "cls":
        return states[:, 0]
    if pooling == "mean-no-cls":
        states, mask = states[:, 1:], mask[:, 1:]
    real = mask.bool().unsqueeze(-1)
    # masked_fill and not a product: whatever stands in the padding, infinity too, must not leak.
    return states.masked_fill(~real, 0.0).sum(dim=1) / real.sum(dim=1)


def transformers_model(name: str, device: str) -> Any:
    model, report = require("transformers").AutoModel.from_pretrained(name, output_loading_info=True)
    # from_pretrained fills absent weights at random and only warns. Poolers are often absent, and not used here.
    absent = sorted(key for key in report["missing_keys"] if "pooler" not in key)
    if absent:
        raise Failure(f"the encoder '{name}' is incomplete: expected weights for {absent[0]}, found none")
    return model.float().eval().to(device)


def hidden_state(output: Any, layer: int, flag: str, name: str) -> Any:
    states = getattr(output, "hidden_states", None) or ()
    if not -len(states) <= layer < len(states):
        raise Misuse(f"{flag}: expected {-len(states)} to {len(states) - 1} for '{name}', found {layer}")
    if states[layer].ndim != 3:
        raise Failure(f"the encoder '{name}': expected rows x tokens x width, found {tuple(states[layer].shape)}")
    return states[layer]


def cut_count(tokenizer: Any, texts: Sequence[str], limit: int) -> int:
    return sum(len(tokens) > limit for tokens in tokenizer(list(texts), truncation=False)["input_ids"])


def transformers_text(name: str, layer: int, pooling: str, device: str) -> Encoder:
    tokenizer = loaded(name, lambda: require("transformers").AutoTokenizer.from_pretrained(name))
    model = loaded(name, lambda: transformers_model(name, device))
    tower = getattr(model, "text_model", model)  # CLIP and its kin have two
    tokenizer.padding_side = "right"  # so that the first token is the text's first in every row
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    # RoBERTa and its kin number positions from padding_idx + 1: of 514 positions 512 are usable.
    unused = getattr(getattr(tower, "embeddings", None), "padding_idx", None)
    positions = getattr(tower.config, "max_position_embeddings", tokenizer.model_max_length)
    limit = min(tokenizer.model_max_length, positions - (0 if unused is None else unused + 1))

    def encode(texts: Sequence[str]) -> tuple[Any, int]:
        tokens = tokenizer(list(texts), padding=True, truncation=True, max_length=limit, return_tensors="pt").to(device)
        states = hidden_state(tower(**tokens, output_hidden_states=True), layer, "--text-layer", name)
        return pooled(states, tokens["attention_mask"], pooling), cut_count(tokenizer, texts, limit)

    return encode


def transformers_image(name: str, layer: int, pooling: str, device: str) -> Encoder:
    transformers = require("transformers")
    processor = loaded(name, lambda: transformers.AutoImageProcessor.from_pretrained(name, backend="pil"))
    model = loaded(name, lambda: transformers_model(name, device))
    tower = getattr(model, "vision_model", model)

    def encode(images: Sequence[Any]) -> tuple[Any, int]:
        pixels = processor(images=list(images), return_tensors="pt")["pixel_values"].to(device)
        states = hidden_state(tower(pixel_values=pixels, output_hidden_states=True), layer, "--image-layer", name)
        return pooled(states, states.new_ones(states.shape[:2]), pooling), 0

    return encode


def sentence_transformers_any(name: str, device: str) -> Encoder:
    library = require("sentence_transformers", "sentence-transformers")
    model = loaded(name, lambda: library.SentenceTransformer(name, device=device).float())
    tokenizer = getattr(model[0], "tokenizer", None)
    tokenizer = getattr(tokenizer, "tokenizer", tokenizer)  # a processor of images and texts holds the tokenizer
    limit: Any = getattr(model[0], "max_seq_length", None)
    countable = limit is not None and callable(tokenizer)

    def encode(items: Sequence[Any]) -> tuple[Any, int | None]:
        vectors = model.encode(list(items), batch_size=len(items), convert_to_tensor=True, show_progress_bar=False)
        if not isinstance(items[0], str):
            return vectors, 0
        return vectors, cut_count(tokenizer, items, limit) if countable else None

    return encode


def open_clip_any(name: str, device: str) -> Encoder:
    torch, library = require("torch"), require("open_clip", "open_clip_torch")
    has_schema = name.startswith(("hf-hub:", "local-dir:"))
    architecture, _, weights = (name, "", "") if has_schema else name.partition("@")
    if not has_schema and not weights:
        raise Misuse(f"'{name}': expected ARCHITECTURE@WEIGHTS, hf-hub:REPO or local-dir:FOLDER, found no weights")
    create = library.create_model_from_pretrained  # which, unlike create_model, never leaves weights random
    model, preprocess = loaded(name, lambda: create(architecture, pretrained=weights or None, device=device))
    tokenizer = loaded(name, lambda: library.get_tokenizer(architecture))
    padding = getattr(getattr(tokenizer, "tokenizer", None), "pad_token_id", None) or 0
    model.eval()

    def encode(items: Sequence[Any]) -> tuple[Any, int]:
        if not isinstance(items[0], str):
            return model.encode_image(torch.stack([preprocess(image) for image in items]).to(device)), 0
        limit = tokenizer.context_length
        wider = tokenizer(list(items), context_length=limit + 1)  # a text is cut if it would use one place more
        return model.encode_text(tokenizer(list(items)).to(device)), int((wider[:, limit] != padding).sum())

    return encode


def make_encoder(options: argparse.Namespace, kind: str, device: str) -> Encoder:
    name: str = getattr(options, f"{kind}_encoder")
    if options.backend != "transformers":
        return (open_clip_any if options.backend == "open_clip" else sentence_transformers_any)(name, device)
    make = transformers_text if kind == "text" else transformers_image
    return make(name, getattr(options, f"{kind}_layer"), getattr(options, f"{kind}_pooling"), device)


def encoded(name: str, items: Sequence[Any], places: list[str], encode: Encoder, batch_size: int) -> np.ndarray:
    """Encodes batch by batch, refuses what is not finite, and reports texts that were cut."""
    torch, numpy = require("torch"), require("numpy")
    parts, cut = [], 0
    for start in range(0, len(items), batch_size):
        progress(f"{name} {start}/{len(items)}")
        try:
            with torch.inference_mode():
                vectors, batch_cut = encode(items[start : start + batch_size])
        except (RuntimeError, ValueError, TypeError, LookupError, AttributeError) as error:
            where = f"{places[start]}: the encoder failed on the batch of {name} that starts here"
            raise Failure(f"{where}: {brief(error)}") from error
        parts.append(vectors.float().cpu().numpy())
        cut = -1 if batch_cut is None else cut + batch_cut
    progress("")
    matrix: np.ndarray = numpy.concatenate(parts)
    for row, column in numpy.argwhere(~numpy.isfinite(matrix))[:1]:
        found = f"{matrix[row, column]} in column {column}"
        raise Failure(f"{places[row]}: expected a finite {name} embedding, found {found}")
    if cut < 0:
        note(f"{name}: this encoder does not tell how many texts it cut")
    elif cut > 0:
        note(f"{name}: {cut} of {len(items)} texts were longer than the encoder takes and were cut")
    return matrix


# --- the bundle ---


def npz_bytes(arrays: dict[str, np.ndarray], labels: dict[str, list[str]]) -> bytes:
    numpy, buffer = require("numpy"), io.BytesIO()
    numpy.savez(buffer, **arrays, **{name: numpy.array(values, dtype=numpy.str_) for name, values in labels.items()})
    return buffer.getvalue()


def safetensors_bytes(arrays: dict[str, np.ndarray], labels: dict[str, list[str]]) -> bytes:
    """By hand, because the library orders `__metadata__` differently on each run. Labels are JSON lists in it."""
    header: dict[str, Any] = {"__metadata__": {name: json.dumps(values) for name, values in labels.items()}}
    payload = b""
    for name, array in arrays.items():
        data = array.astype(array.dtype.newbyteorder("<")).tobytes()
        ends = [len(payload), len(payload) + len(data)]
        header[name] = {"dtype": f"F{array.itemsize * 8}", "shape": list(array.shape), "data_offsets": ends}
        payload += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the data start on a multiple of 8
    return len(text).to_bytes(8, "little") + text + payload


def write_whole(path: Path, data: bytes) -> None:
    """All or nothing: written beside, then renamed."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    except OSError as error:
        raise Failure(f"{path}: could not be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


# --- the command ---


def note(message: str) -> None:
    print(f"export_embeddings: {message}", file=sys.stderr)


def progress(message: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{message}", end="", file=sys.stderr, flush=True)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Misuse(f"{message} (see --help)")


def key_pair(argument: str) -> tuple[str, str]:
    name, _, column = argument.partition("=")
    if not column or name not in ALIASES:
        raise argparse.ArgumentTypeError(f"expected NAME=COLUMN, NAME one of {', '.join(ALIASES)}, found '{argument}'")
    return name, column


def positive(argument: str) -> int:
    if not argument.isdecimal() or int(argument) == 0:
        raise argparse.ArgumentTypeError(f"expected a positive integer, found '{argument}'")
    return int(argument)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    summary, _, details = (__doc__ or "").partition("\n\n")
    layout = argparse.RawDescriptionHelpFormatter
    parser = Parser("export_embeddings.py", None, summary, details, formatter_class=layout, allow_abbrev=False)
    add = parser.add_argument
    add("rows", type=Path, help="JSONL, CSV or TSV with id, image, text (or prompt), response, reference, group, score")
    add("-o", "--output", type=Path, required=True, help="bundle to write, .npz or .safetensors")
    add("--references", type=Path, metavar="FILE", help="take the references from FILE, joined by id")
    add("--images", type=Path, metavar="FILE", help="take the image paths from FILE (LLaVA's questions), joined by id")
    add("--image-root", type=Path, metavar="DIR", help="folder of the images (default: that of the file naming them)")
    add("--key", type=key_pair, action="append", default=[], metavar="NAME=COLUMN", help="read NAME from COLUMN")
    add("--preset", choices=("paper",), help="encoders, layers and pooling of the paper; other flags override them")
    add("--backend", choices=("transformers", "sentence-transformers", "open_clip"), default="transformers")
    add("--text-encoder", metavar="NAME", help="name or path; open_clip: ARCHITECTURE@WEIGHTS, hf-hub:…, local-dir:…")
    add("--image-encoder", metavar="NAME", help="likewise; without one, no visual array")
    for kind in ("text", "image"):
        add(f"--{kind}-layer", type=int, metavar="N", help="hidden state: 0 the embeddings, -1 the last (default)")
        add(f"--{kind}-pooling", choices=("cls", "mean", "mean-no-cls"), help="over tokens or patches (default: mean)")
    add("--batch-size", type=positive, default=32, metavar="N")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    options = parser.parse_args(arguments)

    options.remap = dict(options.key)
    if options.output.suffix not in (".npz", ".safetensors"):
        parser.error(f"--output: expected a name in .npz or .safetensors, found '{options.output}'")
    given = [flag for flag in ("preset", *LAST_LAYER) if getattr(options, flag) is not None]
    if given and options.backend != "transformers":
        parser.error(f"--{given[0].replace('_', '-')}: expected --backend transformers, found {options.backend}")
    for flag, value in (LAST_LAYER | (PAPER if options.preset else {})).items():
        if getattr(options, flag) is None:
            setattr(options, flag, value)
    if options.text_encoder is None:
        parser.error("expected --text-encoder NAME or --preset paper, found neither")
    return options


def export(options: argparse.Namespace) -> None:
    if options.output.is_dir() or not options.output.parent.is_dir():  # said now, and not after hours of encoding
        raise Failure(f"--output: expected a file in a folder that exists, found '{options.output}'")
    samples = read_samples(options)
    torch, numpy = require("torch"), require("numpy")
    if options.device == "cuda" and not torch.cuda.is_available():
        raise Failure("--device: expected a CUDA device for 'cuda', found none")
    device = "cuda" if options.device != "cpu" and torch.cuda.is_available() else "cpu"
    torch.use_deterministic_algorithms(True, warn_only=True)

    arrays: dict[str, np.ndarray] = {}
    if samples.images and options.image_encoder:
        encode = make_encoder(options, "image", device)
        from_files: Encoder = lambda batch: encode([opened(cell, path) for cell, path in batch])  # noqa: E731
        arrays["visual"] = encoded("visual", samples.images, samples.places, from_files, options.batch_size)
    else:
        note(f"no visual array: {'no --image-encoder' if samples.images else 'the rows name no image'}")
    encode_text = make_encoder(options, "text", device)
    for name, texts in samples.texts.items():
        arrays[name] = encoded(name, texts, samples.places, encode_text, options.batch_size)
    shapes = ", ".join(f"{name} {array.shape[0]} x {array.shape[1]}" for name, array in arrays.items())
    if samples.scores:
        arrays["score"] = numpy.array(samples.scores, dtype=numpy.float64)
    labels = {"id": samples.ids} | ({"group": samples.groups} if samples.groups else {})
    pack = npz_bytes if options.output.suffix == ".npz" else safetensors_bytes
    write_whole(options.output, pack(arrays, labels))
    note(f"wrote {options.output}: {shapes}")


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it cuBLAS is not deterministic
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    if not sys.stderr.isatty():
        os.environ.setdefault("TQDM_DISABLE", "1")  # the libraries' own progress bars
    try:
        export(parse(arguments))
        return 0
    except Failure as failure:
        message, code = str(failure), failure.exit_code
    except OSError as error:
        message, code = f"{error.filename}: expected a file that can be read, found: {error.strerror}", 2
    except KeyboardInterrupt:
        message, code = "interrupted, nothing written", 130
    progress("")
    note(f"error: {message}")
    return code


if __name__ == "__main__":
    sys.exit(main())
