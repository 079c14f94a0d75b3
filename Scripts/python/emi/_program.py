"""Finding the program and running it."""

from __future__ import annotations

import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from ._errors import EmiError, UsageError


def _candidates() -> Iterator[Path]:
    """Where a wheel puts its scripts, the likeliest first."""
    if chosen := os.environ.get("EMI"):
        yield Path(chosen)
        return
    here = Path(__file__).resolve().parent
    yield Path(sysconfig.get_path("scripts")) / "emi"
    yield here.parent / "bin" / "emi"  # pip install --target
    for parent in here.parents[1:5]:  # pip install --prefix: PREFIX/lib/python3.11/site-packages/emi
        yield parent / "bin" / "emi"
    yield Path(sysconfig.get_path("scripts", f"{os.name}_user")) / "emi"
    if found := shutil.which("emi"):
        yield Path(found)


@functools.cache
def program() -> Path:
    """The program that the functions of this package run: the one of the wheel, else the one on the PATH.

    The environment variable `EMI` names another.

    Raises:
        EmiError: there is none.
    """
    looked = list(_candidates())
    for path in looked:
        if path.is_file() and os.access(path, os.X_OK):
            return path.absolute()
    places = ", ".join(dict.fromkeys(str(path) for path in looked))
    raise EmiError(f"expected the program emi, found none at {places}", "install the wheel, or say where it is: EMI=/path/to/emi")


def run(arguments: Sequence[str | os.PathLike[str]], cwd: Path | None = None, input: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs the program as a shell would, and returns its exit code, standard output and standard error. Nothing is raised for the exit code.

    Ctrl-C reaches the program, which then saves what it has.
    """
    command = [str(program()), *(os.fspath(argument) for argument in arguments)]
    stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
    with subprocess.Popen(command, cwd=cwd, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            output, errors = process.communicate(input)
        except KeyboardInterrupt:
            # It stops between two scenarios. What is finished is saved already, so that nothing is lost by not waiting for a long one.
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=5)
            except (KeyboardInterrupt, subprocess.TimeoutExpired):
                process.kill()
                process.wait()
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def checked(arguments: Sequence[str | os.PathLike[str]], cwd: Path | None = None, input: bytes | None = None, accepting: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[bytes]:
    """Runs the program.

    Raises:
        EmiError: it ended with another exit code than those that are accepted.
    """
    done = run(arguments, cwd=cwd, input=input)
    if done.returncode in accepting:
        return done
    raise error_of(done.returncode, done.stderr.decode(errors="replace"))


def error_of(status: int, errors: str) -> EmiError:
    """The exception for what the program said on standard error."""
    if status < 0:
        return EmiError(f"the program was ended by signal {-status}", exit_code=status)
    lines = errors.strip().splitlines()
    found = [index for index, line in enumerate(lines) if re.match(r"error: ", line, re.IGNORECASE)]
    if not found:
        return EmiError(errors.strip() or f"the program ended with exit code {status}", exit_code=status)
    said = lines[found[0] :]
    message: list[str] = []
    hint: list[str] = []
    for line in said:
        if line.startswith(("Usage:", "note ", "note(")) or line.strip().startswith("See 'emi "):
            break
        into = hint if hint or line.strip().startswith("hint: ") else message
        into.append(line.strip().removeprefix("hint: "))
    message[0] = message[0][len("error: ") :]
    kind = UsageError if status == 64 else EmiError
    return kind("\n".join(message), " ".join(hint) or None, status)


def notes_of(errors: bytes) -> list[str]:
    """The program's notes, one sentence each."""
    notes: list[str] = []
    for line in errors.decode(errors="replace").splitlines():
        if line.startswith("note"):
            notes.append(line.removeprefix("note").removeprefix(":").strip())
        elif notes and line.startswith("  "):  # the rest of a long note
            notes[-1] += " " + line.strip()
    return notes


def version() -> str:
    """The version of the program; empty where there is no program."""
    try:
        return checked(["--version"]).stdout.decode().strip()
    except (EmiError, OSError):
        return ""


def help(command: str | None = None) -> None:
    """Prints what a command does and its flags, which are the keywords of the function of that name."""
    sys.stdout.write(checked([*([command] if command else []), "--help"]).stdout.decode())
