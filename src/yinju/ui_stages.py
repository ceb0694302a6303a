"""Work that tells its stages, watched from a generator: what the page shows while documents are indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from threading import Thread

from yinju.index import BuildReport
from yinju.ui_document import Texts
from yinju.ui_shelves import Tell
from yinju.ui_visit import Visit, match, phrases

_STAGES = phrases(
    ("build_files", r"Files"),
    ("build_figures", r"Embedding (?P<name>.+), figures"),
    ("build_read", r"Embedding (?P<name>.+)"),
    ("build_write", r"Writing the index"),
    ("build_wait", r"Waiting for another build of this index to end"),
)


def staged(work: Callable[[Tell], list[str]], outcome: list[str], words: Texts) -> Iterator[str]:
    """Run ``work`` in a thread and yield each stage it tells, in words; what it returns is put into ``outcome``.

    Raises:
        Exception: Whatever the work raises.
    """
    told: SimpleQueue[str | None] = SimpleQueue()
    failed: list[Exception] = []

    def tell(stage: str, done: int, total: int | None) -> None:
        told.put(_stage(stage, words) + (f" {done}/{total}" if total else ""))

    def run() -> None:
        try:
            outcome.extend(work(tell))
        except Exception as error:  # handed on to whoever watches
            failed.append(error)
        finally:
            told.put(None)

    Thread(target=run, daemon=True).start()
    last = None
    while (stage := told.get()) is not None:
        if stage != last:
            yield stage
        last = stage
    if failed:
        raise failed[0]


def _stage(stage: str, words: Texts) -> str:
    """A stage in the page's language; whatever else is told concerns the model."""
    key, values = match(_STAGES, stage) or ("build_model", {})
    return words[key].format(**values)


def news_of(report: BuildReport, given: Sequence[str], visit: Visit) -> list[str]:
    """Say of each file given what became of it, one sentence each."""
    words = visit.words
    skipped = {name: visit.reason(error) for name, error in report.skipped}
    same = {name: words["same_as"].format(name=other) for name, other in report.duplicates}
    lines = []
    for name in given:
        why = skipped.get(name) or same.get(name)
        lines.append(words["skipped"].format(name=name, why=why) if why else words["added"].format(name=name))
    return lines
