#!/usr/bin/env python3
"""Writes the wheel out of a folder that `Scripts/package` has laid out: bin/emi, lib/emi, share. Only the standard library is needed.

    build_wheel.py TREE OUT

The platform tag is the oldest glibc that every file in the tree runs with, read from the versions of the symbols that they need. The same
tree gives the same bytes.
"""

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHEN = (2024, 1, 1, 0, 0, 0)  # no clock in the file


def version(tree: Path) -> str:
    return subprocess.run([tree / "bin/emi", "--version"], check=True, capture_output=True, text=True).stdout.strip()


def is_program(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def needed_glibc(files: list[Path]) -> tuple[int, int]:
    """The newest version of glibc that any file needs."""
    found = {(2, 17)}
    for file in files:
        symbols = subprocess.run(["objdump", "-T", file], check=True, capture_output=True, text=True).stdout
        found |= {(int(major), int(minor)) for major, minor in re.findall(r"GLIBC_(\d+)\.(\d+)", symbols)}
    return max(found)


def machine(file: Path) -> str:
    """The processor of an ELF file, as platform tags name it."""
    header = file.read_bytes()[:20]
    return {0x3E: "x86_64", 0xB7: "aarch64"}[int.from_bytes(header[18:20], "little")]


def metadata(version: str) -> str:
    project = (HERE / "pyproject.toml").read_text()
    summary = re.search(r'^description = "(.*)"$', project, re.M).group(1)
    python = re.search(r'^requires-python = "(.*)"$', project, re.M).group(1)
    lines = ["Metadata-Version: 2.1", "Name: emi", f"Version: {version}", f"Summary: {summary}", f"Requires-Python: {python}"]
    for extra, packages in re.findall(r"^(\w+) = \[(.*)\]$", project.partition("[project.optional-dependencies]")[2].partition("\n[")[0], re.M):
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {package}; extra == "{extra}"' for package in re.findall(r'"([^"]+)"', packages)]
    lines += ["Description-Content-Type: text/markdown", "", (HERE / "DESCRIPTION.md").read_text()]
    return "\n".join(lines)


def main() -> None:
    tree, out = Path(sys.argv[1]), Path(sys.argv[2])
    number = version(tree)
    shipped = sorted(path for path in tree.rglob("*") if path.is_file())
    programs = [path for path in shipped if is_program(path)]
    major, minor = needed_glibc(programs)
    tag = f"py3-none-manylinux_{major}_{minor}_{machine(tree / 'bin/emi')}"

    members: list[tuple[str, bytes, bool]] = []
    for path in sorted((HERE / "emi").glob("*")):
        if path.suffix == ".py" or path.name == "py.typed":
            members.append((f"emi/{path.name}", path.read_bytes(), False))
    data = f"emi-{number}.data"
    for path in shipped:
        name = path.relative_to(tree).as_posix()
        # bin goes where pip puts commands; the rest beside it, below the same prefix, where the program looks for its libraries.
        place = f"{data}/scripts/{path.name}" if name.startswith("bin/") else f"{data}/data/{name}"
        members.append((place, path.read_bytes(), path in programs))
    info = f"emi-{number}.dist-info"
    members.append((f"{info}/METADATA", metadata(number).encode(), False))
    members.append((f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: emi Scripts/package\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), False))

    out.mkdir(parents=True, exist_ok=True)
    wheel = out / f"emi-{number}-{tag}.whl"
    record = ""
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def add(name: str, content: bytes, is_executable: bool) -> None:
            entry = zipfile.ZipInfo(name, WHEN)
            entry.external_attr = (0o100755 if is_executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        for name, content, is_executable in members:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(content)}\n"
            add(name, content, is_executable)
        add(f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode(), False)
    print(wheel)


main()
