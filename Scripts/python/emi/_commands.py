"""The program's commands as functions."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ._errors import EmiError, EmiWarning, UsageError
from ._program import checked, error_of, notes_of
from ._reports import Gate, Report
from ._sets import DESCRIPTIONS, ROLES, TemporaryFile, Workplace, array_file, parts_of

Flag: TypeAlias = bool | int | float | str | os.PathLike[str] | Sequence[str] | None
"""The value of a flag: True for one without a value, None and False for one that is left out, a list for one that is repeated."""

Set: TypeAlias = Any
"""A set: a path, a mapping of columns (or paths), a pandas or polars frame, an Arrow table, a Hugging Face data set, or a list of rows."""

_WHOLE = ("json", "txt", "html", "csv")
_NO_TABLE = ("json", "txt", "html")
_TEXT = ("json", "txt")


def estimate(id: Set, ood: Set | None = None, *, id_name: str = "id", ood_name: str = "ood", **flags: Flag) -> Report:
    """EMI of a set; with `ood` the gap between two, with its cause and its bound: `emi estimate`.

    With one shift, `report.emid` is `report.scenarios[0].emid`, and so for its other fields.

    Args:
        id: the set on familiar data: columns `visual`, `text` (or any other parts of the query), `response`, `reference`, as vectors or as
            texts; `group` where rows depend on each other, `id`, `score`.
        ood: the set on shifted data.
        id_name, ood_name: what reports call sets that are not files.
        flags: the program's flags (`emi.help("estimate")`), such as `permutations=1000`, `estimator="club-kernel"`, `seed=1`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        parts = {"id": parts_of("id", id, work, _file_name(id_name))}
        if ood is not None:
            parts["ood"] = parts_of("ood", ood, work, _file_name(ood_name))
        return _report("estimate", [], work, _WHOLE, flags, parts)


def batch(
    manifest: str | os.PathLike[str] | None = None,
    *,
    id: Set | None = None,
    ood: Mapping[str, Set] | None = None,
    id_name: str = "id",
    kind: Mapping[str, str] | None = None,
    score: Mapping[str, float] | None = None,
    **flags: Flag,
) -> Report:
    """Every shift against one ID set, comparable under one fit: `emi batch`.

    If shifts fail, the report has the others, `report.failed` the reasons, and a warning says so.

    Args:
        manifest: a manifest's path; or
        id, ood: the ID set, and the shifts by their names.
        id_name: what the report calls the ID set.
        kind: what a shift changes, by its name: visual, text, joint, ….
        score: an external score by the name of a set, the ID set's too.
        flags: the program's flags; `output="report.json"` writes a report, too, beside which an interrupted run is kept for `resume=True`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        if manifest is not None:
            if id is not None or ood is not None:
                raise EmiError("batch: expected a manifest or sets, found both")
            return _report("batch", [os.fspath(manifest)], work, _WHOLE, flags)
        if id is None or ood is None or (isinstance(ood, Mapping) and not ood):
            raise EmiError("batch: expected a manifest, or id=SET and ood={NAME: SET}, found " + ("no shifts" if id is not None else "no ID set"))
        if not isinstance(ood, Mapping) or set(map(str, ood)) & {*ROLES, "group"}:
            raise EmiError(f"batch: expected shifts by their names in ood, found {_nameless(ood)}", 'give each a name: ood={"frost": frost}')
        sets = {id_name: parts_of("id", id, work, _file_name(id_name))}
        for name, shift in ood.items():
            sets[str(name)] = parts_of(f"ood[{name!r}]", shift, work, _file_name(str(name)))
        work.holds_sets = True  # the manifest
        unknown = [name for table in (kind or {}, score or {}) for name in table if name not in sets]
        if unknown:
            raise EmiError(f"batch: expected the name of a set in kind and score, found '{unknown[0]}'", f"the sets are {', '.join(sets)}")
        entries = [
            {
                "name": name,
                **({"kind": kind[name]} if kind and name in kind else {}),
                **({"score": float(score[name])} if score and name in score else {}),
                "data": {part: work.path(file) for part, file in parts.items()},
            }
            for name, parts in sets.items()
        ]
        (work.folder / "manifest.json").write_text(json.dumps({"version": 1, "id": entries[0], "scenarios": entries[1:]}))
        return _report("batch", [TemporaryFile("manifest.json")], work, _WHOLE, flags)


def calibrate(id: Set, ood: Mapping[str, Set] | None = None, *, id_name: str = "id", **flags: Flag) -> Report:
    """Whether confidences mean what they say, before and after the shift: `emi calibrate`.

    Args:
        id: the set to compare with: rows of `confidence` and `correct`, or of `options` (their scores) and `label`; or a manifest's path.
        ood: shifted sets by their names.
        id_name: what the report calls the ID set, if it is no file.
        flags: the program's flags, such as `bins=15`, `answers="answers.csv"`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    if ood is not None and not isinstance(ood, Mapping):
        raise EmiError(f"calibrate: expected shifted sets by their names in ood, found {_nameless(ood)}", 'give each a name: ood={"frost": frost}')
    with _workplace() as work:
        files = [_whole("id", id, work, _file_name(id_name))]
        files += [_whole(f"ood[{name!r}]", shift, work, _file_name(str(name))) for name, shift in (ood or {}).items()]
        return _report("calibrate", files, work, _WHOLE, flags)


