"""Reports as people and machines see them: a real browser, and the readers that others use. Run by Scripts/test-report."""

import copy
import io
import json
import os
import random
import re
import resource
import subprocess
import time
from pathlib import Path

import jsonschema
import junitparser
import pandas
import pytest
from lxml import etree
from markdown_it import MarkdownIt
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
EMI = (PROJECT / os.environ.get("EMI", ".build/release/emi")).resolve()
DIGITS = PROJECT / "Fixtures/digits"
SCREENSHOTS = os.environ.get("EMI_SCREENSHOTS")

# Whatever of this runs leaves window.obeyed behind, or asks for something.
HOSTILE = [
    "<script>window.obeyed=1</script>", "</script><script>window.obeyed=2</script>", "<img src=x onerror=window.obeyed=3>",
    "\"><svg onload=window.obeyed=4>", "javascript:window.obeyed=5", "\"quoted\" 'single' & <b>", "__proto__", "constructor", "toString",
    "a|b`c`*d*_e_[x](http://evil.example)@user", "\u202eevil\u0007\u001b[31m", "datum.x", "{{7*7}}", "null", "<!--", "]]>",
    "=HYPERLINK(\"http://evil.example\")", "${window.obeyed=6}", "line\nbreak", "漢字 한국 العربية 🎉", "x" * 400,
]


def emi(*arguments, **options):
    return subprocess.run([EMI, *map(str, arguments)], check=options.pop("check", True), capture_output=True, text=True, cwd=PROJECT, **options)


def hostile(report):
    report = copy.deepcopy(report)
    for scenario, text in zip(report["scenarios"], HOSTILE):
        scenario["name"] = scenario["kind"] = text
    failed = report["scenarios"][len(HOSTILE)]
    for key in set(failed) - {"name", "kind", "warnings"}:
        del failed[key]
    failed.update(status="failed", error={"code": HOSTILE[0], "message": HOSTILE[2]})
    report["summary"]["failed_count"] = 1
    report["id"].update(name=HOSTILE[0], warnings=[{"code": HOSTILE[1], "message": HOSTILE[0]}])
    report["scenarios"][0]["bound"]["terms"].update({HOSTILE[3]: 0.5, "__proto__": 0.1})
    report["scenarios"][0]["discrepancies"][HOSTILE[0]] = {"jsd": 0.1}
    report["provenance"]["inputs"][0]["path"] = HOSTILE[1]
    return report


def large(report, count=5000):
    report, random_numbers = copy.deepcopy(report), random.Random(1)
    base, report["scenarios"] = report["scenarios"], []
    for index in range(count):
        scenario = copy.deepcopy(base[index % len(base)])
        scenario["name"] += f"_{index:04d}"
        move = random_numbers.gauss(0, 0.3)
        scenario["emid"]["value"] += move
        scenario["emid"]["interval"] = [end + move for end in scenario["emid"]["interval"]]
        scenario["bound"]["value"] += random_numbers.gauss(0, 0.2)
        scenario["score"] = min(1, max(0, scenario["score"] + random_numbers.gauss(0, 0.05)))
        report["scenarios"].append(scenario)
    report["summary"]["scenario_count"] = count
    return report


