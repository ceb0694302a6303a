"""Work that tells its stages, watched from a generator: what the page shows while documents are indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from threading import Thread

from yinju.index import BuildReport
from yinju.ui_document import Texts
from yinju.ui_shelves import Tell


def staged(work: Callable[[Tell], list[str]], outcome: list[str]) -> Iterator[str]:
    """Run ``work`` in a thread and yield each stage it tells; what it returns is put into ``outcome``.

    Raises:
        Exception: Whatever the work raises.
    """
    told: SimpleQueue[str | None] = SimpleQueue()
    failed: list[Exception] = []

    def tell(stage: str, done: int, total: int | None) -> None:
        told.put(f"{stage} {done}/{total}" if total else stage)

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


def news_of(report: BuildReport, given: Sequence[str], words: Texts) -> list[str]:
    """Say of each file given what became of it, one sentence each."""
    skipped = {name: f"{error.message} {error.hint}" for name, error in report.skipped}
    same = {name: words["same_as"].format(name=other) for name, other in report.duplicates}
    lines = []
    for name in given:
        why = skipped.get(name) or same.get(name)
        lines.append(words["skipped"].format(name=name, why=why) if why else words["added"].format(name=name))
    return lines
