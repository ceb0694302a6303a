"""What a question need not say to the reader, as the document says it once for all its passages.

The reader sees one passage and no more. A name or a year that only the title gives is not in there, and a question
that repeats it looks as if it asked of another place or time. Whether the document is of that place and time is seen
to elsewhere: constraints on rows of the ledger, names that no document knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from yinju.chunk import CONTEXT_SEPARATOR
from yinju.figures.periods import MONTHS_A_YEAR, AskedPeriod, periods_in, year_months
from yinju.figures.profiles import Profiles, core
from yinju.figures.terms import content_terms
from yinju.text import fold
from yinju.types import Passage, Span

MIN_LEFT = 3
"""Letters and digits that have to be left of a question: it is asked in full otherwise."""
N_OF_DOCUMENT = 2
"""Parts of a passage's context that are of its document as a whole: the name of the file, the title."""
_BEFORE = r"(?:\b(?:in|for|of|at|by|during|from|across)\s+)?(?:\bthe\s+)?"
_AFTER = r"(?:自治区|[省市区县州镇乡村])?(?:['’]s\b)?(?:[的,，、]|这边|那边)?\s*"
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?:年|(?![\w%])(?![.,]\d))")
"""A year that a passage names: whichever it is, the passage is not silent about years."""
_AFTER_YEAR = r"(?:年度?)?(?:全年|[的,，、])?\s*"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document is about as a whole, as far as that is known.

    Attributes:
        subject: Who or where, folded; may be empty.
        year: The year that most of its figures are of.
        written: The year it was written in, from which 去年 is counted.
    """

    subject: str = ""
    year: int | None = None
    written: int | None = None

    @classmethod
    def of(cls, document: str, profiles: Profiles) -> Self:
        """Return that of a document, by its name, as its figures tell."""
        return cls(profiles.subjects.get(document, ""), profiles.main_years.get(document), profiles.years.get(document))

    def is_year(self, asked: AskedPeriod) -> bool:
        """Tell whether a time is the whole of the year that the document is of."""
        if self.year is None:
            return False
        if asked.offset is None or self.written is None:
            return asked.months == year_months(self.year)
        return self.written + asked.offset == self.year and asked.part == (0, MONTHS_A_YEAR)


def without_established(question: str, passage: Passage, setting: Setting, told: str = "") -> str:
    """Return a question less the names and the year that the document establishes and the passage leaves out.

    Args:
        question: Standalone, in its own language; names are found whatever the script.
        passage: What is read; names in its heading are established, those of the title only as the subject: of a
            document on 深圳市南山區 深圳 is not what it is about.
        setting: Of its document.
        told: The passage as it is read, where that is more than its own text.
    """
    text, folded = fold(told or passage.readable), fold(question)
    above = f"{_heading(passage)} {setting.subject}"
    gone = [re.escape(name) for name in _names(folded, setting.subject) if name in above and name not in text]
    spans = [m.span() for name in gone for m in re.finditer(f"{_BEFORE}{name}{_AFTER}", folded)]
    if not _YEAR.search(text):
        years = [asked for asked in periods_in(folded) if setting.is_year(asked) and asked.span.of(folded) not in text]
        spans += [_with_frame(folded, asked.span) for asked in years]
    left = "".join(c for i, c in enumerate(question) if not any(start <= i < end for start, end in spans)).strip()
    return left if sum(map(str.isalnum, left)) >= MIN_LEFT else question


def _heading(passage: Passage) -> str:
    """The heading next above a passage, below those of the file and the whole document."""
    parts = fold(passage.context).split(CONTEXT_SEPARATOR)
    return parts[-1] if len(parts) > N_OF_DOCUMENT else ""


@lru_cache(maxsize=1024)
def _names(folded: str, subject: str) -> tuple[str, ...]:
    """The names that a question says, longest first: of places, persons, organisations; those of a subject."""
    named = {term.text for term in content_terms(folded, periods_in(folded)) if term.name}
    named |= {name for name in (subject, core(subject)) if len(name) > 1 and name in folded}
    return tuple(sorted(named, key=lambda name: (-len(name), name)))


def _with_frame(folded: str, year: Span) -> tuple[int, int]:
    """Where a year stands with what belongs to it: in 2024, 2024年的."""
    before = re.search(rf"{_BEFORE}$", folded[: year.start])
    after = re.match(_AFTER_YEAR, folded[year.end :])
    return before.start() if before else year.start, year.end + (after.end() if after else 0)
