#!/usr/bin/env python3
"""Seeds for Scripts/fuzz: small files of every format and layout that emi reads, made from nothing but the standard library.

python3 Scripts/make_fuzz_seeds.py FOLDER
"""
import gzip
import io
import json
import pathlib
import struct
import sys
import zipfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def npy(descr: str, shape: tuple, data: bytes, version: int = 1, fortran: bool = False) -> bytes:
    head = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    size = 2 if version == 1 else 4
    pad = -(6 + 2 + size + len(head) + 1) % 64
    head += b" " * pad + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(head)) + head + data


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def archive(members: dict, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()


def safetensors(tensors: dict, metadata: dict | None = None) -> bytes:
    head, data = ({"__metadata__": metadata} if metadata else {}), b""
    for name, (kind, shape, content) in tensors.items():
        head[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + data


def workbook(rows: list) -> bytes:
    def cell(value, place):
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{place}"><v>{value}</v></c>'
    lines = "".join(
        f'<row r="{i + 1}">' + "".join(cell(value, f"{chr(65 + j)}{i + 1}") for j, value in enumerate(row)) + "</row>"
        for i, row in enumerate(rows))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return archive({
        "xl/workbook.xml": f'<workbook xmlns="{main}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>a&amp;b</t></si><si><r><t>x</t></r><r><t>y</t></r></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    })


def lines(*objects) -> bytes:
    return "".join(json.dumps(item) + "\n" for item in objects).encode()


OWN = [{"id": i, "text": f"q{i}", "response": [i + 0.5, -2.5e-3], "reference": [1, i]} for i in range(3)]
TEXTS = [{"question_id": i, "prompt": "a \u00e9 \U0001f642", "response": "b", "reference": "c", "image": "x/1.jpg"} for i in range(2)]
LM_EVAL = [{"doc_id": i, "target": "a", "arguments": [["q"]], "resps": [["b"]], "filtered_resps": ["b"], "filter": "none"} for i in range(2)]
CHAT = [{"custom_id": "a", "response": {"body": {"choices": [{"message": {"content": "b"}}]}}}]
MESSAGES = [{"messages": [{"role": "user", "content": [{"type": "text", "text": "q"}]}, {"role": "assistant", "content": "a"}]}]
CONFIDENCE = [
    [{"id": "a", "confidence": 0.5, "correct": True}, {"id": "b", "confidence": 1, "correct": 0}],
    [{"options": [-1.0, -2.0], "label": 1, "group": "g"}],
    [{"doc_id": 1, "target": 0, "resps": [[["-1.0", "False"]], [["-2.0", "True"]]], "acc": 1.0, "doc": {"choices": ["a", "b"]}}],
    [{"choices": [{"message": {"content": "A"}, "logprobs": {"content": [{"token": "A", "logprob": -0.1, "top_logprobs": [{"token": "B", "logprob": -3}]}]}}]}],
    [{"id": 1, "response": "Answer: B\nConfidence: 80%", "answer": "B"}],
    [{"id": 1, "samples": ["A", "B", "A"], "answer": "A"}],
]
MANIFESTS = [
    "version: 1\nid: {name: a, data: a.npz}\nscenarios:\n  - {name: b, kind: visual, data: b.npz, score: 0.5}\n",
    '{"version": 1, "settings": {"k": 5, "modalities": "visual, text"}, "id": {"data": {"bundle": "a", "response": "r.npy:x"}}, '
    '"scenarios": [{"name": "\\ud83d\\ude42", "data": "b", "rows": "0-9", "scores": {"f1": 0.2}, "review": ["r.jsonl"]}]}',
    "version: 1\nid: &i {data: a}\nscenarios: [{name: b, data: c, key: id, rows: [1, 2], confidences: c.jsonl}, *i]\n",
]
POLICIES = [
    "version: 1\nfailed_scenarios: warn\non_inconclusive: pass\nrules:\n  - fail_if: emid.interval_low > 0.05\n"
    "  - {warn_if: bound.holds == false, kind: joint, name: n, missing: ignore}\n",
    "version: 1\nrules: [{fail_if: 'change.emid.value >= 1e-3', scenario: 'frost_*'}, {fail_if: summary.failed_count > 0}]\n",
]


def seeds() -> dict:
    table = "id,visual_0,visual_1,response,reference\n1,2,3,\"a, \"\"b\"\"\",c\n2,3,4,d,e\n"
    small = npy("<f4", (2, 2), floats(1, 2, 3, 4))
    bundle = {f"{name}.npy": small for name in ("visual", "response", "reference")}
    names = npy("<U2", (2,), "a\0bb".encode("utf-32-le"))
    found = {
        "npy": [small, npy("<f8", (2,), struct.pack("<2d", 1, 2), 2), npy("|S3", (2,), b"abcde\0", 3), names,
                npy(">i2", (2, 2), bytes(8), fortran=True), npy("|b1", (2, 1, 2), bytes(4)), npy("<f2", (2, 2), bytes(8))],
        "npz": [archive(bundle), archive({**bundle, "id.npy": names}, zipfile.ZIP_STORED), archive({})],
        "safetensors": [
            safetensors({n: ("F32", [2, 2], floats(1, 2, 3, 4)) for n in ("visual", "response", "reference")}, {"id": "[1, 2]"}),
            safetensors({"y": ("F16", [2, 1], bytes(4)), "z": ("BF16", [2, 1], bytes(4)), "i": ("I64", [1], bytes(8))})],
        "jsonl": [lines(*OWN), lines(*TEXTS), lines(*LM_EVAL), lines(*CHAT), lines(*MESSAGES)],
        "json": [json.dumps(OWN).encode(), json.dumps({"data": TEXTS}).encode(), json.dumps(TEXTS, indent=1).encode()],
        "csv": [table.encode(), b"index,question,A,B,answer,prediction\r\n1,q,x,y,A,B\r\n", b'"a\nb",response\n"1","2"\n'],
        "tsv": [table.replace(",", "\t").encode()],
        "xlsx": [workbook([["index", "question", "answer", "prediction"], [1, "q", "A", "B"], [2.5, "r", "B", "B"]])],
        "eval": [archive({
            "header.json": json.dumps({"eval": {"model": "m"}}),
            "samples/1_epoch_1.json": json.dumps({
                "id": 1, "epoch": 1, "input": "q", "target": "a", "output": {"choices": [{"message": {"role": "assistant", "content": "b"}}]},
                "scores": {"s": {"value": "C"}}})})],
        "confidences": [lines(*rows) for rows in CONFIDENCE],
        "gzip": [gzip.compress(lines(*OWN)), gzip.compress(b"") + gzip.compress(b"a")],
        "manifest": [text.encode() for text in MANIFESTS],
        "policy": [text.encode() for text in POLICIES],
        "condition": [b"emid.interval_low > 0.05", b"bound.holds == false", b"settings.estimator != 'ksg'", b"change.emi.p_value<=1e-3"],
        "rows": [b'{"kind": "emi_rows", "schema_version": "1.0"}\n{"name": "a", "identifiers": ["1"], "emi": [0.5]}\n'],
        "published": [b'[{"id": "clean", "ood": "frost", "emi": 1.5, "emid": 0.5}]', b'{"clean": {"frost": [1, 2]}}'],
        "journal": [b'{"scenario": {"name": "a", "status": "ok", "warnings": []}}\n{"key": {}}\n'],
        "attribution": [b'{"kind": "attribution", "schema_version": "1.0"}'],
        "calibration": [b'{"kind": "calibration", "schema_version": "1.0"}'],
    }
    report = json.loads((PROJECT / "Fixtures/reports/frost.json").read_text())
    report["scenarios"] = report["scenarios"][:2]
    one = dict(report, scenarios=[])
    names = ["bottleneck", "comparison", "logprobs", "posteriors", "rows"]
    found["commands"] = [(PROJECT / f"Fixtures/reports/{name}.json").read_bytes() for name in names]
    found["report"] = [json.dumps(report).encode(), json.dumps(one).encode()]
    found["stream"] = [data for name in ("npy", "npz", "safetensors", "jsonl", "json", "gzip") for data in found[name][:2]]
    # What emi itself writes of the fixtures, where a build of it is at hand.
    extra = PROJECT / ".build/fuzz/extra"
    for path in sorted(extra.glob("*/*")) if extra.is_dir() else []:
        found.setdefault(path.parent.name, []).append(path.read_bytes())
    return found


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    for target, contents in seeds().items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for index, data in enumerate(contents):
            (folder / target / f"seed-{index}").write_bytes(data)


main()
