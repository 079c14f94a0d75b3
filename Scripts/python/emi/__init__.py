"""Effective mutual information of multimodal models under shift, from Python.

A thin layer: it hands arrays, frames, data sets and files to the program `emi`, and returns the program's reports as objects.

    import emi

    report = emi.estimate(id={"visual": V, "text": T, "response": R, "reference": Y}, ood="frost.npz", permutations=1000)
    report.emid.value, report.emid.interval
    report.to_pandas()

Every flag of the program is a keyword: `--bootstrap 1000` is `bootstrap=1000`, `--no-normalize` is `no_normalize=True`, and a flag that may
be repeated takes a list. `emi.help("estimate")` prints them.
"""

from typing import Any

from ._commands import (
    attribute,
    batch,
    bottleneck,
    calibrate,
    check,
    compare,
    estimate,
    inspect,
    jsd,
    load,
    logprobs,
    mi,
    plan,
)
from ._errors import EmiError, EmiWarning, UsageError
from ._program import help, program, run, version
from ._readers import read
from ._reports import Gate, Record, Records, Report

__all__ = [
    "EmiError",
    "EmiWarning",
    "Gate",
    "Record",
    "Records",
    "Report",
    "UsageError",
    "attribute",
    "batch",
    "bottleneck",
    "calibrate",
    "check",
    "compare",
    "estimate",
    "help",
    "inspect",
    "jsd",
    "load",
    "logprobs",
    "mi",
    "plan",
    "program",
    "read",
    "run",
    "version",
]


def __getattr__(name: str) -> Any:
    # Asked of the program only when somebody wants to know: it costs a process.
    if name == "__version__":
        return version()
    raise AttributeError(f"module 'emi' has no attribute '{name}'")