def tuned(report):
    """Another model over the same scenarios: mostly better, in some worse, one lost and one without numbers."""
    report, random_numbers = copy.deepcopy(report), random.Random(2)
    for scenario in report["scenarios"]:
        if scenario["status"] != "ok":
            continue
        move = random_numbers.gauss(-0.4, 0.5)
        scenario["emid"]["value"] += move
        scenario["emid"]["interval"] = [end + move for end in scenario["emid"]["interval"]]
        scenario["emi"]["value"] -= move
    report["scenarios"].pop()
    return report


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Every kind of report, in every format: digits, pair, single, failing, hostile, large; and comparisons of some with another model."""
    folder = tmp_path_factory.mktemp("reports")
    digits = folder / "digits.json"
    emi("batch", DIGITS / "manifest.yaml", "--quiet", "-o", digits)
    emi("estimate", "--id", DIGITS / "clean.npz", "--ood", DIGITS / "easy_Hindi.npz", "--quiet", "-o", folder / "pair.json")
    emi("estimate", "--id", DIGITS / "clean.npz", "--quiet", "-o", folder / "single.json")
    manifest = folder / "failing.yaml"
    manifest.write_text(
        f"version: 1\nsettings: {{ permutations: 0 }}\nid: {{ name: clean, data: {DIGITS}/clean.npz }}\nscenarios:\n"
        f"  - {{ name: frost_3, data: {DIGITS}/frost_3.npz }}\n  - {{ name: lost, kind: gone, data: missing.npz }}\n")
    assert emi("batch", manifest, "--quiet", "-o", folder / "failing.json", check=False).returncode == 2
    report = json.loads(digits.read_text())
    (folder / "hostile.json").write_text(json.dumps(hostile(report)))
    (folder / "large.json").write_text(json.dumps(large(report)))
    for name in NAMES:
        emi("report", folder / f"{name}.json", *(word for ending in ("html", "md", "csv", "xml", "txt") for word in ("-o", folder / f"{name}.{ending}")))
    for name in ("digits", "hostile", "large"):
        other = folder / f"{name}-tuned.json"
        other.write_text(json.dumps(tuned(json.loads((folder / f"{name}.json").read_text()))))
        forms = [word for ending in ("html", "md", "json") for word in ("-o", folder / f"compare-{name}.{ending}")]
        emi("compare", folder / f"{name}.json", other, "--quiet", *forms)
    return folder


NAMES = ["digits", "pair", "single", "failing", "hostile", "large"]
CHARTS = {
    "digits": ["gap", "grid-0", "grid-1", "bound", "stack", "score"], "pair": ["gap", "stack"], "single": [],
    "failing": ["gap", "stack"], "large": ["gap", "distribution", "bound", "stack", "score"],
    "compare-digits": ["pair", "scatter"], "compare-hostile": ["pair", "scatter"], "compare-large": ["pair", "differences", "scatter"],
}
COMPARISONS = ["compare-digits", "compare-hostile", "compare-large"]


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


class Page:
    """A report in the browser, with everything that it said and asked for."""

    def __init__(self, browser, path, width=1280, scheme="light"):
        self.said, self.asked = [], []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_function("document.documentElement.dataset.charts === 'drawn'", timeout=60_000)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def column(self, table, index):
        return self.page.eval_on_selector_all(f"#{table} tbody tr", f"rows => rows.map(row => row.cells[{index}].textContent.trim())")


# ---- The browser

@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", NAMES + COMPARISONS)
def test_html_is_drawn_without_a_word_or_a_request(folder, browser, name, width, scheme):
    path = folder / f"{name}.html"
    assert path.stat().st_size < 3_000_000
    with Page(browser, path, width, scheme) as report:
        page = report.page
        marks = page.eval_on_selector_all(
            ".plot", "plots => plots.map(plot => [plot.dataset.chart, plot.querySelectorAll('svg .mark-symbol path, svg .mark-rect path, svg .mark-text text').length])")
        assert all(count > 0 for _, count in marks), marks
        if name in CHARTS:
            assert [chart for chart, _ in marks if not (name == "large" and chart.startswith("grid"))] == CHARTS[name]
        assert page.evaluate("document.documentElement.scrollWidth") == width, "something is wider than the window"
        small = page.eval_on_selector_all("svg text", "texts => texts.filter(text => parseFloat(getComputedStyle(text).fontSize) < 10).length")
        assert small == 0
        if SCREENSHOTS:
            page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{width}-{scheme}.png", full_page="large" not in name)
        assert report.said == []
        assert [url for url in report.asked if not url.startswith(("file:", "data:"))] == [] and len(report.asked) == len(set(report.asked))


def test_html_tables_sort_filter_and_turn_pages(folder, browser):
    with Page(browser, folder / "digits.html") as report:
        page, table = report.page, "scenario-table"
        expected = [row["name"] for row in sorted(json.loads((folder / "digits.json").read_text())["scenarios"], key=lambda row: -row["emid"]["value"])]
        section = page.locator("#scenarios")
        assert report.column(table, 0) == expected[:25]
        section.get_by_role("button", name="Next").click()
        assert report.column(table, 0) == expected[25:50]
        assert section.get_by_role("status").inner_text() == "26–50 of 61"
        header = page.locator(f"#{table} thead th", has_text="Score")
        place = header.evaluate("cell => cell.cellIndex")
        header.get_by_role("button").click()
        assert header.get_attribute("aria-sort") == "descending"
        values = [float(text.replace("−", "-")) for text in report.column(table, place)]
        assert values == sorted(values, reverse=True) and values[0] > values[-1]
        # The keyboard does the same as the mouse.
        header.get_by_role("button").press("Enter")
        values = [float(text.replace("−", "-")) for text in report.column(table, place)]
        assert header.get_attribute("aria-sort") == "ascending" and values == sorted(values)
        section.get_by_label("Kind").select_option("visual")
        assert set(report.column(table, 1)) == {"visual"} and len(report.column(table, 0)) == 6
        section.get_by_label("Search").fill("frost")
        assert set(report.column(table, 0)) == {"frost_1", "frost_3", "frost_5"}
        section.get_by_label("Search").fill("no such scenario")
        assert report.column(table, 0) == [] and section.get_by_role("status").inner_text() == "Nothing matches."
        assert report.said == []


def test_a_comparison_sorts_and_filters(folder, browser):
    with Page(browser, folder / "compare-digits.html") as comparison:
        page, table = comparison.page, "scenario-table"
        found = json.loads((folder / "compare-digits.json").read_text())
        expected = [row["name"] for row in sorted(found["scenarios"], key=lambda row: row["emid"]["difference"]["value"])]
        section = page.locator("#scenarios")
        assert comparison.column(table, 0) == expected[:25]
        page.locator(f"#{table} thead th", has_text="EMID A").get_by_role("button").click()
        values = [float(text.replace("−", "-")) for text in comparison.column(table, 3)]
        assert values == sorted(values, reverse=True) and values[0] > values[-1]
        section.get_by_label("Result").select_option("◆ B ahead")
        assert set(comparison.column(table, 2)) == {"◆ B ahead"}
        # As many as the summary counts.
        count = page.locator(".tile.lead-b dd").evaluate("dd => dd.firstChild.textContent")
        section.get_by_label("Rows a page").select_option("200")
        assert len(comparison.column(table, 0)) == int(count) > 0
        assert comparison.said == []


@pytest.mark.parametrize(("name", "marks"), [
    ("hostile", {"#chart-gap .mark-symbol path": None, "#chart-stack .mark-rect path": 30}), ("compare-hostile", {"#chart-pair .mark-symbol path": None}),
])
def test_html_shows_hostile_texts_as_texts(folder, browser, name, marks):
    with Page(browser, folder / f"{name}.html") as report:
        page = report.page
        page.locator("#scenarios").get_by_label("Rows a page").select_option("200")
        shown = report.column("scenario-table", 0)
        assert HOSTILE[0] in shown and HOSTILE[2] in shown and "line break" in shown
        # Tooltips are made from names as well.
        told = ""
        for mark in [mark for selector, count in marks.items() for mark in page.query_selector_all(selector)[:count]]:
            mark.scroll_into_view_if_needed()
            box = mark.bounding_box()
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            told += page.evaluate("document.getElementById('vg-tooltip-element')?.textContent ?? ''")
        assert HOSTILE[0] in told and HOSTILE[2] in told
        assert page.evaluate("window.obeyed") is None
        assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, svg [onload], [onerror], a[href^=javascript]').length") == 0
        assert page.evaluate("document.scripts.length") == 3
        assert report.said == []


def test_html_policy_stops_what_escaping_would_miss(folder, browser, tmp_path):
    injected = (folder / "pair.html").read_text().replace("</main>", "<script>window.obeyed=1</script><img src='http://192.0.2.1/x.png' onerror='window.obeyed=2'></main>")
    path = tmp_path / "injected.html"
    path.write_text(injected)
    with Page(browser, path) as report:
        assert report.page.evaluate("window.obeyed") is None
        assert any("Content Security Policy" in text for text in report.said)


def test_html_reads_without_scripts_and_prints_whole(folder, browser, tmp_path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "digits.html").as_uri())
    assert page.locator("#scenario-table tbody tr").count() == 61
    assert page.locator(".pending").first.inner_text().startswith("Charts need a browser")
    context.close()
    with Page(browser, folder / "digits.html", scheme="dark") as report:
        report.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert len(report.column("scenario-table", 0)) == 61
        report.page.emulate_media(media="print")
        assert report.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not report.page.locator("#scenarios .controls").is_visible()
        report.page.pdf(path=(Path(SCREENSHOTS) if SCREENSHOTS else tmp_path) / "digits.pdf", format="A4")


@pytest.mark.parametrize("name", ["digits", "compare-digits"])
def test_html_is_accessible(folder, browser, name):
    for scheme in ("light", "dark"):
        with Page(browser, folder / f"{name}.html", scheme=scheme) as report:
            page = report.page
            levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(element => Number(element.tagName[1]))")
            assert levels[0] == 1 and levels.count(1) == 1
            assert all(after - before <= 1 for before, after in zip(levels, levels[1:]))
            assert page.evaluate("document.documentElement.lang") == "en"
            unnamed = page.evaluate("[...document.querySelectorAll('button, input, select')].filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length")
            assert unnamed == 0
            graphics = page.eval_on_selector_all(".plot svg", "all => all.map(svg => svg.getAttribute('aria-label') ?? svg.closest('[aria-label]')?.getAttribute('aria-label') ?? '')")
            assert graphics and all(len(text) > 20 for text in graphics), graphics
            faint = page.evaluate(CONTRAST)
            assert faint == [], faint


# Texts whose contrast with the card is below WCAG 2.2's 4.5 to 1.
CONTRAST = """() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  const rgb = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
  const light = colour => { const [r, g, b] = rgb(colour).map(c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = element => { for (let e = element; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$|transparent/.test(c)) return c; } return 'white'; };
  const found = new Map();
  for (const e of document.querySelectorAll('p, a, dt, dd, small, th, td, li, h1, h2, h3, label, button, summary, code, svg text')) {
    if (!e.textContent.trim() || e.disabled) continue;
    const style = getComputedStyle(e), a = light(e.closest('svg') ? style.fill : style.color), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.set(e.tagName + '.' + e.getAttribute('class'), ratio.toFixed(2));
  }
  return [...found];
}"""


def test_html_of_5000_scenarios_is_quick(folder, browser):
    # Processor time: other work on the machine says nothing about this.
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    emi("report", folder / "large.json", "-o", folder / "again.html")
    written = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    assert written < 5, f"{written:.1f} s to write"
    start = time.monotonic()
    with Page(browser, folder / "again.html") as report:
        drawn = time.monotonic() - start
        assert drawn < 5, f"{drawn:.1f} s to draw"
        start = time.monotonic()
        report.page.locator("#scenarios").get_by_label("Search").fill("normal_Hindi")
        assert len(report.column("scenario-table", 0)) == 25
        assert time.monotonic() - start < 1
        print(f"written in {written:.2f} s, drawn in {drawn:.2f} s")


def test_a_check_of_5000_scenarios_is_quick(folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    emi("check", folder / "large.json", "--fail-if", "emid.value > 100", "--fail-if", "summary.failed_count > 5000")
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    assert spent < 4, f"{spent:.1f} s"


# ---- Other readers

@pytest.mark.parametrize("name", NAMES)
def test_json_is_valid(folder, name):
    schema = json.loads(emi("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    report = json.loads((folder / f"{name}.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(report)


def validate(text, what):
    schema = json.loads(emi("schema", what).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))


@pytest.mark.parametrize("name", COMPARISONS)
def test_json_of_a_comparison_is_valid(folder, name):
    validate((folder / f"{name}.json").read_text(), "compare")


@pytest.mark.parametrize("name", NAMES)
def test_json_of_a_check_is_valid(folder, name):
    rules = ["--fail-if", "emid.value > 0.5", "--warn-if", "bound.holds == false", "--fail-if", "summary.failed_count > 0"]
    found = emi("check", folder / f"{name}.json", *rules, "--format", "json", check=False)
    assert found.returncode == json.loads(found.stdout)["exit_code"]
    validate(found.stdout, "check")
    if f"{name}-tuned.json" in {path.name for path in folder.iterdir()}:
        rules = ["--baseline", folder / f"{name}-tuned.json", "--fail-if", "change.emid.value > 0.1", "--on-inconclusive", "fail"]
        validate(emi("check", folder / f"{name}.json", *rules, "--format", "json", check=False).stdout, "check")


def test_json_names_its_inputs(folder):
    for entry in json.loads((folder / "digits.json").read_text())["provenance"]["inputs"]:
        expected = subprocess.run(["sha256sum", DIGITS / entry["path"]], capture_output=True, text=True, check=True).stdout.split()[0]
        assert entry["sha256"] == expected


@pytest.mark.parametrize("name", NAMES)
def test_junit_is_valid(folder, name):
    path, report = folder / f"{name}.xml", json.loads((folder / f"{name}.json").read_text())
    schemas = [PROJECT / "Tests/Scripts/junit.xsd", *map(Path, os.environ.get("JUNIT_SCHEMAS", "").split())]
    for schema in schemas:
        etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(path))
    suite = junitparser.JUnitXml.fromfile(str(path))
    assert suite.tests == len(report["scenarios"]) and suite.failures == 0
    assert suite.errors == sum(scenario["status"] == "failed" for scenario in report["scenarios"])
    straddling = sum(scenario["status"] == "ok" and scenario["emid"]["interval"][0] <= 0 <= scenario["emid"]["interval"][1] for scenario in report["scenarios"])
    assert suite.skipped == straddling


@pytest.mark.parametrize("name", NAMES)
def test_csv_is_a_table(folder, name):
    report = json.loads((folder / f"{name}.json").read_text())
    table = pandas.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
    assert len(table) == max(1, len(report["scenarios"]))
    assert table["seed"].dtype == "int64" and table["rows_id"].dtype == "int64"
    numeric = [name for name in table if name.startswith(("emi_", "emid", "jsd_", "excess_", "p_", "bound_", "similarity_")) or name in ("score_id", "score_ood")]
    numeric.remove("bound_form")
    assert all(table[column].dtype == "float64" for column in numeric), table[numeric].dtypes
    # Numbers alone do not say how much of a bound they are.
    assert all(f"guarantee_{name[6:]}" in table for name in table if name.startswith("bound_") and not name.startswith(("bound_low_", "bound_high_", "bound_form")))
    if report["scenarios"]:
        # Names reach a spreadsheet without the controls that they hold, and not as formulas.
        controls = r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
        shown = [re.sub(controls, "\ufffd", re.sub(r"[\t-\r]", " ", scenario["name"])) for scenario in report["scenarios"]]
        shown = [f"'{name}" if name.startswith(("=", "+", "-", "@")) else name for name in shown]
        assert [name.replace("\u200b", "") for name in table["ood"]] == shown


@pytest.mark.parametrize("name", NAMES + COMPARISONS)
def test_markdown_renders(folder, name):
    text = (folder / f"{name}.md").read_text()
    assert len(text.encode()) <= 1 << 20
    report = json.loads((folder / f"{name}.json").read_text())
    page = etree.parse(io.StringIO(f"<html>{MarkdownIt('gfm-like', {'linkify': False}).render(text)}</html>"), etree.HTMLParser())
    assert page.findall(".//table") and not page.findall(".//script") and not page.findall(".//img") and not page.findall(".//svg")
    widths = {len(row.findall("th") + row.findall("td")) for table in page.findall(".//table")[:1] for row in table.iter("tr")}
    assert len(widths) == 1
    if name == "digits":
        rows = {row.find("td").text for table in page.findall(".//table") for row in table.iter("tr") if row.find("td") is not None}
        assert {scenario["name"] for scenario in report["scenarios"]} <= rows


def test_markdown_of_a_comment_keeps_its_limit(folder):
    text = emi("report", folder / "large.json", "--format", "markdown", "--max-bytes", "65536").stdout
    assert 32_768 < len(text.encode()) <= 65_536 and "more scenarios, which are in the full report" in text


def test_an_older_program_reads_a_newer_report(folder):
    report = json.loads((folder / "pair.json").read_text())
    report.update(schema_version="1.9", news={"x": 1})
    found = emi("report", "-", "--format", "html", input=json.dumps(report))
    assert "newer_report" in found.stderr and found.stdout.startswith("<!DOCTYPE html>")
    report["schema_version"] = "2.0"
    refused = emi("report", "-", input=json.dumps(report), check=False)
    assert refused.returncode == 2 and refused.stdout == "" and "expected a report of schema version 1.x, found 2.0" in refused.stderr
