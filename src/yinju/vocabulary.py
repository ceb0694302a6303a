"""Words that say the same: kept as lists of general vocabulary in ``assets/``, folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Map a word to words that say nearly the same, and a spoken one to those that texts write for it."""
    found: dict[str, tuple[str, ...]] = {}
    for group in (line.split() for line in _lines("synonyms.txt")):
        for word in group:
            found[word] = (*found.get(word, ()), *(other for other in group if other != word))
    for word, others in spoken().items():
        found[word] = tuple(dict.fromkeys((*found.get(word, ()), *others)))
    return found


@cache
def spoken() -> dict[str, tuple[str, ...]]:
    """Map a spoken word to the words that texts write for it; those do not lead back."""
    pairs = (line.partition(":") for line in _lines("spoken.txt"))
    return {word.strip(): tuple(other for other in others.split() if other != word) for word, _, others in pairs}


def longest_in(text: str, entries: Iterable[str]) -> list[str]:
    """Return the entries that a folded text has, in their order; one inside a longer one that it has is left out."""
    held = [entry for entry in entries if entry in text]
    return [entry for entry in held if not any(entry in other and entry != other for other in held)]


def _lines(name: str) -> Iterator[str]:
    text = (files("yinju") / "assets" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
