"""Reports as objects: fields of the JSON as attributes, with the text, the page and the table that the program made of the same run."""

from __future__ import annotations

import html
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from ._errors import EmiError
from ._program import checked

if TYPE_CHECKING:
    import pandas


def _wrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return Record(value)
    if isinstance(value, list):
        return Records(value) if value and all(isinstance(part, dict) for part in value) else [_wrapped(part) for part in value]
    return value


class Record(Mapping[str, Any]):
    """An object of the report's JSON: `record.value` and `record["value"]` are the same.

    A value that does not exist is absent from the JSON; `record.get("value")` is None then.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> Any:
        return _wrapped(self._fields[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_fields":
            raise AttributeError(name)
        if name in self._fields:
            return self[name]
        raise AttributeError(f"expected one of {', '.join(self._fields)}, found no '{name}'")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in self._fields if name.isidentifier())]

    def __repr__(self) -> str:
        if set(self._fields) >= {"value", "interval"}:
            low, high = self._fields["interval"]
            return f"{self._fields['value']:.4g} [{low:.4g}, {high:.4g}]"
        return f"<{', '.join(self._fields)}>"

    def to_dict(self) -> dict[str, Any]:
        """The fields as Python's own types; a copy."""
        copy: dict[str, Any] = json.loads(json.dumps(self._fields))
        return copy


