"""A visitor's own documents: a folder and an index for each visitor, beside the shared documents, gone when unused.

A shelf is found by its visitor's name alone (:func:`yinju.ui_gate.visitor`), which nobody can guess; nothing leads from
one shelf to another.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic

from filelock import FileLock

from yinju.assistant import Assistant
from yinju.errors import NothingToIndexError, SourceError, UsageError
from yinju.index import BuildReport, build_index, load_index
from yinju.ingest import MEDIA_TYPES

MAX_FILES = 20
MAX_TOTAL_MB = 100
MAX_SHELVES = 50
KEPT_SECONDS = 2 * 60 * 60
"""A shelf nobody has touched for so long is emptied."""
SWEEP_SECONDS = 60.0
"""How often unused shelves are looked for, as long as there are any."""
WAITING = "Waiting for another build of this index to end"
"""The stage told while another build has to end first, in the words of :func:`yinju.index.build_index`."""
_PREFIX, _ALIVE = "yinju-shelves-", ".alive"
_WAIT_SECONDS = 0.5
_MAX_NAME = 120
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]")

Tell = Callable[[str, int, int | None], None]


class _Root:
    """The folder of all shelves of this process, made when first needed.

    The file ``.alive`` in it is locked as long as the process lives, whatever ends it: a folder whose file can be
    locked was left behind.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._alive: FileLock | None = None
        self._lock = Lock()

    def shelf(self) -> Path:
        """Make a folder for a shelf."""
        with self._lock:
            if self._folder is None:
                # Only under its final name can another process take it for one left behind: then it is locked.
                new = Path(tempfile.mkdtemp(prefix="yinju-new-"))
                self._alive = FileLock(new / _ALIVE, thread_local=False)
                self._alive.acquire(timeout=0)
                self._folder = new.rename(new.with_name(_PREFIX + new.name.removeprefix("yinju-new-")))
            return Path(tempfile.mkdtemp(dir=self._folder))

    def remove(self) -> None:
        """Delete the folder with all that is in it."""
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
            if self._alive is not None:
                self._alive.release()
            self._folder = self._alive = None


def remove_leftovers() -> None:
    """Delete the folders of processes of this user that ended without doing so, as when they were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if folder.is_symlink() or (hasattr(os, "getuid") and folder.stat().st_uid != os.getuid()):
                continue
            with FileLock(folder / _ALIVE, thread_local=False).acquire(timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # it is in use (filelock.Timeout), or gone meanwhile
            continue


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
        self._building = Lock()
        self._closed = Event()
        self._sweeper: Thread | None = None
        self._root = _Root()
        # Also at the end of the program.
        weakref.finalize(self, self._root.remove)
        remove_leftovers()

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
            Exception: Whatever ``tell`` raises; the shelf is then as it was.
        """
        self.sweep()
        shelf = self._shelf(visitor)
        # One build at a time, whoever's: it takes all the machine has.
        with _held(shelf.lock, tell), _held(self._building, tell):
            refused = [(name, error) for name, path in files if (error := self._refusal(name, path))]
            if refused and len(refused) == len(files):
                raise UsageError(refused[0][1].message, refused[0][1].hint)
            readable = [(name, path) for name, path in files if name not in dict(refused)]
            self._check(shelf, readable)
            shelf.adding = tuple(safe_name(name) for name, _ in files)
            try:
                with _replacing(shelf.folder, [safe_name(name) for name, _ in readable]) as folder:
                    put = [_put(path, folder, name) for name, path in readable]
                    report = self._index(shelf, tell)
            except NothingToIndexError as error:
                raise UsageError(error.message, error.hint) from error
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
        with _held(shelf.lock, tell):
            _drop([path])
            if shelf.files:
                self._index(shelf, tell)
            else:
                self._forget(visitor)

    def sweep(self) -> None:
        """Empty the shelves that nobody has used for long."""
        now = monotonic()
        for visitor, shelf in list(self._shelves.items()):
            if now - shelf.used > KEPT_SECONDS and not shelf.lock.locked():
                self._forget(visitor)

    def close(self) -> None:
        """Empty all shelves."""
        self._closed.set()
        for visitor in list(self._shelves):
            self._forget(visitor)
        self._root.remove()

    def _sweep_on(self) -> None:
        """Look for unused shelves until there is none left."""
        while not self._closed.wait(SWEEP_SECONDS):
            self.sweep()
            with self._lock:
                if not self._shelves:
                    self._sweeper = None
                    return

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
                folder = self._root.shelf()
                (folder / "files").mkdir()
                self._shelves[visitor] = Shelf(folder)
                if self._sweeper is None:
                    self._sweeper = Thread(target=self._sweep_on, name="yinju-sweeper", daemon=True)
                    self._sweeper.start()
            self._shelves[visitor].used = monotonic()
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


@contextmanager
def _held(lock: Lock, tell: Tell) -> Iterator[None]:
    """Hold a lock; whoever waits for it is told so again and again, and may raise to wait no more."""
    while not lock.acquire(timeout=_WAIT_SECONDS):
        tell(WAITING, 0, None)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _replacing(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Put away the files of these names while others are put in their place; they come back if that fails."""
    files, spare = folder / "files", folder / "before"
    spare.mkdir(exist_ok=True)
    for name in names:
        if (files / name).exists():
            (files / name).replace(spare / name)
    try:
        yield files
    except BaseException:
        _drop([files / name for name in names])
        for path in spare.iterdir():
            path.replace(files / path.name)
        raise
    finally:
        shutil.rmtree(spare, ignore_errors=True)


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
