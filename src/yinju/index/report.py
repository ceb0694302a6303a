"""What a build tells: while it runs, and when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from yinju.errors import SourceError


def counted(n: int, noun: str) -> str:
    """A number of things in words: 1 finding, 2 findings."""
    return f"{n} {noun}{'' if n == 1 else 's'}"


class Progress(Protocol):
    """Told what a build is doing: a line of text, and how much of it is done where that is known."""

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """``total`` is ``None`` when it is not known."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        index: The folder.
        added: Names of documents that are new; ``changed``, ``unchanged``, ``removed`` likewise.
        skipped: Name and reason of each file that could not be indexed.
        duplicates: Name of each file left out because its bytes are another's, and the other's name.
        ignored: Path and reason of each thing in a folder that was not even tried.
        rebuilt: Why everything was done again; empty when unchanged files were kept.
        n_documents: In the index now; ``n_passages``, ``n_figures``, ``n_repairs`` likewise.
        encodings: Encoding of each document that has one, by name.
        seconds: By stage, with ``total``.
    """

    index: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[tuple[str, SourceError], ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    rebuilt: str = ""
    n_documents: int = 0
    n_passages: int = 0
    n_figures: int = 0
    n_repairs: int = 0
    encodings: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        plain = {key: value for key, value in asdict(replace(self, skipped=())).items() if key != "skipped"}
        skipped = [{"name": name, "message": error.message, "hint": error.hint} for name, error in self.skipped]
        seconds = {stage: round(value, 3) for stage, value in self.seconds.items()}
        return {**plain, "skipped": skipped, "seconds": seconds}

    def lines(self) -> list[str]:
        """Return the report as lines for a person."""
        found = [f"Everything was done again: {self.rebuilt}."] if self.rebuilt else []
        for word in ("added", "changed", "removed"):
            found += [f"{word}: {self._named(name)}" for name in getattr(self, word)]
        if self.unchanged:
            found.append(f"unchanged: {len(self.unchanged)}")
        found += [f"duplicate, left out: {name} is {other}" for name, other in self.duplicates]
        found += [f"skipped: {_told_of(name, error.message)} {error.hint}" for name, error in self.skipped]
        found += [f"left out: {path}: {reason}" for path, reason in self.ignored]
        repairs = f", {counted(self.n_repairs, 'damaged run')} repaired for search" if self.n_repairs else ""
        found.append(
            f"{self.index}: {counted(self.n_documents, 'document')}, {counted(self.n_passages, 'passage')}, "
            f"{counted(self.n_figures, 'figure')}{repairs} ({self.seconds.get('total', 0):.1f} s)"
        )
        return found

    def _named(self, name: str) -> str:
        encoding = self.encodings.get(name, "")
        return f"{name} ({encoding})" if encoding else name


def _told_of(name: str, message: str) -> str:
    return message if name in message else f"{name}: {message}"
