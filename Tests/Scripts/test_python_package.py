"""The Python package (Scripts/python/emi): what goes in, what comes out, what is refused. Run by Scripts/test where Python has pytest and NumPy.

The program is the release build, or the one that EMI names.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

PROJECT = Path(__file__).resolve().parents[2]
os.environ["EMI"] = str((PROJECT / os.environ.get("EMI", ".build/release/emi")).resolve())
sys.path.insert(0, str(PROJECT / "Scripts/python"))

import emi  # noqa: E402

DIGITS = PROJECT / "Fixtures/digits"
OPTIONS = PROJECT / "Fixtures/options"
FEW = {"permutations": 20}


def arrays(name):
    with np.load(DIGITS / f"{name}.npz") as bundle:
        return {key: bundle[key] for key in bundle}


def rows(name):
    return [json.loads(line) for line in (DIGITS / f"{name}.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def clean():
    return arrays("clean")


@pytest.fixture(scope="module")
def frost():
    return arrays("frost_3")


@pytest.fixture(scope="module")
def of_paths():
    """What the program says of the files themselves."""
    return emi.estimate(id=DIGITS / "clean.npz", ood=DIGITS / "frost_3.npz", **FEW)


@pytest.fixture(scope="module")
def of_texts():
    return emi.estimate(id=DIGITS / "clean.jsonl", ood=str(DIGITS / "frost_3.jsonl"), **FEW)


@pytest.fixture(scope="module")
def two(clean, frost):
    return emi.batch(id=clean, ood={"frost_3": frost, "blur": DIGITS / "defocus_blur_5.npz"}, kind={"frost_3": "visual"}, score={"id": 1, "frost_3": 0.9}, **FEW)


def same(report, expected):
    """Every number of the one shift, in every digit."""
    found, wanted = report.scenarios[0].to_dict(), expected.scenarios[0].to_dict()
    for fields in (found, wanted):
        fields.pop("name"), fields.pop("warnings")
    assert found == wanted


# What goes in


def test_arrays_give_the_digits_of_their_file(clean, frost, of_paths):
    same(emi.estimate(id=clean, ood=frost, **FEW), of_paths)


def test_arrays_lists_and_paths_may_stand_side_by_side(clean, frost, of_paths, tmp_path):
    np.save(tmp_path / "v.npy", frost["visual"])
    mixed = {**frost, "visual": tmp_path / "v.npy", "id": list(frost["id"]), "text": frost["text"].tolist()}
    same(emi.estimate(id=clean, ood=mixed, **FEW), of_paths)
    # All of them files: the program reads them by itself.
    for name in ("visual", "text", "response", "reference"):
        np.save(tmp_path / f"{name}.npy", frost[name])
    files = {name: tmp_path / f"{name}.npy" for name in ("visual", "text", "response", "reference")}
    assert emi.estimate(id=files, **FEW).id.emi.value == pytest.approx(emi.estimate(id=DIGITS / "frost_3.npz", **FEW).id.emi.value, abs=0.5)


def test_texts_are_taken_from_lists_of_rows_and_mappings_of_lists(of_texts):
    same(emi.estimate(id=rows("clean"), ood=rows("frost_3"), **FEW), of_texts)
    columns = {key: [row[key] for row in rows("frost_3")] for key in ("id", "group", "prompt", "response", "reference", "correct")}
    same(emi.estimate(id=rows("clean"), ood=columns, **FEW), of_texts)


def test_texts_may_stand_beside_vectors(clean, frost):
    with_texts = [{**bundle, "response": [row["response"] for row in rows(name)], "reference": [row["reference"] for row in rows(name)]} for bundle, name in ((clean, "clean"), (frost, "frost_3"))]
    report = emi.estimate(id=with_texts[0], ood=with_texts[1], **FEW)
    assert report.sample_count == 90 and report.emid.standard_error > 0


def test_several_accepted_references_and_other_letters_reach_the_program():
    several = [{**row, "reference": [row["reference"], "é \U0001f600 “x”"]} for row in rows("clean")]
    assert emi.estimate(id=several, **FEW).id.sample_count == 90


def test_frames_are_taken(of_texts, clean, frost, of_paths):
    pd = pytest.importorskip("pandas")
    same(emi.estimate(id=pd.DataFrame(rows("clean")), ood=pd.DataFrame(rows("frost_3")), **FEW), of_texts)
    frames = [pd.DataFrame({key: list(values) for key, values in bundle.items()}) for bundle in (clean, frost)]
    same(emi.estimate(id=frames[0], ood=frames[1], **FEW), of_paths)


def test_arrow_parquet_and_feather_are_taken(clean, frost, of_paths, tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.feather
    import pyarrow.parquet

    def table(bundle):
        return pa.table({key: pa.array(list(values)) if values.ndim == 2 else pa.array(values) for key, values in bundle.items()})

    same(emi.estimate(id=table(clean), ood=table(frost), **FEW), of_paths)
    (tmp_path / "frost").mkdir()
    # In two files and several row groups, which continue each other.
    pyarrow.parquet.write_table(table(frost).slice(0, 50), tmp_path / "frost/part-0.parquet", row_group_size=20)
    pyarrow.parquet.write_table(table(frost).slice(50), tmp_path / "frost/part-1.parquet")
    pyarrow.feather.write_feather(table(clean), str(tmp_path / "clean.feather"))
    same(emi.estimate(id=tmp_path / "clean.feather", ood=tmp_path / "frost", **FEW), of_paths)
    column = {**frost, "visual": f"{tmp_path}/frost/part-0.parquet:visual"}
    with pytest.raises(emi.EmiError, match="as many rows in every column, found 90 in 'text'|50 in 'visual'"):
        emi.estimate(id=clean, ood=column, **FEW)


def test_fixed_size_lists_and_gaps_of_arrow_keep_their_rows():
    pa = pytest.importorskip("pyarrow")
    flat = pa.array(np.arange(12, dtype=np.float32))
    fixed = pa.FixedSizeListArray.from_arrays(flat, 3)
    read = emi._columns.from_arrow(pa.chunked_array([fixed.slice(1, 2), fixed.slice(3)]), "x")
    assert read.tolist() == [[3, 4, 5], [6, 7, 8], [9, 10, 11]]
    assert emi._columns.from_arrow(pa.array(["a", None]), "x") == ["a", None]
    with pytest.raises(emi.EmiError, match="row 1: expected a vector of 2 numbers, as in row 0, found 1"):
        emi._columns.from_arrow(pa.array([[1.0, 2.0], [3.0]]), "x")


def test_saved_data_sets_are_taken(clean, frost, of_paths, tmp_path):
    datasets = pytest.importorskip("datasets")

    def data(bundle):
        return datasets.Dataset.from_dict({key: values.tolist() if values.ndim == 1 else list(values) for key, values in bundle.items()})

    same(emi.estimate(id=data(clean), ood=data(frost), **FEW), of_paths)
    # A choice of rows is a file of its own beside the rows.
    data(clean).select(range(89, -1, -1)).save_to_disk(tmp_path / "clean")
    data(frost).save_to_disk(tmp_path / "frost", num_shards=2)
    read = emi.read(tmp_path / "clean")
    assert list(read["id"]) == list(clean["id"][::-1]) and np.array_equal(read["visual"], clean["visual"][::-1])
    found = emi.estimate(id=tmp_path / "clean", ood=tmp_path / "frost", **FEW)
    assert found.emid.value == pytest.approx(of_paths.emid.value, abs=1e-6)
    splits = datasets.DatasetDict({"clean": data(clean)})
    with pytest.raises(emi.EmiError, match="found the splits 'clean'"):
        emi.estimate(id=splits)
    splits.save_to_disk(tmp_path / "splits")
    with pytest.raises(emi.EmiError, match="found the splits clean"):
        emi.estimate(id=tmp_path / "splits")
    assert emi.read(tmp_path / "splits/clean")["score"].shape == (90,)


def test_tensors_are_taken(clean, frost, of_paths, tmp_path):
    torch = pytest.importorskip("torch")
    tensors = {key: torch.from_numpy(values).requires_grad_(values.ndim == 2) if values.dtype.kind == "f" else values for key, values in frost.items()}
    same(emi.estimate(id=clean, ood=tensors, **FEW), of_paths)
    assert emi._columns.column(torch.ones(2, 3, dtype=torch.bfloat16), "x").dtype == np.float32
    torch.save({key: torch.from_numpy(values) for key, values in frost.items() if values.ndim == 2}, tmp_path / "frost.pt")
    assert np.array_equal(emi.read(tmp_path / "frost.pt")["visual"], frost["visual"])
    # A file that would run code when it is unpickled is refused.
    torch.save({"visual": Path("x")}, tmp_path / "code.pt")
    with pytest.raises(emi.EmiError, match="code.pt: expected a file of the kind '.pt'"):
        emi.read(tmp_path / "code.pt")


def test_an_index_of_faiss_is_taken(frost, tmp_path):
    faiss = pytest.importorskip("faiss")
    index = faiss.IndexFlatIP(256)
    index.add(frost["visual"].astype(np.float32))
    faiss.write_index(index, str(tmp_path / "v.faiss"))
    part = {**frost, "visual": tmp_path / "v.faiss"}
    whole = {**frost, "visual": frost["visual"].astype(np.float32)}
    assert emi.estimate(id=part, **FEW).id.emi == emi.estimate(id=whole, **FEW).id.emi


# What comes out


def test_a_report_has_attributes_text_page_and_frame(of_paths, tmp_path):
    assert of_paths.emid.value == of_paths.scenarios[0].emid["value"] == of_paths.scenarios["frost_3"].emid.value
    low, high = of_paths.emid.interval
    assert low < of_paths.emid.value < high
    assert "No change of EMI is resolved" in str(of_paths)
    assert "expected one of" in str(pytest.raises(AttributeError, getattr, of_paths, "emdi").value)
    assert of_paths["schema_version"] and "emid" in dir(of_paths.scenarios[0])
    page = of_paths._repr_html_()
    assert page.startswith("<iframe srcdoc=") and "vega" in page and page.count("<iframe") == 1
    assert any("few_rows" in sentence for sentence in of_paths.warnings)
    of_paths.save(tmp_path / "r.json"), of_paths.save(tmp_path / "r.html"), of_paths.save(tmp_path / "r.md"), of_paths.save(tmp_path / "r.xml")
    again = emi.load(tmp_path / "r.json")
    assert again.scenarios[0].emid == of_paths.emid and str(again) == str(of_paths)
    assert (tmp_path / "r.html").read_text() == of_paths.to_html()
    with pytest.raises(emi.EmiError, match="expected one of .json, .html, .csv, .txt, .md, .xml, found '.pdf'"):
        of_paths.save(tmp_path / "r.pdf")


def test_a_report_becomes_a_frame(two):
    pytest.importorskip("pandas")
    frame = two.to_pandas()
    assert list(frame["ood"]) == ["frost_3", "blur"] and frame["emid"][0] == two.scenarios["frost_3"].emid.value
    assert list(two.scenarios.to_pandas()["emid.value"]) == list(frame["emid"])


def test_a_batch_has_one_fit_and_the_digits_of_its_manifest(two, tmp_path):
    (tmp_path / "m.yaml").write_text(
        f"version: 1\nid: {{ name: id, data: {DIGITS}/clean.npz, score: 1 }}\nscenarios:\n"
        f"  - {{ name: frost_3, kind: visual, data: {DIGITS}/frost_3.npz, score: 0.9 }}\n  - {{ name: blur, data: {DIGITS}/defocus_blur_5.npz }}\n"
    )
    of_manifest = emi.batch(tmp_path / "m.yaml", **FEW)
    assert [scenario.to_dict() for scenario in two.scenarios] == [scenario.to_dict() for scenario in of_manifest.scenarios]
    assert two.scenarios["frost_3"].kind == "visual" and two.id.score == 1


def test_a_failed_scenario_is_a_warning_and_the_others_are_there(clean, frost):
    with pytest.warns(emi.EmiWarning, match="1 of 2 scenarios failed .narrow: "):
        report = emi.batch(id=clean, ood={"frost_3": frost, "narrow": {**frost, "visual": frost["visual"][:, :5]}}, **FEW)
    assert report.failed.names == ["narrow"] and report.failed[0].error.message and report.scenarios["frost_3"].emid.value
    with pytest.raises(AttributeError):
        report.scenarios["narrow"].emid


def test_a_broken_rule_is_a_result_and_no_exception(two):
    assert emi.check(two, fail_if="emid.interval_low > 100")
    gate = emi.check(two, fail_if=["emid.value < 100"], on_inconclusive="fail")
    assert not gate and gate.verdict == "fail" and gate.exit_code == 1 and "verdict: fail" in str(gate)
    assert emi.check(two, PROJECT / "Fixtures/policy.yaml", baseline=two).verdict in ("pass", "fail")
    with pytest.raises(emi.EmiError):
        emi.check(two, fail_if="emdi.value > 1")


def test_models_are_compared_row_by_row_where_rows_were_kept(clean, frost, tmp_path):
    kept = emi.batch(id=clean, ood={"frost_3": frost}, keep_rows=True, **FEW)
    compared = emi.compare({"a": kept, "b": kept})
    assert "not row by row" not in str(compared) and compared.scenarios[0].name == "frost_3" and "<html" in compared.to_html()
    kept.save(tmp_path / "kept.json")
    assert (tmp_path / "kept.rows.jsonl").exists()
    assert "not row by row" not in str(emi.compare(tmp_path / "kept.json", emi.load(tmp_path / "kept.json")))


def test_an_output_of_the_users_is_written_too(clean, frost, tmp_path):
    report = emi.batch(id=clean, ood={"frost_3": frost}, output=[tmp_path / "r.json", tmp_path / "r.html"], **FEW)
    assert json.loads((tmp_path / "r.json").read_text()) == report.to_dict() and (tmp_path / "r.html").exists()


def test_the_other_commands_answer(clean, frost):
    answers = [json.loads(line) for line in (OPTIONS / "clean.jsonl").read_text().splitlines()]
    calibrated = emi.calibrate(answers, {"frost_5": OPTIONS / "frost_5.jsonl"})
    assert calibrated.id.accuracy.value > 0.9 and "under-confident" in str(calibrated) and calibrated.to_html()
    calibrated = emi.calibrate(OPTIONS / "manifest.yaml", draws=0)
    assert len(calibrated.scenarios) == 4
    pairs = emi.attribute({"visual": clean["visual"], "text": clean["text"], "id": clean["id"]}, rank=16)
    assert len(pairs.rows) == 90 and pairs.rows[0].id in set(clean["id"])
    assert emi.attribute(of=DIGITS / "manifest.yaml", only=["normal_English"]).scenarios[0].name == "normal_English"
    of_files = emi.mi(f"{DIGITS}/clean.npz:text", f"{DIGITS}/clean.npz:reference", **FEW)
    assert emi.mi(clean["text"], clean["reference"], group=clean["group"], **FEW).to_dict() == of_files.to_dict()
    noise = np.random.default_rng(0).normal(size=200)
    assert emi.mi(list(range(200)), np.arange(200) + 20 * noise, estimator="gaussian", no_bracket=True, **FEW).value > 0.5
    assert emi.jsd(clean["visual"], frost["visual"], paired=True, **FEW).excess > 0
    assert emi.plan(clean, effect=0.5).rows_needed > 0
    assert emi.inspect(clean).files[0].arrays["visual"].shape == [90, 256]
    assert emi.bottleneck(id=clean, ood=frost, permutations=0, rank=8).to_html()
    assert emi.run(["--version"]).stdout.decode().strip() == emi.__version__ == emi.version()


def matrices(seed, shift=0.0):
    """Log-probabilities of eight answers given eight queries, of the model's responses and of the references."""
    random = np.random.default_rng(seed)
    response, reference = (-9 + random.normal(size=(8, 8)) for _ in range(2))
    return {"response": response + (3 - shift) * np.eye(8), "reference": reference + 4 * np.eye(8), "id": [f"q{item}" for item in range(8)]}


