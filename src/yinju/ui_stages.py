"""What is said of documents that are indexed: the stages meanwhile, and in the end what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yinju.errors import YinjuError
from yinju.index import BuildReport
from yinju.ui_document import Texts
from yinju.ui_visit import Visit, match, phrases

CANCELLING = "Cancelling"
"""The stage of a build that was told to end and has not yet."""
_STAGES = phrases(
    ("build_files", r"Files"),
    ("build_figures", r"Embedding (?P<name>.+), figures"),
    ("build_read", r"Embedding (?P<name>.+)"),
    ("build_write", r"Writing the index"),
    ("build_wait", r"Waiting for another build of this index to end"),
    ("build_begin", r""),
    ("build_cancelling", CANCELLING),
)


def stage_of(stage: str, done: int, total: int | None, words: Texts) -> str:
    """Return a stage in the page's language, with how far it is; whatever is not known here concerns the model."""
    key, values = match(_STAGES, stage) or ("build_model", {})
    return words[key].format(**values) + (f" {done}/{total}" if total else "")


@dataclass(frozen=True, slots=True)
class News:
    """What became of a document; put into words only when somebody reads it, in their language.

    Attributes:
        name: Of the document; empty where what failed concerns no single one.
        key: Which words tell of it: ``added``, ``removed``, ``same_as``, ``build_cancelled``, ``upload_failed``, or
            ``skipped`` and ``failed`` with an error.
        error: Why it was left out, or why the change could not be made.
        other: The document that has the same content.
    """

    name: str
    key: str
    error: YinjuError | None = None
    other: str = ""

    def told(self, visit: Visit) -> str:
        """One sentence in the language of the page."""
        words = visit.words
        if self.key == "failed" and self.error:
            return visit.told(self.error)
        if self.key in ("added", "removed", "upload_failed"):
            return words[self.key].format(name=self.name)
        why = visit.reason(self.error) if self.error else words[self.key].format(name=self.other)
        return words["skipped"].format(name=self.name, why=why)


def news_of(report: BuildReport, given: Sequence[str]) -> list[News]:
    """Say of each file given what became of it."""
    skipped, same = dict(report.skipped), dict(report.duplicates)
    news = []
    for name in given:
        if name in skipped:
            news.append(News(name, "skipped", skipped[name]))
        elif name in same:
            news.append(News(name, "same_as", other=same[name]))
        else:
            news.append(News(name, "added"))
    return news
