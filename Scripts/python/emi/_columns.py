"""Columns out of what people hold in Python: one array or one list of texts, a row each.

Libraries are told by the form of an object and imported only where one of their objects was given: nothing here needs more than NumPy, and
lists of texts need not even that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._errors import EmiError

Columns = dict[str, Any]
"""Names to columns: a NumPy array of one or two dimensions, or a list with a text, a list of texts, a number or None for each row."""


def library_of(value: object) -> str:
    """The package that a value's type comes from: `pandas`, `torch`, `pyarrow`."""
    return type(value).__module__.partition(".")[0]


def is_table(value: object) -> bool:
    """Whether a value holds several columns."""
    if isinstance(value, Mapping):
        return True
    if isinstance(value, (list, tuple)):
        return bool(value) and all(isinstance(row, Mapping) for row in value)
    return hasattr(value, "column_names") or (library_of(value) in ("pandas", "polars") and hasattr(value, "columns"))


def columns_of(table: Any, place: str) -> Columns:
    """The columns of a mapping, frame, Arrow table, data set, or list of rows.

    Raises:
        EmiError: it is none of these, or holds several splits; `place` names it.
    """
    if library_of(table) == "datasets":
        if isinstance(table, Mapping):
            raise EmiError(f"{place}: expected one data set, found the splits {_listed(table)}", f"choose one: data[{next(iter(table))!r}]")
        if not hasattr(table, "column_names") or not hasattr(table, "__len__"):
            raise EmiError(f"{place}: expected a data set with a length, found {type(table).__name__}", "take a part of it: Dataset.from_list(list(data.take(1000)))")
        table = table.with_format("arrow")[:]  # in the order of its indices
    if library_of(table) == "polars":
        table = table.to_arrow()
    if library_of(table) == "pyarrow" and hasattr(table, "column_names"):
        return {name: from_arrow(table.column(name), f"{place}[{name!r}]") for name in table.column_names}
    if library_of(table) == "pandas" and hasattr(table, "columns"):
        return {str(name): column(table[name], f"{place}[{name!r}]") for name in table.columns}
    if isinstance(table, Mapping):
        return {str(name): column(values, f"{place}[{name!r}]") for name, values in table.items()}
    if isinstance(table, (list, tuple)) and table and (library_of(table[0]) in ("pandas", "polars", "pyarrow", "datasets") or _is_set(table[0])):
        raise EmiError(f"{place}: expected one set, found a list of {len(table)}", 'several shifts go to emi.batch(id=SET, ood={"NAME": SET, …})')
    if isinstance(table, (list, tuple)) and table and all(isinstance(row, Mapping) for row in table):
        names = dict.fromkeys(str(name) for row in table for name in row)
        return {name: column([row.get(name) for row in table], f"{place}[{name!r}]") for name in names}
    raise EmiError(
        f"{place}: expected a path, a mapping of columns, a frame, an Arrow table, a data set or a list of rows, found {_kind(table)}",
        'give columns by name: {"visual": V, "text": T, "response": R, "reference": Y}',
    )


def _is_set(value: object) -> bool:
    """Whether a mapping holds columns, as a set does, and not the values of one row."""
    return isinstance(value, Mapping) and any(getattr(part, "ndim", 1) > 1 for part in value.values())


def column(values: Any, place: str) -> Any:
    """One column: a NumPy array, or a list where its values are texts or have gaps.

    Raises:
        EmiError: it is no column; `place` names it.
    """
    library = library_of(values)
    if library == "torch" or (hasattr(values, "detach") and hasattr(values, "cpu")):
        return array(_from_torch(values), place)
    if library == "pyarrow":
        return from_arrow(values, place)
    if library == "polars":
        return from_arrow(values.to_arrow(), place)
    if library == "pandas":
        return _from_pandas(values, place)
    if isinstance(values, (str, bytes)) or isinstance(values, Mapping):
        raise EmiError(f"{place}: expected one value for each row, found {_kind(values)}")
    if hasattr(values, "__array__") and hasattr(values, "dtype"):
        return array(values, place)
    if isinstance(values, Iterable):
        return _from_list(list(values), place)
    raise EmiError(f"{place}: expected one value for each row, found {_kind(values)}")