def attribute(pairs: Set | None = None, *, of: str | os.PathLike[str] | None = None, validation: Set | None = None, trace: Set | None = None, candidates: Set | None = None, **flags: Flag) -> Report:
    """Which pairs look misaligned, which help or harm, which caused an answer; or which rows carry a loss: `emi attribute`.

    Args:
        pairs: two columns that belong together row by row, such as `visual` and `text`.
        of: a manifest, in the place of pairs: for each scenario the rows that carry its loss.
        validation: clean pairs, whose loss decides what helps and what harms.
        trace: queries with their right answers, of which wrongly answered ones are traced.
        candidates: with `trace`, what may be answered.
        flags: the program's flags, such as `left="text"`, `right="response"`, `rank=16`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        files = [] if pairs is None else [_whole("pairs", pairs, work, "pairs")]
        given = {"validation": validation, "trace": trace, "candidates": candidates}
        options = {name: _whole(name, value, work, name) for name, value in given.items() if value is not None}
        return _report("attribute", files, work, _WHOLE, {**flags, **options, "of": of})


def compare(*reports: Report | str | os.PathLike[str] | Mapping[str, Report], **flags: Flag) -> Report:
    """Which of two models or more is more robust, and where: `emi compare`. The first report is what the others are compared with.

    Rows are set against rows where the reports come from `emi.batch(…, keep_rows=True)` under one fit.

    Args:
        reports: reports, or their paths; or one mapping of reports by the names of their models.

    Raises:
        EmiError: the program's sentence about the reports. UsageError: about the flags.
    """
    named: list[tuple[str, Any]] = []
    for report in reports:
        if isinstance(report, Mapping) and not isinstance(report, Report):
            named += [(_file_name(str(name)), value) for name, value in report.items()]
        else:
            named.append((f"model_{len(named) + 1}", report))
    with _workplace() as work:
        return _report("compare", [_saved(report, work, name) for name, report in named], work, _NO_TABLE, flags)


def check(
    report: Report | str | os.PathLike[str],
    policy: str | os.PathLike[str] | None = None,
    *,
    fail_if: str | Sequence[str] = (),
    warn_if: str | Sequence[str] = (),
    baseline: Report | str | os.PathLike[str] | None = None,
    **flags: Flag,
) -> Gate:
    """Holds a report against rules: `emi check`. The result is true where no rule is broken; a broken rule is no exception.

    Args:
        fail_if, warn_if: conditions such as `"emid.interval_low > 0.05"`.
        policy: a file of rules.
        baseline: an earlier report, for rules about `change.…`.

    Raises:
        EmiError: there is no verdict, with the program's sentence. UsageError: about the flags.
    """
    with _workplace() as work:
        files = [_saved(report, work, "report")]
        if baseline is not None:
            flags["baseline"] = _saved(baseline, work, "baseline")
        rules = {"policy": policy, "fail_if": [fail_if] if isinstance(fail_if, str) else list(fail_if), "warn_if": [warn_if] if isinstance(warn_if, str) else list(warn_if)}
        found = _report("check", files, work, ("json", "txt"), {**flags, **rules}, accepting=(0, 1))
        return Gate(found._fields, "check", found._forms, found.notes)


def bottleneck(manifest: str | os.PathLike[str] | None = None, *, id: Set | None = None, ood: Set | None = None, id_name: str = "id", ood_name: str = "ood", **flags: Flag) -> Report:
    """In how many directions a query tells of its reference, and what is left of it under shift: `emi bottleneck`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        parts = {} if id is None else {"id": parts_of("id", id, work, _file_name(id_name))}
        if ood is not None:
            parts["ood"] = parts_of("ood", ood, work, _file_name(ood_name))
        forms = _TEXT if flags.get("posterior") else _NO_TABLE  # rates of posteriors have no page
        return _report("bottleneck", [] if manifest is None else [os.fspath(manifest)], work, forms, flags, parts)


