"""Sets as the program takes them: paths as they are, everything else in a temporary file."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ._columns import Columns, column, columns_of, is_table
from ._errors import EmiError
from ._readers import needs_python, read, read_column, split_name

ROLES = ("visual", "text", "response", "reference")
DESCRIPTIONS = ("id", "group", "score", "log_prob")


class TemporaryFile(str):
    """The name of a file in the folder of a run."""


class Workplace:
    """A temporary folder with the files of one run, and the folder in which the program then runs.

    Where all sets are paths, the program runs where Python does and paths in reports are as they were given. Otherwise it runs in the
    temporary folder, so that reports name sets by the files that they came in, and paths of the user are made absolute.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / "results"
        self.results.mkdir()
        self.holds_sets = False
        self._names = {"manifest"}

    def free(self, name: str) -> str:
        """The name, or with a number behind it if another file of this run has it already: nothing is overwritten."""
        found, count = name, 1
        while found.casefold() in self._names:
            count += 1
            found = f"{name}_{count}"
        self._names.add(found.casefold())
        return found

    @property
    def cwd(self) -> Path | None:
        return self.folder if self.holds_sets else None

    def path(self, file: str | os.PathLike[str]) -> str:
        """A path as the program sees it."""
        if isinstance(file, TemporaryFile):
            return file
        text = os.fspath(file)
        if text == "-":
            raise EmiError("expected a path, found '-'", "give the data themselves, or a file")
        return str(Path(text).expanduser().absolute()) if self.holds_sets else str(Path(text).expanduser())

    def write(self, name: str, columns: Columns, place: str) -> TemporaryFile:
        """Writes columns to a file that the program reads, and returns its name.

        Vectors and numbers go into `.npz`. Texts go there with them. JSON lines are for what no array holds: gaps, several references, and
        texts so uneven that an array of the longest would be many times their size.

        Raises:
            EmiError: columns have different numbers of rows.
        """
        self.holds_sets = True
        counts = {key: len(values) for key, values in columns.items()}
        if len(set(counts.values())) > 1:
            found = ", ".join(f"{count} in {key!r}" for key, count in counts.items())
            raise EmiError(f"{place}: expected as many rows in every column, found {found}")
        if not counts:
            raise EmiError(f"{place}: expected columns, found none")
        name = self.free(name)
        has_vectors = any(getattr(values, "ndim", 1) == 2 for values in columns.values())
        if has_vectors and all(_fits_array(values) for values in columns.values()):
            file = f"{name}.npz"
            _write_npz(self.folder / file, columns)
            return TemporaryFile(file)
        file = f"{name}.jsonl"
        listed = {key: values if isinstance(values, list) else values.tolist() for key, values in columns.items()}
        with open(self.folder / file, "w", encoding="utf-8") as lines:
            for row in range(next(iter(counts.values()))):
                try:
                    line = json.dumps({key: values[row] for key, values in listed.items()}, ensure_ascii=False, allow_nan=False)
                    lines.write(line + "\n")
                except (ValueError, UnicodeEncodeError) as error:
                    raise EmiError(f"{place}, row {row}: expected finite numbers and texts, found {error}") from error
        return TemporaryFile(file)


def _write_npz(path: Path, columns: Columns) -> None:
    """Writes arrays under their names, whatever these are: `numpy.savez` has keywords of its own."""
    import numpy

    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, values in columns.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                numpy.lib.format.write_array(member, numpy.asarray(values, dtype=str) if isinstance(values, list) else values, allow_pickle=False)


def _fits_array(values: Any) -> bool:
    """Whether a column is an array, or texts without gaps that an array of the longest holds without waste."""
    if not isinstance(values, list):
        return True
    if not all(isinstance(value, str) for value in values):
        return False
    # NumPy drops zero characters at the end, and the file would lose half of a pair of surrogates.
    if any(value.endswith("\0") or not value.isprintable() and "\ud800" <= max(value) <= "\udfff" for value in values):
        return False
    longest = max(map(len, values), default=0)
    return longest * len(values) <= 64_000_000 or longest * len(values) <= 8 * sum(map(len, values))


def parts_of(place: str, value: Any, work: Workplace, name: str) -> dict[str, str]:
    """A set as the files of its parts: `bundle`, and `visual`, `text`, `response`, `reference` or other modalities by name.

    Args:
        place: how an error names it, such as `id`.
        value: a path, a mapping of columns or paths, a frame, a table, a data set, or a list of rows.
        name: the name of a temporary file, without its ending.

    Raises:
        EmiError: what it holds cannot be a set.
    """
    if isinstance(value, (str, os.PathLike)):
        path = Path(value).expanduser()
        file, column_name = split_name(path)
        if column_name is not None and needs_python(file):
            raise EmiError(f"{place}: expected a set, found one column, '{value}'")
        if needs_python(path):
            return {"bundle": work.write(name, read(path), str(path))}
        return {"bundle": os.fspath(value)}
    if isinstance(value, Mapping) and not hasattr(value, "column_names"):
        parts: dict[str, str] = {}
        arrays: Columns = {}
        is_mixed = any(not isinstance(given, (str, os.PathLike)) for given in value.values())
        for key, given in value.items():
            key = str(key)
            if isinstance(given, (str, os.PathLike)):
                file, _ = split_name(Path(given).expanduser())
                if is_mixed and key not in DESCRIPTIONS and file.suffix == ".npy" and file.is_file():
                    arrays[key] = _npy(file, f"{place}[{key!r}]")  # one file for all, in the order of the mapping
                elif key == "bundle" or not needs_python(file):
                    parts[key] = os.fspath(given)
                else:
                    arrays[key] = read_column(Path(given).expanduser())
            else:
                arrays[key] = column(given, f"{place}[{key!r}]")
        described = [key for key in parts if key in DESCRIPTIONS]
        if described:
            raise EmiError(f"{place}[{described[0]!r}]: expected values, found the path '{parts[described[0]]}'", "give the array, for example numpy.load(path)")
        if arrays:
            if "bundle" in parts:
                raise EmiError(f"{place}: expected a bundle or columns, found both")
            parts["bundle"] = work.write(name, arrays, place)
        if not parts:
            raise EmiError(f"{place}: expected columns, found none")
        return parts
    if not is_table(value):
        columns_of(value, place)  # raises its sentence
    return {"bundle": work.write(name, columns_of(value, place), place)}


def _npy(path: Path, place: str) -> Any:
    import numpy

    try:
        return column(numpy.load(path, allow_pickle=False), place)
    except (ValueError, EOFError) as error:
        raise EmiError(f"{path}: expected an array of numbers, found a file that cannot be read: {error}") from error


def array_file(place: str, value: Any, work: Workplace, name: str, group: Any = None) -> str:
    """One array as a file: a path (`FILE:array` too), or anything that is a column; with the labels that cluster its rows."""
    if isinstance(value, (str, os.PathLike)):
        path = Path(value).expanduser()
        file, _ = split_name(path)
        if not needs_python(file):
            if group is not None:
                raise EmiError(f"{place}: expected an array for labels in memory, found the path '{path}'", "give numpy.load(path), or the name of an array in the file")
            return os.fspath(value)
        values = read_column(path)
    else:
        values = column(value, place)
    if getattr(values, "ndim", 2) == 1:
        values = values.reshape(-1, 1)
    labels = {} if group is None else {"group": column(group, "group")}
    return TemporaryFile(f"{work.write(name, {name: values, **labels}, place)}:{name}")
