"""Changes to visitors' shelves, made in the background: seen from every window of the visitor, stopped when all closed.

A window only looks; what was begun goes on when it is reloaded. Each visitor's changes are made one after another, and
removals before the additions that wait, since they take no time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from yinju.errors import YinjuError
from yinju.ui_shelves import KEPT_SECONDS, Shelves, Tell, safe_name
from yinju.ui_stages import CANCELLING, News, news_of

logger = logging.getLogger(__name__)

GONE_SECONDS = 60.0
"""When no window of the visitor has looked for so long, documents are added no more."""
Stage = tuple[str, int, int | None]
"""What is being done, how much of it is done, of how much."""


class CancelledError(Exception):
    """Raised from the report of a stage to end a build."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How the changes of one visitor stand.

    Attributes:
        adding: Names of the files that are being added or wait to be.
        removing: Names of the files that are being removed or wait to be.
        stage: What is being done; ``None`` where nothing is.
        n_done: How many changes have ended, well or not.
        news: What became of the changes since there was last nothing to do, of each document the latest.
    """

    adding: tuple[str, ...] = ()
    removing: tuple[str, ...] = ()
    stage: Stage | None = None
    n_done: int = 0
    news: tuple[News, ...] = ()


@dataclass(eq=False)
class _Change:
    """Something to be done to a shelf; ``work`` returns what became of it."""

    work: Callable[[Tell], list[News]]
    names: tuple[str, ...]
    paths: tuple[Path, ...] = ()
    removes: bool = False
    cancelled: bool = False


@dataclass(eq=False)
class _Desk:
    """The changes of one visitor, that under way first."""

    changes: list[_Change] = field(default_factory=list)
    stage: Stage = ("", 0, None)
    n_done: int = 0
    news: list[News] = field(default_factory=list)
    seen: float = field(default_factory=monotonic)


class Builds:
    """Changes of all visitors' shelves."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self._desks: dict[str, _Desk] = {}
        self._lock = Lock()

    def add(self, visitor: str, files: Sequence[Path]) -> None:
        """Begin to add files to the visitor's shelf; they are deleted when that is done."""
        names = tuple(safe_name(path.name) for path in files)

        def work(tell: Tell) -> list[News]:
            return news_of(self._shelves.add(visitor, [(path.name, path) for path in files], tell), names)

        self._begin(visitor, _Change(work, names, tuple(files)))

    def remove(self, visitor: str, name: str) -> None:
        """Begin to take one file off the visitor's shelf."""

        def work(tell: Tell) -> list[News]:
            self._shelves.remove(visitor, name, tell)
            return [News(name, "removed")]

        self._begin(visitor, _Change(work, (name,), removes=True))

    def cancel(self, visitor: str) -> None:
        """Add none of the files that are not in yet; what is under way ends at its next stage."""
        with self._lock:
            for change in self._desks.get(visitor, _Desk()).changes:
                change.cancelled = not change.removes

    def look(self, visitor: str) -> Progress:
        """Say how the visitor's changes stand, and note that somebody is there to see it."""
        with self._lock:
            desk = self._desks.get(visitor)
            if desk is None:
                return Progress()
            desk.seen = monotonic()
            adding = [name for change in desk.changes if not change.removes for name in change.names]
            removing = [name for change in desk.changes if change.removes for name in change.names]
            stage = (CANCELLING, 0, None) if any(change.cancelled for change in desk.changes) else desk.stage
            return Progress(
                tuple(dict.fromkeys(adding)),
                tuple(removing),
                stage if desk.changes else None,
                desk.n_done,
                tuple(desk.news),
            )

    def forget_news(self, visitor: str) -> None:
        """Keep no news that somebody has read; while changes are under way, those before stay."""
        with self._lock:
            desk = self._desks.get(visitor)
            if desk and not desk.changes:
                desk.news = []

    def close(self) -> None:
        """Let everything under way end at its next stage."""
        for visitor in list(self._desks):
            self.cancel(visitor)

    def _begin(self, visitor: str, change: _Change) -> None:
        with self._lock:
            self._forget_idle()
            desk = self._desks.setdefault(visitor, _Desk())
            desk.seen = monotonic()
            if desk.changes:
                desk.changes.insert(1 if change.removes else len(desk.changes), change)
                return
            desk.changes, desk.news, desk.stage = [change], [], ("", 0, None)
        Thread(target=self._work_off, args=(desk,), name="yinju-build", daemon=True).start()

    def _forget_idle(self) -> None:
        now = monotonic()
        for visitor, desk in list(self._desks.items()):
            if not desk.changes and now - desk.seen > KEPT_SECONDS:
                del self._desks[visitor]

    def _work_off(self, desk: _Desk) -> None:
        """Make a visitor's changes, one after another, until there is none left."""
        is_done = False
        while not is_done:
            change = desk.changes[0]
            news = self._outcome(desk, change)
            with self._lock:
                desk.changes.remove(change)
                desk.n_done += 1
                named = {each.name for each in news if each.name}
                desk.news = [each for each in desk.news if each.name not in named] + news
                desk.stage = ("", 0, None)
                # The same bytes sent twice are one file.
                wanted = {path for other in self._desks.values() for each in other.changes for path in each.paths}
                for path in set(change.paths) - wanted:
                    path.unlink(missing_ok=True)
                is_done = not desk.changes

    def _outcome(self, desk: _Desk, change: _Change) -> list[News]:
        """Make one change and return what became of it, also where it failed."""

        def tell(stage: str, done: int, total: int | None) -> None:
            desk.stage = (stage, done, total)
            if change.cancelled or (not change.removes and monotonic() - desk.seen > GONE_SECONDS):
                raise CancelledError

        try:
            tell("", 0, None)
            return change.work(tell)
        except CancelledError:
            return [News(name, "build_cancelled") for name in change.names]
        except YinjuError as error:
            return [News("", "failed", error)]
        except Exception:  # the page's edge: the user gets a sentence, the log the traceback
            logger.exception("a shelf could not be changed")
            return [News("", "upload_failed")]