def logprobs(id: Set, ood: Set | Mapping[str, Set] | None = None, *, id_name: str = "id", ood_name: str = "ood", **flags: Flag) -> Report:
    """EMI from a language model's log-probabilities of answers, with standard errors: `emi logprobs`.

    Args:
        id: the matrices of the ID set, `response[i, j]` = ln p(answer j | query i) for the model's answers and `reference` for the references,
            n x n over the same items, NaN for pairs that were not scored; `group` or `id` where items depend on each other or are in several
            sets. Or a path.
        ood: the same of a shift, or shifts by their names.
        id_name, ood_name: what the report calls sets that are not files.
        flags: the program's flags, such as `per="token"`, `confidence=0.9`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    if isinstance(ood, (list, tuple)):
        raise EmiError("logprobs: expected one shift, or shifts by their names in ood, found a list", 'give each a name: ood={"frost": frost}')
    with _workplace() as work:
        shifts: Mapping[str, Set]
        if isinstance(ood, Mapping) and not {str(key) for key in ood} & {*ROLES, *DESCRIPTIONS, "bundle"}:
            shifts = {str(name): shift for name, shift in ood.items()}
            places = {name: f"ood[{name!r}]" for name in shifts}
        else:
            shifts = {} if ood is None else {ood_name: ood}
            places = {ood_name: "ood"}
        arguments = _matrices("id", id, work, id_name)
        for name, shift in shifts.items():
            arguments += _matrices(places[name], shift, work, name, "ood")
        return _report("logprobs", [], work, _TEXT, flags, flagged=arguments)


def mi(x: Any, y: Any, *, group: Any = None, **flags: Flag) -> Report:
    """The mutual information of the paired rows of two arrays, in nats: `emi mi`.

    Args:
        x, y: arrays of n rows, or paths (`FILE:array`).
        group: one label a row, where rows depend on each other; or the name of an array in the file.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        return _report("mi", [], work, _TEXT, {**flags, **_pair({"x": x, "y": y}, group, work)})


def jsd(p: Any, q: Any, *, group: Any = None, **flags: Flag) -> Report:
    """The divergence of the rows of two arrays, debiased, with interval and tests: `emi jsd`.

    Args:
        p, q: arrays with equally many columns, or paths (`FILE:array`).
        group: the name of an array in the files that clusters rows; of arrays in memory give `{"p": labels, "q": labels}`.
        flags: `paired=True` where row i of both is the same item.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        return _report("jsd", [], work, _TEXT, {**flags, **_pair({"p": p, "q": q}, group, work)})


def plan(id: Set, effect: float, ood: Set | None = None, **flags: Flag) -> Report:
    """How many rows it takes to see a gap of a size, in nats: `emi plan`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        parts = {"id": parts_of("id", id, work, "id")}
        if ood is not None:
            parts["ood"] = parts_of("ood", ood, work, "ood")
        return _report("plan", [], work, _TEXT, {**flags, "effect": effect}, parts)