class Records(Sequence[Record]):
    """A list of records, by place or by name: `report.scenarios[0]`, `report.scenarios["frost_3"]`."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self._items = items

    @overload
    def __getitem__(self, which: int | str) -> Record: ...
    @overload
    def __getitem__(self, which: slice) -> Records: ...
    def __getitem__(self, which: int | str | slice) -> Record | Records:
        if isinstance(which, slice):
            return Records(self._items[which])
        if isinstance(which, str):
            for item in self._items:
                if which in (item.get("name"), item.get("id")):
                    return Record(item)
            raise KeyError(f"expected one of {', '.join(self.names)}, found no '{which}'")
        return Record(self._items[which])

    def __len__(self) -> int:
        return len(self._items)

    @property
    def names(self) -> list[str]:
        """The names of the records, in their order; their ids where they have no names."""
        return [str(item.get("name", item.get("id", index))) for index, item in enumerate(self._items)]

    def __repr__(self) -> str:
        return f"[{', '.join(self.names)}]"

    def to_pandas(self) -> pandas.DataFrame:
        """A row each; fields within fields have names such as `emid.value`."""
        import pandas as pd

        return pd.json_normalize(self._items)


_FORMS = {
    **dict.fromkeys(("estimate", "batch", "calibrate"), ("html", "csv", "txt", "md", "xml")),
    "attribute": ("html", "csv", "txt", "md"),
    "compare": ("html", "txt", "md"),
    "bottleneck": ("html", "txt", "md"),
    "logprobs": ("txt", "md"),
}
"""The forms, besides JSON, in which `emi report` shows what a command wrote, by their endings."""


class Report(Record):
    """What a command found. `print(report)` is the text that the program prints, and in a notebook its page is shown with its charts.

    Attributes:
        kind: the command that made it.
        notes: what the program remarked on the way, one sentence each.
    """

    def __init__(self, fields: dict[str, Any], kind: str, forms: Mapping[str, bytes], notes: Sequence[str] = ()) -> None:
        super().__init__(fields)
        self.kind = kind
        self.notes = list(notes)
        # The same run in the program's other forms, by extension: txt, html, csv, and rows.jsonl of a batch that kept rows.
        self._forms = dict(forms)

    def __getattr__(self, name: str) -> Any:
        if name in ("kind", "notes", "_forms"):
            raise AttributeError(name)
        # A report with one shift: its fields without a detour.
        if name not in self._fields and self.kind == "estimate" and len(self._fields.get("scenarios", [])) == 1:
            only = self._fields["scenarios"][0]
            if name in only:
                return _wrapped(only[name])
        if name in ("emid", "discrepancies", "bound") and self.kind == "estimate" and not self._fields.get("scenarios"):
            raise AttributeError(f"expected a shift to have '{name}' of, found the ID set alone: emi.estimate(id=SET, ood=SET)")
        return super().__getattr__(name)

    @property
    def failed(self) -> Records:
        """Scenarios without numbers, each with the reason in `error.message`."""
        return Records([item for item in self._fields.get("scenarios", []) if item.get("status") == "failed"])

    @property
    def warnings(self) -> list[str]:
        """What the report warns of, one sentence each, with the scenario where it is about one."""
        found = [self._fields, self._fields.get("id", {}), *self._fields.get("scenarios", [])]
        sentences = []
        for part in found:
            if isinstance(part, dict):
                name = part.get("name")
                sentences += [f"{name}: {entry['message']} ({entry['code']})" if name else f"{entry['message']} ({entry['code']})" for entry in part.get("warnings", [])]
        return sentences

    def __str__(self) -> str:
        try:
            return self._form("txt").decode()
        except EmiError:
            return json.dumps(self._fields, indent=2)

    def __repr__(self) -> str:
        """What was found, in the program's words: its sentences without its tables."""
        paragraphs = [" ".join(part.split()) for part in str(self).split("\n\n") if part.strip() and not part.startswith("{")]
        if not paragraphs:
            return f"<emi {self.kind}: {', '.join(self._fields)}>"
        # Most begin with what they found; some name the run first, and a gate and a study of shifts say it at the end.
        place = {"estimate": -1, "batch": -1, "check": -1, "compare": 1, "bottleneck": 1, "logprobs": 1}.get(self.kind, 0)
        if self.kind == "logprobs" and not self._fields.get("findings") or self.kind == "bottleneck" and "findings" not in self._fields:
            place = 0
        found = paragraphs[place] if place < len(paragraphs) else paragraphs[0]
        if self.kind == "check":
            found = str(self).rstrip().splitlines()[-1]
        if self.kind == "inspect":
            found = "; ".join(f"{file['path']} ({file['format']}): {', '.join(array['name'] for array in file['arrays'])}" for file in self._fields["files"])
        return f"<emi {self.kind}: {found}>"

    def to_html(self) -> str:
        """The program's page: one file with its charts, which needs no network.

        Raises:
            EmiError: the command has no page.
        """
        return self._form("html").decode()

    def to_pandas(self) -> pandas.DataFrame:
        """A frame with a row for each scenario, set, pair or finding: the program's CSV, or the list of the JSON where it writes none."""
        import pandas as pd

        if self.kind in ("estimate", "batch", "calibrate", "attribute"):
            return pd.read_csv(io.BytesIO(self._form("csv")))
        for name in ("scenarios", "findings", "rows", "sizes"):
            if isinstance(self._fields.get(name), list):
                return pd.json_normalize(self._fields[name])
        return pd.json_normalize(self._fields)

    def to_json(self) -> str:
        """The report's JSON, as `emi report`, `emi check` and `emi compare` read it."""
        return self._forms["json"].decode() if "json" in self._forms else json.dumps(self._fields, indent=2, sort_keys=True)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the report in the form of the path's extension: .json, .html, .csv, .txt, .md or .xml.

        Raises:
            EmiError: the command does not write this form.
        """
        path = Path(path)
        ending = path.suffix.lower().lstrip(".")
        content = self.to_json().encode() if ending == "json" else self._form(ending)
        path.write_bytes(content)
        if ending == "json" and "rows.jsonl" in self._forms:
            path.with_suffix(".rows.jsonl").write_bytes(self._forms["rows.jsonl"])

    def _form(self, ending: str) -> bytes:
        if ending not in self._forms:
            names = {"html": "html", "csv": "csv", "txt": "text", "md": "markdown", "xml": "junit"}
            every = _FORMS.get(self.kind, tuple(form for form in self._forms if form in names))
            if ending not in every:
                held = ", ".join(f".{form}" for form in ("json", *every))
                raise EmiError(f"expected one of {held}, found '.{ending}', which emi {self.kind} does not write")
            self._forms[ending] = checked(["report", "-", "--quiet", "--format", names[ending]], input=self.to_json().encode()).stdout
        return self._forms[ending]

    def _repr_html_(self) -> str | None:
        """The page in a frame of its own, so that neither its style nor its script touches the notebook."""
        try:
            page = self.to_html()
        except EmiError:
            return f"<pre style='white-space: pre-wrap'>{html.escape(str(self))}</pre>"
        height = 900 if len(self._fields.get("scenarios", ())) > 1 else 640
        return f'<iframe srcdoc="{html.escape(page)}" style="width: 100%; height: {height}px; border: 1px solid #8884" title="emi {self.kind}"></iframe>'


class Gate(Report):
    """What `emi check` found: true where no rule is broken."""

    @property
    def passed(self) -> bool:
        """Whether the verdict is pass; warnings do not change it."""
        return bool(self._fields.get("verdict") == "pass")

    def __bool__(self) -> bool:
        return self.passed
