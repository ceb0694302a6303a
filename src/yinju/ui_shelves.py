"""A visitor's own documents: a folder and an index for each visitor, beside the shared documents, gone when unused.

A shelf is found by its visitor's name alone (:func:`yinju.ui_gate.visitor`), which nobody can guess; nothing leads from
one shelf to another.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from time import monotonic

from yinju.assistant import Assistant
from yinju.errors import NothingToIndexError, SourceError, UsageError
from yinju.index import BuildReport, build_index, load_index
from yinju.ingest import MEDIA_TYPES

MAX_FILES = 20
MAX_TOTAL_MB = 100
MAX_SHELVES = 50
KEPT_SECONDS = 2 * 60 * 60
"""A shelf nobody has touched for so long is emptied."""
_MAX_NAME = 120
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]")

Tell = Callable[[str, int, int | None], None]


@dataclass
class Shelf:
    """One visitor's documents.

    Attributes:
        folder: Holds ``files/`` and ``index/``; temporary.
        assistant: Over the shared documents and these; ``None`` until something is indexed.
        adding: Names of files that lie here but are not indexed yet.
        lock: Held while the index is made anew.
    """

    folder: Path
    assistant: Assistant | None = None
    adding: tuple[str, ...] = ()
    used: float = field(default_factory=monotonic)
    lock: Lock = field(default_factory=Lock)

    @property
    def files(self) -> list[Path]:
        """The visitor's files, by name."""
        return sorted((self.folder / "files").iterdir())


class Shelves:
    """All visitors' shelves over one shared assistant."""

    def __init__(self, shared: Assistant) -> None:
        self.shared = shared
        self._shelves: dict[str, Shelf] = {}
        self._lock = Lock()

    def assistant(self, visitor: str) -> Assistant:
        """The assistant that answers this visitor: their own, or the shared one."""
        shelf = self._shelves.get(visitor)
        if shelf is None or shelf.assistant is None:
            return self.shared
        shelf.used = monotonic()
        return shelf.assistant

    def names(self, visitor: str) -> tuple[str, ...]:
        """Names of the files on the visitor's shelf that are indexed."""
        shelf = self._shelves.get(visitor)
        return tuple(path.name for path in shelf.files if path.name not in shelf.adding) if shelf else ()

    def adding(self, visitor: str) -> tuple[str, ...]:
        """Names of the files that are being indexed for the visitor."""
        shelf = self._shelves.get(visitor)
        return shelf.adding if shelf else ()

    def add(self, visitor: str, files: Sequence[tuple[str, Path]], tell: Tell) -> BuildReport:
        """Put files on the visitor's shelf and index them; a file that cannot be indexed is told and does not stay.

        Args:
            visitor: Whose shelf.
            files: The name given and where the bytes are, each.
            tell: Told the stages: a line of text, how much is done, of how much.

        Raises:
            UsageError: Too many files, too much of them, too many visitors, or no file that can be read.
        """
        self.sweep()
        shelf = self._shelf(visitor)
        with shelf.lock:
            refused = [(name, error) for name, path in files if (error := self._refusal(name, path))]
            if refused and len(refused) == len(files):
                raise UsageError(refused[0][1].message, refused[0][1].hint)
            readable = [(name, path) for name, path in files if name not in dict(refused)]
            self._check(shelf, readable)
            shelf.adding = tuple(safe_name(name) for name, _ in files)
            put = [_put(path, shelf.folder / "files", name) for name, path in readable]
            try:
                report = self._index(shelf, tell)
            except NothingToIndexError as error:
                _drop(put)
                raise UsageError(error.message, error.hint) from error
            except Exception:
                _drop(put)
                raise
            else:
                left_out = {name for name, _ in (*report.skipped, *report.duplicates)}
                _drop([path for path in put if path.name in left_out])
            finally:
                shelf.adding = ()
            return replace(report, skipped=(*report.skipped, *((safe_name(name), error) for name, error in refused)))

    def remove(self, visitor: str, name: str, tell: Tell) -> None:
        """Take one file off the visitor's shelf; one that is not there is no error."""
        shelf = self._shelves.get(visitor)
        path = next((path for path in shelf.files if path.name == name), None) if shelf else None
        if shelf is None or path is None:
            return
        with shelf.lock:
            _drop([path])
            if shelf.files:
                self._index(shelf, tell)
            else:
                self._forget(visitor)

    def sweep(self) -> None:
        """Empty the shelves that nobody has used for long."""
        now = monotonic()
        for visitor, shelf in list(self._shelves.items()):
            if now - shelf.used > KEPT_SECONDS:
                self._forget(visitor)

    def close(self) -> None:
        """Empty all shelves."""
        for visitor in list(self._shelves):
            self._forget(visitor)

    def _forget(self, visitor: str) -> None:
        shelf = self._shelves.pop(visitor, None)
        if shelf is not None:
            shutil.rmtree(shelf.folder, ignore_errors=True)

    def _shelf(self, visitor: str) -> Shelf:
        if not visitor:
            raise UsageError("Without a session there is no place for documents.", "Allow this page to set a cookie.")
        with self._lock:
            if visitor not in self._shelves:
                if len(self._shelves) >= MAX_SHELVES:
                    raise UsageError("Too many people keep documents here at the moment.", "Try again in an hour.")
                folder = Path(tempfile.mkdtemp(prefix="yinju-"))
                (folder / "files").mkdir()
                self._shelves[visitor] = Shelf(folder)
            return self._shelves[visitor]

    def _refusal(self, name: str, path: Path) -> SourceError | None:
        """Why a file is not even tried."""
        limit = self.shared.settings.max_file_mb
        if Path(name).suffix.lower() not in MEDIA_TYPES:
            return SourceError(f"{name} is of a type that cannot be read.", f"Supported: {', '.join(MEDIA_TYPES)}.")
        if path.stat().st_size > limit * 2**20:
            return SourceError(f"{name} is larger than {limit:g} MB.", "Split it or leave it out.")
        return None

    def _check(self, shelf: Shelf, files: Sequence[tuple[str, Path]]) -> None:
        if len(files) + len(shelf.files) > MAX_FILES:
            raise UsageError(f"At most {MAX_FILES} documents can be kept here.", "Remove some or add fewer.")
        total = sum(path.stat().st_size for path in (*shelf.files, *(path for _, path in files)))
        if total > MAX_TOTAL_MB * 2**20:
            raise UsageError(f"Together these are more than {MAX_TOTAL_MB} MB.", "Remove some or add fewer.")

    def _index(self, shelf: Shelf, tell: Tell) -> BuildReport:
        """Index the shared documents and the shelf's; what the shared index holds is not done again."""
        settings = self.shared.settings.model_copy(update={"index": shelf.folder / "index"})
        if not settings.index.exists():
            _copy_index(self.shared, settings.index)
        paths = [*shared_files(self.shared, shelf.folder / "shared"), shelf.folder / "files"]
        report = build_index(paths, settings, embedder=self.shared.embedder, progress=_progress(tell))
        shelf.assistant = Assistant(load_index(settings), self.shared.embedder)
        shelf.used = monotonic()
        return report


