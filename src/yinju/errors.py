"""Errors a user may see: one sentence that says what happened, one that says what to do next.

YinjuError
├── UsageError              the call itself is wrong (exit code 2 on the command line)
├── SettingsError           a setting is unknown or has a value that cannot be used
├── SourceError             one source file cannot be indexed (the others still are)
├── NothingToIndexError     a build found no file it can index
├── IndexMissingError       there is no index in the folder named
├── IndexCorruptError       the index folder is damaged, foreign, or made with other settings or versions
├── ModelError              a model cannot be loaded or converted
├── EvaluationError         an evaluation or benchmark file is not in the expected form
└── ProofError              an answer failed its own citation check (a defect of the program)
"""

from __future__ import annotations


class YinjuError(Exception):
    """Base of every error raised on purpose.

    Attributes:
        message: What happened, in one sentence, with the expected and the actual value where there are such.
        hint: The next step for the user, in one sentence.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message} {hint}")
        self.message = message
        self.hint = hint


class UsageError(YinjuError):
    """The call itself is wrong: an empty question, an argument out of range."""


class SettingsError(YinjuError):
    """A setting is unknown, or its value cannot be used."""


class SourceError(YinjuError):
    """One source file cannot be indexed; a build reports it and goes on with the others."""


class NothingToIndexError(YinjuError):
    """A build found no file that it can index."""


class IndexMissingError(YinjuError):
    """There is no index in the folder named."""


class IndexCorruptError(YinjuError):
    """The index folder is damaged, is not ours, or was made with other settings or versions."""


class ModelError(YinjuError):
    """A model cannot be found, converted or loaded."""


class EvaluationError(YinjuError):
    """An evaluation or benchmark file is not in the expected form."""


class ProofError(YinjuError):
    """An answer failed its own citation check; it is not given."""