def test_log_probabilities_are_taken_as_arrays_and_as_files(tmp_path):
    clean, frost = matrices(0), matrices(1, shift=2)
    np.savez(tmp_path / "clean.npz", **clean), np.savez(tmp_path / "frost.npz", **frost)
    of_files = emi.logprobs(tmp_path / "clean.npz", {"frost": tmp_path / "frost.npz"}, per="token")
    of_arrays = emi.logprobs(clean, {"frost": frost}, per="token", id_name="clean")
    assert of_arrays.kind == "logprobs" and of_arrays.settings.per == "token"
    assert of_arrays.scenarios["frost"].emid.value == of_files.scenarios["frost"].emid.value
    assert of_arrays.scenarios["frost"].shared_groups == 8 and of_arrays.id.name == "clean"
    # One shift without a name, a matrix alone, matrices in files of their own, pairs that were not scored.
    assert emi.logprobs(clean, frost).scenarios.names == ["ood"]
    alone = emi.logprobs(clean["response"])
    assert "emi" not in alone.id and alone.id.model_mi.value == of_arrays.id.model_mi.value
    np.save(tmp_path / "a.npy", clean["response"]), np.save(tmp_path / "r.npy", clean["reference"])
    paths = {"response": tmp_path / "a.npy", "reference": tmp_path / "r.npy"}
    assert emi.logprobs(paths, paths).id.emi.value == of_arrays.id.emi.value
    gaps = {**clean, "response": np.where(np.eye(8, k=2) > 0, np.nan, clean["response"])}
    assert emi.logprobs(gaps).id.model_pairs == 50
    # Reports are written, read and shown as all others.
    of_arrays.save(tmp_path / "l.json"), of_arrays.save(tmp_path / "l.md")
    again = emi.load(tmp_path / "l.json")
    assert again.kind == "logprobs" and str(again) == str(of_arrays) and repr(again) == repr(of_arrays)
    assert "<pre" in of_arrays._repr_html_()
    with pytest.raises(emi.EmiError, match="expected one of .json, .txt, .md, found '.html', which emi logprobs does not write"):
        of_arrays.save(tmp_path / "l.html")
    with pytest.raises(emi.EmiError, match="found 0.5 in row 0, column 0"):
        emi.logprobs({"response": np.full((4, 4), 0.5)})
    with pytest.raises(emi.EmiError, match="expected one shift, or shifts by their names in ood, found a list"):
        emi.logprobs(clean, [frost])