class Uploads:
    """Files that were sent and wait to be added, for each window of the page."""

    def __init__(self) -> None:
        self._waiting: dict[str, Counter[str]] = {}
        self._said: dict[str, list[str]] = {}

    def begin(self, window: str, paths: Sequence[Path]) -> None:
        """Note files that were sent; the same file may be sent several times."""
        self._waiting.setdefault(window, Counter()).update(map(str, paths))

    def end(self, window: str, paths: Sequence[Path], said: Sequence[str]) -> list[str]:
        """Note files that were added or refused; return this news after that of the files which they kept waiting."""
        waiting = self._waiting.setdefault(window, Counter())
        waiting.subtract(map(str, paths))
        news = [*self._said.pop(window, []), *said]
        if self.names(window):
            self._said[window] = news
        return news

    def names(self, window: str) -> tuple[str, ...]:
        """Names of the files that wait."""
        waiting = self._waiting.get(window, Counter())
        return tuple(safe_name(Path(path).name) for path, n in waiting.items() if n > 0)

    def waits(self, window: str, path: Path) -> bool:
        """Whether a file was sent once more than it was added."""
        return self._waiting.get(window, Counter())[str(path)] > 0

    def said(self, window: str) -> list[str]:
        """News of the files before those that wait."""
        return self._said.get(window, [])

    def forget(self, window: str) -> None:
        """Drop what concerns a window that was closed."""
        self._waiting.pop(window, None)
        self._said.pop(window, None)


def _progress(tell: Tell) -> Callable[..., None]:
    def progress(stage: str, done: int = 0, total: int | None = None) -> None:
        tell(stage, done, total)

    return progress


def _copy_index(shared: Assistant, folder: Path) -> None:
    """Begin from the shared index, so that its documents need not be read and embedded again."""
    source = shared.settings.index
    if source.is_dir():
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.lock", ".new*"))


def shared_files(shared: Assistant, spare: Path) -> list[Path]:
    """Where the shared documents are; one whose file is gone is written out as text into the folder ``spare``."""
    found = []
    for document in shared.index.documents.values():
        path = Path(document.source)
        if not path.is_file():
            path = spare / f"{safe_name(Path(document.name).stem)}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(document.text.encode("utf-8", "replace"))
        found.append(path)
    return found


def safe_name(name: str) -> str:
    """Return a file name that stays in its folder, shows what it is, and is short enough for any file system."""
    plain = unicodedata.normalize("NFC", _UNSAFE.sub("_", name)).strip(". ") or "document"
    stem, suffix = Path(plain).stem, Path(plain).suffix
    while len(f"{stem}{suffix}".encode()) > _MAX_NAME:
        stem = stem[:-1]
    return f"{stem}{suffix}"


def _put(path: Path, folder: Path, name: str) -> Path:
    """Copy a file into a folder; a file of the same name there is replaced."""
    target = folder / safe_name(name)
    shutil.copyfile(path, target)
    return target


def _drop(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