def inspect(data: Set, **flags: Flag) -> Report:
    """What the program understands of a set or file: arrays, what they are used as, shapes, norms, repeats: `emi inspect`.

    Raises:
        EmiError: the program's sentence about the data. UsageError: about the flags.
    """
    with _workplace() as work:
        return _report("inspect", list(parts_of("data", data, work, "data").values()), work, _TEXT, flags)


def load(path: str | os.PathLike[str]) -> Report:
    """A JSON report that a command wrote, as an object: of `emi estimate`, `batch`, `calibrate`, `attribute`, `compare`, `bottleneck`, `logprobs`.

    Raises:
        EmiError: it is none, with the program's sentence.
    """
    work = Path(path).expanduser()
    text = checked(["report", str(work), "--quiet", "--format", "text"]).stdout
    content = work.read_bytes()
    fields = json.loads(content)
    named = {"calibration": "calibrate", "attribution": "attribute", "scenario-rows": "attribute", "log-probabilities": "logprobs"}
    signs = {"answer_limit": "bottleneck", "posteriors": "bottleneck", "models": "compare"}
    kind = named.get(fields.get("kind")) or next((command for sign, command in signs.items() if sign in fields), "batch")
    rows = work.with_suffix(".rows.jsonl")
    kept = {"rows.jsonl": rows.read_bytes()} if rows.exists() else {}
    return Report(fields, kind, {"json": content, "txt": text, **kept})


class _workplace:
    """A temporary folder for one run."""

    def __enter__(self) -> Workplace:
        self._folder = tempfile.TemporaryDirectory(prefix="emi-")
        return Workplace(Path(self._folder.name))

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _report(
    command: str,
    files: Sequence[str],
    work: Workplace,
    forms: Sequence[str],
    flags: Mapping[str, Flag],
    parts: Mapping[str, Mapping[str, str]] | None = None,
    accepting: tuple[int, ...] = (0,),
    flagged: Sequence[str] = (),
) -> Report:
    """Runs a command with its sets, and reads the report in all forms that it writes."""
    arguments = [command, *(work.path(file) for file in files)]
    for side, named in (parts or {}).items():
        for part, file in named.items():
            if part == "bundle":
                arguments += [f"--{side}", work.path(file)]
            elif part in ROLES:
                arguments += [f"--{side}-{part}", work.path(file)]
            else:
                arguments += [f"--{side}-modality", f"{part}={work.path(file)}"]
    # Flags as they are; words beside them are paths.
    arguments += [word if word.startswith("--") else work.path(word) for word in flagged]
    outputs = _outputs(command, flags, work, forms)
    for name, value in flags.items():
        if name != "output":
            arguments += _flag(name, value, work)
    for output in outputs:
        arguments += ["-o", output]
    # A batch with failed scenarios ends with 2, as one without a report does.
    done = checked(arguments, cwd=work.cwd, accepting=(*accepting, 2) if command == "batch" else accepting)
    written = {form: work.results / f"report.{form}" for form in forms}
    if not written["json"].exists():
        raise error_of(done.returncode, done.stderr.decode(errors="replace"))
    found = {form: file.read_bytes() for form, file in written.items() if file.exists()}
    for output in outputs:
        rows = Path(work.cwd or ".", output).with_suffix(".rows.jsonl")
        if flags.get("keep_rows") and rows.exists():
            found["rows.jsonl"] = rows.read_bytes()
    report = Report(json.loads(found["json"]), command, found, notes_of(done.stderr))
    if done.returncode == 2:
        failed = report.failed
        first = f" ({failed[0].name}: {failed[0].error.message})" if failed else ""
        warnings.warn(f"{len(failed)} of {len(report.scenarios)} scenarios failed{first}", EmiWarning, stacklevel=3)
    return report