def test_every_report_says_what_it_found(clean, frost, of_paths, two, tmp_path):
    """`print` gives the program's text and `repr` its sentences, in a line; neither is JSON."""
    rates = {"mean": clean["visual"][:, :4], "log_variance": -np.ones((90, 4))}
    np.savez(tmp_path / "rates.npz", **rates)
    reports = [
        (of_paths, "No change of EMI is resolved"),
        (two, "EMI fell in"),
        (emi.mi(clean["text"], clean["reference"], **FEW), "I(X;Y) = "),
        (emi.jsd(clean["visual"], frost["visual"], paired=True, **FEW), "JSD = "),
        (emi.plan(clean, effect=0.5), "A gap of 0.500 nats"),
        (emi.inspect(DIGITS / "clean.npz"), "clean.npz (npz)"),
        (emi.check(two, fail_if="emid.value > 100"), "verdict: pass"),
        (emi.calibrate(OPTIONS / "clean.jsonl", draws=0), "under-confident"),
        (emi.attribute({"visual": clean["visual"], "text": clean["text"]}, rank=16), "Pairs do not stand apart"),
        (emi.bottleneck(id=clean, permutations=0, rank=8), "The query tells"),
        (emi.bottleneck(posterior=[tmp_path / "rates.npz"]), "Rates of posteriors"),
        (emi.compare(two, two), "lose the same EMI in all of 2 scenarios"),
        (emi.logprobs(matrices(0), matrices(1, shift=2)), "ood: "),
        (emi.logprobs(matrices(0)), "EMI from log-probabilities"),
    ]
    for report, sentence in reports:
        assert not str(report).startswith("{") and sentence in str(report), report.kind
        shown = repr(report)
        assert shown.startswith(f"<emi {report.kind}: ") and shown.endswith(">") and "\n" not in shown and sentence in shown, shown
        if report.kind not in ("mi", "jsd", "plan", "inspect", "check"):
            report.save(tmp_path / "again.json")
            assert emi.load(tmp_path / "again.json").kind in (report.kind, "batch")


