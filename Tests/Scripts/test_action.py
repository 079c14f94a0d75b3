"""The GitHub Action and the snippets of the article on CI: valid by the public schemas, and their shell run here. By Scripts/test-report."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from lxml import etree

PROJECT = Path(__file__).resolve().parents[2]
EMI = (PROJECT / os.environ.get("EMI", ".build/release/emi")).resolve()
ACTION = PROJECT / ".github/actions/emi"
ARTICLE = PROJECT / "Sources/emi/Documentation.docc/ContinuousIntegration.md"
SAVED = PROJECT / "Fixtures/reports/frost.json"
SNIPPETS = re.findall(r"```yaml\n(.*?)```", ARTICLE.read_text(), re.S)


def is_valid(path, schema):
    # The package has copies of the schemas of schemastore.org.
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", schema, path]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_action_is_valid():
    is_valid(ACTION / "action.yml", "vendor.github-actions")
    action = yaml.safe_load((ACTION / "action.yml").read_text())
    # Inputs reach the shell as variables only: nothing of a pull request is in the text of a step.
    assert all("${{" not in step["run"] for step in action["runs"]["steps"])
    used = {match for step in action["runs"]["steps"] for value in step.get("env", {}).values() for match in re.findall(r"inputs\.([\w-]+)", value)}
    assert used == set(action["inputs"])


def test_the_snippets_of_the_article_are_valid(tmp_path):
    policy, github, gitlab = SNIPPETS
    for name, text, schema in (("workflow.yml", "name: x\non: push\n" + github, "vendor.github-workflows"), ("gitlab-ci.yml", gitlab, "vendor.gitlab-ci")):
        (tmp_path / name).write_text(text)
        is_valid(tmp_path / name, schema)
    inputs = yaml.safe_load(github)["jobs"]["robustness"]["steps"][1]["with"]
    assert set(inputs) <= set(yaml.safe_load((ACTION / "action.yml").read_text())["inputs"])
    (tmp_path / "policy.yaml").write_text(policy)
    # A verdict either way: the policy is a valid one, and the saved report has losses of more than half a nat.
    assert subprocess.run([EMI, "check", SAVED, "--policy", tmp_path / "policy.yaml"], capture_output=True).returncode in (0, 1)


def test_the_lines_of_gitlab_run(tmp_path):
    script = "\n".join(yaml.safe_load(SNIPPETS[2])["robustness"]["script"])
    (tmp_path / "evaluation").mkdir()
    digits = PROJECT / "Fixtures/digits"
    (tmp_path / "evaluation/manifest.yaml").write_text(
        f"version: 1\nsettings: {{ permutations: 0 }}\nid: {{ name: clean, data: {digits}/clean.npz }}\nscenarios: [{{ name: frost_3, data: {digits}/frost_3.npz }}]\n")
    (tmp_path / "evaluation/policy.yaml").write_text(SNIPPETS[0])
    path = f"{tmp_path}/bin"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/emi").symlink_to(EMI)
    found = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "PATH": f"{path}:{os.environ['PATH']}"})
    assert found.returncode == 0 and "verdict: pass" in found.stdout, found.stderr
    assert etree.parse(tmp_path / "gate.xml").getroot().tag == "testsuite"
    assert (tmp_path / "report.html").exists()


@pytest.fixture
def step(tmp_path):
    """Runs a step of the action as a runner does."""

    def run(name, path=None, **inputs):
        files = {variable: tmp_path / variable.lower() for variable in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        (tmp_path / "bin").mkdir(exist_ok=True)
        if not (tmp_path / "bin/emi").exists():
            (tmp_path / "bin/emi").symlink_to(EMI)
        environment = {
            **os.environ, **files, "RUNNER_TEMP": tmp_path, "GITHUB_ACTION_PATH": ACTION, "EMI_OUTPUT": tmp_path / "out",
            "PATH": path or f"{tmp_path}/bin:{os.environ['PATH']}", **inputs,
        }
        command = next(step["run"] for step in yaml.safe_load((ACTION / "action.yml").read_text())["runs"]["steps"] if f"/{name}" in step["run"])
        found = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=tmp_path, capture_output=True, text=True, env={k: str(v) for k, v in environment.items()})
        outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        return found, outputs, files["GITHUB_STEP_SUMMARY"].read_text()

    return run


def test_an_installed_emi_is_used(step):
    found, _, _ = step("install")
    assert found.returncode == 0 and found.stdout.startswith("found ")


@pytest.mark.skipif(shutil.which("swift", path="/usr/bin:/bin") is not None, reason="Swift is where every shell finds it")
def test_neither_emi_nor_swift_is_told(step):
    found, _, _ = step("install", path="/usr/bin:/bin")
    assert found.returncode == 2 and "expected emi, a wheel of it or Swift" in found.stdout


def wheel_of(program, folder):
    """A wheel as Scripts/package lays it out, around a program of a line."""
    path = folder / "emi-9.9.9-py3-none-any.whl"
    members = {
        "emi-9.9.9.data/scripts/emi": program,
        "emi-9.9.9.dist-info/METADATA": "Metadata-Version: 2.1\nName: emi\nVersion: 9.9.9\n",
        "emi-9.9.9.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
    }
    members["emi-9.9.9.dist-info/RECORD"] = "".join(f"{name},,\n" for name in members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
    return path


def test_a_wheel_is_used_where_it_is_there(step, tmp_path):
    wheel = wheel_of("#!/bin/sh\necho from the wheel\n", tmp_path)
    path = f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"
    found, _, _ = step("install", path=path, EMI_WHEEL=wheel)
    assert found.returncode == 0 and "from the wheel" in found.stdout, found.stdout + found.stderr
    (folder,) = (tmp_path / "github_path").read_text().split()
    assert [file.name for file in Path(folder).iterdir()] == ["emi"]
    found, _, _ = step("install", path=path, EMI_WHEEL=tmp_path / "no.whl")
    assert found.returncode == 2 and "expected a wheel that installs here" in found.stdout


def test_the_release_of_the_actions_tag_is_looked_up(step, tmp_path):
    wheel = wheel_of("#!/bin/sh\necho from the wheel\n", tmp_path)
    (tmp_path / "tools").mkdir()
    gh = tmp_path / "tools/gh"
    gh.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\nmkdir -p {tmp_path}/emi/wheel && cp {wheel} {tmp_path}/emi/wheel/\n')
    gh.chmod(0o755)
    path = f"{tmp_path}/tools:{Path(sys.executable).resolve().parent}:/usr/bin:/bin"
    found, _, _ = step("install", path=path, EMI_ACTION_REF="v9.9.9", EMI_ACTION_REPOSITORY="owner/emi")
    assert found.returncode == 0 and "from the wheel" in found.stdout, found.stdout + found.stderr
    assert (tmp_path / "asked").read_text().startswith("release download v9.9.9 --repo owner/emi")


@pytest.mark.parametrize(("rules", "status", "verdict"), [
    ({"EMI_POLICY": PROJECT / "Fixtures/policy.yaml"}, 0, "pass"),
    ({"EMI_FAIL_IF": "emid.value > 99\n\n  summary.scenario_count > 1 \n"}, 1, "fail"),
    ({"EMI_FAIL_IF": "emid.value > 0.2", "EMI_ON_INCONCLUSIVE": "fail"}, 1, "fail"),
    ({"EMI_WARN_IF": "emid.value < 99", "EMI_BASELINE": SAVED}, 0, "pass"),
    ({"EMI_FAIL_IF": "emid.valeu > 1"}, 2, "none"),
    ({}, 0, "none"),
])
def test_the_gate_decides(step, tmp_path, rules, status, verdict):
    found, outputs, summary = step("run", EMI_REPORT=SAVED, **rules)
    assert found.returncode == status and outputs["verdict"] == verdict, found.stdout + found.stderr
    assert Path(outputs["html"]).read_text().startswith("<!DOCTYPE html>") and etree.parse(outputs["junit"])
    assert "### EMI of clean" in summary and ("### emi check" in summary) == (verdict != "none")
    if verdict != "none":
        assert json.loads((tmp_path / "out/gate.json").read_text())["verdict"] == verdict


def test_a_batch_is_run_and_failed_scenarios_are_for_the_gate(step, tmp_path):
    digits = PROJECT / "Fixtures/digits"
    manifest = tmp_path / "m.yaml"
    manifest.write_text(
        f"version: 1\nid: {{ name: clean, data: {digits}/clean.npz }}\nscenarios:\n  - {{ name: frost_3, data: {digits}/frost_3.npz }}\n  - {{ name: lost, data: no.npz }}\n")
    arguments = {"EMI_MANIFEST": manifest, "EMI_ARGUMENTS": "--permutations=0\n--seed\n7\n"}
    found, outputs, _ = step("run", **arguments)
    assert found.returncode == 2 and json.loads(Path(outputs["report"]).read_text())["settings"]["seed"] == 7
    assert step("run", EMI_WARN_IF="emid.value > 99", **arguments)[0].returncode == 1
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nfailed_scenarios: warn\nrules: [{ fail_if: emid.value > 99 }]\n")
    assert step("run", EMI_POLICY=policy, **arguments)[0].returncode == 0
    # Nothing of an earlier run stands in for a report that could not be made.
    manifest.write_text("nonsense")
    found, outputs, _ = step("run", **arguments)
    assert found.returncode == 2 and "report" not in outputs


def test_both_or_neither_input_is_told(step):
    assert "found neither" in step("run")[0].stdout
    assert "found both" in step("run", EMI_REPORT=SAVED, EMI_MANIFEST="m.yaml")[0].stdout


@pytest.mark.parametrize("inputs", [
    {"EMI_REPORT": SAVED, "EMI_FAIL_IF": "emid.valeu > 1"}, {"EMI_REPORT": SAVED, "EMI_BASELINE": "/nowhere.json", "EMI_FAIL_IF": "change.emid.value > 1"},
    {"EMI_REPORT": "/nowhere.json"}, {"EMI_MANIFEST": "/nowhere.yaml"}, {"EMI_REPORT": SAVED, "EMI_MANIFEST": "/nowhere.yaml"}, {},
    {"EMI_MANIFEST": PROJECT / "Fixtures/digits/manifest.yaml", "EMI_ARGUMENTS": "--no-such-flag"}, {"EMI_REPORT": "a\nverdict=pass"},
])
def test_whatever_fails_has_an_error_line_and_code_2(step, inputs):
    found, outputs, _ = step("run", **inputs)
    assert found.returncode == 2 and outputs["verdict"] == "none", found.stdout + found.stderr
    assert [line for line in found.stdout.splitlines() if line.startswith("::error title=emi::")], found.stdout