def _outputs(command: str, flags: Mapping[str, Flag], work: Workplace, forms: Sequence[str]) -> list[str]:
    """The files that a run writes: the user's first, because a batch keeps what is finished beside the first; then those that become the report."""
    if "format" in flags:
        raise UsageError(f"{command}: expected no format, because a report has all of them", 'report.save("report.md"), report.to_html(), print(report)')
    given = flags.get("output")
    users = [] if given is None else [given] if isinstance(given, (str, os.PathLike)) else list(given)  # type: ignore[arg-type]
    return [*(work.path(file) for file in users), *(str(work.results / f"report.{form}") for form in forms)]


def _flag(name: str, value: Flag, work: Workplace) -> list[str]:
    """A keyword as the program's flag."""
    flag = "--" + name.replace("_", "-")
    if value is None or value is False:
        return []
    if value is True:
        return [flag]
    if isinstance(value, (list, tuple)):
        return [word for part in value for word in _flag(name, part, work)]
    if isinstance(value, (TemporaryFile, int, float)):
        return [flag, str(value)]
    if isinstance(value, os.PathLike) or name in _PATHS or (name == "fit" and value not in ("pooled", "id")):
        return [flag, work.path(value)]  # type: ignore[arg-type]
    return [flag, str(value)]


def _whole(place: str, value: Set, work: Workplace, name: str) -> str:
    """A set that the program takes as one file."""
    parts = parts_of(place, value, work, name)
    if set(parts) != {"bundle"}:
        raise EmiError(f"{place}: expected columns in one file, found the path '{next(iter(parts.values()))}' among them", "give the arrays, for example numpy.load(path)")
    return parts["bundle"]


def _matrices(place: str, value: Set, work: Workplace, name: str, side: str = "id") -> list[str | TemporaryFile]:
    """The flags of a set of log-probabilities: one file, or one of responses and one of references."""
    if not isinstance(value, (str, os.PathLike, Mapping)):
        # A matrix alone is that of the responses.
        value = {"response": value}
    parts = parts_of(place, value, work, _file_name(name))
    if set(parts) == {"bundle"}:
        return [f"--{side}", parts["bundle"]]
    if "response" in parts and set(parts) <= {"response", "reference"}:
        reference = [f"--{side}-reference", parts["reference"]] if "reference" in parts else []
        return [f"--{side}", parts["response"], *reference]
    raise EmiError(f"{place}: expected matrices 'response' and 'reference', found {', '.join(map(repr, parts))}")


def _pair(arrays: Mapping[str, Any], group: Any, work: Workplace) -> dict[str, str]:
    """Two arrays as flags, with the labels of their rows."""
    if group is None or isinstance(group, str):
        named = {} if group is None else {"group": group}
        return {**named, **{name: array_file(name, value, work, name) for name, value in arrays.items()}}
    labels = group if isinstance(group, Mapping) else dict.fromkeys(arrays, group)
    return {name: array_file(name, value, work, name, group=labels[name]) for name, value in arrays.items()}


def _saved(report: Report | str | os.PathLike[str], work: Workplace, name: str) -> str:
    """A report as a file that the program reads."""
    if not isinstance(report, Report):
        return os.fspath(report)
    work.holds_sets = True
    file = f"{work.free(name)}.json"
    report.save(work.folder / file)
    return TemporaryFile(file)


def _nameless(sets: Any) -> str:
    """What stands where sets by their names should."""
    return f"a list of {len(sets)}" if isinstance(sets, (list, tuple)) else "one set"


def _file_name(name: str) -> str:
    """A name as that of a file, which reports then show: what no file may be called becomes a line."""
    plain = "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in name).strip(". ")
    # A name of a file has 255 bytes at most, and a letter up to four.
    return plain.encode()[:200].decode(errors="ignore") or "set"


_PATHS = {"policy", "baseline", "of", "answers", "text_only", "image_only", "apply", "save_temperature", "recalibrated", "weights", "save_fit", "fit_with", "export", "posterior"}
"""Flags whose texts are paths; `fit` is one unless it is `pooled` or `id`."""
