"""What is raised and warned of."""

from __future__ import annotations


class EmiError(Exception):
    """The program refused or failed; the message is the program's own sentence.

    Attributes:
        hint: what to do about it, as the program says it; None where it says nothing.
        exit_code: 2 for bad data or a failure, 64 for wrong usage; None where the program was not started.
    """

    def __init__(self, message: str, hint: str | None = None, exit_code: int | None = None) -> None:
        super().__init__(message if hint is None else f"{message}\n  hint: {hint}")
        self.hint = hint
        self.exit_code = exit_code


class UsageError(EmiError):
    """An option that does not exist, does not go with the others, or has a wrong value."""


class EmiWarning(UserWarning):
    """Some scenarios of a batch failed: the report has the others, and `report.failed` the reasons."""