def array(values: Any, place: str) -> Any:
    """A NumPy array whose type the program reads: float16, float32, float64, integers, booleans, texts.

    Raises:
        EmiError: it has no rows, more than two dimensions, or complex numbers.
    """
    import numpy

    found = numpy.asarray(values)
    if found.ndim == 0 or found.ndim > 2:
        shape = "x".join(map(str, found.shape))
        what = "one number" if found.ndim == 0 else f"an array of {shape}"
        hint = None if found.ndim == 0 else "one vector for each row: pool patches or tokens first, for example by their mean over axis 1"
        raise EmiError(f"{place}: expected one row for each sample, n x d, found {what}", hint)
    if found.dtype.kind == "O":
        return _from_list(list(found), place)
    if found.dtype.kind == "S":
        return [text.decode() for text in found.tolist()]
    if found.dtype.kind == "U":
        return found.tolist()
    if found.dtype.kind == "c":
        raise EmiError(f"{place}: expected real numbers, found {found.dtype}")
    if found.dtype.kind not in "fiub":  # bfloat16 and float8 of ml_dtypes
        return found.astype(numpy.float32)
    if found.dtype.itemsize > 8:
        return found.astype(numpy.float64)
    return found


def from_arrow(values: Any, place: str) -> Any:
    """A column of Arrow: vectors as a two-dimensional array without a copy of each row, texts and the rest as a list."""
    import pyarrow as pa

    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
        if isinstance(values, pa.ChunkedArray):  # no chunk, or more than fits in one array
            values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], values.type)
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    if is_list and (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)) and values.null_count == 0 and len(values):
        flat = values.flatten()
        lengths = {kind.list_size} if pa.types.is_fixed_size_list(kind) else set(values.value_lengths().unique().to_pylist())
        if flat.null_count == 0 and len(lengths) == 1:
            return flat.to_numpy(zero_copy_only=False).reshape(len(values), lengths.pop())
        if flat.null_count == 0:
            row = next(index for index, length in enumerate(values.value_lengths().to_pylist()) if length != len(values[0]))
            raise EmiError(f"{place}, row {row}: expected a vector of {len(values[0])} numbers, as in row 0, found {len(values[row])}")
    is_number = pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)
    if is_number and values.null_count == 0:
        return values.to_numpy(zero_copy_only=False)
    return _from_list(values.to_pylist(), place)


def _from_torch(tensor: Any) -> Any:
    tensor = tensor.detach().cpu()
    if str(tensor.dtype) in ("torch.bfloat16", "torch.float8_e4m3fn", "torch.float8_e5m2"):
        tensor = tensor.float()  # exact
    return tensor.numpy()


def _from_pandas(series: Any, place: str) -> Any:
    if getattr(series.dtype, "kind", "O") in "fiub" and not hasattr(series.dtype, "na_value"):
        return array(series.to_numpy(), place)
    return _from_list([None if _is_missing(value) else value for value in series.tolist()], place)


def _is_missing(value: object) -> bool:
    """None, pandas' NA and NaN: what frames have in place of a text."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)


def _from_list(values: list[Any], place: str) -> Any:
    """Vectors become an array; texts, lists of texts and gaps stay a list."""
    first = next((value for value in values if value is not None), None)
    if first is None:
        return values
    is_vector = (hasattr(first, "__array__") and getattr(first, "shape", ()) != ()) or (
        isinstance(first, (list, tuple)) and bool(first) and all(_is_number(part) for part in first)
    )
    if is_vector and all(value is not None for value in values):
        return _stacked(values, place)
    if all(_is_number(value) for value in values) and not any(isinstance(value, float) and value != value for value in values):
        try:
            return array(values, place)
        except ImportError:
            return values
    return [_plain(value) for value in values]


def _stacked(values: Sequence[Any], place: str) -> Any:
    """Vectors of one length, one below the other."""
    import numpy

    rows = [array(_from_torch(value) if hasattr(value, "detach") else numpy.asarray(value), place) for value in values]
    width = rows[0].shape
    for index, row in enumerate(rows):
        if row.shape != width:
            sizes = "x".join(map(str, row.shape))
            raise EmiError(f"{place}, row {index}: expected a vector of {'x'.join(map(str, width))} numbers, as in row 0, found {sizes}")
    return array(numpy.stack(rows), place)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) or (hasattr(value, "dtype") and getattr(value, "shape", None) == ())


def _plain(value: Any) -> Any:
    """What JSON can hold."""
    if hasattr(value, "tolist"):  # numbers and arrays of NumPy
        value = value.tolist()
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)  # dates, paths, enumerations


def _kind(value: object) -> str:
    if isinstance(value, (str, bytes)):
        return "a text"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}" if value else "an empty list"
    return {"int": "a number", "float": "a number", "dict": "a mapping", "NoneType": "None"}.get(type(value).__name__, f"an object of the type {type(value).__name__}")


def _listed(names: Iterable[object]) -> str:
    return ", ".join(repr(name) for name in names)
