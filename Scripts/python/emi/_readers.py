"""Readers of what the program leaves to Python: Parquet, Arrow, saved data sets, FAISS and PyTorch."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Any

from ._columns import Columns, columns_of, is_table
from ._errors import EmiError

PARQUET = (".parquet", ".pq")
ARROW = (".arrow", ".feather", ".ipc")
FAISS = (".faiss", ".index")
TORCH = (".pt", ".pth")


def needs_python(path: Path) -> bool:
    """Whether the program leaves a file or folder to this package."""
    if path.is_dir():
        saved = (path / "state.json").exists() or (path / "dataset_dict.json").exists()
        return saved or any(_with_ending(path, PARQUET)) and not any(_with_ending(path, (".npy", ".npz")))
    return path.suffix.lower() in PARQUET + ARROW + FAISS + TORCH


def read(path: str | os.PathLike[str]) -> Columns:
    """The columns of a file: Parquet, Arrow, Feather, a folder of Parquet files, a data set saved with `save_to_disk`, a FAISS index, a
    PyTorch file of tensors (read with `weights_only=True`: nothing in it is run).

    A single matrix (FAISS, a tensor) is a column called `vectors`.

    Raises:
        EmiError: the file is of none of these kinds, or a package is missing that reads it.
    """
    path = Path(path)
    if not path.exists():
        raise EmiError(f"{path}: expected a file or folder, found nothing at this path", "check the path; relative paths start at the current folder")
    ending = path.suffix.lower()
    try:
        if path.is_dir():
            return _folder(path)
        if ending in PARQUET:
            return columns_of(_module("pyarrow.parquet", path).read_table(path), str(path))
        if ending in ARROW:
            return columns_of(_arrow(path), str(path))
        if ending in FAISS:
            return {"vectors": _faiss(path)}
        if ending in TORCH:
            return _torch(path)
    except (EmiError, MemoryError):
        raise
    except Exception as error:  # whatever the library of the format raises for a damaged file
        raise EmiError(f"{path}: expected a file of the kind '{ending or 'folder'}', found one that cannot be read: {_sentence(error)}") from error
    raise EmiError(f"{path}: expected {', '.join(PARQUET + ARROW + FAISS + TORCH)} or a saved data set, found '{ending}'", "the program reads the other kinds itself: give the path")


def read_column(path: Path) -> Any:
    """The only column of a file, for a path where one column is expected; `FILE:NAME` takes one of several.

    Raises:
        EmiError: there are several and none was named, or none of that name.
    """
    path, name = split_name(path)
    columns = read(path)
    if name is None and len(columns) == 1:
        return next(iter(columns.values()))
    found = ", ".join(repr(column) for column in columns)
    if name is None:
        raise EmiError(f"{path}: expected one column, found {found}", f"name one: '{path}:{next(iter(columns), 'NAME')}'")
    if name not in columns:
        raise EmiError(f"{path}: expected a column '{name}', found {found}")
    return columns[name]


def split_name(path: Path) -> tuple[Path, str | None]:
    """A path and the name behind its last colon, if the file itself has no such name."""
    head, colon, name = str(path).rpartition(":")
    return (Path(head), name) if colon and head and not path.exists() else (path, None)


def _module(name: str, path: Path, install: str | None = None) -> ModuleType:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = install or name.partition(".")[0]
        raise EmiError(f"{path}: expected the package {package}, which reads it, found none", f"pip install {package}") from error


def _with_ending(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in endings)


def _folder(path: Path) -> Columns:
    """A saved data set, or Parquet files that continue each other in the order of their names."""
    import json

    splits = path / "dataset_dict.json"
    if splits.exists():
        names = json.loads(splits.read_text()).get("splits", [])
        raise EmiError(f"{path}: expected one data set, found the splits {', '.join(names)}", f"choose one: {path / names[0] if names else path}")
    arrow = _module("pyarrow", path)
    state = path / "state.json"
    if state.exists():
        saved = json.loads(state.read_text())
        table = arrow.concat_tables([_arrow(path / file["filename"]) for file in saved["_data_files"]])
        # An order or choice of rows (`select`, `shuffle`) that was saved beside the rows.
        if saved.get("_indices_files"):
            indices = arrow.concat_tables([_arrow(path / file["filename"]) for file in saved["_indices_files"]])
            table = table.take(indices.column(0))
        if saved.get("_format_columns"):
            table = table.select(saved["_format_columns"])
        return columns_of(table, str(path))
    files = _with_ending(path, PARQUET)
    if not files:
        raise EmiError(f"{path}: expected a saved data set or a folder of Parquet files, found neither")
    read_table = _module("pyarrow.parquet", path).read_table
    return columns_of(arrow.concat_tables([read_table(file) for file in files], promote_options="default"), str(path))


def _arrow(path: Path) -> Any:
    """A file of Arrow's, as a file or as a stream (which is what `datasets` writes)."""
    arrow = _module("pyarrow", path)
    ipc = _module("pyarrow.ipc", path, "pyarrow")
    source = arrow.memory_map(str(path))
    try:
        return ipc.open_file(source).read_all()
    except arrow.ArrowInvalid:
        source.seek(0)
        return ipc.open_stream(source).read_all()


def _faiss(path: Path) -> Any:
    index = _module("faiss", path, "faiss-cpu").read_index(str(path))
    return index.reconstruct_n(0, index.ntotal)


def _torch(path: Path) -> Columns:
    held = _module("torch", path).load(path, map_location="cpu", weights_only=True)
    return columns_of(held, str(path)) if is_table(held) else columns_of({"vectors": held}, str(path))


def _sentence(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