# What is refused


def test_the_programs_sentences_are_exceptions(clean):
    for call, sentence, kind in [
        (lambda: emi.estimate(id="nothing.npz"), "nothing.npz: expected a file or folder, found nothing at this path", emi.EmiError),
        (lambda: emi.estimate(id=clean, permutatons=3), "Unknown option '--permutatons'. Did you mean '--permutations'?", emi.UsageError),
        (lambda: emi.estimate(id={**clean, "visual": clean["visual"] * np.float32("nan")}), "expected a finite number, found nan", emi.EmiError),
        (lambda: emi.estimate(id={key: clean[key] for key in ("visual", "response")}), "expected an array for 'reference'", emi.EmiError),
        (lambda: emi.batch("nothing.yaml"), "nothing.yaml", emi.EmiError),
        (lambda: emi.compare("a.json", "b.json"), "a.json", emi.EmiError),
    ]:
        with pytest.raises(kind) as caught:
            call()
        assert sentence in str(caught.value) and not str(caught.value).lower().startswith("error"), caught.value
    with pytest.raises(emi.EmiError) as caught:
        emi.estimate(id="nothing.npz")
    assert caught.value.exit_code == 2 and "check the path" in caught.value.hint


def test_what_is_no_set_is_refused_in_a_sentence(clean, frost, tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    for call, sentence in [
        (lambda: emi.estimate(id=None), "id: expected a path, a mapping of columns"),
        (lambda: emi.estimate(id=clean["visual"]), "id: expected a path, a mapping of columns"),
        (lambda: emi.estimate(id={"visual": np.zeros((3, 4, 5))}), "id['visual']: expected one row for each sample, n x d, found an array of 3x4x5"),
        (lambda: emi.estimate(id={"visual": np.zeros((3, 2)), "text": ["a"]}), "found 3 in 'visual', 1 in 'text'"),
        (lambda: emi.estimate(id={"visual": [[1.0, 2.0], [1.0]]}), "row 1: expected a vector of 2 numbers, as in row 0, found 1"),
        (lambda: emi.estimate(id={"visual": np.zeros((3, 2), complex)}), "expected real numbers, found complex128"),
        (lambda: emi.estimate(id={**clean, "group": "g.npy"}), "expected values, found the path 'g.npy'"),
        (lambda: emi.estimate(id={}), "id: expected columns, found none"),
        (lambda: emi.batch(id=clean, ood=frost), "expected shifts by their names in ood, found one set"),
        (lambda: emi.batch(id=clean), "found no shifts"),
        (lambda: emi.batch(id=clean, ood=[frost]), "expected shifts by their names in ood, found a list of 1"),
        (lambda: emi.calibrate(clean, [frost]), "expected shifted sets by their names in ood, found a list of 1"),
        (lambda: emi.batch(id=clean, ood={"x": frost}, kind={"y": "visual"}), "expected the name of a set in kind and score, found 'y'"),
        (lambda: emi.estimate(id=clean, format="html"), "expected no format"),
        (lambda: emi.read(tmp_path / "nothing.parquet"), "found nothing at this path"),
        (lambda: emi.read(__file__), "found '.py'"),
    ]:
        with pytest.raises(emi.EmiError) as caught:
            call()
        assert sentence in str(caught.value), caught.value
    pytest.importorskip("pyarrow")
    with pytest.raises(emi.EmiError, match="x.parquet: expected a file of the kind '.parquet', found one that cannot be read"):
        emi.estimate(id=tmp_path / "x.parquet")


def test_names_of_columns_and_sets_may_be_anything(clean, frost):
    odd = {**frost, "file": frost["score"], "a/b": frost["score"]}
    report = emi.batch(id=clean, ood={"../a b: {c}": odd, "x'\"\n": frost}, **FEW)
    assert report.scenarios.names[0] == "../a b: {c}" and len(report.scenarios) == 2


def test_nothing_is_left_behind(clean, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    emi.estimate(id=clean, permutations=0)
    with pytest.raises(emi.EmiError):
        emi.estimate(id={key: clean[key] for key in ("visual", "response")})
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_used_is_imported():
    program = "import sys, emi; assert not {'numpy', 'pandas', 'pyarrow', 'torch', 'subprocess.x'} & set(sys.modules), sys.modules.keys()"
    path = {**os.environ, "PYTHONPATH": str(PROJECT / "Scripts/python")}
    assert subprocess.run([sys.executable, "-c", program], env=path).returncode == 0
    done = subprocess.run([sys.executable, "-m", "emi", "--version"], env=path, capture_output=True, text=True)
    assert done.stdout.strip() == emi.version()


def test_a_missing_program_is_told():
    program = "import emi\ntry: emi.run(['--version'])\nexcept emi.EmiError as error: print(error)"
    path = {**os.environ, "PYTHONPATH": str(PROJECT / "Scripts/python"), "EMI": "/nowhere/emi"}
    done = subprocess.run([sys.executable, "-c", program], env=path, capture_output=True, text=True)
    assert done.stdout.startswith("expected the program emi, found none at /nowhere/emi")


def test_the_quick_start_of_the_article_runs(tmp_path):
    """Every block of the article, one after the other, in a folder with the files that it names."""
    article = (PROJECT / "Sources/emi/Documentation.docc/FromPython.md").read_text()
    for module in ("pandas",):
        pytest.importorskip(module)
    blocks = [part.split("```")[0] for part in article.split("```python\n")[1:]]
    assert blocks
    for name in ("clean", "frost_3", "defocus_blur_5"):
        (tmp_path / f"{name}.npz").symlink_to(DIGITS / f"{name}.npz")
        (tmp_path / f"{name}.jsonl").symlink_to(DIGITS / f"{name}.jsonl") if (DIGITS / f"{name}.jsonl").exists() else None
    (tmp_path / "confidences.jsonl").symlink_to(OPTIONS / "clean.jsonl")
    (tmp_path / "confidences_frost.jsonl").symlink_to(OPTIONS / "frost_5.jsonl")
    path = {**os.environ, "PYTHONPATH": str(PROJECT / "Scripts/python")}
    done = subprocess.run([sys.executable, "-c", "\n".join(blocks)], cwd=tmp_path, env=path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def block(text, language, containing):
    """The only block of a language with a line."""
    return next(part for part in (part.split("```")[0] for part in text.split(f"```{language}\n")[1:]) if containing in part)


def test_the_commands_and_the_python_of_the_readme_run(tmp_path, monkeypatch):
    readme = (PROJECT / "README.md").read_text()
    (tmp_path / "sets").mkdir()
    for name in ("clean", "frost_3"):
        (tmp_path / f"sets/{name}.npz").symlink_to(DIGITS / f"{name}.npz")
    for name, source in (("clean.jsonl", "clean.jsonl"), ("frost.jsonl", "frost_3.jsonl"), ("frost.npz", "frost_3.npz")):
        (tmp_path / name).symlink_to(DIGITS / source)
    for line in block(readme, "bash", "emi inspect").splitlines():
        words = shlex.split(line, comments=True)
        assert words[0] == "emi"
        done = subprocess.run([os.environ["EMI"], *words[1:]], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode in ((0, 1) if "check" in words else (0,)), f"{line}: {done.stderr}"
    assert (tmp_path / "report.html").stat().st_size > 100_000
    with np.load(DIGITS / "clean.npz") as bundle:
        names = {short: bundle[name] for short, name in (("V", "visual"), ("T", "text"), ("R", "response"), ("Y", "reference"))}
    monkeypatch.chdir(tmp_path)
    exec(block(readme, "python", "emi.estimate"), names)
    assert names["report"].emid.value


def test_every_page_that_a_document_names_is_there():
    folder = PROJECT / "Sources/emi/Documentation.docc"
    named = [text for text in map(Path.read_text, [PROJECT / "README.md", *folder.glob("*.md")]) if "py3-none" in text]
    assert named and {found for text in named for found in re.findall(r"emi-([\d.]+)-py3-none", text)} == {emi.version()}
    for target in re.findall(r"\]\(([^)#:]+)\)", (PROJECT / "README.md").read_text()):
        assert (PROJECT / target).exists(), target
    for article in folder.glob("*.md"):
        for target in re.findall(r"<doc:(\w+)>", article.read_text()):
            assert (folder / f"{target}.md").exists(), f"{article.name}: {target}"
        assert article.stem == "Documentation" or f"<doc:{article.stem}>" in (folder / "Documentation.md").read_text(), article.name


def test_an_interrupt_ends_the_program_too(tmp_path):
    # A shell has its background jobs ignore interrupts, and whatever they start inherits that.
    program = f"""
import emi, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
emi.batch({str(DIGITS / 'manifest.yaml')!r}, permutations=100_000, output={str(tmp_path / 'r.json')!r})
"""
    path = {**os.environ, "PYTHONPATH": str(PROJECT / "Scripts/python")}
    with subprocess.Popen([sys.executable, "-c", program], env=path, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        deadline = time.monotonic() + 60
        while not (started := children.read_text().split()) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)  # to Python alone, as a notebook does
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    assert "KeyboardInterrupt" in errors and not Path(f"/proc/{started[0]}").exists()


def test_several_sets_in_the_place_of_one_are_told_where_they_go(clean, frost):
    with pytest.raises(emi.EmiError, match="ood: expected one set, found a list of 2") as error:
        emi.estimate(id=clean, ood=[frost, frost])
    assert "emi.batch" in error.value.hint
    with pytest.raises(emi.EmiError, match="by their names in ood, found a list of 2"):
        emi.batch(id=clean, ood=[frost, frost])
    with pytest.raises(emi.EmiError, match="id: expected .*, found an empty list"):
        emi.estimate(id=[])
    with pytest.raises(AttributeError, match="expected a shift"):
        emi.estimate(id=clean, permutations=0).emid


def test_shifts_are_named_in_errors_and_no_name_overwrites_another(clean, frost):
    narrow = {**frost, "visual": frost["visual"][:, :3]}
    with pytest.warns(emi.EmiWarning, match=r"narrow: narrow\.npz: array 'visual'.* of id\.npz"):
        emi.batch(id=clean, ood={"frost": frost, "narrow": narrow}, permutations=0)
    # Names that come to one name of a file.
    report = emi.batch(id=clean, ood={"a/b": frost, "a_b": clean, "A:b": frost, "情" * 200: frost}, permutations=0)
    first, second, third, long = (shift.emid.value for shift in report.scenarios)
    assert first == third == long and abs(second) < 1e-9
    same = emi.estimate(id=clean, ood=frost, id_name="x", ood_name="x", permutations=0)
    assert same.emid.value == emi.estimate(id=clean, ood=frost, permutations=0).emid.value != 0
    both = emi.compare({"a/b": report, "a_b": report})
    assert both.a != both.b
